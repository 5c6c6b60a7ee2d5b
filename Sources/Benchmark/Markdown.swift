import Foundation

/// A page in which this program keeps its tables, each between two comments that name it:
/// `<!-- benchmark NAME -->` and `<!-- end -->`.
struct MarkdownPage {
  private let url: URL
  private var text: String

  /// - Throws: `BenchmarkError` if there is no such page, or nothing in it for a run with these instructions.
  init(_ path: String, for instructions: InstructionSet) throws {
    url = URL(filePath: path)
    do {
      text = try String(contentsOf: url, encoding: .utf8)
    } catch {
      throw BenchmarkError("\(path) cannot be read: --markdown names a page that is there.")
    }
    let names = Self.names(instructions)
    guard names.contains(where: { range(of: $0) != nil }) else {
      throw BenchmarkError(
        "\(path) has no place for the table: put \(Self.opening(names[0])) and \(Self.closing) there, on lines of "
          + "their own.")
    }
  }

  private static let closing = "<!-- end -->"
  private static func opening(_ name: String) -> String { "<!-- benchmark \(name) -->" }
  private static func names(_ instructions: InstructionSet) -> [String] {
    [instructions.rawValue, "\(instructions.rawValue) summary"]
  }

  /// What lies between the two comments of a name.
  private func range(of name: String) -> Range<String.Index>? {
    guard let start = text.range(of: Self.opening(name) + "\n"),
      let end = text.range(of: Self.closing, range: start.upperBound..<text.endIndex)
    else { return nil }
    return start.upperBound..<end.lowerBound
  }

  /// Replaces the page's tables by those of a run; the page stays as it was if that fails.
  mutating func write(_ report: Report, _ instructions: InstructionSet) throws {
    let names = Self.names(instructions)
    for (name, table) in zip(names, [report.text, report.summary]) {
      guard let range = range(of: name) else { continue }
      text.replaceSubrange(range, with: "```\n\(table)\n```\n\(Self.circumstances)\n")
    }
    do {
      try text.write(to: url, atomically: true, encoding: .utf8)
    } catch {
      throw BenchmarkError("\(url.path) could not be written: \(error.localizedDescription)")
    }
  }

  /// When, and of what state of the project.
  private static var circumstances: String {
    let day = Date.now.formatted(.iso8601.year().month().day())
    let commit = try? ChildProcess.run(
      URL(filePath: "/usr/bin/env"), ["git", "rev-parse", "--short", "HEAD"]
    ).output
    let isCommit = commit?.wholeMatch(of: /[0-9a-f]{7,40}/) != nil
    return "Measured on \(day)" + (isCommit ? ", commit \(commit ?? "")." : ".")
  }
}

extension Report {
  /// One workload of each kind, for a page that has room for six rows.
  private static let kinds = [
    "imdb_dense", "catsdogs", "vgg16_features", "imdb_lstm", "jena_gru", "gan_cifar",
  ]

  /// Ours, the best peer and the factor of a few workloads.
  var summary: String {
    let rows = comparisons.filter { Self.kinds.contains($0.workload.name) }
      .compactMap { comparison -> [String]? in
        guard let ours = comparison.summaries.first(where: { $0.runner == "ours" }) else {
          return nil
        }
        let best = comparison.summaries.filter { $0.runner != "ours" }
          .min { $0.medianMilliseconds < $1.medianMilliseconds }
        return [
          comparison.workload.name, Text.number(ours.medianMilliseconds),
          best.map { Text.number($0.medianMilliseconds) } ?? "–", best?.runner ?? "",
          best.map { Text.number($0.medianMilliseconds / ours.medianMilliseconds) + "x" } ?? "–",
        ]
      }
    return Text.table(
      [["one training step", "ours ms", "best peer ms", "which", "faster"]] + rows, words: [0, 3])
      + "\n\n\(machine.processor), \(machine.cores) cores, as many threads on both sides."
  }
}
