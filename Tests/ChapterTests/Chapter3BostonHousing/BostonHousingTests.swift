import Foundation
import Testing

@Suite("chapter3-boston-housing")
struct BostonHousingTests {
  private static let name = "chapter3-boston-housing"
  private let program = Program(name: name)

  @Test("The quick run on the shipped rows writes its files, figures and record")
  func quick() async throws {
    let run = try await QuickRun.of(Self.name)
    try run.expectFiles(
      figures: ["validation-mae", "validation-mae-smoothed", "predictions"],
      (1...4).map { "fold-\($0).csv" } + ["history.csv", "weights.safetensors"])
    try run.expectRecord(
      section: "3.6", data: "Boston housing", origin: "official", samples: (404, 102))
    try run.expectFigures(
      [("validation-mae", "3.12"), ("validation-mae-smoothed", "3.13"), ("predictions", nil)],
      isStandIn: false)
    try run.expectResults([
      ("smoothed: epoch of lowest validation MAE", 80), ("test MAE", 2.5532),
    ])
    #expect(run.outcome.output.contains("total parameters 5,121"))
    let weights = "output/chapter3-boston-housing/weights.safetensors"
    #expect(try run.workplace.weightCount(weights) == 5121)
  }

  @Test("It learns: far better than to name the same price for all houses")
  func learns() async throws {
    let run = try await QuickRun.of(Self.name)
    // No single price is nearer to all houses than their median.
    let median = Self.prices.sorted()[Self.prices.count / 2]
    let constant = Self.prices.reduce(0) { $0 + abs($1 - median) } / Double(Self.prices.count)
    let error = try run.metrics.here("test MAE")
    #expect(error > 1 && error < 0.6 * constant)
    #expect(try run.metrics.results.last?.unit == "k$")
    for fold in 1...4 {
      let history = try run.history("fold-\(fold).csv")
      #expect(history.columns == ["epoch", "loss", "mae", "val_loss", "val_mae"])
      #expect(history.rows.count == 24 && history["val_mae"].min() ?? 99 < 0.6 * constant)
    }
    #expect(try run.history().columns == ["epoch", "loss", "mae"])
    #expect(try run.history().rows.count == 20)
  }

  @Test("From 100 epochs on, the folds' errors after 100 are held against the book's")
  func hundredEpochs() async throws {
    let run = try await QuickRun(Self.name, ["--epochs", "100", "--batch-size", "32"])
    let errors = try (1...4).map { try #require(run.history("fold-\($0).csv")["val_mae"].last) }
    let mean = try run.metrics.here("100 epochs: validation MAE")
    #expect(abs(errors.reduce(0, +) / 4 - mean) < 1e-5)
    #expect(try run.metrics.results.map(\.book) == [80, 2.38, 2.5532])
    #expect(run.outcome.output.contains("Validation MAE of the folds after 100 epochs: "))
  }

  @Test("The same seed gives the same bits")
  func repeats() async throws {
    let first = try await QuickRun.of(Self.name)
    let second = try await QuickRun(Self.name, ["--no-progress"])
    #expect(try first.repeatable() == second.repeatable())
    #expect(results(of: first.outcome) == results(of: second.outcome))
    let other = try await QuickRun(Self.name, ["--seed", "43", "--epochs", "1"])
    #expect(try other.history("fold-1.csv").rows.first != first.history("fold-1.csv").rows.first)
  }

  @Test("One core gives the same numbers as all of them", .enabled(if: oneCoreLauncher != nil))
  func oneCore() async throws {
    let arguments = ["--epochs", "12"]
    let all = try await QuickRun(Self.name, arguments, threads: 2)
    let one = try await QuickRun(
      Self.name, arguments, launcher: try #require(oneCoreLauncher), threads: 2)
    #expect(try all.repeatable() == one.repeatable())
    #expect(try all.metrics.results.map(\.here) == one.metrics.results.map(\.here))
    #expect(try one.metrics.machine.threads == 1)
  }

  @Test("Ctrl-C while the folds are trained side by side ends them all, and keeps their epochs")
  func interruption() async throws {
    let workplace = try Workplace()
    let outcome = try await Program(name: Self.name, threads: 2).stopped(
      at: 8, ["--offline", "--epochs", "1000000"], in: workplace)
    #expect(outcome.exitCode == 130 && !outcome.isCrash && !outcome.errors.contains("Error"))
    #expect(outcome.output.contains("This run was interrupted"))
    #expect(!outcome.output.contains("All 404 houses"))
    let metrics = try workplace.metrics(Self.name)
    #expect(metrics.interruptedAfterEpoch != nil)
    #expect(!metrics.results.contains { $0.name == "test MAE" })
    // Which of the folds came how far is chance.
    let folds = try workplace.files().keys.filter { $0.contains("/fold-") && $0.hasSuffix("csv") }
      .map { try HistoryTable(workplace.text(of: $0)) }
    #expect(folds.contains { !$0.rows.isEmpty })
    for fold in folds { #expect(fold["val_mae"].allSatisfy { $0.isFinite }) }
    let svgs = try workplace.files().keys.filter { $0.hasSuffix(".svg") }
    #expect(svgs.count == metrics.figures.count)
  }

  @Test("Keras' file holds the same numbers as the shipped rows")
  func archive() async throws {
    let arguments = ["--quick", "--offline", "--epochs", "2"]
    let workplaces = try [Workplace(), Workplace()]
    try workplaces[1].addData(
      Self.archive(NumPy.doubles([506, 13], Self.features), NumPy.doubles([506], Self.prices)),
      as: "boston_housing.npz")
    for workplace in workplaces {
      let outcome = try await program.run(arguments, in: workplace)
      #expect(outcome.exitCode == 0, "\(outcome.errors)")
    }
    let metrics = try workplaces[1].metrics(Self.name)
    #expect(metrics.data.origin == "official" && metrics.data.detail.contains("boston_housing.npz"))
    for file in ["weights.safetensors", "fold-4.csv", "predictions.svg"] {
      let path = "output/chapter3-boston-housing/" + file
      #expect(try workplaces[0].bytes(of: path) == workplaces[1].bytes(of: path), "\(file)")
    }
  }

  @Test("Tables of batch sizes, of standardising and of folds; the same again")
  func experiments() async throws {
    let arguments = ["experiments", "--quick", "--offline", "--seeds", "2"]
    let workplace = try Workplace()
    let outcome = try await program.run(arguments, in: workplace)
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    let metrics = try workplace.metrics("chapter3-boston-housing-experiments")
    #expect(metrics.quick && metrics.data.origin == "official" && metrics.section == "3.6")
    let report = try workplace.text(of: "output/chapter3-boston-housing-experiments/report.html")
    for title in [
      "Test MAE by batch size and epochs", "Test MAE with and without standardising",
      "Validation MAE (k$) after 3 epochs",
    ] {
      #expect(outcome.output.contains("\n\(title)\n") && report.contains("<h2>\(title)</h2>"))
    }
    let rows = experimentRows(in: outcome.output)
    #expect(rows.count == 6 + 2 && rows.allSatisfy { $0[1] == "2" && Double($0[2]) ?? 0 > 1 })
    // Equal networks, seeds and data give equal rows in both tables.
    #expect(Array(rows[0][2...3]) == Array(rows[6][2...3]))
    // Each row of folds begins with the mean of its four; the hold-out set is the first fold of the book.
    let folds = outcome.outputLines.map { $0.split(separator: /\ {2,}/).map(String.init) }
      .filter { $0.count == 6 && ($0[0].hasPrefix("contiguous") || $0[0].hasPrefix("shuffled")) }
    #expect(
      folds.map { $0[0] } == [
        "contiguous, as in the book", "shuffled, draw 1", "shuffled, draw 2",
      ])
    for row in folds {
      let errors = try row.dropFirst().map { try #require(Double($0)) }
      #expect(abs(errors.dropFirst().reduce(0, +) / 4 - errors[0]) < 0.0002, "\(row)")
    }
    let held = outcome.outputLines.map { $0.split(separator: /\ {2,}/).map(String.init) }
      .filter { $0.first?.hasPrefix("hold-out") == true }
    #expect(held.map { Array($0.dropFirst()) } == [[folds[0][2], folds[0][2]]])
    let again = try await program.run(arguments + ["--no-progress"], in: workplace)
    #expect(results(of: again) == results(of: outcome))
  }

  @Test("Damaged, foreign and hostile data files", arguments: bad)
  func refusals(_ bad: BadFiles) async throws {
    try await bad.expectRefusal(by: Self.name, [])
  }

  /// The rows that ship.
  private static let rows: [[Double]] = {
    let table = try? String(
      contentsOf: checkout.appending(path: "data/boston_housing.csv"), encoding: .utf8)
    return (table ?? "").split(separator: "\n").dropFirst()
      .map { $0.split(separator: ",").compactMap { Double($0) } }
  }()
  private static var prices: [Double] { rows.compactMap(\.last) }
  private static var features: [Double] { rows.flatMap { $0.dropLast() } }

  private static func archive(_ x: [UInt8], _ y: [UInt8]) -> [UInt8] {
    Archives.zip([("x.npy", x), ("y.npy", y)])
  }

  private static let bad: [BadFiles] = {
    func npz(_ description: String, _ x: [UInt8], _ y: [UInt8], word: String) -> BadFiles {
      BadFiles(description, "boston_housing.npz", archive(x, y), word: word)
    }
    let x = NumPy.doubles([506, 13], features)
    let y = NumPy.doubles([506], prices)
    let whole = archive(x, y)
    let fewer = Array(features.prefix(505 * 13))
    let floats = (0..<506 * 13).flatMap { _ in Archives.little(0, 4) }
    return [
      BadFiles("text", "boston_housing.npz", Array("Not found".utf8), word: "whole ZIP archive"),
      BadFiles(
        "half a file", "boston_housing.npz", Array(whole.prefix(whole.count / 2)), word: "whole"),
      BadFiles("no prices", "boston_housing.npz", Archives.zip([("x.npy", x)]), word: "no member"),
      npz(
        "12 columns", NumPy.doubles([506, 12], Array(features.prefix(506 * 12))), y,
        word: "shape [506, 13]"),
      npz("a column of prices", x, NumPy.doubles([506, 1], prices), word: "shape [506]"),
      npz("a flat array of facts", NumPy.doubles([506 * 13], features), y, word: "shape [506, 13]"),
      npz(
        "fewer prices than houses", x, NumPy.doubles([505], Array(prices.prefix(505))),
        word: "shape"),
      npz(
        "505 houses", NumPy.doubles([505, 13], fewer),
        NumPy.doubles([505], Array(prices.prefix(505))),
        word: "holds 505"),
      npz("no houses", NumPy.doubles([0, 13], []), NumPy.doubles([0], []), word: "holds 0"),
      npz("single precision", NumPy.file("<f4", [506, 13], floats), y, word: "<f8"),
      npz("elements missing", NumPy.doubles([506, 13], fewer), y, word: "damaged"),
      npz(
        "a fact that is not a number", NumPy.doubles([506, 13], [.nan] + features.dropFirst()), y,
        word: "finite"),
      npz(
        "an infinite price", x, NumPy.doubles([506], [.infinity] + prices.dropFirst()),
        word: "finite"),
    ]
  }()
}

/// The beginning of a command that runs another one on one core; nil where that cannot be done.
private let oneCoreLauncher: [String]? = {
  let command = "/usr/bin/taskset"
  let process = Process()
  process.executableURL = URL(fileURLWithPath: command)
  process.arguments = ["-c", "0", "true"]
  guard FileManager.default.isExecutableFile(atPath: command),
    (try? process.run()) != nil
  else { return nil }
  process.waitUntilExit()
  return process.terminationStatus == 0 ? [command, "-c", "0"] : nil
}()
