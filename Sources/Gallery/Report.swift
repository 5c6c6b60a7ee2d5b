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
    <title>\(HTML.escaped(record.chapter)): \(HTML.escaped(record.title))</title>
    <style>
    \(HTML.style)
    </style>
    </head>
    <body>
    <header>
    <p class="over">\(HTML.escaped(record.chapter)) · section \(HTML.escaped(record.section))</p>
    <h1>\(HTML.escaped(record.title))</h1>
    </header>
    \(warning)\(comparison)\(figures)\(tables)\(notes)\(histories)\(facts)
    </body>
    </html>

    """
  }

  private var warning: String {
    if record.reservations.isEmpty { return "" }
    let reasons = HTML.escaped(record.reservations.joined(separator: ", "))
    return """
      <p class="warning">This is not the book's experiment (\(reasons)): \
      its numbers are not to be held against the book's.</p>

      """
  }

  private var comparison: String {
    record.results.isEmpty
      ? "" : HTML.section("The book's numbers and these", HTML.table(record.comparison))
  }

  private var figures: String {
    if record.figures.isEmpty { return "" }
    let items = record.figures.map { item in
      let book = item.book.map { " (figure \($0) of the book)" } ?? ""
      return """
        <figure>
        \(item.figure.svg())<figcaption>\(HTML.escaped(item.figure.title + book))</figcaption>
        </figure>
        """
    }
    return HTML.section(
      "Figures", "<div class=\"figures\">\n\(items.joined(separator: "\n"))\n</div>")
  }

  private var tables: String {
    record.tables.map { HTML.section($0.title, HTML.table($0.table)) }.joined()
  }

  private var notes: String {
    if record.notes.isEmpty { return "" }
    let items = record.notes.map { "<li>\(HTML.escaped($0))</li>" }
    return HTML.section("Notes", "<ul>\n\(items.joined(separator: "\n"))\n</ul>")
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
        <summary>Epoch by epoch: \(HTML.escaped(name))</summary>
        \(HTML.table(rows))
        </details>

        """
    }.joined()
  }

  private var facts: String {
    let options = record.options
    let facts = [
      ("Command", "<code>\(HTML.escaped(record.command))</code>"),
      ("Data", HTML.escaped(record.dataDescription)),
      ("Seed", "\(options.seed)"),
      (
        "Machine",
        HTML.escaped(
          "\(Machine.processor), \(Engine.threads) threads, \(Engine.kernels), \(Machine.build)")
      ),
      ("Cost", HTML.escaped(record.costDescription)),
    ]
    let rows = facts.map { "<tr><th scope=\"row\">\($0)</th><td>\($1)</td></tr>" }
    return HTML.section(
      "How this came about", "<table class=\"facts\">\n\(rows.joined(separator: "\n"))\n</table>")
  }
}
