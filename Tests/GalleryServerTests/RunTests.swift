import Foundation
import Gallery
import Testing

@testable import gallery_server

@Suite("Running programs from the page")
struct RunTests {
  private let venue: Venue
  private let runs: RunCenter

  init() throws {
    venue = try Venue()
    runs = venue.makeRuns()
  }

  /// Runs a program to its end, and returns the last snapshot.
  private func run(_ request: RunRequest) async throws -> Message {
    let messages = try await runs.subscribe()
    try await runs.start(request)
    var hasBegun = false
    for await text in messages where !text.isEmpty {
      let message = try Message(text)
      if message.phase == "running" { hasBegun = true }
      if hasBegun, message.kind == "snapshot", message.phase == "idle" { return message }
    }
    throw Refusal(500, "The messages ended.")
  }

  @Test("A training is told from its data to its end, and the next one stands beside it")
  func whole() async throws {
    let request = RunRequest(program: "chapter3-imdb", quick: true, seed: 3, epochs: 2)
    let first = try await run(request)
    #expect(first.ending == "chapter3-imdb is done." && first.before == [])
    let events = try #require(first.events)
    #expect(events.first?.kind == .program && events.first?.seed == 3)
    #expect(events.last?.kind == .end && events.last?.text == nil)
    #expect(events.contains { $0.kind == .data && $0.text?.contains("stand-in") == true })
    let epochs = events.filter { $0.kind == .epoch }
    #expect(epochs.map(\.training) == [1, 1, 2, 2] && epochs.map(\.epoch) == [1, 2, 1, 2])
    #expect(epochs[0].values?.keys.sorted() == ["acc", "loss", "val_acc", "val_loss"])
    // Whose curves they are: the second training's are kept nowhere.
    let names = events.filter { $0.kind == .history }
    #expect(names.map(\.training) == [1] && names.map(\.text) == ["history"])
    // What is told is what the program writes down.
    let history = try String(
      contentsOf: venue.places.results(of: "chapter3-imdb").appending(path: "history.csv"),
      encoding: .utf8)
    let row = try #require(history.split(separator: "\n").last).split(separator: ",")
    #expect(epochs[1].values?["loss"] == Double(row[1]))
    let results = try #require(first.results)
    #expect(results.contains { $0.name == "test accuracy" && $0.before == "–" && $0.here != "–" })

    let second = try await run(request)
    #expect(second.before == events)
    let change = second.results?.first { $0.name == "test accuracy" }
    #expect(change?.before == change?.here)
  }

  @Test("The book's curves of a program, by the names of its trainings' histories")
  func bookCurves() throws {
    let json = try JSONEncoder().encode(BookCurves(of: "chapter4-overfitting"))
    let curves = try JSONDecoder().decode([String: [String: [[Double]]]].self, from: json)
    #expect(
      curves.keys.sorted() == ["", "-bigger", "-dropout", "-l2", "-smaller"].map { "history" + $0 })
    let book = BookCurve.all.first {
      $0.history == "history-smaller" && $0.column == "val_loss"
    }
    let first = try #require(book?.values.first)
    #expect(curves["history-smaller"]?["val_loss"]?.first == [1, first])
  }

  @Test("One at a time; stopped, it keeps what it has learned")
  func stopped() async throws {
    let runs = venue.makeWaitingRuns()
    let messages = try await runs.subscribe()
    let request = RunRequest(program: "chapter3-imdb", quick: true, epochs: 1_000_000)
    try await runs.start(request)
    var refusal: Refusal?
    for await text in messages where !text.isEmpty {
      let message = try Message(text)
      if message.event?.kind == .epoch, refusal == nil {
        refusal = await #expect(throws: Refusal.self) { try await runs.start(request) }
        try await runs.stop()
      }
      if refusal != nil, message.kind == "snapshot", message.phase == "idle" {
        #expect(message.ending == "chapter3-imdb was stopped and has kept what it had learned.")
        break
      }
    }
    #expect(refusal?.status == 409)
    let summary = RunSummary(in: venue.places.results(of: "chapter3-imdb"))
    #expect(try #require(summary?.interruptedAfterEpoch) >= 1)
  }

  @Test("A program that fails is said to have failed, with its own words; nothing is replaced")
  func failure() async throws {
    try venue.add("a file where a folder should be", as: "chapter3-imdb")
    let end = try await run(RunRequest(program: "chapter3-imdb", quick: true))
    #expect(end.ending?.contains("ended with a failure") == true)
    #expect(end.results == [])
    let files = try FileManager.default.contentsOfDirectory(atPath: venue.places.output.path)
    #expect(files == ["chapter3-imdb"])
  }

  @Test("When the server ends, the program ends and keeps what it has learned")
  func shutDown() async throws {
    let runs = venue.makeWaitingRuns()
    let messages = try await runs.subscribe()
    try await runs.start(RunRequest(program: "chapter3-imdb", quick: true, epochs: 1_000_000))
    for await text in messages where !text.isEmpty {
      if try Message(text).event?.kind == .epoch { break }
    }
    await runs.shutDown()
    let summary = RunSummary(in: venue.places.results(of: "chapter3-imdb"))
    #expect(try #require(summary?.interruptedAfterEpoch) >= 1)
  }
}
