import DeepLearning
import Figures
import Gallery
import PretrainedModels

/// The section's networks, built, drawn and trained on random data as in the book.
struct RandomRuns {
  private let run: ChapterRun
  private var options: RunOptions { run.options }
  private var seed: UInt64 { run.options.seed }
  private var epochs: Int { options.epochs(book: 10, quick: 1) }
  private var count: Int { options.quick ? 128 : 1000 }

  init(_ run: ChapterRun) { self.run = run }

  /// (a) and (b): both ways to write a network give one summary, one history, the same bits.
  func writeTheSameNetworkTwice() throws {
    draw(Functional.oneLayer(seed: seed), as: "a-one-layer", "A tensor, a layer, a tensor")
    var random = RandomGenerator(seed: seed)
    let x = Tensor.uniform([1000, 64], in: 0..<1, using: &random)
    let y = Tensor.uniform([1000, 10], in: 0..<1, using: &random)
    let models = [Functional.sequential(seed: seed), Functional.functional(seed: seed)]
    print(models[1].summary())
    var losses: [Float] = []
    for model in models {
      model.compile(optimizer: RMSprop(), loss: .categoricalCrossEntropy)
      try model.fit(
        x, y, epochs: options.epochs(book: 10, quick: 10), batchSize: options.batchSize(book: 128),
        callbacks: run.callbacks())
      losses.append(model.evaluate(x, y).loss)
    }
    let isSame =
      models[0].summary() == models[1].summary()
      && models[0].weights.map(\.value.scalars) == models[1].weights.map(\.value.scalars)
    run.note(
      "(b) Written as a sequence and as a graph, summaries and trained weights are \(isSame ? "equal, bit for bit" : "NOT equal")."
    )
    run.result("b: loss after training, random targets", here: losses[1], better: .lower)
    draw(models[1], as: "b-same-network", "Three layers, one after another")
  }

  /// (d): given to `fit` as a list and by the names of the inputs, the same comes out.
  func answerQuestions() throws {
    var random = RandomGenerator(seed: seed)
    let length = options.quick ? 20 : 100
    let text = RandomData.words(count, length: length, of: 10_000, &random)
    let question = RandomData.words(count, length: length, of: 10_000, &random)
    let answers = RandomData.classes(count, of: 500, &random)
    let models = (0..<2).map { _ in Functional.questionAnswerer(length: length, seed: seed) }
    draw(models[0], as: "d-question-answering", "A text and a question", book: "7.6")
    var losses: [[Float]] = []
    for (number, model) in models.enumerated() {
      let history = try model.fit(
        number == 0 ? [text, question] : ["question": question, "text": text], [answers],
        epochs: epochs, batchSize: options.batchSize(book: 128), callbacks: run.callbacks())
      losses.append(history["loss"])
    }
    run.note(
      "(d) \(models[0].parameterCount) parameters. Fitted by list and by the names of the inputs, losses are \(losses[0] == losses[1] ? "equal" : "NOT equal")."
    )
    run.result("d: last loss, random answers", here: losses[0].last ?? .nan, better: .lower)
  }

  /// (e): three losses, their weighted sum, and their names in the history.
  func guessWriters() throws {
    var random = RandomGenerator(seed: seed)
    let length = options.quick ? 40 : 200
    let posts = RandomData.words(options.quick ? 32 : 1000, length: length, of: 50_000, &random)
    let ages = Tensor.uniform([posts.count, 1], in: 0..<1, using: &random)
    let incomes = RandomData.classes(posts.count, of: 10, &random)
    let genders = RandomData.verdicts(posts.count, &random)
    let model = Functional.threeOutputs(length: length, seed: seed)
    draw(model, as: "e-three-outputs", "Three outputs of one network", book: "7.7")
    let history = try model.fit(
      [posts], ["age": ages, "income": incomes, "gender": genders], epochs: epochs,
      batchSize: options.batchSize(book: 64), callbacks: run.callbacks())
    run.add(history, as: "history-three-outputs")
    run.note(
      "(e) \(model.parameterCount) parameters. History: \(history.names.joined(separator: ", ")).")
    run.result("e: last loss, random targets", here: history["loss"].last ?? .nan, better: .lower)
  }

  /// (f), (g), (h): branches and short cuts; and a whole network of them.
  func joinBranches() {
    let colours = Input([64, 64, 3], name: "image")
    let inception = Model(inputs: colours, outputs: Functional.inceptionModule(colours), seed: seed)
    draw(inception, as: "f-inception-module", "An Inception module", book: "7.8")
    let channels = Input([32, 32, 128], name: "x")
    let identity = Functional.identityResidual(channels)
    draw(
      Model(inputs: channels, outputs: identity), as: "g-identity-residual", "A residual connection"
    )
    let linear = Functional.linearResidual(channels)
    draw(
      Model(inputs: channels, outputs: linear), as: "h-linear-residual",
      "A residual connection between shapes that differ")
    let whole = InceptionV3.base(seed: seed).foldingNormalization()
    run.add(
      BoxGraph(title: "InceptionV3, normalisation folded into convolutions", whole),
      as: "inception-v3")
  }

  /// (i): one layer used twice.
  func compareSentences() throws {
    var random = RandomGenerator(seed: seed)
    let model = Functional.siamese(seed: seed)
    draw(model, as: "i-siamese", "One LSTM reads two sentences")
    let left = Tensor.uniform([count, 20, 128], in: 0..<1, using: &random)
    let right = Tensor.uniform([count, 20, 128], in: 0..<1, using: &random)
    let history = try model.fit(
      [left, right], [RandomData.verdicts(count, &random)], epochs: epochs,
      batchSize: options.batchSize(book: 128), callbacks: run.callbacks())
    run.note("(i) \(model.parameterCount) parameters, those of the LSTM once.")
    run.result("i: last loss, random targets", here: history["loss"].last ?? .nan, better: .lower)
  }

  /// (j): a model used as a layer, twice.
  ///
  /// - Parameter isPretrained: whether to look for the weights that Keras publishes.
  func lookWithTwoCameras(isPretrained: Bool) throws {
    if run.isInterrupted { return }
    let shape: Shape = [250, 250, 3]
    let xception =
      isPretrained
      ? try Xception.load(
        input: shape, from: options.location, offline: options.offline, seed: seed
      ).model
      : Xception.base(input: shape, seed: seed)
    let model = Functional.twoCameras(xception, seed: seed)
    draw(model, as: "j-two-cameras", "One Xception looks at two pictures")
    run.add(BoxGraph(title: "Xception", xception), as: "j-xception")
    var random = RandomGenerator(seed: seed)
    let picture = Tensor.uniform([1, 250, 250, 3], in: -1..<1, using: &random)
    let features = model.outputs(for: picture, picture)[0]
    let halves = features.reshaped([8 * 8, 2, 2048])
    let isSame = halves[.all, .index(0), .all] == halves[.all, .index(1), .all]
    run.note(
      "(j) \(model.parameterCount) parameters, shared by both cameras; \(features.shape) features. One picture in both gives \(isSame ? "equal" : "DIFFERENT") halves."
    )
  }

  /// Adds the graph without and with shapes.
  private func draw(_ model: Model, as name: String, _ title: String, book: String? = nil) {
    run.add(BoxGraph(title: title, model), as: name, book: book)
    run.add(BoxGraph(title: title, model, showsShapes: true), as: name + "-shapes", book: book)
  }
}
