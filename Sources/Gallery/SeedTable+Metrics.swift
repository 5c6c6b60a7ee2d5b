import DataFiles
import Foundation

extension SeedTable.Row {
  /// Makes a row of what a run has written.
  ///
  /// - Parameters:
  ///   - metrics: the run's `metrics.json`.
  ///   - date: the day of the commit that was built: `2026-11-27`.
  /// - Returns: the row and the program's name, by which ``SeedTable/file(of:in:)`` finds its table.
  /// - Throws: `DataError` if there is no such file, the run may not be judged, or has no number that the book gives.
  public static func reading(
    _ metrics: URL, date: String
  ) throws -> (program: String, row: SeedTable.Row) {
    let bytes = try InputFile(path: metrics.path).readAll(limit: 1 << 24)
    guard let run = try? JSONDecoder().decode(Metrics.self, from: Data(bytes)),
      let reservations = run.reservations
    else {
      throw DataError("\(metrics.path) was not written by this version: run the program again.")
    }
    guard reservations.isEmpty else {
      throw DataError(
        "\(metrics.path) is no run to be kept, as it is not the book's experiment: "
          + reservations.joined(separator: ", ") + ".")
    }
    if let data = run.data.value, data.origin != DataOrigin.Kind.official.rawValue {
      throw DataError("\(metrics.path) is no run on official data, but on: \(data.origin).")
    }
    let judged = run.results.filter { $0.book.value != nil && $0.reservation == nil }
    let values = judged.map {
      Value($0.name, $0.here.value ?? .nan)
    }
    let machine =
      "\(run.machine.cpu), \(run.machine.threads) threads, \(run.machine.kernels)"
    let row = try SeedTable.Row(seed: run.seed, values: values, date: date, machine: machine)
    guard !row.values.isEmpty else {
      throw DataError("\(metrics.path) has no number that the book gives as well.")
    }
    return (run.chapter, row)
  }
}
