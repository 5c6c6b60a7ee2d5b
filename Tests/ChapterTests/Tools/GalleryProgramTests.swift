import Foundation
import Testing

@Suite("gallery")
struct GalleryProgramTests {
  private let program = Program(name: "gallery")
  private let workplace: Workplace

  init() throws { workplace = try Workplace() }

  @Test("page: one file with two chapters' figures and numbers in it, and the warning")
  func page() async throws {
    let chapters = ["chapter2-mnist", "chapter3-reuters"]
    var (titles, figures): ([String], [String]) = ([], [])
    for chapter in chapters {
      let run = try await QuickRun.of(chapter)
      try FileManager.default.createDirectory(
        at: workplace.folder.appending(path: "my results"), withIntermediateDirectories: true)
      try FileManager.default.copyItem(
        at: run.workplace.folder.appending(path: "output/" + chapter),
        to: workplace.folder.appending(path: "my results/" + chapter))
      titles += try run.metrics.figures.map(\.title) + run.metrics.results.map(\.name)
      figures += try run.metrics.figures.map { "my results/\(chapter)/\($0.file)" }
    }
    // What does not belong there is passed over.
    try workplace.add("{", as: "my results/chapter0-broken/metrics.json")
    try workplace.add("notes", as: "my results/notes.txt")
    let outcome = try await program.run(["page", "--output", "my results"], in: workplace)
    #expect(outcome.exitCode == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
    let path = workplace.folder.path + "/my results/gallery/index.html"
    #expect(outcome.output == "page: \(path)\n")
    let page = try workplace.text(of: "my results/gallery/index.html")
    #expect(page.hasPrefix("<!DOCTYPE html>") && page.contains("</html>"))
    for figure in figures {
      #expect(page.contains(try workplace.bytes(of: figure).base64EncodedString()), "\(figure)")
    }
    for title in titles + chapters { #expect(page.contains(title), "\(title)") }
    #expect(page.matches(of: /class="warning"/).count == 2)
    #expect(!page.contains("chapter0-broken") && !page.contains("http"))
  }

  @Test("seeds: mean and spread beside the book's numbers")
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
    let outcome = try await program.run(["seeds"], in: workplace)
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

  @Test("seeds: folders without results")
  func nothing() async throws {
    try workplace.add("{", as: "broken/chapter2-mnist/metrics.json")
    try workplace.add("notes", as: "notes/notes.txt")
    try workplace.add("I am a file.", as: "file")
    for folder in ["broken", "notes", "file", "nowhere"] {
      let outcome = try await program.run(["seeds", "--output", folder], in: workplace)
      let place = workplace.folder.path + "/" + folder
      expectRefusal(outcome, naming: "There are no results in \(place).", "swift run chapter3-imdb")
    }
    #expect(try workplace.files().count == 3)
  }

  @Test(
    "Addresses and ports that are none",
    arguments: ["--host=example.com", "--host=", "--port=-1", "--port=70000"])
  func addresses(flag: String) async throws {
    let outcome = try await program.run([flag], in: workplace)
    #expect(outcome.exitCode != 0 && !outcome.isCrash)
    #expect(outcome.errors.contains(flag.prefix { $0 != "=" }), "\(outcome.errors)")
  }

  @Test("The server says where it is, and a signal ends it", arguments: [SIGINT, SIGTERM])
  func serving(signal: Int32) async throws {
    let running = try await program.start(["--port", "0"], in: workplace)
    try await running.send(signal, after: "The gallery: http://127.0.0.1:")
    let outcome = try await running.outcome()
    #expect(outcome.exitCode == 128 + signal && !outcome.isCrash, "\(outcome.errors)")
    #expect(try workplace.files().isEmpty)
  }
}
