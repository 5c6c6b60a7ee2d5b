import Foundation
import Testing

@Suite("chapter6-conv1d")
struct ReviewConvnetTests {
  private static let name = "chapter6-conv1d"
  private let program = Program(name: name)
  private static let figures: [(String, String?)] = [
    ("printed-loss", "6.27"), ("printed-accuracy", "6.28"), ("printed-outputs", nil),
    ("repaired-loss", nil), ("repaired-accuracy", nil),
  ]

  @Test("The quick run writes its files, figures and record")
  func quick() async throws {
    let run = try await QuickRun.of(Self.name)
    try run.expectFiles(
      figures: Self.figures.map(\.0),
      ["printed", "repaired"].flatMap { ["history-\($0).csv", "\($0).safetensors"] })
    try run.expectRecord(section: "6.4", data: "IMDB", origin: "stand-in", samples: (2000, 2000))
    try run.expectFigures(Self.figures.map { ($0.0, $0.1) }, isStandIn: true)
    try run.expectResults([
      ("as printed: best validation accuracy", 0.8382),
      ("as printed: last validation accuracy", 0.76),
      ("as printed: lowest validation loss", 0.404),
      ("as printed: last share of outputs that round to 2 or more", nil),
      ("as printed: last share of outputs that round to −1 or less", nil),
      ("as printed: last validation accuracy, divided at 0.5", nil),
      ("as printed: test accuracy, divided at 0.5", nil),
      ("repaired: best validation accuracy", nil), ("repaired: lowest validation loss", nil),
      ("test accuracy", nil),
    ])
    #expect(run.outcome.output.contains("total parameters 1,315,937"))
    for name in ["printed", "repaired"] {
      #expect(
        try run.workplace.weightCount("output/\(Self.name)/\(name).safetensors") == 1_315_937)
    }
  }

  @Test("As printed the accuracy falls while the loss falls: by what rounds to no label")
  func roundingLoses() async throws {
    let run = try await QuickRun.of(Self.name)
    let history = try run.history("history-printed.csv")
    let (losses, accuracies) = (history["loss"], history["acc"])
    #expect(zip(losses, losses.dropFirst()).allSatisfy { $0 > $1 })
    let best = try #require(accuracies.indices.max { accuracies[$0] < accuracies[$1] })
    #expect(best < accuracies.count - 1 && accuracies[best] - accuracies[5] > 0.1)

    let metrics = try run.metrics
    let rounded = try metrics.here("as printed: last validation accuracy")
    let divided = try metrics.here("as printed: last validation accuracy, divided at 0.5")
    let shares = try ["2 or more", "−1 or less"].map {
      try metrics.here("as printed: last share of outputs that round to \($0)")
    }
    #expect(rounded == history["val_acc"].last && divided > 0.7)
    // What rounds to no label is wrong; divided at 0.5, most of it is right, and the rest is the same.
    let lost = divided - rounded
    #expect(lost > 0.02 && lost <= shares[0] + shares[1] + 1e-6)
  }

  @Test("Repaired, the convnet learns what a few reviews can teach")
  func learns() async throws {
    let run = try await QuickRun.of(Self.name)
    let history = try run.history("history-repaired.csv")
    #expect(history.rows.count == 6)
    #expect(try #require(history["loss"].last) < history["loss"][0])
    #expect(try run.metrics.here("repaired: best validation accuracy") > 0.6)
    #expect(try run.metrics.here("test accuracy") > 0.6)
    #expect(
      try run.metrics.here("repaired: lowest validation loss") == history["val_loss"].min())
  }

  @Test("The same seed gives the same bits, another one other numbers")
  func repeats() async throws {
    let arguments = ["--epochs", "1", "--no-progress"]
    let first = try await QuickRun(Self.name, arguments)
    let second = try await QuickRun(Self.name, arguments)
    #expect(try first.repeatable() == second.repeatable())
    let other = try await QuickRun(Self.name, arguments + ["--seed", "7"])
    #expect(
      try other.history("history-printed.csv").rows != first.history("history-printed.csv").rows)
    // With this one no output is above 0 when training begins, and from there nothing is learned.
    #expect(other.outcome.output.contains("all outputs stayed below 0"))
    #expect(!first.outcome.output.contains("all outputs stayed below 0"))
  }

  @Test("Ctrl-C keeps what there is")
  func interruption() async throws {
    let workplace = try Workplace()
    let outcome = try await program.interruptedInTraining(in: workplace)
    #expect(outcome.exitCode == 130 && !outcome.isCrash, "\(outcome.errors)")
    let metrics = try workplace.metrics(Self.name)
    #expect(try #require(metrics.interruptedAfterEpoch) >= 1)
    #expect(!metrics.results.contains { $0.name == "test accuracy" })
    #expect(metrics.figures.map(\.file).contains("printed-outputs.png"))
  }

  @Test("The table of convnets has mean and spread, and is the same again")
  func experiments() async throws {
    let arguments = ["experiments", "--quick", "--offline", "--seeds", "2", "--no-progress"]
    let workplace = try Workplace()
    let outcome = try await program.run(arguments, in: workplace)
    try #require(outcome.exitCode == 0, "\(outcome.errors)")
    let rows = experimentRows(in: outcome.output)
    #expect(rows.count == 5 && rows.first?.last == "compared with")
    for row in rows {
      #expect(row[1] == "2" && Double(row[2]) ?? 0 > 0.4 && Double(row[3]) ?? 9 < 0.3, "\(row)")
    }
    let again = try await program.run(arguments, in: workplace)
    #expect(experimentRows(in: again.output) == rows)
  }
}
