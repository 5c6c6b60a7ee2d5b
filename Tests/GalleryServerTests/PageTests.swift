import Foundation
import Testing

@testable import gallery_server

@Suite("The page")
struct PageTests {
  private static let dot =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
  private let venue: Venue

  init() throws {
    venue = try Venue()
    try venue.add(
      """
      {"chapter": "chapter3-imdb", "section": "3.4", "command": "swift run chapter3-imdb <b>",
       "seed": 42, "quick": false, "data": {"name": "IMDB", "origin": "official", "detail": "",
       "samples": {"train": 25000, "test": 25000}}, "results": [
        {"name": "test accuracy", "book": 0.88328, "here": 0.88, "unit": "", "better": "higher",
         "verdict": {"likeOurSeeds": true, "reproduced": false, "seeds": 10, "mean": 0.86,
         "deviation": 0.001, "intervalForRun": [0.85, 0.89], "intervalForBook": [0.855, 0.865]}},
        {"name": "test loss", "book": 0.29, "here": 0.3, "better": "lower", "verdict": "as of old"},
        {"name": "<script>alert(1)</script>", "book": null, "here": null, "better": "lower"}],
       "figures": [{"file": "loss.png", "title": "Loss \\"quoted\\"", "book": "3.7"},
        {"file": "../secret.png", "title": "outside"}, {"file": "missing.png", "title": "missing"}],
       "seconds": {"toFirstStep": 0.1, "training": 14.1, "total": 15.0},
       "peakMemoryBytes": 119000000, "machine": {"cpu": "A", "threads": 2, "kernels": "k"},
       "something": "new"}
      """, as: "chapter3-imdb/metrics.json")
    let picture = try #require(Data(base64Encoded: Self.dot))
    for name in ["chapter3-imdb/loss.png", "secret.png"] {
      try picture.write(to: venue.places.output.appending(path: name))
    }
    try venue.add("{", as: "chapter2-mnist/metrics.json")
    try venue.add(
      #"{"reservations": ["mirror data", "--steps 5"], "results": [], "figures": []}"#,
      as: "chapter8-gan/metrics.json")
    try venue.add(
      #"{"quick": true, "data": {"name": "MNIST", "origin": "stand-in"}, "results": [], "figures": []}"#,
      as: "chapter5-mnist-convnet/metrics.json")
  }

  @Test("Alone it needs nothing else: no address, the pictures in it")
  func alone() throws {
    let page = PageWriter(places: venue.places, mode: .alone).page()
    #expect(page.hasPrefix("<!DOCTYPE html>") && page.hasSuffix("</html>\n"))
    let links = page.matches(of: /(?:src|href)="([^"]*)"/).map { String($0.1) }
    #expect(links.allSatisfy { $0.hasPrefix("#") || $0.hasPrefix("data:") }, "\(links)")
    #expect(!page.contains("@import") && !page.contains("url("))
    #expect(page.contains("data:image/png;base64," + Self.dot))
    for part in ["class=\"run\"", "data-try", "run.js"] { #expect(!page.contains(part)) }
  }

  @Test(
    "Every program stands on it, whether it was run or not",
    arguments: Catalogue.entries.map(\.name))
  func programs(name: String) {
    for mode in [PageWriter.Mode.live, .alone] {
      let page = PageWriter(places: venue.places, mode: mode).page()
      #expect(page.contains("<article id=\"\(name)\"") && page.contains("href=\"#\(name)\""))
    }
  }

  @Test("A run's numbers, data, cost and command; what files say is text and no HTML")
  func run() throws {
    let entry = try #require(Catalogue.entry("chapter3-imdb"))
    let html = PageWriter(places: venue.places, mode: .live).results(
      Exhibit(entry, in: venue.places))
    for text in [
      "0.8833", "0.8800", "test loss", "yes: 0.8500 to 0.8900, 10 seeds", "our mean 0.8600 is",
      "IMDB, official: 25,000 samples to train", "training 14 s", "119 MB",
      "swift run chapter3-imdb &lt;b&gt;", "&lt;script&gt;",
      "Loss &quot;quoted&quot; (figure 3.7 of the book)",
    ] { #expect(html.contains(text), "\(text)") }
    #expect(!html.contains("<script>") && !html.contains("secret") && !html.contains("missing"))
    #expect(html.matches(of: /<img\b/).count == 1)
    #expect(!html.contains("warning"))
  }

  @Test("A rehearsal or stand-in data is said to be one; what cannot be read counts as not run")
  func reservations() throws {
    let writer = PageWriter(places: venue.places, mode: .live)
    let quick = try #require(Catalogue.entry("chapter5-mnist-convnet"))
    let html = writer.results(Exhibit(quick, in: venue.places))
    #expect(html.contains("Not the book's experiment (quick run, stand-in data)"))
    let other = try #require(Catalogue.entry("chapter8-gan"))
    let text = writer.results(Exhibit(other, in: venue.places))
    #expect(text.contains("Not the book's experiment (mirror data, --steps 5)"))
    let broken = try #require(Catalogue.entry("chapter2-mnist"))
    #expect(
      writer.results(Exhibit(broken, in: venue.places)).contains("Not run on this machine yet"))
  }

  @Test("A README gives its pictures and its table of the book's numbers")
  func readme() {
    let readme = Readme(
      """
      # Title
      ![Loss over 20 epochs](figures/loss.png)
      ![elsewhere](../other.png)

      | command | what |
      |---|---|
      | a | b |

      | what | book | mean |
      |---|---:|---:|
      | test accuracy | 0.8833 | **0.8820** |
      | torn | row |
      | `x` | 1 | 2 |

      | after | it | all |
      """)
    #expect(readme.pictures.map(\.name) == ["loss.png"])
    #expect(readme.pictures.map(\.caption) == ["Loss over 20 epochs"])
    #expect(readme.table?.columns == ["what", "book", "mean"])
    #expect(readme.table?.rows == [["test accuracy", "0.8833", "0.8820"], ["x", "1", "2"]])
  }

  @Test("The page's own files are compiled in and ask for nothing elsewhere")
  func files() {
    #expect(
      Set(Web.files.keys) == ["page.css", "page.js", "chart.js", "run.js", "try.js", "photo.js"])
    for name in Web.files.keys {
      let text = Web.text(name)
      #expect(text.count > 500)
      let foreign = text.matches(of: /https?:\/\/[^\s"]+/).map { String($0.0) }
      #expect(foreign.allSatisfy { $0 == "http://www.w3.org/2000/svg" }, "\(name): \(foreign)")
    }
  }
}
