import Foundation
import Testing

@Suite("gallery-page")
struct GalleryPageTests {
  private let program = Program(name: "gallery-page")
  private let workplace: Workplace

  init() throws { workplace = try Workplace() }

  @Test("One page of two chapters: figures and reports that exist, the book's numbers, the warning")
  func page() async throws {
    let chapters = ["chapter2-mnist", "chapter3-reuters"]
    var titles: [String] = []
    for chapter in chapters {
      let run = try await QuickRun.of(chapter)
      try FileManager.default.createDirectory(
        at: workplace.folder.appending(path: "my results"), withIntermediateDirectories: true)
      try FileManager.default.copyItem(
        at: run.workplace.folder.appending(path: "output/" + chapter),
        to: workplace.folder.appending(path: "my results/" + chapter))
      titles += try run.metrics.figures.map(\.title) + run.metrics.results.map(\.name)
    }
    // What does not belong there is passed over.
    try workplace.add("{", as: "my results/chapter0-broken/metrics.json")
    try workplace.add("notes", as: "my results/notes.txt")
    let outcome = try await program.run(["--output", "my results"], in: workplace)
    #expect(outcome.exitCode == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
    let path = workplace.folder.path + "/my results/index.html"
    #expect(outcome.output == "page: \(path)\n")
    let page = try workplace.text(of: "my results/index.html")
    #expect(page.hasPrefix("<!DOCTYPE html>") && page.contains("</html>"))
    let links = page.matches(of: /(?:src|href)="([^"]+)"/).map { String($0.1) }
    #expect(Set(links).count == 9)
    for link in Set(links) {
      #expect(try workplace.bytes(of: "my results/" + link).count > 1000, "\(link)")
    }
    for title in titles + chapters { #expect(page.contains(title), "\(title)") }
    #expect(page.matches(of: /class="warning"/).count == 2)
    #expect(!page.contains("chapter0-broken") && !page.contains("http"))
  }

  @Test("--seeds prints mean and spread beside the book's numbers")
  func seeds() async throws {
    var accuracies: [Double] = []
    for seed in ["1", "2"] {
      let folder = "output/seed-" + seed
      let run = try await Program(name: "chapter2-mnist").run(
        [
          "--quick", "--offline", "--no-progress", "--epochs", "1", "--seed", seed,
          "--output", folder,
        ], in: workplace)
      try #require(run.exitCode == 0, "\(run.errors)")
      let metrics = try JSONDecoder().decode(
        Metrics.self, from: workplace.bytes(of: folder + "/chapter2-mnist/metrics.json"))
      accuracies.append(try metrics.here("test accuracy"))
    }
    let before = try workplace.files()
    let outcome = try await program.run(["--seeds"], in: workplace)
    #expect(outcome.exitCode == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
    #expect(outcome.output.contains("chapter2-mnist, 2 seeds, stand-in data, quick runs"))
    let rows = comparisonRows(in: outcome.output)
    #expect(rows.map(\.first) == ["test accuracy", "training accuracy", "training loss"])
    let row = try #require(rows.first?.dropFirst().map { Double($0) ?? .nan })
    let mean = (accuracies[0] + accuracies[1]) / 2
    let spread = abs(accuracies[0] - accuracies[1]) / 2.0.squareRoot()
    let expected = [0.9785, mean, spread, accuracies.min() ?? 0, accuracies.max() ?? 0]
    #expect(row.count == 5 && zip(row, expected).allSatisfy { abs($0 - $1) < 0.00006 }, "\(row)")
    #expect(try workplace.files() == before)
  }

  @Test("Folders without results", arguments: [[], ["--seeds"]])
  func nothing(arguments: [String]) async throws {
    try workplace.add("{", as: "broken/chapter2-mnist/metrics.json")
    try workplace.add("notes", as: "notes/notes.txt")
    try workplace.add("I am a file.", as: "file")
    for folder in ["broken", "notes", "file", "nowhere"] {
      let outcome = try await program.run(["--output", folder] + arguments, in: workplace)
      let place = workplace.folder.path + "/" + folder
      expectRefusal(outcome, naming: "There are no results in \(place).", "swift run chapter3-imdb")
    }
    #expect(try workplace.files().count == 3)
  }
}
