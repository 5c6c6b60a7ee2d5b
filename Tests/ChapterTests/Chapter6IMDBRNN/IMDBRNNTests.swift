import Foundation
import Testing

@Suite("chapter6-imdb-rnn")
struct IMDBRNNTests {
  private static let name = "chapter6-imdb-rnn"
  private let program = Program(name: name)
  private static let networks = ["simple-rnn", "lstm", "reversed", "bidirectional"]
  private static let titles = ["SimpleRNN", "LSTM", "reversed LSTM", "bidirectional LSTM"]
  private static let figures: [(String, String?)] = [
    ("simple-rnn-loss", "6.11"), ("simple-rnn-accuracy", "6.12"), ("lstm-loss", "6.16"),
    ("lstm-accuracy", "6.17"), ("reversed-loss", nil), ("reversed-accuracy", nil),
    ("bidirectional-loss", nil), ("bidirectional-accuracy", nil), ("comparison", nil),
  ]

  @Test("The quick run writes its files, figures and record")
  func quick() async throws {
    let run = try await QuickRun.of(Self.name)
    try run.expectFiles(
      figures: Self.figures.map(\.0),
      Self.networks.flatMap { ["history-\($0).csv", "\($0).safetensors"] })
    try run.expectRecord(section: "6.2", data: "IMDB", origin: "stand-in", samples: (1000, 1000))
    try run.expectFigures(Self.figures.map { ($0.0, $0.1) }, isStandIn: true)
    let books = [
      (0.846, 0.3783, 0.8054), (0.8928, 0.302, 0.8758), (0.877, 0.3329, 0.8566),
      (0.8856, 0.2972, 0.8792),
    ]
    try run.expectResults(
      [("by hand and by layer: largest difference", nil)]
        + zip(Self.titles, books).flatMap { title, book -> [(name: String, book: Double?)] in
          [
            ("\(title): best validation accuracy", book.0),
            ("\(title): lowest validation loss", book.1),
            ("\(title): last validation accuracy", book.2), ("\(title): test accuracy", nil),
          ]
        })
  }

  @Test("The networks have the book's parameters, to the last one")
  func parameters() async throws {
    let run = try await QuickRun.of(Self.name)
    let counts = [322_113, 328_353, 1_300_641, 336_705]
    let totals = run.outcome.output.matches(of: /total parameters ([\d,]+)/).map {
      Int($0.1.filter { $0 != "," })
    }
    #expect(totals == counts)
    for (network, count) in zip(Self.networks, counts) {
      #expect(
        try run.workplace.weightCount("output/\(Self.name)/\(network).safetensors") == count)
    }
  }

  @Test("The recurrence by hand is the layer's")
  func byHand() async throws {
    let run = try await QuickRun.of(Self.name)
    #expect(try run.metrics.here("by hand and by layer: largest difference") < 1e-5)
    #expect(
      run.outcome.output.contains("100 time steps of 32 numbers give states of shape [100, 64]"))
    let note = try #require(
      run.outcome.output.firstMatch(of: /, (\d+) of its 6400 numbers are above 0.999/))
    #expect(try #require(Int(note.1)) > 6300)
  }

  @Test("The table holds what the curves do", arguments: zip(networks, titles))
  func table(network: String, title: String) async throws {
    let run = try await QuickRun.of(Self.name)
    let history = try run.history("history-\(network).csv")
    #expect(history.columns == ["epoch", "loss", "acc", "val_loss", "val_acc"])
    #expect(history.rows.count == 3)
    #expect(try #require(history["loss"].last) < history["loss"][0])
    let metrics = try run.metrics
    #expect(
      try metrics.here("\(title): best validation accuracy") == history["val_acc"].max())
    #expect(try metrics.here("\(title): lowest validation loss") == history["val_loss"].min())
    #expect(try metrics.here("\(title): last validation accuracy") == history["val_acc"].last)
  }

  @Test("The LSTM learns what a few reviews can teach")
  func learns() async throws {
    let metrics = try await QuickRun.of(Self.name).metrics
    #expect(try metrics.here("LSTM: best validation accuracy") > 0.65)
    #expect(try metrics.here("LSTM: test accuracy") > 0.65)
    #expect(try metrics.here("bidirectional LSTM: test accuracy") > 0.65)
  }

  @Test("Which words each network gets stands beside it")
  func words() async throws {
    let output = try await QuickRun.of(Self.name).outcome.output
    #expect(output.contains("\nLSTM, 3 epochs on 800 reviews, of which the last 100 words are"))
    #expect(
      output.contains(
        "reversed LSTM, 3 epochs on 800 reviews turned around, of which the first 100 words are"))
  }

  @Test("The same seed gives the same bits, another one other numbers")
  func repeats() async throws {
    let arguments = ["--epochs", "1", "--no-progress"]
    let first = try await QuickRun(Self.name, arguments)
    let second = try await QuickRun(Self.name, arguments)
    #expect(try first.repeatable() == second.repeatable())
    #expect(results(of: first.outcome) == results(of: second.outcome))
    let other = try await QuickRun(Self.name, arguments + ["--seed", "7"])
    for network in Self.networks {
      let file = "history-\(network).csv"
      #expect(try other.history(file).rows != first.history(file).rows)
    }
  }

  @Test("A network alone is what it is among the others")
  func alone() async throws {
    let whole = try await QuickRun.of(Self.name)
    let alone = try await QuickRun(Self.name, ["--only", "reversed", "--no-progress"])
    for file in ["history-reversed.csv", "reversed.safetensors", "reversed-loss.png"] {
      #expect(try alone.bytes(of: file) == whole.bytes(of: file), "\(file)")
    }
    #expect(try alone.metrics.results.count == 5 && alone.metrics.figures.count == 2)
  }

  @Test("Ctrl-C keeps what there is of the first network")
  func interruption() async throws {
    let workplace = try Workplace()
    let outcome = try await program.interruptedInTraining(in: workplace)
    #expect(outcome.exitCode == 130 && !outcome.isCrash, "\(outcome.errors)")
    let metrics = try workplace.metrics(Self.name)
    let epochs = try #require(metrics.interruptedAfterEpoch)
    #expect(epochs >= 1 && metrics.results.count == 4)
    let history = try HistoryTable(
      workplace.text(of: "output/\(Self.name)/history-simple-rnn.csv"))
    #expect(history.rows.count == epochs)
    #expect(!outcome.output.contains("\nLSTM, "))
    #expect(
      try workplace.weightCount("output/\(Self.name)/simple-rnn.safetensors") == 322_113)
  }

  @Test("Tables of cells, orders and details, with mean and spread; one alone is the same again")
  func experiments() async throws {
    let arguments = ["experiments", "--quick", "--offline", "--seeds", "2"]
    let workplace = try Workplace()
    let outcome = try await program.run(arguments, in: workplace)
    try #require(outcome.exitCode == 0, "\(outcome.errors)")
    let metrics = try workplace.metrics(Self.name + "-experiments")
    #expect(metrics.quick && metrics.data.origin == "stand-in" && metrics.section == "6.2")
    for title in [
      "Cells that read the last 10 words", "Cells that read the last 100 words",
      "Order, with and without the book's confounds", "Details of the cells",
    ] {
      #expect(outcome.output.contains("\n\(title)\n"))
    }
    let rows = experimentRows(in: outcome.output)
    #expect(rows.count { $0.last == "compared with" } == 4)
    // Twice three cells, nine orders, six details.
    #expect(rows.count == 21)
    for row in rows {
      #expect(row[1] == "2" && Double(row[2]) ?? 0 > 0.4 && Double(row[3]) ?? 9 < 0.3, "\(row)")
    }
    // The first LSTM of every table that reads 100 words is the same network.
    #expect(rows[3][2] == rows[6][2] && rows[6][2] == rows[15][2])
    let again = try await program.run(
      arguments + ["--only", "details", "--no-progress"], in: workplace)
    #expect(experimentRows(in: again.output) == Array(rows.suffix(6)))
  }

  @Test("Tables and networks that there are none of are refused, and damaged data is")
  func refusals() async throws {
    let workplace = try Workplace()
    expectRefusal(
      try await program.run(["--only", "gru"], in: workplace), exitCode: 64, naming: "gru",
      "--only")
    expectRefusal(
      try await program.run(["experiments", "--only", "everything"], in: workplace),
      exitCode: 64, naming: "everything", "--only")
    let archive = ReviewFixtures(train: 20, test: 10).archive()
    try await BadFiles("half a file", "imdb.npz", Array(archive.dropLast(1000)), word: "whole")
      .expectRefusal(by: Self.name, [])
  }
}
