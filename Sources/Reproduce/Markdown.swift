import Foundation

/// A page whose tables this program makes, each between two comments that name it: `<!-- reproduce NAME -->` and
/// `<!-- end -->`.
struct MarkdownPage {
  private(set) var text: String

  init(_ text: String) { self.text = text }

  /// What lies between the two comments; nil if they are not there.
  func part(_ name: String) -> String? { range(of: name).map { String(text[$0]) } }

  /// Replaces what lies between the two comments.
  ///
  /// - Throws: ``ReproduceError`` if they are not there.
  mutating func replace(_ name: String, with part: String) throws {
    guard let range = range(of: name) else {
      throw ReproduceError(
        "docs/Reproduction.md has no place for \(name): put <!-- reproduce \(name) --> and <!-- end --> there, on "
          + "lines of their own.")
    }
    text.replaceSubrange(range, with: part)
  }

  private func range(of name: String) -> Range<String.Index>? {
    guard let start = text.range(of: "<!-- reproduce \(name) -->\n"),
      let end = text.range(of: "<!-- end -->", range: start.upperBound..<text.endIndex)
    else { return nil }
    return start.upperBound..<end.lowerBound
  }

  /// A table; numbers, which columns from the second on are, stand on the right.
  static func table(_ head: [String], _ rows: [[String]], words: Set<Int> = [0]) -> String {
    let rule = head.indices.map { words.contains($0) ? "---" : "---:" }
    return ([head, rule] + rows).map { cells in
      "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |\n"
    }.joined()
  }

  /// The rows of a table, without head and rule.
  static func rows(of table: String) -> [[String]] {
    table.split(separator: "\n").filter { $0.hasPrefix("| ") }.dropFirst(2).map { line in
      line.dropFirst(2).dropLast(2).components(separatedBy: " | ")
    }
  }
}
