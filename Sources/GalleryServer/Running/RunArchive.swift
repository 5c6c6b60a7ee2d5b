import DeepLearning
import Foundation
import Gallery

/// Keeps the curves of each program's last run, to draw the next one's beside them.
struct RunArchive: Sendable {
  let folder: URL

  /// A rehearsal is compared with a rehearsal.
  private func file(_ request: RunRequest) -> URL {
    folder.appending(path: request.program + (request.quick == true ? "-quick" : "") + ".jsonl")
  }

  /// The events of the last run; none if it is not known.
  func read(_ request: RunRequest) -> [ProgressEvent] {
    guard let bytes = RunSummary.read(file(request), limit: 1 << 24) else { return [] }
    return bytes.split(separator: 10).prefix(EventLog.limit).compactMap {
      try? JSONDecoder().decode(ProgressEvent.self, from: Data($0))
    }
  }

  /// Replaces the last run; a full disk costs the comparison and nothing else.
  func write(_ events: [ProgressEvent], of request: RunRequest) {
    let lines = events.compactMap { try? JSONEncoder().encode($0) + Data("\n".utf8) }
    try? Data(lines.joined()).write(atomicallyTo: file(request))
  }
}

/// A number of a run beside the book's and that of the run before.
struct ResultChange: Codable, Sendable, Equatable {
  let name: String
  let book: String
  let before: String
  let here: String

  static func changes(from before: RunSummary?, to now: RunSummary) -> [ResultChange] {
    now.results.map { result in
      let old = before?.results.first { $0.name == result.name }
      return ResultChange(
        name: result.name, book: PageWriter.number(result.book),
        before: PageWriter.number(old?.here), here: PageWriter.number(result.here))
    }
  }
}
