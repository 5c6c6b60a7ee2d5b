import Foundation
import Testing

@Suite("chapter3-imdb again")
struct RepeatTests {
  private let files = ["history.csv", "weights.safetensors", "loss.png", "accuracy.svg"]

  @Test("The same seed gives the same bits, another one other numbers")
  func seeds() async throws {
    var all: [(results: [Substring], files: [Data])] = []
    for seed in ["7", "7", "8"] {
      let workplace = try Workplace()
      let outcome = try await chapter3IMDB.run(
        ["--quick", "--offline", "--seed", seed], in: workplace)
      #expect(outcome.exitCode == 0)
      let bytes = try files.map { try workplace.bytes(of: "output/chapter3-imdb/" + $0) }
      all.append((results(of: outcome), bytes))
    }
    #expect(all[0] == all[1])
    for (one, other) in zip(all[0].files, all[2].files) { #expect(one != other) }
    #expect(comparisonRows(in: all[0].results.joined(separator: "\n")).isEmpty == false)
    #expect(all[0].results.dropFirst(3) != all[2].results.dropFirst(3))
  }

  @Test(
    "--epochs, --batch-size and --output do what they say, and the table names what is not the book's"
  )
  func options() async throws {
    let workplace = try Workplace()
    let outcome = try await chapter3IMDB.run(
      [
        "--quick", "--offline", "--epochs", "3", "--batch-size", "100", "--output", "my results",
        "--seed", "18446744073709551615",
      ], in: workplace)
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    let place = "my results/chapter3-imdb/"
    #expect(try HistoryTable(workplace.text(of: place + "history.csv")).rows.count == 3)
    #expect(try workplace.files().keys.allSatisfy { $0.hasPrefix(place) })
    let metrics = try JSONDecoder().decode(
      Metrics.self, from: workplace.bytes(of: place + "metrics.json"))
    #expect(metrics.seed == UInt64.max && metrics.command.contains("--output 'my results'"))
    let rows = comparisonRows(in: outcome.output)
    #expect(!rows.isEmpty)
    for row in rows { #expect(row[3].hasSuffix("--epochs 3, --batch-size 100")) }
    #expect(outcome.output.contains("report: my results/chapter3-imdb/report.html"))
  }
}
