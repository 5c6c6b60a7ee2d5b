import Foundation
import Synchronization
import Testing

@testable import DeepLearning

/// Training on batches that are made while it goes on.
@Suite(.timeLimit(.minutes(30))) struct BatchStreamTests {
  struct Exhausted: Error, Equatable {}

  /// Batches 1, 2, 3, ...: two samples that are the number, targets that are twice as much.
  private final class Numbers: BatchStream {
    private let made = Mutex(0)
    private let last: Int
    private let pause: TimeInterval

    init(last: Int = .max, pause: TimeInterval = 0) { (self.last, self.pause) = (last, pause) }

    var count: Int { made.withLock { $0 } }

    func nextBatch() throws -> Batch {
      if pause > 0 { Thread.sleep(forTimeInterval: pause) }
      let number = try made.withLock { made in
        if made == last { throw Exhausted() }
        made += 1
        return Float(made)
      }
      let x = Tensor(repeating: number / 128, shape: [2, 1])
      return Batch(x: x, y: 2 * x)
    }
  }

  /// Hands batches through, and remembers them.
  private final class Spy: Layer {
    private(set) var seen: [Float] = []
    override func forward(_ inputs: [Samples], _ context: ForwardContext) -> Tensor {
      let x = inputs[0].tensor(for: name)
      if context.training { seen.append(x.scalars[0]) }
      return x
    }
  }

  private final class Watcher: Callback {
    private(set) var steps: [Int] = []
    private(set) var isOver = false
    var stopAfter: Int?
    var pause: TimeInterval = 0
    /// What each step waits for, a minute at most.
    var isReady: (_ steps: Int) -> Bool = { _ in true }

    func stepDidEnd(_ run: TrainingRun) throws {
      steps.append(run.step)
      if pause > 0 { Thread.sleep(forTimeInterval: pause) }
      let limit = Date.now + 60
      while !isReady(steps.count) && Date.now < limit { Thread.sleep(forTimeInterval: 0.001) }
      if steps.count == stopAfter { run.shouldStop = true }
    }
    func trainingDidEnd(_ run: TrainingRun) throws { isOver = true }
  }

  private func model(_ spy: Spy) -> Sequential {
    let model = Sequential(input: [1]) {
      spy
      Dense(1)
    }
    model.compile(optimizer: SGD(), loss: .meanSquaredError, metrics: [.meanAbsoluteError])
    return model
  }

  @Test(
    "All batches come, in order, each once",
    arguments: [(0, 0), (0.003, 0), (0, 0.003)] as [(TimeInterval, TimeInterval)])
  func order(slowStream: TimeInterval, slowTraining: TimeInterval)
    throws
  {
    let (stream, spy, watcher) = (Numbers(pause: slowStream), Spy(), Watcher())
    watcher.pause = slowTraining
    let history = try model(spy).fit(stream, stepsPerEpoch: 7, epochs: 3, callbacks: [watcher])
    #expect(spy.seen == (1...21).map { Float($0) / 128 })
    #expect(stream.count == 21, "No batch is made that nobody wants.")
    #expect(watcher.steps == Array(1...7) + Array(1...7) + Array(1...7) && watcher.isOver)
    #expect(history["loss"].count == 3 && history["mae"].count == 3)
  }

  @Test("A stream trains like the same numbers at rest")
  func sameAsAtRest() throws {
    let (a, b) = (model(Spy()), model(Spy()))
    let x = Tensor((1...6).flatMap { [Float($0), Float($0)] }, shape: [12, 1]) / 128
    let held = (x, x + 1)
    let resting = try a.fit(x, 2 * x, batchSize: 2, validation: held, shuffle: false)
    let flowing = try b.fit(Numbers(), stepsPerEpoch: 6, validation: held)
    #expect(haveEqualBits(a.weights[0].value, b.weights[0].value))
    #expect(resting.csv == flowing.csv)
    #expect(flowing.names == ["loss", "mae", "val_loss", "val_mae"])
  }

  @Test("A stream runs ahead, but not far")
  func ahead() throws {
    let (stream, watcher) = (Numbers(), Watcher())
    watcher.isReady = { stream.count > $0 }
    watcher.stopAfter = 5
    try model(Spy()).fit(stream, stepsPerEpoch: 100, callbacks: [watcher])
    #expect(watcher.steps.count == 5)
    #expect(stream.count > 5 && stream.count <= 5 + 4, "\(stream.count) batches")
  }

  @Test("The stream's error is fit's")
  func streamError() throws {
    let (spy, watcher) = (Spy(), Watcher())
    #expect(throws: Exhausted()) {
      try model(spy).fit(Numbers(last: 10), stepsPerEpoch: 4, epochs: 9, callbacks: [watcher])
    }
    #expect(spy.seen.count == 10, "What came before the error is used.")
    #expect(watcher.isOver, "Callbacks hear of the end.")
    #expect(throws: Exhausted()) { try model(spy).fit(Numbers(last: 0), stepsPerEpoch: 1) }
  }

  @Test("Stopping ends the stream", arguments: [0, 0.02] as [TimeInterval])
  func stopping(pause: TimeInterval) throws {
    let (stream, watcher) = (Numbers(pause: pause), Watcher())
    watcher.stopAfter = 3
    let history = try model(Spy()).fit(
      stream, stepsPerEpoch: 1000, epochs: 1000, callbacks: [watcher])
    #expect(watcher.steps == [1, 2, 3] && watcher.isOver && history.epochs.isEmpty)
    // Nothing goes on behind the caller's back.
    let count = stream.count
    Thread.sleep(forTimeInterval: 0.06)
    #expect(stream.count == count)
  }

  @Test("A callback's error ends the stream too")
  func callbackError() {
    final class Thrower: Callback {
      func stepDidEnd(_ run: TrainingRun) throws { if run.step == 2 { throw Exhausted() } }
    }
    let stream = Numbers()
    #expect(throws: Exhausted()) {
      try model(Spy()).fit(stream, stepsPerEpoch: 50, callbacks: [Thrower()])
    }
    let count = stream.count
    Thread.sleep(forTimeInterval: 0.03)
    #expect(stream.count == count && count < 10)
  }

  @Test("No epochs, no batches")
  func noEpochs() throws {
    let stream = Numbers()
    #expect(try model(Spy()).fit(stream, stepsPerEpoch: 5, epochs: 0).epochs.isEmpty)
    #expect(stream.count == 0)
  }

  @Test("A stream may be used again")
  func again() throws {
    let (stream, spy) = (Numbers(), Spy())
    let model = model(spy)
    for _ in 0..<2 { try model.fit(stream, stepsPerEpoch: 3) }
    #expect(spy.seen == (1...6).map { Float($0) / 128 })
  }

  @Test("The stream goes when training is over")
  func released() throws {
    weak var left: Numbers?
    do {
      let stream = Numbers()
      left = stream
      try model(Spy()).fit(stream, stepsPerEpoch: 2)
    }
    // The thread has said that it is done, and lets go when it gets to it; the limit only ends a hang.
    for _ in 0..<60_000 where left != nil { Thread.sleep(forTimeInterval: 0.01) }
    #expect(left == nil)
  }

  @Test("Convolutions train while the engine makes the batches")
  func engineBatches() throws {
    /// Batches that are themselves computed with tensors.
    final class Images: BatchStream {
      private let random = Mutex(RandomGenerator(seed: 5))
      func nextBatch() throws -> Batch {
        let seed = random.withLock { $0.next() }
        let x = randomTensor([6, 9, 9, 3], seed: seed)
        return Batch(
          x: (x * 2 + 0.1).activated(.tanh),
          y: x.reshaped([6, 243]).mean(axis: 1).reshaped([6, 1]))
      }
    }
    func train() throws -> [Tensor] {
      let model = Sequential(input: [9, 9, 3]) {
        Conv2D(16, kernel: 3, activation: .relu)
        BatchNormalization()
        Conv2D(16, kernel: 3, padding: .same, activation: .relu)
        Flatten()
        Dense(1)
      }
      model.compile(optimizer: Adam(), loss: .meanSquaredError)
      try model.fit(Images(), stepsPerEpoch: 20, epochs: 2)
      return model.weights.map(\.value)
    }
    let (a, b) = (try train(), try train())
    #expect(zip(a, b).allSatisfy(haveEqualBits))
  }
}
