import Foundation
import Testing

let temperature = Program(name: "chapter6-temperature")

@Suite("chapter6-temperature")
struct TemperatureTests {
  private static let name = "chapter6-temperature"
  private static let networks = [
    "dense", "gru", "dropout", "stacked", "reversed", "bidirectional",
  ]

  @Test("The quick run writes its files, figures and record")
  func quick() async throws {
    let run = try await QuickRun.of(Self.name)
    let figures = [
      ("temperature", "6.18"), ("ten-days", "6.19"), ("dense", "6.20"), ("gru", "6.21"),
      ("dropout", "6.22"), ("stacked", "6.23"), ("reversed", "6.24"), ("bidirectional", nil),
      ("comparison", nil), ("forecast", nil),
    ]
    try run.expectFiles(
      figures: figures.map(\.0),
      Self.networks.flatMap {
        ["history-\($0).csv", "\($0).safetensors", "\($0)-training.safetensors"]
      } + ["trained-on.txt"])
    try run.expectRecord(
      section: "6.3", data: "Jena climate", origin: "stand-in", samples: (200_000, 120_550))
    try run.expectFigures(figures.map { ($0.0, $0.1) }, isStandIn: true)
    let book: [(String, Double, Double)] = [
      ("dense", 0.2994, 0.3545), ("GRU", 0.2644, 0.3034), ("GRU with dropout", 0.2619, 0.2719),
      ("stacked GRUs", 0.2633, 0.2782), ("reversed GRU", 0.399, 0.4261),
      ("bidirectional GRU", 0.2615, 0.3289),
    ]
    try run.expectResults(
      [("naive: validation MAE", 0.28974), ("naive: test MAE", nil)]
        + book.flatMap { title, lowest, last in
          [
            ("\(title): lowest validation MAE", lowest), ("\(title): last validation MAE", last),
            ("\(title): test MAE", nil), ("\(title): test MAE of the last weights", nil),
          ]
        } + [("test MAE", nil)])
  }

  @Test("The networks have the book's numbers of parameters")
  func parameters() async throws {
    let run = try await QuickRun.of(Self.name)
    let counts = [107_585, 4_545, 4_545, 23_201, 4_545, 9_089]
    for (network, count) in zip(Self.networks, counts) {
      let file = "output/\(Self.name)/\(network).safetensors"
      #expect(try run.workplace.weightCount(file) == count, "\(network)")
      #expect(run.outcome.output.contains(": \(count) parameters"))
    }
  }

  @Test("The table holds what the curves do, and the GRU soon does better than the naive forecast")
  func learns() async throws {
    let run = try await QuickRun.of(Self.name)
    let metrics = try run.metrics
    let naive = try metrics.here("naive: validation MAE")
    #expect(naive > 0.2 && naive < 0.5)
    let history = try run.history("history-gru.csv")
    #expect(history.columns == ["epoch", "loss", "val_loss"] && history.rows.count == 2)
    #expect(try metrics.here("GRU: lowest validation MAE") == history["val_loss"].min())
    #expect(try metrics.here("GRU: last validation MAE") == history["val_loss"].last)
    #expect(try metrics.here("GRU: lowest validation MAE") < naive)
    #expect(try metrics.here("GRU: test MAE") < metrics.here("naive: test MAE"))
    // Reading backwards forgets the newest readings.
    #expect(try metrics.here("reversed GRU: test MAE") > metrics.here("GRU: test MAE"))
    let degrees = try #require(metrics.results.last)
    let error = try #require(degrees.here)
    #expect(degrees.unit == "°C" && error > 1)
    #expect(run.outcome.output.contains("25 hours older than the temperature to forecast"))
  }

  @Test("The same seed gives the same bits, another one other numbers; --only picks")
  func repeats() async throws {
    let arguments = ["--only", "dropout", "--only", "dense", "--epochs", "1", "--no-progress"]
    let first = try await QuickRun(Self.name, arguments)
    let second = try await QuickRun(Self.name, arguments)
    let files = try first.repeatable().filter { !$0.key.hasSuffix("-training.safetensors") }
    let others = try second.repeatable().filter { !$0.key.hasSuffix("-training.safetensors") }
    #expect(files == others)
    let names = try Set(first.metrics.results.compactMap { $0.name.split(separator: ":").first })
    #expect(names == ["naive", "dense", "GRU with dropout", "test MAE"])
    let other = try await QuickRun(Self.name, arguments + ["--seed", "7"])
    for file in ["history-dense.csv", "history-dropout.csv"] {
      #expect(try other.history(file).rows != first.history(file).rows)
    }
  }

  @Test("Names that it does not know are refused with those that it does")
  func unknownNames() async throws {
    let workplace = try Workplace()
    for list in ["gru,lstm", "", "gru,"] {
      let outcome = try await temperature.run(["--only", list], in: workplace)
      expectRefusal(outcome, exitCode: 64, naming: #"--only knows "dense", "gru", "dropout""#)
    }
    let outcome = try await temperature.run(["experiments", "--only", "wind"], in: workplace)
    expectRefusal(outcome, exitCode: 64, naming: #"--only knows "baselines", "linear""#, "\"wind\"")
    #expect(try workplace.files().isEmpty)
  }

  @Test("Experiments without data answer in tables")
  func experiments() async throws {
    let workplace = try Workplace()
    let outcome = try await temperature.run(
      ["experiments", "--quick", "--offline", "--seeds", "2", "--no-progress"], in: workplace)
    try #require(outcome.exitCode == 0, "\(outcome.errors)")
    let rows = experimentRows(in: outcome.output)
    let names = Set(rows.map { $0[0] })
    for name in [
      "linear, rate 0.0001", "10 days", "1 day", "T alone", "T and wd", "all 14",
      "inputs 0.2, state 0.5", "backwards, and the newest reading beside",
    ] { #expect(names.contains(name), "\(name)") }
    #expect(rows.allSatisfy { $0[1] == "2" })
    for baseline in ["24 h before", "48 h before", "the mean of the last day"] {
      #expect(outcome.output.contains(baseline))
    }
    let solved = try #require(outcome.output.split(separator: "1000 windows, solved\n\n").last)
    let lines = solved.split(separator: "\n").dropFirst(2).prefix(4)
    let errors = lines.compactMap { Double($0.split(separator: " ")[1]) }
    // To forecast the mean is wrong by about 0.83.
    #expect(errors.count == 4 && errors.allSatisfy { $0 > 0.2 && $0 < 0.7 }, "\(errors)")
    #expect(outcome.output.contains("Does relu in a GRU explode?"))
    #expect(outcome.output.contains("norm clipped to 1"))

    let few = try await temperature.run(
      ["experiments", "--quick", "--offline", "--only", "baselines"], in: Workplace())
    #expect(few.exitCode == 0 && few.output.contains("Forecasts without training"))
    #expect(experimentRows(in: few.output).allSatisfy { $0[0].contains("before") || $0.count < 7 })
  }
}
