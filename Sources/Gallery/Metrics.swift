import DeepLearning
import Foundation

/// The content of `metrics.json`, which other tools and the gallery page read.
///
/// What is not known or not a finite number is `null`; `interruptedAfterEpoch` is there only if the user
/// ended the run.
struct Metrics: Codable {
  /// A value, or `null`: left to itself, JSONEncoder would leave the key out.
  struct OrNull<Value: Codable>: Codable {
    let value: Value?

    init(value: Value?) { self.value = value }

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      value = container.decodeNil() ? nil : try container.decode(Value.self)
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      if let value { try container.encode(value) } else { try container.encodeNil() }
    }
  }
  struct Samples: Codable {
    let train: Int
    let test: Int
  }
  struct Source: Codable {
    let name: String
    let origin: String
    let detail: String
    let samples: Samples
  }
  struct Result: Codable {
    let name: String
    let book: OrNull<Double>
    let here: OrNull<Double>
    let unit: String
    let better: Better
    /// Why this number is not judged though others are; left out if there is no such reason.
    let reservation: String?
    /// What the seeds say; left out if it is not judged.
    let verdict: Verdict?
  }
  struct Figure: Codable {
    let file: String
    let title: String
    let book: OrNull<String>
  }
  struct Training: Codable {
    /// The name of the file with its history.
    let name: String
    let epochs: Int
    /// The median, validation included.
    let secondsPerEpoch: OrNull<Double>
  }
  struct Seconds: Codable {
    let toFirstStep: OrNull<Double>
    let training: OrNull<Double>
    let total: OrNull<Double>
  }
  struct Computer: Codable {
    let cpu: String
    let threads: Int
    let kernels: String
  }

  let chapter: String
  let section: String
  let command: String
  let seed: UInt64
  let quick: Bool
  let interruptedAfterEpoch: Int?
  let data: OrNull<Source>
  /// Why the numbers may not be judged; empty if they may, nil in files of older versions.
  let reservations: [String]?
  let results: [Result]
  let figures: [Figure]
  /// The trainings with a history; nil in files of older versions.
  let trainings: [Training]?
  let seconds: Seconds
  let peakMemoryBytes: Int
  let machine: Computer

  init(_ record: RunRecord) {
    func finite(_ value: Double?) -> OrNull<Double> {
      OrNull(value: value.flatMap { $0.isFinite ? $0 : nil })
    }
    /// More digits than the clock has would only look exact.
    func milliseconds(_ value: Double?) -> OrNull<Double> {
      finite(value.map { ($0 * 1000).rounded() / 1000 })
    }
    chapter = record.chapter
    section = record.section
    command = record.command
    seed = record.options.seed
    quick = record.options.quick
    interruptedAfterEpoch = record.interruptedAfterEpoch
    data = OrNull(
      value: record.data.map {
        Source(
          name: $0.name, origin: $0.kind.rawValue, detail: $0.detail,
          samples: Samples(train: $0.trainSamples, test: $0.testSamples))
      })
    reservations = record.reservations
    results = record.results.map {
      Result(
        name: $0.name, book: finite($0.book), here: finite($0.here), unit: $0.unit,
        better: $0.better, reservation: $0.reservation, verdict: record.verdict(on: $0))
    }
    figures = record.figures.map {
      Figure(file: $0.name + ".png", title: $0.figure.title, book: OrNull(value: $0.book))
    }
    trainings = record.histories.map { name, history in
      Training(
        name: name, epochs: history.epochs.count,
        secondsPerEpoch: milliseconds(Statistics.median(history.seconds)))
    }
    seconds = Seconds(
      toFirstStep: milliseconds(record.secondsToFirstStep),
      training: milliseconds(record.trainingSeconds), total: milliseconds(record.totalSeconds))
    peakMemoryBytes = record.peakMemoryBytes
    machine = Computer(
      cpu: Machine.processor, threads: Engine.threads, kernels: Engine.kernels)
  }

  /// The file's bytes; keys are sorted, so that two files can be compared line by line.
  func json() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(self) + Data("\n".utf8)
  }
}
