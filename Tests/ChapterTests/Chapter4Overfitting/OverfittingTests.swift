import Foundation
import Testing

@Suite("chapter4-overfitting")
struct OverfittingTests {
  private static let name = "chapter4-overfitting"
  private let program = Program(name: name)
  private static let networks = ["original", "smaller", "bigger", "l2", "l1", "l1-l2", "dropout"]
  private static let figures = [
    "smaller", "bigger", "bigger-training", "l2", "l1", "dropout", "l2-without-penalty", "weights",
  ]

  private static func file(_ network: String) -> String {
    network == "original" ? "history.csv" : "history-\(network).csv"
  }

  @Test("The quick run writes its figures and record")
  func quick() async throws {
    let run = try await QuickRun.of(Self.name)
    try run.expectRecord(
      section: "4.4", data: "IMDB", origin: "stand-in", samples: (1000, 1000))
    let names = try run.metrics.figures.map(\.file)
    for figure in Self.figures { #expect(names.contains(figure + ".png")) }
    try run.expectFigures(
      run.metrics.figures.map { (String($0.file.dropLast(4)), $0.book) }, isStandIn: true)
    let books: [(Double?, Double?, Double?)] = [
      (0.2827, 3, 0.7694), (0.2772, 6, 0.4744), (0.2742, 2, 0.8896), (0.3306, 3, 0.42),
      (nil, nil, nil), (nil, nil, nil), (0.2772, 4, 0.5358),
    ]
    try run.expectResults(
      zip(Self.networks, books).flatMap { name, book in
        [
          ("\(name): lowest validation loss", book.0), ("\(name): its epoch", book.1),
          ("\(name): last validation loss", book.2),
        ]
      })
    for count in ["160,305", "40,029", "5,383,681"] {
      #expect(run.outcome.output.contains("total parameters \(count)"))
    }
  }

  @Test("The networks learn, and what the table says stands in their epochs", arguments: networks)
  func learns(network: String) async throws {
    let run = try await QuickRun.of(Self.name)
    let history = try run.history(Self.file(network))
    let columns = ["epoch", "loss", "acc", "val_loss", "val_acc"]
    #expect(history.columns == columns + (network.hasPrefix("l") ? ["penalty"] : []))
    #expect(history.rows.count == 6)
    let losses = history["val_loss"]
    let lowest = try run.metrics.here("\(network): lowest validation loss")
    #expect(losses.min() == lowest)
    let epoch = try run.metrics.here("\(network): its epoch")
    #expect(losses[Int(epoch) - 1] == lowest)
    #expect(losses.last == (try run.metrics.here("\(network): last validation loss")))
    #expect(history["penalty"].allSatisfy { $0 > 0 })
    // Guessing costs log 2, and hits half.
    let penalty = history["penalty"].last ?? 0
    #expect(lowest - penalty < 0.69 && history["val_acc"].max() ?? 0 > 0.6)
    if ["original", "bigger", "l2"].contains(network) {
      #expect(lowest < 0.6 && history["val_acc"].max() ?? 0 > 0.75)
    }
  }

  @Test("The story of the section: size and penalties do what they are said to do")
  func story() async throws {
    let run = try await QuickRun.of(Self.name)
    let losses = try Dictionary(
      uniqueKeysWithValues: Self.networks.map {
        ($0, try #require(run.history(Self.file($0))["loss"].last))
      })
    func loss(_ name: String) -> Double { losses[name] ?? .nan }
    #expect(loss("bigger") < loss("original") && loss("original") < loss("smaller"))
    #expect(loss("dropout") > loss("original") && loss("l2") > loss("original"))
    let shares = run.outcome.output.matches(
      of: /(Original|L2|L1|L1 and L2): ([\d.]+)% of the first layer's weights/
    ).map { (String($0.1), Double($0.2) ?? .nan) }
    #expect(shares.map(\.0) == ["Original", "L2", "L1", "L1 and L2"])
    if shares.count == 4 {
      #expect(shares[0].1 < 20 && shares[1].1 < 40 && shares[2].1 > 60 && shares[3].1 > 60)
    }
  }

  @Test("The same seed gives the same bits, another one other numbers")
  func repeats() async throws {
    let first = try await QuickRun.of(Self.name)
    let second = try await QuickRun(Self.name, ["--no-progress"])
    #expect(try first.repeatable() == second.repeatable())
    #expect(results(of: first.outcome) == results(of: second.outcome))
    let other = try await QuickRun(Self.name, ["--seed", "77", "--epochs", "1"])
    for network in Self.networks {
      let rows = try other.history(Self.file(network)).rows
      #expect(rows.first != (try first.history(Self.file(network)).rows.first))
    }
  }

  @Test("Ctrl-C after the first epoch keeps what there is of the first network")
  func interruption() async throws {
    let workplace = try Workplace()
    let outcome = try await program.interruptedInTraining(in: workplace)
    #expect(outcome.exitCode == 130 && !outcome.isCrash)
    #expect(outcome.errors.contains("Stopping, and keeping what has been learned."))
    #expect(!outcome.errors.contains("Error"))
    let metrics = try workplace.metrics(Self.name)
    let epochs = try #require(metrics.interruptedAfterEpoch)
    #expect(epochs >= 1)
    #expect(try workplace.history(Self.name).rows.count == epochs)
    #expect(metrics.results.count == 3)
    #expect(metrics.results.allSatisfy { $0.name.hasPrefix("original: ") && $0.here != nil })
    #expect(outcome.output.contains("This run was interrupted after epoch \(epochs)."))
    #expect(!outcome.output.contains("Smaller network"))
    try expectListedFigures(metrics, in: workplace)
  }

  @Test("Ctrl-C in a later network draws those that were trained")
  func laterInterruption() async throws {
    let workplace = try Workplace()
    let outcome = try await program.stopped(
      at: 70, ["--quick", "--offline", "--epochs", "60"], in: workplace)
    #expect(outcome.exitCode == 130 && !outcome.isCrash, "\(outcome.errors)")
    let metrics = try workplace.metrics(Self.name)
    #expect(metrics.figures.contains { $0.file == "smaller.png" })
    try expectListedFigures(metrics, in: workplace)
    #expect(try workplace.history(Self.name).rows.count == 60)
    #expect(metrics.results.contains { $0.name == "smaller: lowest validation loss" })
    #expect(!metrics.results.contains { $0.name.hasPrefix("dropout") })
  }

  @Test("Tables of rates, strengths and sizes, with mean and spread; the same again")
  func experiments() async throws {
    let arguments = ["experiments", "--quick", "--offline", "--seeds", "2"]
    let workplace = try Workplace()
    let outcome = try await program.run(arguments, in: workplace)
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    let metrics = try workplace.metrics("chapter4-overfitting-experiments")
    #expect(metrics.quick && metrics.data.origin == "stand-in" && metrics.section == "4.4")
    let report = try workplace.text(of: "output/chapter4-overfitting-experiments/report.html")
    for title in [
      "Rate of dropout", "Strength of the penalties", "Size, and remedies together",
      "Dropout with and without rescaling: test loss", "Initial weights",
      "Dropout of 0.5: the loss of the first epoch",
    ] {
      #expect(outcome.output.contains("\n\(title)\n") && report.contains("<h2>\(title)</h2>"))
    }
    let rows = experimentRows(in: outcome.output)
    // 16 networks; 3 ways to rescale, twice; 2 distributions; 4 losses of 2 networks.
    #expect(rows.count == 32)
    let originals = rows.filter { $0[0] == "original, stopped early" }
    #expect(originals.count == 3 && Set(originals).count == 1)
    for row in rows {
      let (mean, spread) = (try #require(Double(row[2])), try #require(Double(row[3])))
      #expect(row[1] == "2" && mean > 0.4 && spread < 0.3, "\(row)")
    }
    let again = try await program.run(arguments + ["--no-progress"], in: workplace)
    #expect(experimentRows(in: again.output) == rows)
  }

  @Test("Damaged, foreign and hostile data files", arguments: bad)
  func refusals(_ bad: BadFiles) async throws {
    try await bad.expectRefusal(by: Self.name, [])
  }

  private func expectListedFigures(_ metrics: Metrics, in workplace: Workplace) throws {
    for figure in metrics.figures {
      let path = "output/chapter4-overfitting/" + figure.file
      #expect(try workplace.bytes(of: path).count > 2000)
      // The footnote may be broken into lines anywhere.
      let words = try workplace.text(of: path.dropLast(3) + "svg")
        .replacing(/<[^>]*>\s*/, with: " ").split(separator: " ").joined(separator: " ")
      #expect(words.contains("This run was interrupted"), "\(figure.file)")
    }
    let svgs = try workplace.files().keys.filter { $0.hasSuffix(".svg") }
    #expect(svgs.count == metrics.figures.count)
  }

  private static let bad: [BadFiles] = {
    let archive = ReviewFixtures(train: 20, test: 10).archive()
    return [
      BadFiles("text", "imdb.npz", Array("Not found".utf8), word: "whole ZIP archive"),
      BadFiles(
        "half a file", "imdb.npz", Array(archive.dropLast(archive.count / 2)), word: "whole"),
      BadFiles(
        "another data set", "imdb.npz", PictureFixtures.archive(train: 2, test: 2), word: "lists"),
    ]
  }()
}
