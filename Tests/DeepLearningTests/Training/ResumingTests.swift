import Foundation
import Testing

@testable import DeepLearning

/// Training that stops, is saved, and goes on as if nothing had happened.
@Suite struct ResumingTests {
  private static func model(
    seed: UInt64 = 1, _ optimizer: Optimizer = RMSprop(decay: 0.01)
  ) -> Sequential {
    let model = Sequential(input: [6], seed: seed) {
      Dense(8, activation: .relu)
      BatchNormalization()
      Dropout(0.3)
      Dense(1)
    }
    model.compile(optimizer: optimizer, loss: .meanSquaredError, metrics: [.meanAbsoluteError])
    return model
  }

  private static let x = randomTensor([40, 6], seed: 11)
  private static let y = randomTensor([40, 1], seed: 12)

  /// Sums of three samples, from a generator that may be moved ahead.
  private final class Stream: BatchStream, @unchecked Sendable {
    private var random = RandomGenerator(seed: 5)
    func nextBatch() throws -> Batch {
      let x = Tensor.normal([8, 6], using: &random)
      return Batch(x: x, y: x.sum(axis: 1, keepingAxis: true))
    }
  }

  @Test("A run in two parts equals a run in one", arguments: [0, 1, 2])
  func resumed(kind: Int) throws {
    func optimizer() -> Optimizer {
      kind == 0 ? RMSprop(decay: 0.01) : kind == 1 ? Adam() : SGD(momentum: 0.9)
    }
    let folder = try TemporaryFolder()
    let state = folder.file("state")
    let whole = Self.model(optimizer())
    let history = try whole.fit(
      Self.x, Self.y, epochs: 5, batchSize: 16, validation: (Self.x, Self.y))

    let first = Self.model(optimizer())
    try first.fit(
      Self.x, Self.y, epochs: 2, batchSize: 16, validation: (Self.x, Self.y),
      callbacks: [TrainingCheckpoint(state)])
    // Another seed: everything must come from the file.
    let second = Self.model(seed: 99, optimizer())
    let past = try second.restoreTraining(from: state)
    #expect(past.epochs.count == 2 && past["loss"] == Array(history["loss"][..<2]))
    let rest = try second.fit(
      Self.x, Self.y, epochs: 5, batchSize: 16, validation: (Self.x, Self.y), resuming: past)

    #expect(rest.epochs.count == 5 && rest.seconds.count == 5)
    for name in ["loss", "mae", "val_loss", "val_mae"] {
      #expect(!history[name].isEmpty && rest[name] == history[name], "\(name)")
    }
    for (a, b) in zip(whole.weights, second.weights) {
      #expect(haveEqualBits(a.value, b.value), "\(a.name)")
    }
  }

  @Test("A stream continues where it is positioned")
  func streams() throws {
    let folder = try TemporaryFolder()
    let state = folder.file("state")
    let whole = Self.model()
    let history = try whole.fit(Stream(), stepsPerEpoch: 3, epochs: 4)

    let first = Self.model()
    let stream = Stream()
    try first.fit(stream, stepsPerEpoch: 3, epochs: 1, callbacks: [TrainingCheckpoint(state)])
    let second = Self.model(seed: 99)
    let past = try second.restoreTraining(from: state)
    let later = Stream()
    for _ in 0..<3 { _ = try later.nextBatch() }
    let rest = try second.fit(later, stepsPerEpoch: 3, epochs: 4, resuming: past)
    #expect(rest["loss"] == history["loss"])
    for (a, b) in zip(whole.weights, second.weights) { #expect(haveEqualBits(a.value, b.value)) }
  }

  @Test("After the last epoch nothing is left to do")
  func finished() throws {
    let folder = try TemporaryFolder()
    let model = Self.model()
    try model.fit(
      Self.x, Self.y, epochs: 2, callbacks: [TrainingCheckpoint(folder.file("state"))])
    let before = model.weights.map(\.value)
    let past = try model.restoreTraining(from: folder.file("state"))
    let history = try model.fit(Self.x, Self.y, epochs: 2, resuming: past)
    #expect(history["loss"] == past["loss"] && model.weights.map(\.value) == before)
  }

  @Test("The weights of a checkpoint load alone")
  func weights() throws {
    let folder = try TemporaryFolder()
    let (saved, loaded) = (Self.model(), Self.model(seed: 2))
    try saved.fit(Self.x, Self.y, callbacks: [TrainingCheckpoint(folder.file("state"))])
    try loaded.loadWeights(from: folder.file("state"))
    for (a, b) in zip(saved.weights, loaded.weights) { #expect(haveEqualBits(a.value, b.value)) }
  }

  /// Expects the file to be refused with a sentence that contains `reason`, and to change nothing.
  private func expectRefused(
    _ url: URL, by model: Sequential, _ reason: String? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let before = model.weights.map(\.value)
    let error = #expect(throws: WeightsError.self, sourceLocation: sourceLocation) {
      try model.restoreTraining(from: url)
    }
    let text = error?.description ?? ""
    #expect(
      text.contains(url.path) && reason.map(text.contains) ?? true, "\(text)",
      sourceLocation: sourceLocation)
    #expect(model.weights.map(\.value) == before, sourceLocation: sourceLocation)
  }

  @Test("Files that do not fit are refused")
  func otherFiles() throws {
    let folder = try TemporaryFolder()
    let model = Self.model()
    expectRefused(folder.file("missing"), by: model, "No such file")
    try model.saveWeights(to: folder.file("weights"))
    expectRefused(folder.file("weights"), by: model, "not the state of a training run")
    let state = folder.file("state")
    try model.fit(Self.x, Self.y, callbacks: [TrainingCheckpoint(state)])
    expectRefused(state, by: Self.model(Adam()), "RMSprop")
    let other = Sequential(input: [6]) { Dense(3) }
    other.compile(optimizer: RMSprop(), loss: .meanSquaredError)
    expectRefused(state, by: other, "dense_1/kernel")
    let bytes = try Data(contentsOf: state)
    for count in stride(from: 0, to: bytes.count, by: 97) {
      try bytes[..<count].write(to: folder.file("cut"))
      expectRefused(folder.file("cut"), by: model)
    }
  }

  /// Words, of which few occur in a batch, and a recurrent layer.
  private static func words(seed: UInt64 = 1) -> Sequential {
    let model = Sequential(input: [4], seed: seed) {
      Embedding(300, 5)
      GRU(6)
      Dense(1)
    }
    model.compile(optimizer: RMSprop(), loss: .meanSquaredError)
    return model
  }
  private static let ids = Samples.integers(repeatedIDs(160, seed: 13), shape: [40, 4])

  /// Counts of updates, and dates of an embedding's rows, that no training makes.
  @Test("Numbers that no training makes are refused")
  func senseless() throws {
    let folder = try TemporaryFolder()
    let (state, damaged) = (folder.file("state"), folder.file("damaged"))
    let model = Self.words()
    try model.fit(Self.ids, Self.y, batchSize: 4, callbacks: [TrainingCheckpoint(state)])
    let name = "iterations\\\":"
    for count in [Int.max, Int.max - 1, -1, Int.min] {
      var file = try DamagedCheckpoint(state)
      try file.replace("\(name)10", by: "\(name)\(count)")
      try file.write(to: damaged)
      expectRefused(damaged, by: model, "\(count) updates, which no training makes")
    }
    for date in [-1, 11, 1e30, .infinity, .nan] as [Float] {
      var file = try DamagedCheckpoint(state)
      try file.set("optimizer/1/embedding_1/embeddings", to: date)
      try file.write(to: damaged)
      expectRefused(damaged, by: model, "last updates that are not among its 10 updates")
    }
    _ = try model.restoreTraining(from: state)
  }
}
