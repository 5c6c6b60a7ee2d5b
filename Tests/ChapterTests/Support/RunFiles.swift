import Foundation
import Testing

/// `metrics.json`, read strictly: every key must be there.
struct Metrics: Decodable {
  struct Samples: Decodable {
    let train: Int
    let test: Int
  }
  struct Source: Decodable {
    let name: String
    let origin: String
    let detail: String
    let samples: Samples
  }
  struct Result: Decodable {
    let name: String
    let book: Double?
    let here: Double?
    let unit: String
    let better: String
  }
  struct Figure: Decodable, Equatable {
    let file: String
    let title: String
    let book: String?
  }
  struct Seconds: Decodable {
    let toFirstStep: Double?
    let training: Double
    let total: Double
  }
  struct Machine: Decodable {
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
  let data: Source
  let results: [Result]
  let figures: [Figure]
  let seconds: Seconds
  let peakMemoryBytes: Int
  let machine: Machine

  /// The number of that name; the test fails if it is not there or `null`.
  func here(_ name: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> Double {
    let result = results.first { $0.name == name }
    return try #require(result?.here, "no number for \(name)", sourceLocation: sourceLocation)
  }
}

/// `history.csv`: one row per epoch.
struct HistoryTable {
  let columns: [String]
  let rows: [[Double]]

  init(_ csv: String) throws {
    let lines = csv.split(separator: "\n").map { $0.split(separator: ",").map(String.init) }
    columns = try #require(lines.first)
    rows = try lines.dropFirst().map { try $0.map { try #require(Double($0)) } }
  }

  /// One measurement over all epochs.
  subscript(name: String) -> [Double] {
    guard let column = columns.firstIndex(of: name) else { return [] }
    return rows.map { $0[column] }
  }
}

/// The table with which a program ends: its rows, cell by cell.
func comparisonRows(in output: String) -> [[String]] {
  let lines = output.split(separator: "\n", omittingEmptySubsequences: false)
  guard let head = lines.firstIndex(where: { $0.hasPrefix("what ") && $0.contains(" book ") })
  else { return [] }
  // Two blanks or more part the columns; a cell holds single ones at most.
  return lines[(head + 2)...].prefix { !$0.isEmpty }
    .map { line in line.split(separator: /\ {2,}/).map(String.init) }
}

extension Workplace {
  /// The numbers of a run by their names, also of one that needs no data.
  func numbers(_ chapter: String) throws -> [String: Double] {
    struct Record: Decodable { let results: [Metrics.Result] }
    let record = try JSONDecoder()
      .decode(Record.self, from: bytes(of: "output/\(chapter)/metrics.json"))
    return Dictionary(
      uniqueKeysWithValues: record.results.compactMap { result in
        result.here.map { (result.name, $0) }
      })
  }

  /// The record of a run.
  func metrics(_ chapter: String) throws -> Metrics {
    try JSONDecoder().decode(Metrics.self, from: bytes(of: "output/\(chapter)/metrics.json"))
  }

  /// The epochs of a run.
  func history(_ chapter: String) throws -> HistoryTable {
    try HistoryTable(text(of: "output/\(chapter)/history.csv"))
  }

  /// The number of weights in a safetensors file, after its header, which must fit the file.
  func weightCount(_ name: String) throws -> Int {
    struct Entry: Decodable {
      let dtype: String
      let shape: [Int]
    }
    let file = [UInt8](try bytes(of: name))
    let length = file.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    try #require(length < file.count - 8)
    let header = try JSONDecoder().decode(
      [String: Entry].self, from: Data(file[8..<(8 + length)]))
    #expect(header.values.allSatisfy { $0.dtype == "F32" })
    let count = header.values.reduce(0) { $0 + $1.shape.reduce(1, *) }
    #expect(file.count == 8 + length + 4 * count)
    return count
  }
}
