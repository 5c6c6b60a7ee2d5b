import Foundation
import Testing

@Suite("chapter3-imdb and Ctrl-C")
struct InterruptionTests {
  private let workplace: Workplace
  /// Enough epochs for an hour.
  private let arguments = ["--quick", "--offline", "--epochs", "1000000"]

  init() throws { workplace = try Workplace() }

  @Test(
    "The epochs so far become figures, history, weights and a record that says so",
    arguments: [SIGINT, SIGTERM])
  func first(signal: Int32) async throws {
    let running = try await chapter3IMDB.start(arguments, in: workplace)
    try await running.send(signal, after: "epoch 3/1000000")
    let outcome = try await running.outcome()
    #expect(outcome.exitCode == 128 + signal && !outcome.isCrash)
    #expect(outcome.errors.contains("Stopping, and keeping what has been learned."))
    #expect(!outcome.errors.contains("Error"))

    let metrics = try workplace.metrics("chapter3-imdb")
    let epochs = try #require(metrics.interruptedAfterEpoch)
    #expect(epochs >= 3)
    #expect(try workplace.history("chapter3-imdb").rows.count == epochs)
    #expect(metrics.results.contains { $0.name == "run A: lowest validation loss" })
    #expect(!metrics.results.contains { $0.name == "test accuracy" })
    let mark = "interrupted after epoch \(epochs)"
    #expect(outcome.output.contains("This run was \(mark)."))
    #expect(!outcome.output.contains("Run B"))
    let rows = comparisonRows(in: outcome.output)
    #expect(!rows.isEmpty && rows.allSatisfy { $0[3].contains(mark) })
    let place = "output/chapter3-imdb/"
    #expect(try workplace.text(of: place + "report.html").contains(mark))
    for name in ["loss", "accuracy"] {
      // The footnote may be broken into lines anywhere.
      let words = try workplace.text(of: place + name + ".svg").replacing(/<[^>]*>\s*/, with: " ")
        .split(separator: " ").joined(separator: " ")
      #expect(words.contains("This run was \(mark)."))
      #expect(try workplace.bytes(of: place + name + ".png").count > 1000)
    }
    #expect(try workplace.weightCount(place + "weights.safetensors") == 160_305)
  }

  @Test("A second signal ends it at once; an earlier run's files stay as they are")
  func second() async throws {
    let earlier = try await chapter3IMDB.run(["--quick", "--offline"], in: workplace)
    #expect(earlier.exitCode == 0)
    let before = try workplace.files()
    let running = try await chapter3IMDB.start(arguments, in: workplace)
    // Sent to a stopped program both wait, and arrive together when it goes on. Two of the same kind
    // would be taken for one.
    try await running.send(SIGSTOP, SIGINT, SIGTERM, SIGCONT, after: "epoch 2/1000000")
    let outcome = try await running.outcome()
    #expect([130, 143].contains(outcome.exitCode) && !outcome.isCrash)
    #expect(!outcome.output.contains("This run was interrupted"))
    #expect(try workplace.files() == before)
  }

  @Test("Experiments end too, with the tables so far")
  func experiments() async throws {
    let outcome = try await chapter3IMDB.stopped(
      at: 1, ["experiments", "--offline"], in: workplace)
    #expect(outcome.exitCode == 130 && !outcome.isCrash)
    let metrics = try workplace.metrics("chapter3-imdb-experiments")
    #expect(metrics.interruptedAfterEpoch != nil && metrics.data.origin == "stand-in")
    #expect(outcome.output.contains("This run was interrupted"))
    #expect(!outcome.output.contains("Size of the vocabulary"))
  }
}
