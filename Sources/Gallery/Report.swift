import DeepLearning
import Foundation

/// The page `report.html`: one file that needs nothing else, for the browser and for the printer.
struct Report {
  let record: RunRecord

  /// The page.
  var html: String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8"/>
    <meta name="viewport" content="width=device-width, initial-scale=1"/>
    <title>\(escaped(record.chapter)): \(escaped(record.title))</title>
    <style>
    \(Self.style)
    </style>
    </head>
    <body>
    <header>
    <p class="over">\(escaped(record.chapter)) · section \(escaped(record.section))</p>
    <h1>\(escaped(record.title))</h1>
    </header>
    \(warning)\(comparison)\(figures)\(tables)\(notes)\(histories)\(facts)
    </body>
    </html>

    """
  }

  private var warning: String {
    if record.reservations.isEmpty { return "" }
    let reasons = escaped(record.reservations.joined(separator: ", "))
    return """
      <p class="warning">This is not the book's experiment (\(reasons)): \
      its numbers are not to be held against the book's.</p>

      """
  }

  private var comparison: String {
    record.results.isEmpty ? "" : section("The book's numbers and these", table(record.comparison))
  }

  private var figures: String {
    if record.figures.isEmpty { return "" }
    let items = record.figures.map { item in
      let book = item.book.map { " (figure \($0) of the book)" } ?? ""
      return """
        <figure>
        \(item.figure.svg())<figcaption>\(escaped(item.figure.title + book))</figcaption>
        </figure>
        """
    }
    return section(
      "Figures", "<div class=\"figures\">\n\(items.joined(separator: "\n"))\n</div>")
  }

  private var tables: String {
    record.tables.map { section($0.title, table($0.table)) }.joined()
  }

  private var notes: String {
    if record.notes.isEmpty { return "" }
    let items = record.notes.map { "<li>\(escaped($0))</li>" }
    return section("Notes", "<ul>\n\(items.joined(separator: "\n"))\n</ul>")
  }

  private var histories: String {
    record.histories.map { name, history in
      var rows = ResultTable(
        [("epoch", .right)] + history.names.map { ($0, .right) } + [("seconds", .right)])
      for (index, logs) in history.epochs.enumerated() {
        rows.add(
          ["\(index + 1)"] + history.names.map { ResultTable.number(logs[$0].map(Double.init)) }
            + [Format.decimals(history.seconds[index], 2)])
      }
      return """
        <details>
        <summary>Epoch by epoch: \(escaped(name))</summary>
        \(table(rows))
        </details>

        """
    }.joined()
  }

  private var facts: String {
    let options = record.options
    let facts = [
      ("Command", "<code>\(escaped(record.command))</code>"),
      ("Data", escaped(record.dataDescription)),
      ("Seed", "\(options.seed)"),
      (
        "Machine",
        escaped(
          "\(Machine.processor), \(Engine.threads) threads, \(Engine.kernels), \(Machine.build)")
      ),
      ("Cost", escaped(record.costDescription)),
    ]
    let rows = facts.map { "<tr><th scope=\"row\">\($0)</th><td>\($1)</td></tr>" }
    return section(
      "How this came about", "<table class=\"facts\">\n\(rows.joined(separator: "\n"))\n</table>")
  }

  private func section(_ title: String, _ content: String) -> String {
    "<section>\n<h2>\(escaped(title))</h2>\n\(content)\n</section>\n"
  }

  private func table(_ table: ResultTable) -> String {
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
  private func escaped(_ text: String) -> String {
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

  private static let style = """
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
