import Foundation

/// Numbers and tables for people.
enum Text {
  /// A number with three significant digits.
  static func number(_ value: Double) -> String {
    let size = abs(value)
    if size >= 99.95 { return String(format: "%.0f", value) }
    if size >= 9.995 { return String(format: "%.1f", value) }
    if size >= 0.9995 || size == 0 { return String(format: "%.2f", value) }
    return String(format: size >= 0.0995 ? "%.3f" : "%.4f", value)
  }

  static func percent(_ share: Double) -> String { String(format: "%.0f%%", share * 100) }

  /// A whole number with commas: `1,234,567`.
  static func grouped(_ value: Double) -> String {
    var digits = String(format: "%.0f", value)
    var position = digits.count - 3
    while position > 0 {
      digits.insert(",", at: digits.index(digits.startIndex, offsetBy: position))
      position -= 3
    }
    return digits
  }

  /// Rows of cells in aligned columns, a rule below the first row.
  ///
  /// - Parameter words: the columns aligned to the left; numbers stand to the right.
  static func table(_ rows: [[String]], words: Set<Int>) -> String {
    let columns = rows.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in
      rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
    }
    var lines = rows.map { row in
      let cells = row.enumerated().map { column, cell in
        let space = String(repeating: " ", count: widths[column] - cell.count)
        return words.contains(column) ? cell + space : space + cell
      }
      return cells.joined(separator: "  ")
    }
    lines.insert(widths.map { String(repeating: "─", count: $0) }.joined(separator: "  "), at: 1)
    return lines.joined(separator: "\n")
  }
}
