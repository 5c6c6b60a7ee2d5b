import Foundation
import Images
import Testing

@Suite("chapter8-style-transfer")
struct StyleTransferTests {
  private static let name = "chapter8-style-transfer"
  private static let place = "output/\(name)/"
  private let program = Program(name: name)

  private func expectSuccess(_ outcome: Program.Outcome) throws {
    try #require(outcome.exitCode == 0, "\(outcome.errors)")
  }

  /// A picture of coloured noise.
  private func write(_ width: Int, _ height: Int, _ name: String, in workplace: Workplace) throws {
    let pixels = (0..<width * height * 3).map { UInt8(truncatingIfNeeded: $0 &* 7919 >> 3) }
    try Image(width: width, height: height, pixels: pixels)
      .write(to: workplace.folder.appending(path: name).path)
  }

  /// Width and height of a picture that was written.
  private func size(_ name: String, in workplace: Workplace) throws -> [Int] {
    let image = try Image(contentsOf: workplace.folder.appending(path: Self.place + name).path)
    return [image.width, image.height]
  }

  @Test("The quick run works on a bare machine, and says what is random and what was drawn")
  func quick() async throws {
    let run = try await QuickRun.of(Self.name)
    try run.expectRecord(
      section: "8.3", data: "landscape in the style of swirls", origin: "stand-in", samples: (2, 0))
    let figures: [(String, String?)] = [
      ("side-by-side", "8.8"), ("iterations", nil), ("loss", nil),
    ]
    try run.expectFiles(
      figures: figures.map(\.0),
      ["iteration-01.png", "iteration-02.png", "result.png", "style.png", "losses.csv"])
    try run.expectFigures(figures, isStandIn: true)
    for (name, _) in figures {
      let text = String(decoding: try run.bytes(of: name + ".svg"), as: UTF8.self)
      #expect(text.contains("with random weights"), "\(name)")
    }
    try run.expectResults([
      ("total loss after iteration 1", 7.409e9), ("total loss at the end", 5.004e8),
      ("content loss at the end", nil), ("style loss at the end", nil),
      ("total variation at the end", nil), ("evaluations", nil),
    ])
    #expect(try size("result.png", in: run.workplace) == [85, 64])
    #expect(
      try run.bytes(of: "result.png") == run.bytes(of: "iteration-02.png"), "the last is the best")
    let losses = try HistoryTable(run.workplace.text(of: Self.place + "losses.csv"))
    #expect(
      losses.columns == ["iteration", "evaluations", "loss", "content", "style", "variation"])
    #expect(losses["loss"][1] < losses["loss"][0])
    for row in losses.rows {
      #expect(abs(row[2] - row[3] - row[4] - row[5]) <= 1e-5 * row[2])
    }
  }

  @Test("The same seed gives the same bits, another one another picture")
  func repeats() async throws {
    let first = try await QuickRun.of(Self.name)
    let second = try await QuickRun(Self.name)
    #expect(try first.repeatable() == second.repeatable())
    let other = try await QuickRun(Self.name, ["--seed", "7", "--iterations", "1"])
    #expect(try other.bytes(of: "style.png") != first.bytes(of: "style.png"))
  }

  @Test("Odd pictures become pictures of the right size")
  func oddPictures() async throws {
    let workplace = try Workplace()
    try write(1, 1, "dot.png", in: workplace)
    try write(90, 50, "wide.jpg", in: workplace)
    for (content, style, height, size) in [
      ("dot.png", "wide.jpg", "40", [40, 40]), ("wide.jpg", "dot.png", "37", [67, 37]),
    ] {
      let outcome = try await program.run(
        [
          "--content", content, "--style", style, "--height", height, "--quick", "--offline",
          "--iterations", "1",
        ], in: workplace)
      try expectSuccess(outcome)
      #expect(try self.size("result.png", in: workplace) == size)
    }
  }

  @Test("One evaluation of the content picture itself: content is 0, variation is the formula's")
  func firstLoss() async throws {
    let workplace = try Workplace()
    try write(48, 40, "photo.png", in: workplace)
    let outcome = try await program.run(
      [
        "--content", "photo.png", "--style", "glass", "--height", "40", "--iterations", "1",
        "--evaluations", "1", "--tv-weight", "0.0001", "--offline",
      ], in: workplace)
    try expectSuccess(outcome)
    let row = try #require(
      HistoryTable(workplace.text(of: Self.place + "losses.csv")).rows.first)
    let image = try Image(contentsOf: workplace.folder.appending(path: "photo.png").path)
    func at(_ i: Int, _ j: Int, _ c: Int) -> Double { Double(image.pixels[(i * 48 + j) * 3 + c]) }
    var expected = 0.0
    for i in 0..<39 {
      for j in 0..<47 {
        for c in 0..<3 {
          let (a, b) = (at(i, j, c) - at(i + 1, j, c), at(i, j, c) - at(i, j + 1, c))
          expected += pow(a * a + b * b, 1.25)
        }
      }
    }
    #expect(row[1] == 1 && row[3] == 0 && row[4] > 0)
    #expect(abs(row[5] - 1e-4 * expected) < 1e-4 * row[5])
    let result = try Image(
      contentsOf: workplace.folder.appending(path: Self.place + "result.png").path)
    #expect(result == image)
  }

  @Test("Adam, noise, and weights of one's own")
  func flags() async throws {
    let run = try await QuickRun(
      Self.name,
      [
        "--optimizer", "adam", "--start", "noise", "--content-weight", "0", "--style", "glass",
        "--iterations", "3", "--evaluations", "5",
      ])
    #expect(run.outcome.output.contains("Weights: content 0.0,"))
    let losses = try HistoryTable(run.workplace.text(of: Self.place + "losses.csv"))
    #expect(losses["content"] == [0, 0, 0] && losses["evaluations"] == [5, 10, 15])
    #expect(losses["loss"][2] < losses["loss"][0])
    // A shorter run leaves no pictures of the longer one.
    let outcome = try await program.run(
      ["--quick", "--offline", "--iterations", "1"], in: run.workplace)
    try expectSuccess(outcome)
    let pictures = try run.workplace.files().keys.filter { $0.contains("iteration-") }
    #expect(pictures == [Self.place + "iteration-01.png"])
  }

  @Test("A loss that is not a number ends the run with the last good picture")
  func notANumber() async throws {
    let workplace = try Workplace()
    let outcome = try await program.run(
      ["--quick", "--offline", "--style-weight", "3e38", "--no-progress"], in: workplace)
    try expectSuccess(outcome)
    #expect(outcome.output.contains("The loss became NaN or infinite"))
    #expect(try size("result.png", in: workplace) == [85, 64])
  }

  @Test("What cannot be used is refused in one sentence, and nothing is written")
  func refusals() async throws {
    let workplace = try Workplace()
    func run(_ arguments: String...) async throws -> Program.Outcome {
      try await program.run(arguments + ["--quick", "--offline", "--no-progress"], in: workplace)
    }
    for (flag, value) in [
      ("--height", "31"), ("--height", "0"), ("--content-weight", "-1"), ("--style-weight", "nan"),
      ("--tv-weight", "inf"), ("--iterations", "0"), ("--evaluations", "-3"),
    ] { expectRefusal(try await run(flag, value), exitCode: 64, naming: flag) }
    expectRefusal(
      try await run("experiments", "--only", "layers"), exitCode: 64, naming: "--only", "layer")
    expectRefusal(try await run("--content", "none.jpg"), exitCode: 64, naming: "none.jpg")
    expectRefusal(
      try await run("--content", "astronot"), exitCode: 64, naming: "did you mean astronaut?")
    expectRefusal(
      try await run("--style", "swirl"), exitCode: 64, naming: "did you mean swirls?")
    #expect(try workplace.files().isEmpty)

    try workplace.add("not a picture", as: "bad.jpg")
    try workplace.add("", as: "empty.png")
    for flag in ["--content", "--style"] {
      expectRefusal(try await run(flag, "bad.jpg"), naming: "bad.jpg", "PNG or JPEG")
      expectRefusal(try await run(flag, "empty.png"), naming: "empty.png")
    }
    try write(1, 200, "thin.png", in: workplace)
    try write(900, 2, "flat.png", in: workplace)
    expectRefusal(try await run("--content", "thin.png"), naming: "thin.png", "--height")
    expectRefusal(
      try await run("--content", "flat.png", "--height", "400"), naming: "flat.png", "--height")
    let left = try workplace.files().keys.sorted()
    #expect(left == ["bad.jpg", "empty.png", "flat.png", "thin.png"])
  }

  @Test("Ctrl-C keeps the best picture so far")
  func interruption() async throws {
    let workplace = try Workplace()
    let outcome = try await program.stopped(
      at: 2, ["--quick", "--offline", "--iterations", "5000"], in: workplace)
    #expect(outcome.exitCode == 130)
    #expect(try size("result.png", in: workplace) == [85, 64])
    let files = try workplace.files().keys
    #expect(files.contains(Self.place + "iteration-0002.png"))
    #expect(files.contains(Self.place + "side-by-side.png"))
  }

  @Test("Each experiment is a row of pictures; --only chooses some")
  func experiments() async throws {
    let workplace = try Workplace()
    let outcome = try await program.run(
      ["experiments", "--quick", "--offline", "--no-progress"], in: workplace)
    try expectSuccess(outcome)
    let names = ["texture", "variation", "sums", "layer", "weight", "optimizer", "start"]
    let formulas = ["gram", "scale", "shifts", "shifted"]
    let figures = try workplace.metrics(Self.name + "-experiments").figures.map(\.file)
    #expect(Set(figures) == Set((names + formulas + ["optimizer-loss"]).map { $0 + ".png" }))
    // What was measured, and no more.
    #expect(!outcome.output.contains("expected"))
    let one = try await program.run(
      [
        "experiments", "--only", "gram", "--quick", "--offline", "--output", "other",
      ], in: workplace)
    try expectSuccess(one)
    let files = try workplace.files().keys.filter { $0.hasPrefix("other/") && $0.hasSuffix("png") }
    #expect(files == ["other/\(Self.name)-experiments/gram.png"])
  }

  @Test("The help names every flag")
  func help() async throws {
    let outcome = try await program.run(["--help"], in: Workplace())
    #expect(outcome.exitCode == 0 && outcome.errors.isEmpty)
    #expect(outcome.output.contains("USAGE: chapter8-style-transfer [experiments] [options]"))
    #expect(outcome.output.contains(sharedFlagsHelp))
    for flag in [
      "--content <picture>", "--style <picture>", "--height <number>",
      "--content-weight <number>", "--style-weight <number>", "--tv-weight <number>",
      "--optimizer <optimizer>", "--start <start>", "--iterations <number>",
      "--evaluations <number>",
    ] { #expect(outcome.output.contains("\n  " + flag), "\(flag)") }
    #expect(outcome.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
  }
}
