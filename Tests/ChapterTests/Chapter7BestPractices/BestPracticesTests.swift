import Foundation
import Testing

@Suite("chapter7-best-practices", .timeLimit(.minutes(30)))
struct BestPracticesTests {
  private static let name = "chapter7-best-practices"
  private let program = Program(name: name)

  private static let figures = [
    "normalization", "separable", "gradient-norms", "residual", "search", "search-progress",
  ]
  private static let histories = [
    "normalization-none", "normalization-after", "normalization-before", "separable-none",
    "separable-after", "plain", "residual",
  ]

  @Test("The quick run writes its files, figures and record")
  func quick() async throws {
    let run = try await QuickRun.of(Self.name)
    try run.expectFiles(figures: Self.figures, Self.histories.map { $0 + ".csv" })
    try run.expectRecord(section: "7.3", data: "MNIST", origin: "stand-in", samples: (400, 400))
    try run.expectFigures(Self.figures.map { ($0, nil) }, isStandIn: true)
    let results = try run.metrics.results
    #expect(results.count == 19 && results.allSatisfy { $0.here?.isFinite == true })
    #expect(results.filter { $0.book != nil }.map(\.book) == [38_949])
  }

  @Test("The separable network is the book's: its shapes, and the numbers of its parameters")
  func separable() async throws {
    let run = try await QuickRun.of(Self.name)
    #expect(try run.metrics.here("separable network: parameters") == 38_949)
    let rows = tableRows(in: run.outcome.output)
    func shapes(_ type: String) -> [[String]] {
      rows.filter { $0.count == 3 && $0[0].hasSuffix("(\(type))") }.map { Array($0.dropFirst()) }
    }
    #expect(
      shapes("SeparableConv2D") == [
        ["[batch, 62, 62, 32]", "155"], ["[batch, 60, 60, 64]", "2,400"],
        ["[batch, 28, 28, 64]", "4,736"], ["[batch, 26, 26, 128]", "8,896"],
        ["[batch, 11, 11, 64]", "9,408"], ["[batch, 9, 9, 128]", "8,896"],
      ])
    #expect(
      shapes("MaxPooling2D").map { $0[0] } == ["[batch, 30, 30, 64]", "[batch, 13, 13, 128]"])
    #expect(shapes("Dense") == [["[batch, 32]", "4,128"], ["[batch, 10]", "330"]])
  }

  @Test("It learns: losses fall, and networks are better than one guess of ten")
  func learns() async throws {
    let run = try await QuickRun.of(Self.name)
    for name in ["normalization-none", "normalization-after", "separable-after", "residual"] {
      let history = try run.history(name + ".csv")
      #expect(history.columns == ["epoch", "loss", "acc", "val_loss", "val_acc"])
      let losses = history["loss"]
      #expect(losses.count == 2 && losses[1] < losses[0], "\(name): \(losses)")
    }
    #expect(try run.metrics.here("batch normalization, none: test accuracy") > 0.3)
    // By the statistics of its batches: 50 steps are too few for the averages that tests go by.
    #expect(try #require(run.history("normalization-after.csv")["acc"].last) > 0.5)
    #expect(try run.metrics.here("ensemble: learned weights") > 0.3)
    #expect(try run.metrics.here("random search: best validation accuracy") > 0.3)
  }

  @Test("The search's table is in order, and the best is the result")
  func search() async throws {
    let run = try await QuickRun.of(Self.name)
    let trials = tableRows(in: run.outcome.output).filter {
      $0.count == 6 && Int($0[0]) != nil && Int($0[1]) != nil
    }
    let scores = trials.compactMap { Double($0[4]) }
    #expect(scores.count == 4 && scores == scores.sorted(by: >))
    let best = try run.metrics.here("random search: best validation accuracy")
    #expect(abs(try #require(scores.first) - best) < 1e-4)
    for trial in trials {
      let (layers, units) = (try #require(Int(trial[0])), try #require(Int(trial[1])))
      #expect((1...3).contains(layers) && (4...256).contains(units))
    }
  }

  @Test("The same seed gives the same bits, another one other numbers")
  func repeats() async throws {
    let first = try await QuickRun.of(Self.name)
    let second = try await QuickRun(Self.name, ["--no-progress"], threads: 1)
    #expect(try first.repeatable() == second.repeatable())
    let other = try await QuickRun(Self.name, ["--seed", "43", "--epochs", "1"])
    #expect(
      try other.history("residual.csv").rows.first != first.history("residual.csv").rows.first)
  }

  @Test("Experiments: each question has its table, a figure and what could have been seen")
  func experiments() async throws {
    let workplace = try Workplace()
    let outcome = try await program.run(
      ["experiments", "--quick", "--offline", "--no-progress"], in: workplace)
    try #require(outcome.exitCode == 0, "\(outcome.errors)")
    let rows = experimentRows(in: outcome.output).filter { $0[1] == "2" }
    // Normalization 6, batch sizes 6 and once more, separable 4, depth 4, ensembles 8, search 2.
    #expect(rows.count == 36 && rows.filter { $0.last == "compared with" }.count == 7)
    let accuracies = rows.compactMap { Double($0[2]) }
    #expect(accuracies.count == 36 && accuracies.allSatisfy { $0 > 0 && $0 <= 1 })
    #expect(outcome.output.split(separator: "would hardly have been seen").count == 8)
    let files = try workplace.files().keys
    for figure in [
      "normalization", "batch-size", "batch-size-training", "separable", "depth-20",
      "gradient-norms-20", "ensembles", "search", "optimism",
    ] {
      #expect(files.contains("output/\(Self.name)-experiments/\(figure).png"), "\(figure)")
    }
  }

  @Test("--only asks one question, or several")
  func only() async throws {
    let workplace = try Workplace()
    let outcome = try await program.run(
      ["experiments", "--quick", "--offline", "--no-progress", "--only", "depth"], in: workplace)
    try #require(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(experimentRows(in: outcome.output).count == 4)
    #expect(!outcome.output.contains("Grid and random search"))
  }

  @Test("Help and wrong flags")
  func flags() async throws {
    let workplace = try Workplace()
    let help = try await program.run(["--help"], in: workplace)
    #expect(help.exitCode == 0 && help.output.contains(sharedFlagsHelp))
    #expect(help.output.contains("USAGE: \(Self.name) [experiments] [options]\n"))
    let more = try await program.run(["experiments", "--help"], in: workplace)
    #expect(more.exitCode == 0 && more.output.contains("\n  --only <question> "))
    #expect((help.output + more.output).split(separator: "\n").allSatisfy { $0.count <= 80 })
    expectRefusal(
      try await program.run(["experiments", "--only", "colour"], in: workplace), exitCode: 64,
      naming: "--only")
    expectRefusal(
      try await program.run(["experiments", "--seeds", "1"], in: workplace), exitCode: 64,
      naming: "--seeds")
    #expect(try workplace.files().isEmpty)
  }

  @Test("Too few digits are refused in a sentence")
  func fewDigits() async throws {
    let workplace = try Workplace()
    for file in PictureFixtures.files(train: 30, test: 10) {
      try workplace.addData(file.bytes, as: file.name)
    }
    let outcome = try await program.run(["--quick", "--offline", "--no-progress"], in: workplace)
    expectRefusal(outcome, naming: "30 digits", "at least 50")
    #expect(try workplace.files().isEmpty)
  }
}
