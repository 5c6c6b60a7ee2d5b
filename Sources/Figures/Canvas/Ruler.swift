/// Measures text before it is drawn, and breaks it into lines that fit.
struct Ruler {
  private let surface: CairoSurface

  init() {
    surface = CairoSurface(width: 1, height: 1)
  }

  func width(of text: String, _ style: TextStyle) -> Double {
    text.isEmpty ? 0 : surface.width(of: text, style)
  }

  func width(of lines: [String], _ style: TextStyle) -> Double {
    lines.map { width(of: $0, style) }.max() ?? 0
  }

  /// `text` in lines no wider than `limit`, broken at spaces and, where a single word is too long,
  /// within it. What does not fit into `count` lines is cut off with an ellipsis.
  func lines(of text: String, _ style: TextStyle, limit: Double, atMost count: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in Ruler.words(of: text) {
      let longer = line.isEmpty ? word : line + " " + word
      if width(of: longer, style) <= limit {
        line = longer
        continue
      }
      if !line.isEmpty { lines.append(line) }
      line = word
      while lines.count < count, width(of: line, style) > limit, line.count > 1 {
        let start = fittingStart(of: line, style, limit: limit)
        lines.append(start)
        line.removeFirst(start.count)
      }
      if lines.count >= count { break }
    }
    if !line.isEmpty { lines.append(line) }
    guard lines.count > count, count > 0 else { return lines }
    let last = fittingStart(
      of: lines[count - 1], style, limit: limit - width(of: "…", style))
    return Array(lines[..<(count - 1)]) + [last + "…"]
  }

  /// The longest start of `text` that fits, at least one character.
  private func fittingStart(of text: String, _ style: TextStyle, limit: Double) -> String {
    let characters = Array(text)
    var (fits, tooLong) = (1, characters.count + 1)
    while tooLong - fits > 1 {
      let middle = (fits + tooLong) / 2
      if width(of: String(characters[..<middle]), style) <= limit {
        fits = middle
      } else {
        tooLong = middle
      }
    }
    return String(characters[..<fits])
  }

  /// The words of a text. Control characters, which neither a font nor XML can show, count as
  /// spaces, and a text of absurd length is cut: no chart has room for it.
  private static func words(of text: String) -> [String] {
    let kept = text.prefix(2000).unicodeScalars.map { character -> Character in
      switch character.properties.generalCategory {
      case .control, .lineSeparator, .paragraphSeparator, .spaceSeparator, .unassigned: " "
      default: Character(character)
      }
    }
    return String(kept).split(separator: " ").map(String.init)
  }
}
