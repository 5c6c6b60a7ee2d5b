import Foundation
import Testing

@Suite("chapter6-conv1d temperature")
struct TemperatureConvnetTests {
  private let program = Program(name: "chapter6-conv1d")
  private static let name = "chapter6-conv1d-temperature"
  private static let arguments = ["temperature", "--quick", "--offline"]

  @Test("The quick run writes its files, figures and record")
  func quick() async throws {
    let workplace = try Workplace()
    let outcome = try await program.run(Self.arguments, in: workplace)
    try #require(outcome.exitCode == 0, "\(outcome.errors)")
    let place = "output/\(Self.name)/"
    let names = ["convolution", "convolution-gru"]
    let files =
      names.flatMap { ["\($0).png", "\($0).svg", "\($0).safetensors", "history-\($0).csv"] }
      + ["metrics.json", "report.html"]
    #expect(try workplace.files().keys.sorted() == files.map { place + $0 }.sorted())
    let metrics = try workplace.metrics(Self.name)
    #expect(metrics.section == "6.4" && metrics.quick && metrics.data.origin == "stand-in")
    // The book's 6.29 and 6.31, but for the data.
    #expect(metrics.figures.map(\.book) == [nil, nil])

    // The book's parameters, with its fourteen variables.
    for (name, count) in zip(names, [12_609, 13_697]) {
      #expect(try workplace.weightCount(place + name + ".safetensors") == count)
      let history = try HistoryTable(workplace.text(of: place + "history-\(name).csv"))
      #expect(history.columns == ["epoch", "loss", "val_loss"] && history.rows.count == 3)
      #expect(try #require(history["loss"].last) < history["loss"][0])
    }
    #expect(outcome.output.contains("from 240 readings the temperature 25.0 hours after"))
    #expect(outcome.output.contains("from 240 readings the temperature 24.5 hours after"))
    let expected: [(String, Double?)] = ["convolutions", "convolutions and GRU"].flatMap {
      title -> [(String, Double?)] in
      let book = title == "convolutions" ? (0.4521, 0.4821) : (0.273, 0.2952)
      return [
        ("\(title): naive validation MAE", title == "convolutions" ? 0.28974 : nil),
        ("\(title): lowest validation MAE", book.0), ("\(title): last validation MAE", book.1),
        ("\(title): test MAE", nil), ("\(title): test MAE in degrees", nil),
        ("\(title): naive test MAE", nil),
      ]
    }
    #expect(metrics.results.map(\.name) == expected.map(\.0))
    #expect(metrics.results.map(\.book) == expected.map(\.1))
    for result in metrics.results {
      let here = try #require(result.here)
      #expect(here > 0.05 && here < (result.unit == "°C" ? 20 : 2), "\(result)")
    }
    for row in comparisonRows(in: outcome.output) where row[1] != "–" {
      #expect(row[3] == "not judged: quick run, stand-in data")
    }

    let again = try Workplace()
    let second = try await program.run(Self.arguments, in: again)
    #expect(results(of: second) == results(of: outcome))
  }

  @Test("The table of networks has mean and spread beside the naive forecast")
  func experiments() async throws {
    let workplace = try Workplace()
    let outcome = try await program.run(
      ["temperature", "experiments", "--quick", "--offline", "--seeds", "2"], in: workplace)
    try #require(outcome.exitCode == 0, "\(outcome.errors)")
    let rows = experimentRows(in: outcome.output)
    #expect(rows.count == 4 && rows.first?.last == "compared with")
    for row in rows {
      #expect(row[1] == "2" && Double(row[2]) ?? 9 < 2 && Double(row[3]) ?? 9 < 1, "\(row)")
    }
    let naive = outcome.output.matches(of: /Naive validation MAE for the windows of .*: (0\.\d+)\./)
    #expect(naive.count == 2)
  }

  @Test("Damaged weather is refused")
  func refusal() async throws {
    let workplace = try Workplace()
    try workplace.addData(Array("Not found".utf8), as: "jena_climate_2009_2016.csv")
    let outcome = try await program.run(Self.arguments, in: workplace)
    expectRefusal(outcome, naming: workplace.data.path + "/jena_climate_2009_2016.csv")
    #expect(try workplace.files().isEmpty)
  }
}
