import Foundation
import Gallery

/// What a program's `metrics.json` says, as far as it can be understood: it may be of an older or a newer program.
struct RunSummary: Decodable, Sendable {
  struct Samples: Decodable, Sendable {
    let train: Int
    let test: Int
  }
  struct Source: Decodable, Sendable {
    let name: String
    let origin: String
    let detail: String?
    let samples: Samples?
  }
  struct Result: Decodable, Sendable {
    let name: String
    let book: Double?
    let here: Double?
    let unit: String?
    let better: Better?
    let reservation: String?
    let verdict: Verdict?

    private enum Key: CodingKey {
      case name, book, here, unit, better, reservation, verdict
    }

    init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: Key.self)
      name = try values.decode(String.self, forKey: .name)
      book = try values.decodeIfPresent(Double.self, forKey: .book)
      here = try values.decodeIfPresent(Double.self, forKey: .here)
      unit = try? values.decode(String.self, forKey: .unit)
      better = try? values.decode(Better.self, forKey: .better)
      reservation = try? values.decode(String.self, forKey: .reservation)
      // What is said in another way than today's counts as not said.
      verdict = try? values.decode(Verdict.self, forKey: .verdict)
    }

    /// Whether the number is like those of other seeds, and whether those reproduce the book; nil if that is not known.
    var statements: [String]? {
      guard let book else { return nil }
      if let verdict, let better {
        let texts = verdict.texts(book: book, better: better)
        return [texts.run, texts.book]
      }
      return reservation.map { ["not judged: \($0)", "–"] }
    }
  }
  struct Figure: Decodable, Sendable {
    let file: String
    let title: String?
    let book: String?
  }
  struct Seconds: Decodable, Sendable {
    let training: Double?
    let total: Double?
  }
  struct Computer: Decodable, Sendable {
    let cpu: String?
    let threads: Int?
  }

  let command: String?
  let seed: UInt64?
  let quick: Bool?
  let interruptedAfterEpoch: Int?
  let reservations: [String]?
  let data: Source?
  let results: [Result]
  let figures: [Figure]
  let seconds: Seconds?
  let peakMemoryBytes: Int?
  let machine: Computer?

  /// Reads the results in a folder; nil if there are none.
  init?(in folder: URL) {
    guard let json = Self.read(folder.appending(path: "metrics.json"), limit: 1 << 22),
      let summary = try? JSONDecoder().decode(Self.self, from: json)
    else { return nil }
    self = summary
  }

  /// Why the numbers may not be held against the book's.
  var reasons: [String] {
    if let reservations { return reservations }
    return [
      quick == true ? "quick run" : nil,
      data?.origin == "stand-in" ? "stand-in data" : nil,
      interruptedAfterEpoch.map { "interrupted after epoch \($0)" },
    ].compactMap { $0 }
  }

  /// The bytes of a regular file that is not larger than it may be.
  static func read(_ file: URL, limit: Int) -> Data? {
    var status = stat()
    guard stat(file.path, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
      status.st_size <= limit
    else { return nil }
    return try? Data(contentsOf: file)
  }
}
