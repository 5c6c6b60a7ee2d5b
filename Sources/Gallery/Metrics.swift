import DeepLearning
import Foundation

/// The content of `metrics.json`, which other tools and the gallery page read.
///
/// What is not known or not a finite number is `null`; `interruptedAfterEpoch` is there only if the user
/// ended the run.
package struct Metrics: Codable {
  /// A value, or `null`: left to itself, JSONEncoder would leave the key out.
  package struct OrNull<Value: Codable>: Codable {
    package let value: Value?

    init(value: Value?) { self.value = value }

    package init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      value = container.decodeNil() ? nil : try container.decode(Value.self)
    }

    package func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      if let value { try container.encode(value) } else { try container.encodeNil() }
    }
  }
  package struct Samples: Codable {
    package let train: Int
    package let test: Int
  }
  package struct Source: Codable {
    package let name: String
    package let origin: String
    package let detail: String
    package let samples: Samples
  }
  package struct Result: Codable {
    package let name: String
    package let book: OrNull<Double>
    package let here: OrNull<Double>
    package let unit: String
    package let better: Better
    /// Why this number is not judged though others are; left out if there is no such reason.
    package let reservation: String?
    /// What the seeds say; left out if it is not judged.
    package let verdict: Verdict?
  }
  package struct Figure: Codable {
    package let file: String
    package let title: String
    package let book: OrNull<String>
  }
  package struct Training: Codable {
    /// The name of the file with its history.
    package let name: String
    package let epochs: Int
    /// The median, validation included.
    package let secondsPerEpoch: OrNull<Double>
  }
  package struct Seconds: Codable {
    package let toFirstStep: OrNull<Double>
    package let training: OrNull<Double>
    package let total: OrNull<Double>
  }
  package struct Computer: Codable {
    package let cpu: String
    package let threads: Int
    package let kernels: String
  }

  package let chapter: String
  package let section: String
  package let command: String
  package let seed: UInt64
  package let quick: Bool
  package let interruptedAfterEpoch: Int?
  package let data: OrNull<Source>
  /// Why the numbers may not be judged; empty if they may, nil in files of older versions.
  package let reservations: [String]?
  package let results: [Result]
  package let figures: [Figure]
  /// The trainings with a history; nil in files of older versions.
  package let trainings: [Training]?
  package let seconds: Seconds
  package let peakMemoryBytes: Int
  package let machine: Computer

  /// Reads a file; nil if there is none that can be read.
  package init?(of file: URL) {
    guard let data = try? Data(contentsOf: file),
      let metrics = try? JSONDecoder().decode(Metrics.self, from: data)
    else { return nil }
    self = metrics
  }

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
