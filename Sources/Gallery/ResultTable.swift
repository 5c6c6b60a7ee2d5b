import DeepLearning

/// A small table for people: lines up in the terminal, and stands in the report page.
///
/// The first row of the text names the columns. Widths are those that a terminal shows, so
/// that "Größe" or "映画" do not upset the columns.
public struct ResultTable: Sendable {
  /// On which side of its column a cell stands.
  public enum Alignment: Sendable {
    /// For words.
    case left
    /// For numbers.
    case right
  }

  /// The names of the columns.
  public let columns: [String]
  /// The cells, row by row.
  public private(set) var rows: [[String]] = []
  let alignments: [Alignment]

  /// Creates a table without rows.
  ///
  /// - Parameter columns: the names of the columns and how their cells are aligned.
  public init(_ columns: [(name: String, alignment: Alignment)]) {
    self.columns = columns.map(\.name)
    alignments = columns.map(\.alignment)
  }

  /// Creates a table whose first columns hold words, and the others numbers.
  ///
  /// - Parameters:
  ///   - columns: the names of the columns.
  ///   - words: how many of them hold words.
  public init(_ columns: String..., words: Int = 1) {
    self.init(columns.enumerated().map { ($1, $0 < words ? .left : .right) })
  }

  /// Adds a row; missing cells are empty, and there must not be more of them than columns.
  public mutating func add(_ cells: [String]) {
    require(
      cells.count <= columns.count,
      "A row of \(cells.count) cells does not fit a table with \(columns.count) columns.")
    // A line break or a tab inside a cell would tear the table apart.
    let clean = cells.map { cell in
      String(cell.map { $0.isNewline || $0 == "\t" ? " " : $0 })
    }
    rows.append(clean + Array(repeating: "", count: columns.count - cells.count))
  }

  /// The table as aligned text, one line a row, without a line break at the end.
  public var text: String {
    let widths = columns.indices.map { column in
      ([columns] + rows).map { TextWidth.of($0[column]) }.max() ?? 0
    }
    func line(_ cells: [String]) -> String {
      var text = ""
      for (column, cell) in cells.enumerated() {
        let space = String(repeating: " ", count: widths[column] - TextWidth.of(cell))
        text +=
          (column > 0 ? "  " : "") + (alignments[column] == .left ? cell + space : space + cell)
      }
      while text.last == " " { text.removeLast() }
      return text
    }
    let rule = widths.map { String(repeating: "─", count: $0) }.joined(separator: "  ")
    return ([line(columns), rule] + rows.map(line)).joined(separator: "\n")
  }

  /// A number with as many digits as a reader can use: `0.8846`, `2.55`, `1,234` is "1234".
  public static func number(_ value: Double?) -> String {
    guard let value, value.isFinite else { return "–" }
    return Format.number(value).replacing("-", with: "−")
  }
}

/// How many columns of a terminal a text occupies.
enum TextWidth {
  static func of(_ text: String) -> Int { text.reduce(0) { $0 + of($1) } }

  /// The first scalar decides; what follows in the same character combines with it.
  private static func of(_ character: Character) -> Int {
    guard let scalar = character.unicodeScalars.first else { return 0 }
    if scalar.value < 0x300 { return 1 }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .control: return 0
    default: break
    }
    // Emoji that are shown as pictures by default, or are told to be by a variation selector.
    if scalar.properties.isEmojiPresentation { return 2 }
    if character.unicodeScalars.contains("\u{FE0F}") && scalar.properties.isEmoji { return 2 }
    return wide.contains { $0.contains(scalar.value) } ? 2 : 1
  }

  /// The blocks of East Asian characters that Unicode Annex 11 calls wide or full-width.
  private static let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97C, 0xAC00...0xD7A3,
    0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F,
    0x1F900...0x1F9FF, 0x20000...0x3FFFD,
  ]
}
