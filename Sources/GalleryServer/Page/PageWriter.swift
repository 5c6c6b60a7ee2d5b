import Foundation
import Gallery

/// Writes the gallery as HTML: for the server, or as one file that needs nothing else.
struct PageWriter {
  /// What the page is for.
  enum Mode {
    /// Served by this program: pictures have addresses, programs can be started.
    case live
    /// A file that shows everything and starts nothing: pictures are in it.
    case alone
  }

  let places: Places
  let mode: Mode

  /// The whole page.
  func page() -> String {
    let isLive = mode == .live
    let head =
      isLive
      ? """
      <link rel="stylesheet" href="page.css"/>
      <script src="page.js" defer></script>
      <script src="chart.js" defer></script>
      <script src="run.js" defer></script>
      <script src="try.js" defer></script>
      <script src="photo.js" defer></script>
      """
      : "<style>\n\(Web.text("page.css"))</style>\n<script>\n\(Web.text("page.js"))</script>"
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8"/>
      <meta name="viewport" content="width=device-width, initial-scale=1"/>
      <meta name="color-scheme" content="light dark"/>
      <title>Deep Learning with Swift: the gallery</title>
      <link rel="icon" href="data:,"/>
      \(head)
      </head>
      <body\(isLive ? " class=\"live\"" : "")>
      <a class="skip" href="#gallery">To the gallery</a>
      \(navigation)
      <main id="gallery">
      \(introduction)
      \(Catalogue.parts.map(part).joined(separator: "\n"))
      </main>
      <dialog id="zoom" aria-label="The figure, enlarged"><img alt=""/><p></p></dialog>
      </body>
      </html>

      """
  }

  private var navigation: String {
    let parts = Catalogue.parts.map { part in
      let links = part.entries.map {
        "<li><a href=\"#\($0.name)\"><span class=\"section\">\($0.section)</span> \(HTML.escaped($0.title))</a></li>"
      }
      return """
        <li><span class="part">\(part.number) · \(HTML.escaped(part.title))</span>
        <ul>\(links.joined())</ul></li>
        """
    }
    return """
      <nav aria-label="Programs">
      <p class="name"><a href="#gallery">Deep Learning with Swift</a></p>
      <button type="button" id="menu" aria-expanded="false" aria-controls="contents">Contents</button>
      <ul id="contents">\(parts.joined(separator: "\n"))</ul>
      </nav>
      """
  }

  private var introduction: String {
    let live = """
      <p>Press <b>Run</b> and watch the loss fall. Where a network of yours is trained, try it: write a review, draw a \
      digit, walk on the plane of digits, let it write, or drop a photograph into Grad-CAM and DeepDream.</p>
      <p id="now" class="now" role="status" hidden></p>
      """
    let alone = """
      <p>To run the programs and to try what they have learned: <code>swift run gallery</code>.</p>
      """
    return """
      <header class="intro">
      <h1>The gallery</h1>
      <p>The worked examples of <cite>Deep Learning with Python</cite> as native Swift programs, each with the book's \
      figures and the book's numbers beside its own.</p>
      \(mode == .live ? live : alone)
      </header>
      """
  }

  private func part(_ part: Catalogue.Part) -> String {
    """
    <section class="part">
    <h2><span class="section">\(part.number)</span> \(HTML.escaped(part.title))</h2>
    \(part.entries.map { exhibit(Exhibit($0, in: places)) }.joined(separator: "\n"))
    </section>
    """
  }

  /// What is shown of one program.
  func exhibit(_ exhibit: Exhibit) -> String {
    let entry = exhibit.entry
    return """
      <article id="\(entry.name)" data-program="\(entry.name)">
      <header>
      <p class="over">Section \(entry.section) · <code>\(entry.name)</code></p>
      <h3>\(HTML.escaped(entry.title))</h3>
      </header>
      \(mode == .live ? controls(entry) : "")
      <div class="results">
      \(results(exhibit))
      </div>
      </article>
      """
  }

  /// What a new run changes.
  func results(_ exhibit: Exhibit) -> String {
    let name = exhibit.entry.name
    var parts: [String] = []
    if let run = exhibit.run {
      if !run.reasons.isEmpty {
        parts.append(
          """
          <p class="warning">Not the book's experiment (\(HTML.escaped(run.reasons.joined(separator: ", "))))\
          : these numbers are not to be held against the book's.</p>
          """)
      }
      if !run.results.isEmpty { parts.append(HTML.table(table(run))) }
    } else {
      parts.append(
        """
        <p class="quiet">Not run on this machine yet: <code>swift run \(name)</code>\
        \(exhibit.figures.isEmpty ? "." : ". The numbers and figures are those of the run that its README describes.")</p>
        """)
      if let table = exhibit.committedTable { parts.append(HTML.table(table)) }
    }
    if !exhibit.figures.isEmpty {
      parts.append(
        "<div class=\"figures\">\n\(exhibit.figures.map(figure).joined(separator: "\n"))\n</div>")
    }
    if let run = exhibit.run { parts.append(facts(run, exhibit)) }
    return parts.joined(separator: "\n")
  }

  private func table(_ run: RunSummary) -> ResultTable {
    let isJudged = run.results.contains { $0.statements != nil }
    var table = ResultTable(
      [("what", .left), ("book", .right), ("here", .right)]
        + (isJudged ? [("like our seeds", .left), ("reproduced", .left)] : []))
    for result in run.results {
      let unit = result.unit.map { $0.isEmpty ? "" : " (\($0))" } ?? ""
      table.add(
        [result.name + unit, Self.number(result.book), Self.number(result.here)]
          + (isJudged ? result.statements ?? ["–", "–"] : []))
    }
    return table
  }

  /// A number of a table; counts have no decimals.
  static func number(_ value: Double?) -> String {
    guard let value else { return "–" }
    return value == value.rounded() && value.magnitude < 1e6
      ? Format.shortest(value) : ResultTable.number(value)
  }

  private func figure(_ figure: Exhibit.Figure) -> String {
    guard let source = source(of: figure) else { return "" }
    let caption = HTML.escaped(figure.caption)
    return """
      <figure><button type="button" class="zoom" aria-label="Enlarge: \(caption)"><img src="\(source)" \
      alt="\(caption)" loading="lazy"/></button><figcaption>\(caption)</figcaption></figure>
      """
  }

  private func source(of figure: Exhibit.Figure) -> String? {
    switch mode {
    case .live:
      let attributes = try? FileManager.default.attributesOfItem(atPath: figure.file.path)
      let date = attributes?[.modificationDate] as? Date
      // A new run's figure has a new address, so that the others may be kept by the browser.
      return figure.path + (date.map { "?\(Int($0.timeIntervalSince1970 * 1000))" } ?? "")
    case .alone:
      guard let bytes = RunSummary.read(figure.file, limit: 1 << 25) else { return nil }
      return "data:image/png;base64," + bytes.base64EncodedString()
    }
  }

  private func facts(_ run: RunSummary, _ exhibit: Exhibit) -> String {
    var facts: [(String, String)] = []
    if let data = run.data {
      let counts = data.samples.map {
        ": \(Format.grouped($0.train)) samples to train, \(Format.grouped($0.test)) to test"
      }
      facts.append(("Data", HTML.escaped("\(data.name), \(data.origin)\(counts ?? "")")))
    }
    var cost: [String] = []
    if let seconds = run.seconds?.training, seconds > 0 {
      cost.append("training \(Format.seconds(seconds))")
    }
    if let seconds = run.seconds?.total { cost.append("in all \(Format.seconds(seconds))") }
    if let bytes = run.peakMemoryBytes, bytes > 0 { cost.append("memory \(Format.bytes(bytes))") }
    if let cpu = run.machine?.cpu {
      cost.append(cpu + (run.machine?.threads.map { ", \($0) threads" } ?? ""))
    }
    if !cost.isEmpty { facts.append(("Cost", HTML.escaped(cost.joined(separator: " · ")))) }
    if let command = run.command {
      facts.append(("Command", "<code>\(HTML.escaped(command))</code>"))
    }
    if mode == .live, exhibit.hasReport {
      let link = "results/\(exhibit.entry.name)/report.html"
      facts.append(("Report", "<a href=\"\(link)\">every number of this run</a>"))
    }
    let rows = facts.map { "<div><dt>\($0)</dt><dd>\($1)</dd></div>" }
    return "<dl class=\"facts\">\(rows.joined())</dl>"
  }

  // MARK: What is only in the page that is served

  private func controls(_ entry: Catalogue.Entry) -> String {
    """
    <form class="run" data-run="\(entry.name)">
    <button type="submit" class="start">Run</button>
    <label><input type="checkbox" name="quick"/> quick rehearsal</label>
    <label>seed <input type="number" name="seed" min="0" max="4294967295" value="42"/></label>
    <label>epochs <input type="number" name="epochs" min="1" max="1000000" placeholder="book"/></label>
    <span class="quiet">takes \(entry.duration)</span>
    </form>
    <div class="watch" hidden></div>
    \(TryPanel(rawValue: entry.name)?.html ?? "")
    """
  }
}
