import DataFiles
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
        name: "test accuracy", book: 0.885, here: 0.875, unit: "", better: .higher),
      .init(name: "test loss", book: 0.29, here: .nan, unit: "nats", better: .lower),
      .init(name: "other", here: 12.5, unit: "", better: .lower),
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

  @Test("metrics.json has its schema")
  func schemaOfMetrics() throws {
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

  @Test("Results stand beside the book's in a table")
  func comparison() throws {
    var record = try Self.record()
    record.seeds = try SeedTableTests.table([0.88, 0.884, 0.876])
    #expect(
      record.comparison.text == """
        what                book    here  like our seeds                  reproduced             data
        ────────────────  ──────  ──────  ──────────────────────────────  ─────────────────────  ──────────────
        test accuracy     0.8850  0.8750  yes: 0.8342 to 0.9258, 3 seeds  yes: 0.8601 to 0.8999  IMDB, official
        test loss (nats)  0.2900       –  not judged: no seeds            –                      IMDB, official
        other                  –   12.50  –                               –                      IMDB, official
        """)
  }

  @Test("A run is judged by the seeds' interval, and so is the book's number")
  func verdicts() throws {
    var record = try Self.record()
    func statements(
      _ here: Double, book: Double = 0.885, _ better: Better = .higher, reservation: String? = nil
    ) -> [String] {
      let texts = record.statements(
        on: .init(
          name: "test accuracy", book: book, here: here, unit: "", better: better,
          reservation: reservation))
      return [texts.run, texts.book]
    }
    #expect(statements(0.88) == ["not judged: no seeds", "–"])
    record.seeds = try SeedTableTests.table([0.88])
    #expect(statements(0.88) == ["not judged: one seed", "–"])

    record.seeds = try SeedTableTests.table([0.88, 0.884, 0.876])
    let (run, book) = ("0.8342 to 0.9258, 3 seeds", "0.8601 to 0.8999")
    #expect(statements(0.88) == ["yes: \(run)", "yes: \(book)"])
    #expect(statements(0.93) == ["no: \(run)", "yes: \(book)"])
    #expect(statements(.nan) == ["no: \(run)", "yes: \(book)"])
    // That the run is like the seeds and that the book's number is are two things.
    #expect(
      statements(0.88, book: 0.83) == [
        "yes: \(run)", "no: our mean 0.8800 is 0.0500 higher, better",
      ])
    #expect(
      statements(0.88, book: 0.83, .lower)
        == ["yes: \(run)", "no: our mean 0.8800 is 0.0500 higher, worse"])
    #expect(
      statements(0.88, book: 0.93) == ["yes: \(run)", "no: our mean 0.8800 is 0.0500 lower, worse"])
    #expect(statements(0.88, reservation: "other vectors") == ["not judged: other vectors", "–"])

    record.interruptedAfterEpoch = 2
    record.options = try RunOptions.parse(["--quick", "--epochs", "3"])
    record.deviations = ["--steps 5"]
    record.otherTasks = ["3 topics"]
    record.data?.kind = .standIn
    #expect(
      statements(0.885) == [
        "not judged: quick run, stand-in data, interrupted after epoch 2, 3 topics, --epochs 3, --steps 5",
        "–",
      ])
    #expect(
      record.footnote == "Stand-in data made by the program, not the real IMDB. "
        + "Quick run: less data, fewer epochs. This run was interrupted after epoch 2.")
    record = try Self.record(["--epochs", "3"])
    record.deviations = ["--steps 5"]
    #expect(record.footnote == "Otherwise than in the book: --epochs 3, --steps 5.")
  }

  @Test(
    "Only a run on official data is judged",
    arguments: [
      (DataOrigin.Kind.otherContent, "not known to be the official content", "not known to be the"),
      (.mirror, "mirror data", "IMDB (mirror), not the book's data."),
      (.standIn, "stand-in data", "Stand-in data made by the program"),
      (.own, "data of your own", "The user's own data: IMDB."),
    ])
  func onlyOfficialDataIsJudged(
    kind: DataOrigin.Kind, reason: String, footnote: String
  ) throws {
    var record = try Self.record()
    record.seeds = try SeedTableTests.table([0.88, 0.884, 0.876])
    record.data?.kind = kind
    #expect(record.statements(on: record.results[0]).run == "not judged: \(reason)")
    #expect(record.verdict(on: record.results[0]) == nil)
    #expect(record.footnote?.contains(footnote) == true)
    #expect(record.dataLabel == "IMDB, \(kind.rawValue)")
  }

  @Test("Drawn data is the experiment itself, and has no verdict")
  func drawnDataIsTheExperimentAndHasNoVerdict() throws {
    var record = try Self.record()
    record.seeds = try SeedTableTests.table([0.88, 0.884, 0.876])
    record.data?.kind = .drawn
    #expect(record.reservations.isEmpty && record.verdict(on: record.results[0]) == nil)
    #expect(record.footnote == "Data made by the program: IMDB.")
  }

  @Test("The record keeps verdict, intervals and the number of seeds")
  func verdictsInMetrics() throws {
    var record = try Self.record()
    record.seeds = try SeedTableTests.table([0.88, 0.884, 0.876])
    record.results[1].reservation = "another machine"
    let run = try JSONDecoder().decode(Metrics.self, from: Metrics(record).json())
    let verdict = try #require(run.results[0].verdict)
    #expect(verdict.seeds == 3 && verdict.likeOurSeeds && verdict.reproduced)
    #expect(abs(verdict.intervalForRun[0] - 0.8341591) < 1e-6)
    #expect(abs(verdict.intervalForBook[1] - 0.8998731) < 1e-6)
    #expect(run.results[1].reservation == "another machine" && run.results[1].verdict == nil)
    #expect(run.reservations == [])
  }

  @Test("The report is well-formed")
  func reportIsWellFormed() throws {
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

  @Test("The command can be pasted into a shell")
  func commandCanBePastedIntoAShell() {
    #expect(
      CommandText.shell(["/x/y/chapter3-imdb", "--output", "it's new", "a=b", ""])
        == "swift run chapter3-imdb --output 'it'\\''s new' a=b ''")
  }
}
