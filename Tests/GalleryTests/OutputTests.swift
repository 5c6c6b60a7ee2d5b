import DeepLearning
import Figures
import Foundation
import Testing

@testable import Gallery

/// What a run leaves in its folder.
@Suite final class OutputTests {
  let output = FileManager.default.temporaryDirectory.appending(path: "gallery-\(UUID())")

  deinit { try? FileManager.default.removeItem(at: output) }

  private func start(_ arguments: String..., output: URL? = nil) throws -> ChapterRun {
    let options = try RunOptions.parse(
      arguments + ["--no-progress", "--output", (output ?? self.output).path])
    return try ChapterRun(
      "chapter0-example", section: "0.1", title: "An example", options,
      arguments: ["chapter0-example"])
  }

  private func file(_ name: String) -> URL {
    output.appending(path: "chapter0-example").appending(path: name)
  }

  private func metrics() throws -> [String: Any] {
    let json = try JSONSerialization.jsonObject(with: Data(contentsOf: file("metrics.json")))
    return try #require(json as? [String: Any])
  }

  @Test("A whole run leaves its files")
  func aWholeRun() throws {
    let run = try start()
    run.data = ChapterRunTests.imdb
    let (model, x, y) = smallTask()
    let history = try model.fit(x, y, epochs: 3, callbacks: run.callbacks())
    run.add(history)
    run.add(ChapterRunTests.figure, as: "loss", book: "3.7")
    run.note("A note.")
    run.result("test accuracy", book: 0.5, here: Float(0.8846), better: .higher)
    #expect(!FileManager.default.fileExists(atPath: output.path))
    try run.finish()

    let names = try FileManager.default.contentsOfDirectory(atPath: file("").path).sorted()
    #expect(names == ["history.csv", "loss.png", "loss.svg", "metrics.json", "report.html"])
    #expect(try String(contentsOf: file("history.csv"), encoding: .utf8) == history.csv)
    #expect(try Data(contentsOf: file("loss.png")).starts(with: [0x89, 0x50, 0x4E, 0x47]))
    let metrics = try metrics()
    let results = try #require(metrics["results"] as? [[String: Any]])
    #expect(results.first?["here"] as? Double == 0.8846)
    let timed = try #require((metrics["trainings"] as? [[String: Any]])?.first)
    #expect(timed["name"] as? String == "history" && timed["epochs"] as? Int == 3)
    #expect(timed["secondsPerEpoch"] is Double)
    let seconds = try #require(metrics["seconds"] as? [String: Double])
    let (toFirstStep, training, total) = (
      try #require(seconds["toFirstStep"]), try #require(seconds["training"]),
      try #require(seconds["total"])
    )
    #expect(toFirstStep <= total && training <= total)
    #expect(try #require(metrics["peakMemoryBytes"] as? Int) > 1_000_000)
  }

  @Test("Quick figures say so")
  func quickFiguresSaySo() throws {
    let run = try start("--quick")
    run.add(ChapterRunTests.figure, as: "loss")
    try run.finish()
    let svg = try String(contentsOf: file("loss.svg"), encoding: .utf8)
    #expect(svg.contains("Quick run: less data, fewer epochs."))
  }

  /// A checkout with a table of seeds beside the chapter.
  private func checkout(seeds: String) throws -> URL {
    let file = output.appending(path: "checkout/Chapters/chapter0-example/seeds.csv")
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(seeds.utf8).write(to: file)
    return output.appending(path: "checkout")
  }

  @Test("Seeds beside the chapter judge its run")
  func seedsBesideTheChapterJudge() throws {
    let run = try start()
    run.checkout = try checkout(seeds: SeedTableTests.table([0.88, 0.884, 0.876]).csv)
    run.data = ChapterRunTests.imdb
    run.add(ChapterRunTests.figure, as: "loss", book: "3.7")
    run.result("test accuracy", book: 0.7, here: 0.875, better: .higher)
    try run.finish()
    let results = try #require(metrics()["results"] as? [[String: Any]])
    let verdict = try #require(results[0]["verdict"] as? [String: Any])
    #expect(verdict["likeOurSeeds"] as? Bool == true && verdict["reproduced"] as? Bool == false)
    #expect(verdict["seeds"] as? Int == 3)
    let report = try String(contentsOf: file("report.html"), encoding: .utf8)
    #expect(report.contains("figure 3.7 of the book") && report.contains("our mean 0.8800 is"))
  }

  @Test("A damaged table of seeds costs no run")
  func aDamagedTableOfSeedsCostsNoRun() throws {
    let run = try start()
    run.checkout = try checkout(seeds: "seed\n")
    run.result("test accuracy", book: 0.7, here: 0.875, better: .higher)
    try run.finish()
    let report = try String(contentsOf: file("report.html"), encoding: .utf8)
    #expect(report.contains("seeds.csv is no table of seeds") && report.contains("no seeds"))
  }

  @Test("Other data is in no figure of the book")
  func otherDataIsInNoFigureOfTheBook() throws {
    let run = try start()
    var data = ChapterRunTests.imdb
    data.kind = .mirror
    run.data = data
    run.add(ChapterRunTests.figure, as: "loss", book: "3.7")
    run.markDeviation("--steps 5")
    run.result("test accuracy", book: 0.7, here: 0.875, better: .higher)
    try run.finish()
    let svg = try String(contentsOf: file("loss.svg"), encoding: .utf8)
    #expect(svg.contains("IMDB (mirror), not the book's data.") && svg.contains("--steps 5"))
    #expect(try !String(contentsOf: file("report.html"), encoding: .utf8).contains("figure 3.7"))
    #expect(try metrics()["reservations"] as? [String] == ["mirror data", "--steps 5"])
  }

  /// As after Ctrl-C in the first epoch.
  @Test("Empty histories and figures and a NaN leave a readable report")
  func nothingToShow() throws {
    let run = try start()
    run.add(History())
    run.add(
      Figure(title: "Loss", x: "Epochs", y: "Loss") { Line([Float](), "Loss") }, as: "loss")
    run.result("test accuracy", book: 0.9, here: Float.nan, better: .higher)
    try run.finish()
    #expect(try String(contentsOf: file("history.csv"), encoding: .utf8) == "epoch\n")
    let results = try #require(metrics()["results"] as? [[String: Any]])
    #expect(results.first?["here"] is NSNull)
  }

  @Test("Earlier output survives a failure")
  func earlierOutputSurvivesAFailure() throws {
    let good = try start()
    good.result("test accuracy", here: 0.9, better: .higher)
    good.add(ChapterRunTests.figure, as: "loss")
    try good.finish()
    let names = ["metrics.json", "report.html", "loss.png", "loss.svg"]
    let before = try names.map { try Data(contentsOf: file($0)) }

    let bad = try start("--seed", "7")
    bad.add(ChapterRunTests.figure, as: "loss")
    let (model, x, y) = smallTask()
    model.compile(optimizer: RMSprop(learningRate: .nan), loss: .binaryCrossEntropy)
    #expect(throws: TrainingError.self) {
      try model.fit(x, y, epochs: 2, callbacks: bad.callbacks())
      try bad.finish()
    }
    #expect(try names.map { try Data(contentsOf: file($0)) } == before)
    #expect(try metrics()["seed"] as? Int == 42)
  }

  @Test("A file in the way is named and kept")
  func aFileInTheWay() throws {
    try FileManager.default.createDirectory(at: output, withIntermediateDirectories: true)
    let obstacle = output.appending(path: "file")
    try Data("precious".utf8).write(to: obstacle)
    let error = #expect(throws: FileError.self) { try start(output: obstacle) }
    #expect(
      error?.description == "Cannot write \(obstacle.path)/chapter0-example: \(obstacle.path) "
        + "is not a folder. Choose another place with --output, or make room.")
    #expect(try Data(contentsOf: obstacle) == Data("precious".utf8))
  }

  @Test(
    "A folder that is read-only is named",
    .disabled(if: getuid() == 0, "Nothing is forbidden to the administrator."))
  func aFolderThatIsReadOnly() throws {
    try FileManager.default.createDirectory(
      at: output, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o555])
    #expect(throws: FileError.self) { try start() }
  }

  @Test("A folder in place of a file is an error")
  func aFolderThatAppearsInPlaceOfAFile() throws {
    let run = try start()
    try FileManager.default.createDirectory(
      at: file("metrics.json"), withIntermediateDirectories: true)
    #expect(throws: FileError.self) { try run.finish() }
  }
}
