import DeepLearning
import Foundation
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// The program of section 3.4.
let chapter3IMDB = Program(name: "chapter3-imdb")

@Suite("chapter3-imdb --quick --offline, without data")
struct QuickRunTests {
  private let workplace: Workplace
  private let outcome: Program.Outcome
  private let place = "output/chapter3-imdb/"

  init() async throws {
    workplace = try Workplace()
    outcome = try await chapter3IMDB.run(["--quick", "--offline"], in: workplace)
    try #require(outcome.exitCode == 0, "\(outcome.errors)")
  }

  @Test("It writes its files, no others and nowhere else")
  func files() throws {
    let names = [
      "accuracy.png", "accuracy.svg", "history.csv", "loss.png", "loss.svg", "metrics.json",
      "report.html", "weights.safetensors", "words.txt",
    ]
    #expect(try workplace.files().keys.sorted() == names.map { place + $0 })
    let data = try FileManager.default.contentsOfDirectory(atPath: workplace.data.path)
    #expect(data.isEmpty)
    #expect(try workplace.weightCount(place + "weights.safetensors") == 160_305)
  }

  @Test("metrics.json has all that other tools read")
  func metrics() throws {
    let metrics = try workplace.metrics("chapter3-imdb")
    #expect(metrics.chapter == "chapter3-imdb" && metrics.section == "3.4")
    #expect(metrics.command == "swift run chapter3-imdb --quick --offline")
    #expect(metrics.seed == 42 && metrics.quick && metrics.interruptedAfterEpoch == nil)
    #expect(metrics.data.name == "IMDB" && metrics.data.origin == "stand-in")
    #expect(metrics.data.samples.train == 1000 && metrics.data.samples.test == 1000)
    #expect(metrics.data.detail.contains("not the IMDB data"))
    // The book's figures show the book's data.
    #expect(
      metrics.figures == [
        .init(file: "loss.png", title: "Training and validation loss", book: nil),
        .init(file: "accuracy.png", title: "Training and validation accuracy", book: nil),
      ])
    #expect(metrics.results.allSatisfy { $0.here?.isFinite == true && $0.book != nil })
    #expect(metrics.results.allSatisfy { $0.better == "higher" || $0.better == "lower" })
    let first = try #require(metrics.seconds.toFirstStep)
    #expect(0 < first && first < metrics.seconds.total)
    #expect(0 < metrics.seconds.training && metrics.seconds.training < metrics.seconds.total)
    // The program itself cannot have run longer than someone watching it found.
    #expect(metrics.seconds.total < outcome.seconds + 0.1)
    #expect(metrics.peakMemoryBytes > 1 << 20 && metrics.peakMemoryBytes < 300_000_000)
    #expect(metrics.machine.threads >= 1 && !metrics.machine.cpu.isEmpty)
    #expect(metrics.machine.kernels == Engine.kernels)
  }

  @Test("The book's numbers stand in it")
  func bookNumbers() throws {
    let results = try workplace.metrics("chapter3-imdb").results
    let book = Dictionary(uniqueKeysWithValues: results.map { ($0.name, $0.book) })
    #expect(book["test accuracy"] == 0.88328 && book["test loss"] == 0.29299)
    #expect(book["run A: lowest validation loss"] == 0.2735)
    #expect(results.first { $0.name == "test accuracy" }?.better == "higher")
    #expect(results.first { $0.name == "test loss" }?.better == "lower")
  }

  @Test("It learns: far better than guessing, on reviews that it has not seen")
  func learns() throws {
    let metrics = try workplace.metrics("chapter3-imdb")
    #expect(try metrics.here("test accuracy") > 0.75)
    #expect(try metrics.here("test loss") < 0.65)
    #expect(try metrics.here("run A: best validation accuracy") > 0.75)
    let history = try workplace.history("chapter3-imdb")
    #expect(history.columns == ["epoch", "loss", "acc", "val_loss", "val_acc"])
    #expect(history["epoch"] == [1, 2, 3, 4, 5, 6, 7, 8])
    let losses = history["loss"]
    #expect(zip(losses, losses.dropFirst()).allSatisfy { $0 > $1 })
    #expect(history["val_loss"].min() == (try metrics.here("run A: lowest validation loss")))
    #expect(history["val_acc"].last == (try metrics.here("run A: last validation accuracy")))
  }

  @Test("The figures are pictures that say what data they show", arguments: ["loss", "accuracy"])
  func figures(name: String) throws {
    let png = [UInt8](try workplace.bytes(of: place + name + ".png"))
    #expect(png.starts(with: [0x89] + Array("PNG\r\n".utf8) + [0x1a, 0x0a]))
    #expect(png.suffix(8).prefix(4).elementsEqual("IEND".utf8))
    let (width, height) = (Self.number(png, at: 16), Self.number(png, at: 20))
    #expect((640...4096).contains(width) && (480...4096).contains(height))
    let svg = try workplace.text(of: place + name + ".svg")
    #expect(XMLParser(data: Data(svg.utf8)).parse())
    let words = ["Training and validation \(name)", "Epochs", "Stand-in data", "Quick run"]
    for word in words { #expect(svg.contains(word)) }
  }

  private static func number(_ bytes: [UInt8], at offset: Int) -> Int {
    bytes[offset..<(offset + 4)].reduce(0) { $0 << 8 | Int($1) }
  }

  @Test("The report is one file that needs no other, and no network")
  func report() throws {
    let report = try workplace.text(of: place + "report.html")
    #expect(report.contains("<!DOCTYPE html>") && report.contains("</html>"))
    for load in ["src=", "<link", "<script", "@import", "url(http", "href=\"http", "<iframe"] {
      #expect(!report.contains(load), "\(load)")
    }
    #expect(report.split(separator: "<svg").count == 3)
    #expect(!report.contains(" of the book)"))
    #expect(report.contains("stand-in") && report.contains("quick run"))
    for result in try workplace.metrics("chapter3-imdb").results {
      #expect(report.contains("<td>\(result.name)</td>"))
    }
  }

  @Test(
    "Standard output has the results: the network, some predictions, the book's numbers beside these"
  )
  func output() throws {
    let output = outcome.output
    #expect(output.hasPrefix("chapter3-imdb, section 3.4: "))
    #expect(output.contains("seed 42, "))
    #expect(output.contains("quick run") && output.contains("stand-in data"))
    #expect(output.contains("total parameters 160,305"))
    #expect(output.contains("report: output/chapter3-imdb/report.html"))
    let metrics = try workplace.metrics("chapter3-imdb")
    let rows = comparisonRows(in: output)
    #expect(rows.map(\.first) == metrics.results.map(\.name))
    for (row, result) in zip(rows, metrics.results) {
      try #require(row.count == 6)
      let (book, here) = (try #require(result.book), try #require(result.here))
      #expect(abs(try #require(Double(row[1])) - book) < 0.0001)
      #expect(abs(try #require(Double(row[2])) - here) < 0.0001)
      #expect(row[3] == "not judged: quick run, stand-in data" && row[5] == "IMDB, stand-in")
    }
    // A count is no measurement: no decimals.
    let epoch = try #require(rows.first { $0[0].contains("epoch of") })
    #expect(Int(epoch[1]) == 4 && Int(epoch[2]) != nil)
    let predictions = outcome.outputLines.filter { $0.hasSuffix(" …") }
    #expect(predictions.count == 6)
    for line in predictions {
      let share = try #require(line.split(separator: " ").first.flatMap { Double($0) })
      #expect((0...1).contains(share))
    }
    #expect(output.contains("Run A: 8 epochs") && output.contains("Run B"))
  }

  @Test("Progress goes to standard error, one plain line an epoch; --no-progress silences it")
  func progress() async throws {
    let epochs = outcome.errorLines.filter { $0.hasPrefix("epoch ") }
    #expect(epochs.count == 8 + 4)
    #expect(epochs[2].hasPrefix("epoch 3/8 – ") && epochs[2].contains(" – val_acc 0."))
    let everything = outcome.output + outcome.errors
    #expect(!everything.contains("\r") && !everything.contains("\u{1B}"))
    #expect(!outcome.output.contains("– loss"))
    let quiet = try await chapter3IMDB.run(
      ["--quick", "--offline", "--no-progress"], in: workplace)
    #expect(quiet.exitCode == 0 && !quiet.errors.contains("epoch"))
    #expect(results(of: quiet) == results(of: outcome))
  }
}

/// What must be the same again: standard output without times and memory.
func results(of outcome: Program.Outcome) -> [Substring] {
  outcome.outputLines.filter { !$0.contains(", total ") }
}
