/// What the pages of the gallery have in common.
package enum HTML {
  /// A part of a page with a heading.
  static func section(_ title: String, _ content: String) -> String {
    "<section>\n<h2>\(escaped(title))</h2>\n\(content)\n</section>\n"
  }

  /// A table of results.
  package static func table(_ table: ResultTable) -> String {
    func row(_ cells: [String], _ tag: String) -> String {
      let cells = zip(cells, table.alignments).map { cell, alignment in
        let side = alignment == .right ? " class=\"number\"" : ""
        return "<\(tag)\(side)>\(escaped(cell))</\(tag)>"
      }
      return "<tr>\(cells.joined())</tr>"
    }
    let rows = table.rows.map { row($0, "td") }
    return """
      <div class="scroll"><table>
      <thead>\(row(table.columns, "th"))</thead>
      <tbody>
      \(rows.joined(separator: "\n"))
      </tbody>
      </table></div>
      """
  }

  /// Text in which nothing means anything to HTML; control characters, which it forbids, are left out.
  package static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "\n", "\t": result += " "
      default:
        if scalar.properties.generalCategory != .control { result.unicodeScalars.append(scalar) }
      }
    }
    return result
  }

  /// The style sheet, for screen and paper.
  static let style = """
    body { margin: 0 auto; padding: 2rem 1.25rem 4rem; max-width: 60rem; color: #222;
      background: #fff; font: 16px/1.5 system-ui, "Segoe UI", "DejaVu Sans", sans-serif; }
    h1 { margin: 0 0 1.5rem; font-size: 1.9rem; line-height: 1.2; }
    h2 { margin: 2.25rem 0 .75rem; font-size: 1.2rem; }
    .over { margin: 0; color: #555; }
    .warning { padding: .75rem 1rem; border-left: .3rem solid #d55e00; background: #fdf3ea; }
    .scroll { overflow-x: auto; }
    table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
    th, td { padding: .3rem 1.25rem .3rem 0; text-align: left; vertical-align: top;
      border-bottom: 1px solid #e4e4e4; }
    th { color: #555; font-weight: 600; }
    .number { text-align: right; }
    .facts th { white-space: nowrap; }
    .figures { display: grid; gap: 1.5rem;
      grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); }
    figure { margin: 0; break-inside: avoid; }
    figure svg { width: 100%; height: auto; }
    figcaption { color: #555; font-size: .9rem; }
    details { margin: 1rem 0; }
    summary { cursor: pointer; color: #555; }
    code { overflow-wrap: anywhere; }
    @media print { body { max-width: none; padding: 0; font-size: 11pt; } section { break-inside: avoid; } }
    """
}
