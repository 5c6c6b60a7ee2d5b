// Chapters/<chapter>/seeds.csv: what the chapter's program gave with several seeds on the official data. A program writes
// it and nobody by hand.
//
//     seed,run A: lowest validation loss,test accuracy,date,machine
//     1,0.2748,0.8806,2026-11-27,"AMD EPYC 9V74, 2 threads, AVX-512"
//
// How a run becomes a row: of its metrics.json the row takes `seed`; of `results` each that has a number in `book`, by its
// `name`, with the number in `here` (empty where that is null); `machine`. The date is that of the commit that was
// built. A result without a number in the book has nothing to be judged by and is left out: times, counts of pictures.
// A run with `reservations` becomes no row: other data than the official, `--quick`, `--epochs`, an interruption. So
// the rows of one table are runs of one experiment, and the run that is judged by it is one too.
//
// Subcommands and flags may choose a part of the experiment (`chapter6-conv1d temperature`; `chapter5-pretrained
// --training`). Their runs have other results, and stand in rows of their own with the other columns empty.

import DataFiles
import DeepLearning
import Foundation

/// The results of a chapter's program with several seeds: `Chapters/<chapter>/seeds.csv`.
public struct SeedTable: Equatable, Sendable {
  /// A run.
  public struct Row: Equatable, Sendable {
    /// A number, by the name of the result.
    public struct Value: Equatable, Sendable {
      let name: String
      let number: Double

      /// - Parameters:
      ///   - name: that of the result.
      ///   - number: what came out.
      public init(_ name: String, _ number: Double) { (self.name, self.number) = (name, number) }
    }

    /// The seed.
    public let seed: UInt64
    /// What came out, in the program's order.
    public let values: [Value]
    /// The day of the commit that was built: `2026-11-27`.
    public let date: String
    /// Processor, threads and kernels.
    public let machine: String

    /// - Throws: `DataError` if the date is none, or a name cannot be that of a column.
    public init(seed: UInt64, values: [Value], date: String, machine: String) throws {
      guard date.wholeMatch(of: /[0-9]{4}-[0-9]{2}-[0-9]{2}/) != nil else {
        throw DataError("\"\(date.prefix(20))\" is no date of the form 2026-11-27.")
      }
      let names = values.map(\.name)
      guard Set(names).count == names.count, !names.contains(where: SeedTable.isReserved) else {
        throw DataError(
          "A run with seed \(seed) cannot be kept: each of its results needs a name of its own.")
      }
      self.seed = seed
      self.values = values.filter(\.number.isFinite)
      self.date = date
      self.machine = String(machine.map { $0.isNewline ? " " : $0 })
    }

    func number(_ name: String) -> Double? { values.first { $0.name == name }?.number }
  }

  /// The rows by seed.
  public private(set) var rows: [Row] = []

  /// A table without rows.
  public init() {}

  /// The names of the numbers, in the order in which runs give them.
  public var names: [String] {
    var seen = Set<String>()
    return rows.flatMap(\.values).map(\.name).filter { seen.insert($0).inserted }
  }

  /// Adds a run. It takes the place of those with the same seed that have a result of the same name.
  public mutating func add(_ row: Row) {
    let names = Set(row.values.map(\.name))
    rows.removeAll { $0.seed == row.seed && !names.isDisjoint(with: $0.values.map(\.name)) }
    let place = rows.firstIndex { $0.seed > row.seed } ?? rows.count
    rows.insert(row, at: place)
  }

  /// What several seeds gave for a number; nil if none did.
  public func statistics(of name: String) -> SeedStatistics? {
    let numbers = rows.compactMap { $0.number(name) }
    return numbers.isEmpty ? nil : SeedStatistics(numbers)
  }

  // MARK: Files

  /// The most bytes and rows that a table may have.
  private static let limits = (bytes: 1 << 20, rows: 1_000)

  private static func isReserved(_ name: String) -> Bool {
    ["seed", "date", "machine", ""].contains(name)
  }

  /// Reads a table.
  ///
  /// - Throws: `DataError` if it cannot be read or is not such a table.
  public init(contentsOf file: URL) throws {
    let rows = try CSVRows.read(path: file.path, limit: Self.limits.bytes)
    func damaged(_ reason: String) -> DataError {
      DataError("\(file.path) is no table of seeds: \(reason). Restore it, or have it made anew.")
    }
    guard let head = rows.first, head.count >= 3, head.first == "seed",
      head.suffix(2) == ["date", "machine"]
    else { throw damaged("its first line should be seed, the results, date, machine") }
    guard rows.count <= Self.limits.rows else { throw damaged("it has \(rows.count) lines") }
    let names = head[1..<(head.count - 2)]
    for (index, cells) in rows.enumerated().dropFirst() {
      guard cells.count == head.count else {
        throw damaged("line \(index + 1) has \(cells.count) fields instead of \(head.count)")
      }
      guard let seed = UInt64(cells[0]) else {
        throw damaged("line \(index + 1) begins with \"\(cells[0].prefix(20))\", which is no seed")
      }
      var values = [Row.Value]()
      for (name, cell) in zip(names, cells.dropFirst()) where !cell.isEmpty {
        guard let number = Double(cell), number.isFinite else {
          throw damaged("line \(index + 1) has \"\(cell.prefix(20))\", which is no number")
        }
        values.append(.init(name, number))
      }
      let row: Row
      do {
        row = try Row(
          seed: seed, values: values, date: cells[cells.count - 2], machine: cells[cells.count - 1])
      } catch let error as DataError { throw damaged("in line \(index + 1): \(error)") }
      add(row)
    }
    guard self.rows.count == rows.count - 1 else { throw damaged("a seed stands in it twice") }
  }

  /// The file's text.
  public var csv: String {
    let names = names
    let lines = rows.map { row in
      let numbers = Dictionary(uniqueKeysWithValues: row.values.map { ($0.name, "\($0.number)") })
      return CSVRows.line(
        ["\(row.seed)"] + names.map { numbers[$0] ?? "" } + [row.date, row.machine])
    }
    let head = CSVRows.line(["seed"] + names + ["date", "machine"])
    return ([head] + lines).joined(separator: "\n") + "\n"
  }

  /// Writes the table, whole or not at all.
  ///
  /// - Throws: `FileError`.
  public func write(to file: URL) throws { try Data(csv.utf8).write(atomicallyTo: file) }

  /// Where the table of a program lies: beside its chapter, whose name that of a subcommand's results begins with.
  ///
  /// - Parameters:
  ///   - program: the name of the folder of results: `chapter3-imdb`, `chapter6-conv1d-temperature`.
  ///   - checkout: the folder that holds `Chapters`.
  /// - Returns: the file, which may not exist; nil if there is no such chapter.
  public static func file(of program: String, in checkout: URL) -> URL? {
    var name = program[...]
    while true {
      // A name never leads out of the folder.
      if name.isEmpty || name.contains("/") || name.hasPrefix(".") { return nil }
      let folder = checkout.appending(path: "Chapters/\(name)")
      var isFolder: ObjCBool = false
      if FileManager.default.fileExists(atPath: folder.path, isDirectory: &isFolder),
        isFolder.boolValue
      {
        return folder.appending(path: "seeds.csv")
      }
      guard let hyphen = name.lastIndex(of: "-") else { return nil }
      name = name[..<hyphen]
    }
  }
}
