import ArgumentParser
import DeepLearning
import Gallery

/// What do preprocessing, learning rates and the number of blocks that learn change?
struct Experiments: ParsableCommand {
  static let configuration = CommandConfiguration.experiments(
    of: "chapter5-pretrained",
    "Preprocessing and learning rates; with --deep, how much of VGG16 should learn.",
    discussion: """
      Trains classifiers on ready-made features. With --deep whole networks are trained too, 3 \
      epochs of 100 batches each, with 0 to 5 blocks that learn and with an untrained classifier. \
      That is most of the work; --seeds 2 is quicker.
      """)

  @OptionGroup var options: RunOptions
  @OptionGroup var seedOptions: SeedOptions

  @Flag(help: "Train whole networks, too.")
  var deep = false

  func run() throws {
    let run = try ChapterRun(
      "chapter5-pretrained-experiments", section: "5.3", title: "how to use a trained network?",
      options)
    let base = try PretrainedBase(options, nil)
    let pictures = try PetPhotographs.load(perClass: options.quick ? 2 : nil, for: run)
    base.announce(in: run)
    try compareClassifiers(pictures, base, run)
    if deep { try compareNetworks(pictures, base, run) }
    try run.finish()
  }

  /// Classifiers on features computed once.
  private func compareClassifiers(
    _ pictures: PetPhotographs, _ base: PretrainedBase, _ run: ChapterRun
  ) throws {
    struct Variant: Sendable {
      let name: String
      var preprocessing = Preprocessing.scale
      var learningRate: Float = 2e-5
    }
    func features(_ preprocessing: Preprocessing) -> (train: Tensor, validation: Tensor) {
      func of(_ part: PetPhotographs.Part, _ name: String) -> Tensor {
        base.with(preprocessing).features(
          of: part, "\(name) pictures, \(preprocessing)", isShown: !options.noProgress)
      }
      return (of(pictures.train, "training"), of(pictures.validation, "validation"))
    }
    let (scaled, centred) = (features(.scale), features(.vgg))
    let epochs = options.epochs(book: 30, quick: 2)
    let batchSize = options.batchSize(book: 20)
    func compare(_ title: String, _ variants: [Variant]) throws {
      try run.compare(
        title, of: "validation accuracy", options.quick ? Array(variants.prefix(2)) : variants,
        seeds: seedOptions.count(options), name: \.name
      ) { variant, seed, watch in
        let model = classifier(learningRate: variant.learningRate, seed: seed)
        let x = variant.preprocessing == .scale ? scaled : centred
        let history = try model.fit(
          x.train, pictures.train.y, epochs: epochs, batchSize: batchSize,
          validation: (x.validation, pictures.validation.y), callbacks: [watch])
        return Statistics.mean(history["val_acc"].suffix(3).map(Double.init))
      }
    }
    try compare(
      "What VGG16 sees",
      [
        Variant(name: "0 to 1, as in the book"),
        Variant(name: "as VGG16 was trained", preprocessing: .vgg),
      ])
    for preprocessing in Preprocessing.allCases {
      try compare(
        "Learning rate of the classifier, \(preprocessing)",
        [2e-5, 1e-6, 1e-5, 1e-4, 1e-3].map { (rate: Float) in
          Variant(name: "\(rate)", preprocessing: preprocessing, learningRate: rate)
        })
    }
  }

  /// Whole networks: the classifier is trained on features first, except where it is to be untrained.
  private func compareNetworks(
    _ pictures: PetPhotographs, _ base: PretrainedBase, _ run: ChapterRun
  ) throws {
    struct Variant: Sendable {
      let name: String
      let blocks: Int
      var learningRate: Float = 1e-5
      var isClassifierTrained = true
    }
    let x = base.features(of: pictures.train, "training pictures", isShown: !options.noProgress)
    let epochs = options.epochs(book: 3, quick: 1)
    let batchSize = options.batchSize(book: 20)
    let steps = options.quick ? 1 : 100
    let isQuick = options.quick
    func compare(_ title: String, _ variants: [Variant]) throws {
      try run.compare(
        title, of: "validation accuracy", options.quick ? Array(variants.prefix(2)) : variants,
        seeds: seedOptions.count(options), name: \.name
      ) { variant, seed, watch in
        let model = base.extended(seed: seed)
        if variant.isClassifierTrained {
          let trained = classifier(seed: seed)
          try trained.fit(
            x, pictures.train.y, epochs: isQuick ? 1 : 10, batchSize: batchSize, callbacks: [watch])
          for (weight, trained) in zip(model.weights.suffix(4), trained.weights) {
            weight.value = trained.value
          }
        }
        model.unfreeze(blocks: variant.blocks)
        Training(epochs: epochs, learningRate: variant.learningRate).compile(model)
        let history = try model.fit(
          augmentedBatches(
            of: pictures.train.x, pictures.train.labels, batchSize: batchSize, seed: seed &+ 1),
          stepsPerEpoch: steps, epochs: epochs,
          validation: (pictures.validation.x, pictures.validation.y),
          callbacks: [watch])
        return history["val_acc"].last.map(Double.init) ?? .nan
      }
    }
    try compare(
      "How many blocks learn",
      [1, 0, 2, 3, 4, 5].map { Variant(name: "the last \($0)", blocks: $0) })
    try compare(
      "Learning rate, one block learning",
      [1e-5, 1e-6, 1e-4, 1e-3].map { (rate: Float) in
        Variant(name: "\(rate)", blocks: 1, learningRate: rate)
      })
    try compare(
      "Is the classifier trained before?",
      [
        Variant(name: "yes", blocks: 1),
        Variant(name: "no", blocks: 1, isClassifierTrained: false),
      ])
  }
}
