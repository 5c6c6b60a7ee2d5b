import Foundation
import Testing

@Suite("chapter5-mnist-convnet")
struct MNISTConvnetTests {
  private static let name = "chapter5-mnist-convnet"
  private let program = Program(name: name)

  @Test("The quick run writes its files, figures and record")
  func quick() async throws {
    let run = try await QuickRun.of(Self.name)
    let figures = ["accuracy", "loss", "mistakes", "confusion", "filters", "response-maps"]
    try run.expectFiles(figures: figures, ["history.csv", "weights.safetensors"])
    try run.expectRecord(
      section: "5.1", data: "MNIST", origin: "stand-in", samples: (1000, 1000))
    try run.expectFigures(
      figures.map { ($0, $0 == "response-maps" ? "5.3" : nil) }, isStandIn: true)
    try run.expectResults([
      ("test accuracy", 0.9913), ("test loss", nil), ("training accuracy", 0.9943),
      ("training loss", 0.0187),
    ])
    #expect(run.outcome.output.contains("total parameters 93,322"))
    let weights = "output/\(Self.name)/weights.safetensors"
    #expect(try run.workplace.weightCount(weights) == 93_322)
    // The book's claims are about real digits.
    #expect(!run.outcome.output.contains("99.3%"))
  }

  @Test("It learns: far better than one of ten, and as many mistakes are counted as it leaves")
  func learns() async throws {
    let run = try await QuickRun.of(Self.name)
    let accuracy = try run.metrics.here("test accuracy")
    #expect(accuracy > 0.75 && accuracy < 1)
    let history = try run.history()
    #expect(history.columns == ["epoch", "loss", "acc"] && history.rows.count == 3)
    #expect(history["loss"].last == (try run.metrics.here("training loss")))
    #expect(zip(history["loss"], history["loss"].dropFirst()).allSatisfy { $0 > $1 })
    let count = try #require(
      run.outcome.output.firstMatch(of: /(\d+) of \d+ test pictures are taken/)
    ).1
    let mistakes = try #require(Double(count))
    #expect(abs(1 - mistakes / 1000 - accuracy) < 1e-6)
  }

  @Test("The same seed gives the same bits, another one other numbers")
  func repeats() async throws {
    let arguments = ["--epochs", "1", "--no-progress"]
    let first = try await QuickRun(Self.name, arguments)
    let second = try await QuickRun(Self.name, arguments)
    #expect(try first.repeatable() == second.repeatable())
    let other = try await QuickRun(Self.name, arguments + ["--seed", "43"])
    #expect(try other.history().rows.first != first.history().rows.first)
  }

  @Test("Files in the official form are used and named; garments have no numbers in the book")
  func official() async throws {
    let workplace = try Workplace()
    for file in PictureFixtures.files() {
      try workplace.addData(file.bytes, as: file.name)
      try workplace.addData(file.bytes, as: "fashion/" + file.name)
    }
    let arguments = ["--offline", "--epochs", "3", "--batch-size", "16", "--no-progress"]
    let digits = try await program.run(arguments, in: workplace)
    try #require(digits.exitCode == 0, "\(digits.errors)")
    let metrics = try workplace.metrics(Self.name)
    #expect(metrics.data.origin == "other content" && metrics.data.samples.train == 300)
    #expect(try metrics.here("test accuracy") > 0.9)
    // What the book's numbers make of the book's digits is said of these alone.
    #expect(!digits.output.contains("99.3%"))
    let garments = try await program.run(arguments + ["--fashion"], in: workplace)
    #expect(garments.exitCode == 0, "\(garments.errors)")
    #expect(try workplace.metrics(Self.name).results.allSatisfy { $0.book == nil })
    #expect(!garments.output.contains("99.3%"))
  }

  @Test("Experiments compare four ways to make pictures smaller")
  func experiments() async throws {
    let workplace = try Workplace()
    let outcome = try await program.run(
      ["experiments", "--quick", "--offline", "--no-progress"], in: workplace)
    try #require(outcome.exitCode == 0, "\(outcome.errors)")
    let rows = experimentRows(in: outcome.output)
    #expect(rows.count == 4 && rows.allSatisfy { $0[1] == "2" })
    #expect(rows.first?[0].contains("as in the book") == true)
    #expect(rows.first?.last == "compared with")
    let accuracies = rows.compactMap { Double($0[2]) }
    #expect(accuracies.count == 4 && accuracies.allSatisfy { $0 < 1 })
    #expect(try #require(accuracies.max()) > 0.2)
    #expect(outcome.output.contains("max-pooling, as in the book: 93322 parameters"))
  }

  @Test("Help and wrong flags")
  func flags() async throws {
    let workplace = try Workplace()
    let help = try await program.run(["--help"], in: workplace)
    #expect(help.exitCode == 0 && help.output.contains(sharedFlagsHelp))
    #expect(help.output.contains("USAGE: \(Self.name) [experiments] [options]\n"))
    #expect(help.output.contains("\n  --fashion "))
    let more = try await program.run(["experiments", "--help"], in: workplace)
    #expect(more.exitCode == 0 && more.output.contains("\n  --seeds <number> "))
    #expect((help.output + more.output).split(separator: "\n").allSatisfy { $0.count <= 80 })
    expectRefusal(
      try await program.run(["--epoch", "3"], in: workplace), exitCode: 64, naming: "--epochs")
    expectRefusal(
      try await program.run(["experiments", "--seeds", "1"], in: workplace), exitCode: 64,
      naming: "--seeds")
    #expect(try workplace.files().isEmpty)
  }
}
