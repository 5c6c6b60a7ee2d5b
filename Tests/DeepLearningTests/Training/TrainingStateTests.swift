import Foundation
import Testing

@testable import DeepLearning

@Suite("Checkpoints of models that are trained together")
struct TrainingStateTests {
  /// Two small models, a loop that trains them, and what it draws by chance.
  private final class Pair {
    let maker = Sequential(input: [3], seed: 1) {
      Dense(4)
      LeakyReLU()
      Dense(2)
    }
    let judge: Sequential
    let makerOptimizer = RMSprop(learningRate: 0.01, decay: 0.1)
    let judgeOptimizer = Adam(learningRate: 0.01)
    var random = RandomGenerator(seed: 3)

    init(units: Int = 8) {
      judge = Sequential(input: [2], seed: 2) {
        Dense(units, activation: .relu)
        Dropout(0.5)
        Dense(1, activation: .sigmoid)
      }
    }

    func checkpoint(_ url: URL) -> TrainingState {
      TrainingState(
        url, [("maker", maker, makerOptimizer), ("judge", judge, judgeOptimizer)])
    }

    func train(_ steps: Int) {
      for _ in 0..<steps {
        let points = Tensor.normal([5, 3], using: &random)
        let made = maker(points)
        judgeOptimizer.apply(
          valueAndGradients(of: judge.trainableWeights) {
            binaryCrossEntropy(judge(made, training: true), .ones([5, 1]))
          }.gradients)
        makerOptimizer.apply(
          valueAndGradients(of: maker.trainableWeights) {
            binaryCrossEntropy(judge(maker(points), training: true), .zeros([5, 1]))
          }.gradients)
      }
    }

    var numbers: [[Float]] { (maker.weights + judge.weights).map(\.value.scalars) }
  }

  private let url = FileManager.default.temporaryDirectory
    .appending(path: "joint-\(UUID().uuidString).safetensors")

  @Test("Training that goes on is training in one go, dropout and decay included")
  func goesOn() throws {
    defer { try? FileManager.default.removeItem(at: url) }
    let whole = Pair()
    let before = whole.numbers
    whole.train(12)
    let first = Pair()
    first.train(7)
    try first.checkpoint(url).save(remark: "after 7 – \"so far\"")
    let second = Pair()
    #expect(try TrainingState.remark(in: url) == "after 7 – \"so far\"")
    #expect(try second.checkpoint(url).restore() == "after 7 – \"so far\"")
    #expect(second.numbers == first.numbers && second.judgeOptimizer.iterations == 7)
    // What the caller draws is the caller's to keep.
    second.random = first.random
    second.train(5)
    #expect(second.numbers == whole.numbers && whole.numbers != before)
    let bytes = try Data(contentsOf: url)
    try first.checkpoint(url).save(remark: "after 7 – \"so far\"")
    #expect(try Data(contentsOf: url) == bytes)
  }

  @Test("Before the first step there is nothing that optimizers remember")
  func untrained() throws {
    defer { try? FileManager.default.removeItem(at: url) }
    try Pair().checkpoint(url).save(remark: "")
    let other = Pair()
    other.train(2)
    _ = try other.checkpoint(url).restore()
    #expect(other.numbers == Pair().numbers && other.makerOptimizer.iterations == 0)
  }

  @Test("Files of other models, cut off or of another kind change nothing")
  func refusals() throws {
    defer { try? FileManager.default.removeItem(at: url) }
    let pair = Pair()
    pair.train(3)
    try pair.checkpoint(url).save(remark: "")
    let wide = Pair(units: 9)
    let before = wide.numbers
    func refused(_ words: String) {
      let error = #expect(throws: WeightsError.self) { _ = try wide.checkpoint(url).restore() }
      #expect(error?.description.contains(url.path) == true)
      #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
      #expect(wide.numbers == before)
    }
    refused("judge/dense_1/kernel")
    let bytes = try Data(contentsOf: url)
    for length in [0, 7, 60, bytes.count - 1] {
      try bytes.prefix(length).write(to: url)
      refused("Cannot use the weights")
    }
    try pair.maker.saveWeights(to: url)
    refused("not the state of a training run")
    try TrainingState(url, [("maker", pair.maker, pair.makerOptimizer)]).save(remark: "")
    refused("no model called judge, but maker")
    let anew = ("judge", wide.judge, SGD(momentum: 0.9) as Optimizer)
    try TrainingState(url, [("maker", wide.maker, wide.makerOptimizer), anew]).save(remark: "")
    refused("saved with the optimizer SGD")
    pair.maker.compile(optimizer: RMSprop(), loss: .meanSquaredError)
    let error = #expect(throws: WeightsError.self) { try pair.maker.restoreTraining(from: url) }
    #expect(error?.reason == "it holds several models: judge, maker.")
  }

  /// A reader of words under RMSprop, which remembers when each word's vector was last updated, and a judge.
  private final class Reader {
    let reader = Sequential(input: [4], seed: 4) {
      Embedding(300, 5)
      GRU(6)
      Dense(2)
    }
    let judge = Sequential(input: [2], seed: 5) { Dense(1, activation: .sigmoid) }
    let (readerOptimizer, judgeOptimizer) = (RMSprop(learningRate: 0.01), RMSprop())

    func checkpoint(_ url: URL) -> TrainingState {
      TrainingState(
        url, [("reader", reader, readerOptimizer), ("judge", judge, judgeOptimizer)])
    }

    func train(_ steps: Range<Int>) {
      for step in steps {
        // Few of the words, others each time; some come again after a while.
        let ids = repeatedIDs(12, seed: UInt64(step % 5)).map { $0 + Int32(step % 4) * 60 }
        let words = Samples.integers(ids, shape: [3, 4])
        for (model, optimizer) in [(reader, readerOptimizer), (judge, judgeOptimizer)] {
          optimizer.apply(
            valueAndGradients(of: model.trainableWeights) {
              binaryCrossEntropy(judge(reader(words)), .ones([3, 1]))
            }.gradients)
        }
      }
    }

    var weights: [Tensor] { (reader.weights + judge.weights).map(\.value) }
  }

  @Test("Words that were not seen for a while go on fading where they stopped")
  func embedding() throws {
    defer { try? FileManager.default.removeItem(at: url) }
    let (whole, first, second) = (Reader(), Reader(), Reader())
    whole.train(0..<31)
    first.train(0..<14)
    try first.checkpoint(url).save(remark: "")
    _ = try second.checkpoint(url).restore()
    second.train(14..<31)
    #expect(zip(second.weights, whole.weights).allSatisfy { haveEqualBits($0, $1) })
  }

  @Test(
    "What the callback saved of one model restores it as one of several too, and the other way round"
  )
  func oneOrMore() throws {
    defer { try? FileManager.default.removeItem(at: url) }
    let words = Samples.integers(repeatedIDs(60, seed: 9), shape: [15, 4])
    func compiled() -> Sequential {
      let model = Reader().reader
      model.compile(optimizer: RMSprop(learningRate: 0.01), loss: .meanSquaredError)
      return model
    }
    let (whole, first, second) = (compiled(), compiled(), compiled())
    func fit(_ model: Model, _ epochs: Int, _ past: History = History()) throws {
      try model.fit(
        words, Tensor.ones([15, 2]), epochs: epochs, batchSize: 5, resuming: past,
        callbacks: [TrainingCheckpoint(url)])
    }
    try fit(whole, 5)
    try fit(first, 3)
    let (remark, other) = (try TrainingState.remark(in: url), compiled())
    let optimizer = RMSprop(learningRate: 0.01)
    let state = TrainingState(url, [("", other, optimizer)])
    #expect(try state.restore() == remark && optimizer.iterations == 9)
    try FileManager.default.removeItem(at: url)
    try state.save(remark: remark)
    try fit(second, 5, second.restoreTraining(from: url))
    #expect(zip(second.weights, whole.weights).allSatisfy { haveEqualBits($0.value, $1.value) })
  }

  @Test("Numbers that no training makes are refused")
  func numbers() throws {
    defer { try? FileManager.default.removeItem(at: url) }
    let pair = Reader()
    pair.train(0..<10)
    try pair.checkpoint(url).save(remark: "")
    let whole = try Data(contentsOf: url)
    func expectRefused(_ words: String, _ change: (inout DamagedCheckpoint) throws -> Void) throws {
      try whole.write(to: url)
      var file = try DamagedCheckpoint(url)
      try change(&file)
      try file.write(to: url)
      let error = #expect(throws: WeightsError.self) { _ = try pair.checkpoint(url).restore() }
      #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    }
    for count in [Int.max, -1] {
      try expectRefused("\(count) updates, which no training makes") {
        try $0.replace("iterations\\\":10", by: "iterations\\\":\(count)")
      }
    }
    for date in [-1, 1e30, .nan] as [Float] {
      try expectRefused("last updates that are not among its 10 updates") {
        try $0.set("reader/optimizer/1/embedding_1/embeddings", to: date)
      }
    }
  }
}
