import Foundation
import Gallery
import Testing

@testable import gallery_server

@Suite("What may be run, and with which flags")
struct RunRequestTests {
  private let checkout = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  @Test("Flags become a command line")
  func flags() throws {
    let request = RunRequest(program: "chapter3-imdb", quick: true, seed: 7, epochs: 3)
    #expect(
      try request.arguments(output: "/out") == [
        "--quick", "--seed", "7", "--epochs", "3", "--no-progress", "--output", "/out",
      ])
    #expect(
      try RunRequest(program: "chapter8-gan").arguments(output: "o") == [
        "--no-progress", "--output", "o",
      ])
  }

  @Test(
    "What is no program of the gallery is not run",
    arguments: ["", "sh", "/bin/sh", "../chapter3-imdb", "chapter3-imdb ", "fetch-data", "gallery"])
  func programs(name: String) {
    #expect(throws: Refusal.self) { try RunRequest(program: name).arguments(output: "o") }
  }

  @Test(
    "Numbers that make no sense", arguments: [(0, 1), (-1, 1), (1_000_001, 1), (1, UInt64.max)])
  func numbers(epochs: Int, seed: UInt64) {
    #expect(throws: Refusal.self) {
      try RunRequest(program: "chapter3-imdb", seed: seed, epochs: epochs).arguments(output: "o")
    }
  }

  @Test("The programs are those of the package, in the book's order")
  func catalogue() throws {
    let chapters = try FileManager.default.contentsOfDirectory(
      atPath: checkout.appending(path: "Chapters").path)
    let names = Catalogue.entries.map(\.name)
    #expect(names.sorted() == chapters.filter { $0.hasPrefix("chapter") }.sorted())
    let sections = Catalogue.entries.map(\.section)
    #expect(sections == sections.sorted())
    for part in Catalogue.parts {
      for entry in part.entries {
        #expect(entry.name.hasPrefix("chapter\(part.number)-"))
        #expect(entry.section.hasPrefix("\(part.number)."))
      }
    }
  }

  @Test("Sections and how long programs take are those of README.md's table")
  func facts() throws {
    let readme = try String(contentsOf: checkout.appending(path: "README.md"), encoding: .utf8)
    let rows = readme.split(separator: "\n")
    for entry in Catalogue.entries {
      let row = try #require(rows.first { $0.contains("(Chapters/\(entry.name)/README.md)") })
      let cells = row.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      #expect(cells.count == 4 && cells[1] == entry.section, "\(entry.name)")
      #expect(cells.last?.hasPrefix(entry.duration) == true, "\(entry.name)")
    }
  }

  @Test("A program that is neither there nor can be built is refused with the way out")
  func missing() throws {
    let places = Places(
      output: "/nowhere/output", folder: URL(fileURLWithPath: "/nowhere"),
      programs: URL(fileURLWithPath: "/nowhere"))
    let refusal = #expect(throws: Refusal.self) {
      try Builder(places: places).step(for: "chapter3-imdb")
    }
    #expect(refusal?.description.contains("swift build --product chapter3-imdb") == true)
  }

  @Test("In a checkout a program is built if it is missing or a source is newer")
  func building() throws {
    let root = FileManager.default.temporaryDirectory.resolvingSymlinksInPath()
      .appending(path: "gallery-builder-" + UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: root) }
    func add(_ name: String, seconds: Double) throws {
      let file = root.appending(path: name)
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data().write(to: file)
      try FileManager.default.setAttributes(
        [.posixPermissions: 0o755, .modificationDate: Date(timeIntervalSince1970: seconds)],
        ofItemAtPath: file.path)
    }
    try add("Chapters/chapter3-imdb/A.swift", seconds: 1000)
    try add("Sources/Engine/B.swift", seconds: 1000)
    let programs = root.appending(path: ".build/debug")
    let builder = Builder(places: Places(output: "o", folder: root, programs: programs))
    func needsBuild() throws -> Bool {
      if case .build(_, ["build", "--product", "chapter3-imdb"], _) = try builder.step(
        for: "chapter3-imdb")
      {
        return true
      }
      return false
    }
    #expect(try needsBuild())
    try add(".build/debug/chapter3-imdb", seconds: 2000)
    #expect(try !needsBuild())
    try add("Sources/GalleryServer/C.swift", seconds: 3000)
    #expect(try !needsBuild())
    try add("Sources/Engine/B.swift", seconds: 3000)
    #expect(try needsBuild())
  }
}

@Suite("Which events are kept")
struct EventLogTests {
  private func event(_ kind: ProgressEvent.Kind, step: Int, of steps: Int = 5) -> ProgressEvent {
    var event = ProgressEvent(kind)
    (event.step, event.steps) = (step, steps)
    return event
  }

  @Test("Of an epoch under way the latest step; of a finished one, the epoch")
  func epochs() {
    var log = EventLog()
    for step in 1...3 {
      let isTold = log.add(event(.step, step: step))
      #expect(isTold)
    }
    #expect(log.events.map(\.step) == [3])
    _ = log.add(event(.epoch, step: 5))
    _ = log.add(event(.step, step: 1))
    #expect(log.events.map(\.kind) == [.epoch, .step])
    #expect(!log.hasEnd)
    _ = log.add(ProgressEvent(.end))
    #expect(log.hasEnd)
  }

  @Test("A long loop is thinned evenly, its last step stays, and there are never too many")
  func loops() throws {
    var log = EventLog()
    for step in 1...100_003 { _ = log.add(event(.progress, step: step, of: 100_003)) }
    let steps = log.events.compactMap(\.step)
    #expect(steps.count <= EventLog.pointLimit && steps.count > EventLog.pointLimit / 4)
    #expect(steps.last == 100_003 && steps == steps.sorted())
    let gaps = zip(steps.dropFirst(), steps).map { $0 - $1 }.dropLast()
    #expect(try #require(gaps.max()) <= 2 * (try #require(gaps.min())))
    for _ in 0..<30_000 { _ = log.add(ProgressEvent(.data)) }
    #expect(log.events.count <= EventLog.limit)
    let isTold = log.add(ProgressEvent(.end))
    #expect(isTold && log.hasEnd)
  }
}
