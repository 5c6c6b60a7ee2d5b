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
