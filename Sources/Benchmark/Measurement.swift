import DeepLearning
import Foundation

/// What one process measured of one workload; `Peers/peers.py` prints the same.
struct Measurement: Codable {
  /// Who did the arithmetic, with versions.
  let software: String
  let batchSize: Int
  /// The samples of a timed epoch: the book's, or fewer where an epoch would take long.
  let samples: Int
  /// How long each timed epoch took.
  let epochSeconds: [Double]
  /// From the start of the process to the end of the first step, without the making of data.
  let secondsToFirstStep: Double
  let peakMemoryBytes: Int

  var steps: Int { (samples + batchSize - 1) / batchSize }
  /// The time of a step in each epoch; the last batch of an epoch may be smaller.
  var stepSeconds: [Double] { epochSeconds.map { $0 / Double(steps) } }
  /// The median time of a step.
  var median: Double { stepSeconds.median }

  /// Whether the numbers can be calculated with: they come from another process.
  var isSound: Bool {
    batchSize > 0 && samples > 0 && !epochSeconds.isEmpty && peakMemoryBytes >= 0
      && (epochSeconds + [secondsToFirstStep]).allSatisfy { $0.isFinite && $0 > 0 }
  }
}

extension [Double] {
  /// The middle value, or the mean of the two in the middle.
  var median: Double {
    let ordered = sorted()
    if ordered.isEmpty { return .nan }
    return (ordered[(count - 1) / 2] + ordered[count / 2]) / 2
  }
}

extension Workload {
  /// The longest that an epoch should take, and how long all timed ones should take together.
  private static let (longestEpoch, timedSeconds) = (1.0, 2.0)

  /// Times the workload in this process, as `fit` or `predict` runs it.
  ///
  /// - Parameter started: the monotonic clock at the start of the process, in nanoseconds.
  func measure(started: UInt64) throws -> Measurement {
    let beginning = Machine.monotonicNanoseconds
    var random = RandomGenerator(seed: 1234)
    let (run, dataNanoseconds) = try prepared(&random, beginning)
    _ = try run(min(batchSize, samples), 1)
    let first = Machine.monotonicNanoseconds - started - dataNanoseconds

    // A few steps tell how many fit into an epoch; more of them where steps are short.
    let bookSteps = (samples + batchSize - 1) / batchSize
    var secondsPerStep = 0.0
    for steps in [min(3, bookSteps), min(30, bookSteps)] where secondsPerStep * 3 < 0.2 {
      let seconds = try run(min(steps * batchSize, samples), 2)[1]
      secondsPerStep = seconds / Double(steps)
    }
    let steps = min(Double(bookSteps), max(3, Self.longestEpoch / max(secondsPerStep, 1e-9)))
    let count = min(Int(steps) * batchSize, samples)

    let warm = try run(count, 1)[0]
    let epochs = Int(min(500, max(3, (Self.timedSeconds / max(warm, 1e-9)).rounded(.up))))
    return Measurement(
      software: "\(Engine.kernels), \(Engine.threads) threads", batchSize: batchSize,
      samples: count, epochSeconds: try run(count, epochs),
      secondsToFirstStep: Double(first) * 1e-9, peakMemoryBytes: Machine.peakMemoryBytes)
  }
}

extension Workload {
  /// Runs some epochs on the first `count` samples, and returns how long each took.
  private typealias Run = (_ samples: Int, _ epochs: Int) throws -> [Double]

  /// What is timed, and how long the making of its data took.
  private func prepared(
    _ random: inout RandomGenerator, _ beginning: UInt64
  ) throws -> (run: Run, dataNanoseconds: UInt64) {
    func timed(_ epochs: Int, _ body: () -> Void) -> [Double] {
      (0..<epochs).map { _ in
        let start = Machine.monotonicNanoseconds
        body()
        return Double(Machine.monotonicNanoseconds - start) * 1e-9
      }
    }
    switch task {
    case .training(let makeData, let makeModel), .prediction(let makeData, let makeModel):
      let (x, y) = makeData(&random)
      let spent = Machine.monotonicNanoseconds - beginning
      let model = makeModel()
      return (
        { [samples, batchSize] count, epochs in
          // A whole epoch trains on the data itself; a slice would be a copy in memory.
          let (x, y) = count < samples ? (x[0..<count], y[0..<count]) : (x, y)
          if case .training = task {
            return try model.fit(x, y, epochs: epochs, batchSize: batchSize).seconds
          }
          return timed(epochs) {
            withExtendedLifetime(model.predict(x, batchSize: batchSize)) {}
          }
        }, spent
      )
    case .steps(let makeStep):
      let step = makeStep(&random)
      return (
        { [batchSize] count, epochs in
          timed(epochs) { for _ in 0..<(count + batchSize - 1) / batchSize { step() } }
        }, 0
      )
    }
  }
}

/// How fast the machine multiplies two large matrices: the state it is in, and its peak.
struct Calibration: Codable {
  static let name = "calibration"
  /// Billions of additions and multiplications in a second.
  let gigaflops: Double

  /// Multiplies matrices of 2048 rows and columns for half a second; the fastest product counts.
  static func run() -> Calibration {
    let size = 2048
    let matrix = Tensor(repeating: 0.5, shape: [size, size])
    var fastest = Double.infinity
    let end = Machine.monotonicNanoseconds + 500_000_000
    repeat {
      let start = Machine.monotonicNanoseconds
      let product = matrix.matmul(matrix)
      withExtendedLifetime(product) {}
      fastest = min(fastest, Double(Machine.monotonicNanoseconds - start))
    } while Machine.monotonicNanoseconds < end
    let operations = 2 * Double(size * size * size)
    return Calibration(gigaflops: operations / fastest)
  }
}
