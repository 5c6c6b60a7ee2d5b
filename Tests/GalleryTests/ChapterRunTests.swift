import Datasets
import DeepLearning
import Figures
import Foundation
import Testing

@testable import Gallery

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite struct ChapterRunTests {
  static let imdb = DataOrigin(
    name: "IMDB", kind: .official, detail: "imdb.npz", trainSamples: 25000, testSamples: 25000)

  static func record(_ arguments: [String] = []) throws -> RunRecord {
    var record = RunRecord(
      chapter: "chapter3-imdb", section: "3.4", title: "Reviews & <more>",
      command: "swift run chapter3-imdb", options: try RunOptions.parse(arguments))
    record.data = imdb
    record.results = [
      .init(
        name: "test accuracy", book: 0.885, here: 0.875, unit: "", better: .higher,
        tolerance: 0.01),
      .init(name: "test loss", book: 0.29, here: .nan, unit: "nats", better: .lower),
      .init(name: "other", here: 12.5, unit: "", better: .lower, tolerance: 1),
    ]
    record.figures = [.init(name: "loss", figure: figure, book: "3.7")]
    record.secondsToFirstStep = 0.20449
    record.trainingSeconds = 14.1
    record.totalSeconds = 15
    record.peakMemoryBytes = 212_000_000
    return record
  }

  static var figure: Figure {
    Figure(title: "Loss", x: "Epochs", y: "Loss") { Dots([3, 2, 1], "Training loss") }
  }

  @Test func schemaOfMetrics() throws {
    let json = try String(decoding: Metrics(Self.record()).json(), as: UTF8.self)
    #expect(
      json == """
        {
          "chapter" : "chapter3-imdb",
          "command" : "swift run chapter3-imdb",
          "data" : {
            "detail" : "imdb.npz",
            "name" : "IMDB",
            "origin" : "official",
            "samples" : {
              "test" : 25000,
              "train" : 25000
            }
          },
          "figures" : [
            {
              "book" : "3.7",
              "file" : "loss.png",
              "title" : "Loss"
            }
          ],
          "machine" : {
            "cpu" : "\(Machine.processor)",
            "kernels" : "\(Engine.kernels)",
            "threads" : \(Engine.threads)
          },
          "peakMemoryBytes" : 212000000,
          "quick" : false,
          "reservations" : [

          ],
          "results" : [
            {
              "better" : "higher",
              "book" : 0.885,
              "here" : 0.875,
              "name" : "test accuracy",
              "unit" : ""
            },
            {
              "better" : "lower",
              "book" : 0.29,
              "here" : null,
              "name" : "test loss",
              "unit" : "nats"
            },
            {
              "better" : "lower",
              "book" : null,
              "here" : 12.5,
              "name" : "other",
              "unit" : ""
            }
          ],
          "seconds" : {
            "toFirstStep" : 0.204,
            "total" : 15,
            "training" : 14.1
          },
          "section" : "3.4",
          "seed" : 42,
          "trainings" : [

          ]
        }

        """)
    var interrupted = try Self.record(["--quick"])
    interrupted.interruptedAfterEpoch = 3
    interrupted.data = nil
    let other = try String(decoding: Metrics(interrupted).json(), as: UTF8.self)
    #expect(other.contains("\"interruptedAfterEpoch\" : 3"))
    #expect(other.contains("\"data\" : null") && other.contains("\"quick\" : true"))
  }

  @Test func comparison() throws {
    #expect(
      try Self.record().comparison.text == """
        what                book    here  verdict       data
        ────────────────  ──────  ──────  ────────────  ──────────────
        test accuracy     0.8850  0.8750  within ±0.01  IMDB, official
        test loss (nats)  0.2900       –  –             IMDB, official
        other                  –   12.50  –             IMDB, official
        """)
  }

  @Test func verdicts() throws {
    var record = try Self.record()
    func verdict(_ here: Double, _ better: Better, tolerance: Double? = 0.01) -> String {
      record.verdict(
        on: .init(name: "", book: 0.885, here: here, unit: "", better: better, tolerance: tolerance)
      )
    }
    #expect(verdict(0.895, .higher) == "within ±0.01")
    #expect(verdict(0.8951, .higher) == "outside ±0.01, better")
    #expect(verdict(0.8951, .lower) == "outside ±0.01, worse")
    #expect(verdict(0.8, .higher) == "outside ±0.01, worse")
    #expect(verdict(0.8, .lower) == "outside ±0.01, better")
    #expect(verdict(.nan, .lower) == "outside ±0.01: not a number")
    #expect(verdict(0.885, .lower, tolerance: nil) == "–")
    record.interruptedAfterEpoch = 2
    record.options = try RunOptions.parse(["--quick", "--epochs", "3"])
    record.data?.kind = .standIn
    #expect(
      verdict(0.885, .higher)
        == "not judged: quick run, stand-in data, interrupted after epoch 2, --epochs 3")
    #expect(
      record.footnote == "Stand-in data made by the program, not the real IMDB. "
        + "Quick run: less data, fewer epochs. This run was interrupted after epoch 2.")
  }

  @Test func reportIsWellFormed() throws {
    var record = try Self.record(["--quick"])
    record.command = "swift run x --output 'a<b>&\"\u{7}'"
    record.notes = ["1 < 2 & \u{1} so on"]
    record.tables = [("Units", SeedComparison(of: "a<b", [("x", [1])]).table)]
    let (model, x, y) = smallTask()
    record.histories = [("history", try model.fit(x, y, epochs: 2))]
    let html = Report(record: record).html
    // The page is also valid XML, apart from its first line.
    let body = html.split(separator: "\n", maxSplits: 1)[1]
    #expect(XMLParser(data: Data(body.utf8)).parse())
    #expect(html.contains("<title>chapter3-imdb: Reviews &amp; &lt;more&gt;</title>"))
    #expect(html.contains("not the book's experiment (quick run)"))
    #expect(html.contains("Loss (figure 3.7 of the book)"))
    #expect(html.contains("IMDB, official: 25,000 samples to train, 25,000 to test. imdb.npz"))
    // Nothing is loaded from elsewhere.
    #expect(!html.contains("src=") && !html.contains("<link") && !html.contains("@import"))
    #expect(!html.contains("url("))
  }

  @Test func commandCanBePastedIntoAShell() {
    #expect(
      CommandText.shell(["/x/y/chapter3-imdb", "--output", "it's new", "a=b", ""])
        == "swift run chapter3-imdb --output 'it'\\''s new' a=b ''")
  }
}
