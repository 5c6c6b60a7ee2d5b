import Foundation

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
    let verdict: String?
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
