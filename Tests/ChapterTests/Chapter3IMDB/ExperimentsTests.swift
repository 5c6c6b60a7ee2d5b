import Foundation
import Testing

@Suite("chapter3-imdb experiments")
struct ExperimentsTests {
  private static let arguments = ["experiments", "--quick", "--offline", "--seeds", "2"]
  private static let titles = [
    "Depth and width, with relu and tanh, cross-entropy and squared error",
    "No hidden layer at all", "Size of the vocabulary",
  ]

  @Test("Three tables with mean and spread over the seeds, and what is more than chance")
  func tables() async throws {
    let workplace = try Workplace()
    let outcome = try await chapter3IMDB.run(Self.arguments, in: workplace)
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    let metrics = try workplace.metrics("chapter3-imdb-experiments")
    #expect(metrics.quick && metrics.data.origin == "stand-in" && metrics.section == "3.4")
    #expect(metrics.command == "swift run chapter3-imdb experiments --quick --offline --seeds 2")
    #expect(outcome.output.contains("quick run") && outcome.output.contains("stand-in data"))
    let report = try workplace.text(of: "output/chapter3-imdb-experiments/report.html")
    for title in Self.titles {
      #expect(outcome.output.contains("\n\(title)\n") && report.contains("<h2>\(title)</h2>"))
    }

    let rows = Self.rows(of: outcome.output)
    // The book's network and, quick, 11 others; with the linear one; with three vocabularies.
    #expect(rows.count == 18)
    #expect(rows.filter { $0.last == "compared with" }.count == 3)
    #expect(rows.contains { $0[0] == "linear" })
    for row in rows {
      #expect(row[1] == "2", "\(row)")
      let (mean, spread) = (try #require(Double(row[2])), try #require(Double(row[3])))
      #expect(mean > 0.55 && mean <= 1 && spread >= 0 && spread < 0.3, "\(row)")
      if row.count == 7 {
        #expect(row[6] == "yes" || row[6] == "no")
        let difference = try #require(Double(row[4].replacing("−", with: "-")))
        let book = try #require(Double(rows[0][2]))
        #expect(abs(mean - book - difference) < 0.00021, "\(row)")
      }
    }
    // The same network with the same seeds is the same in all three tables.
    let book = rows.filter { $0.last == "compared with" }
    #expect(Set(book).count == 1)
  }

  @Test("The same seed gives the same tables, on however many threads they were computed")
  func repeats() async throws {
    let workplace = try Workplace()
    let first = try await chapter3IMDB.run(Self.arguments + ["--no-progress"], in: workplace)
    let second = try await chapter3IMDB.run(Self.arguments + ["--no-progress"], in: workplace)
    #expect(Self.rows(of: first.output).count == 18)
    #expect(Self.rows(of: first.output) == Self.rows(of: second.output))
    let other = try await chapter3IMDB.run(Self.arguments + ["--seed", "9"], in: workplace)
    #expect(Self.rows(of: other.output) != Self.rows(of: first.output))
  }

  /// The rows of all tables.
  private static func rows(of output: String) -> [[String]] {
    output.split(separator: "\n")
      .map { $0.split(separator: /\ {2,}/).map(String.init) }
      .filter { $0.count >= 5 && Int($0[1]) != nil }
  }
}
