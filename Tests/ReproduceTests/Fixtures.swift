import Foundation
import TestSupport

@testable import reproduce

/// This checkout.
let checkout = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  .deletingLastPathComponent().deletingLastPathComponent()

/// A fresh folder, gone with the last reference.
final class Workplace {
  let folder = FileManager.default.temporaryDirectory.appending(path: "reproduce-\(UUID())")

  init() throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  func add(_ text: String, as name: String) throws {
    let file = folder.appending(path: name)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
  }

  /// Writes a script that can be started; see `writeScript`.
  ///
  /// - Returns: its path.
  @discardableResult
  func addScript(_ text: String, as name: String) throws -> String {
    let file = folder.appending(path: name)
    try writeScript(text, to: file)
    return file.path
  }

  func text(of name: String) throws -> String {
    try String(contentsOf: folder.appending(path: name), encoding: .utf8)
  }

  func has(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: folder.appending(path: name).path)
  }

  /// What a run leaves.
  ///
  /// - Parameters:
  ///   - other: the name of one more result, and why it is compared with nothing.
  ///   - unlike: why the accuracy of this run is not to be compared.
  ///   - timeless: why its time is not.
  ///   - losses: those of the epochs on the validation data, in the file `history`.
  func addRun(
    job: String = "chapter3-imdb", of program: String = "chapter3-imdb", seed: Int,
    accuracy: Double, quick: Bool = false, interrupted: Bool = false, reservations: [String] = [],
    other: (name: String, reservation: String) = ("other", ""), unlike: String? = nil,
    timeless: String? = nil, losses: [Double] = [], history: String = "history"
  ) throws {
    let folder = "output/\(job)/seed-\(seed)/\(program)"
    let reservation =
      other.reservation.isEmpty ? "" : ", \"reservation\": \"\(other.reservation)\""
    func reserved(_ reason: String?) -> String {
      reason.map { ", \"reservation\": \"\($0)\"" } ?? ""
    }
    let stop = interrupted ? "\"interruptedAfterEpoch\": 2," : ""
    let words = reservations.map { "\"\($0)\"" }.joined(separator: ", ")
    try add(
      """
      {"chapter": "\(program)", "section": "3.4", "command": "\(program)", "seed": \(seed),
       "quick": \(quick), \(stop) "reservations": [\(words)],
       "data": {"name": "IMDB", "origin": "official", "detail": "", "samples": {"train": 1, "test": 1}},
       "results": [
        {"name": "test accuracy", "book": 0.88328, "here": \(accuracy), "unit": "", "better": "higher"\(reserved(unlike))},
        {"name": "time per epoch", "book": 51, "here": 2, "unit": "s", "better": "lower"\(reserved(timeless))},
        {"name": "\(other.name)", "book": null, "here": 0.1, "unit": "", "better": "higher"\(reservation)}],
       "figures": [], "trainings": [{"name": "history", "epochs": 20, "secondsPerEpoch": 0.05}],
       "seconds": {"toFirstStep": null, "training": 1.5, "total": 2}, "peakMemoryBytes": 1,
       "machine": {"cpu": "A processor", "threads": 1, "kernels": "AVX2"}}
      """, as: folder + "/metrics.json")
    let rows = losses.enumerated().map { "\($0 + 1),\($1)\n" }.joined()
    try add("epoch,val_loss\n" + rows, as: folder + "/\(history).csv")
  }

  /// A run that is in the folder.
  func run(job: String = "chapter3-imdb", seed: Int, quick: Bool = false) throws -> FinishedRun? {
    guard let job = Job.all.first(where: { $0.name == job }) else { return nil }
    return FinishedRun(
      Run(job: job, seed: seed), in: folder.appending(path: "output"), quick: quick)
  }
}
