import Foundation
import Testing

let gan = Program(name: "chapter8-gan")

@Suite("chapter8-gan")
struct GANTests {
  static let name = "chapter8-gan"
  static let place = "output/\(name)/"
  static let checkpoint = place + "checkpoint.safetensors"

  @Test("The quick run writes its files, figures and record")
  func quick() async throws {
    let run = try await QuickRun.of(Self.name)
    let figures: [(String, String?)] = [
      ("losses", nil), ("growth", nil), ("which-is-real", "8.18"), ("made-and-real", nil),
      ("distances", nil), ("nearest", nil), ("diversity", nil),
    ]
    try run.expectFiles(
      figures: figures.map(\.0),
      [
        "checkpoint.safetensors", "losses.csv", "sheets.csv", "samples/samples-00010.png",
        "samples/samples-00020.png", "samples/samples-00030.png",
      ])
    try run.expectRecord(
      section: "8.5", data: "CIFAR-10", origin: "stand-in", samples: (200, 0))
    try run.expectFigures(figures, isStandIn: true)
    try run.expectResults([
      ("discriminator loss, median", 0.694), ("adversarial loss, median", 0.764),
      ("diversity: nearest made, compared with nearest real", nil),
      ("novelty: made to nearest real, compared with real to nearest real", nil),
    ])
    let lines = run.outcome.errorLines.filter { $0.hasPrefix("step ") }
    #expect(lines.count == 3 && lines.allSatisfy { $0.contains(/d loss \d.* – adv loss \d/) })
  }

  @Test("Each step's losses and what each sheet has shown are written down")
  func tables() async throws {
    let run = try await QuickRun.of(Self.name)
    let losses = try run.history("losses.csv")
    #expect(losses.columns == ["step", "discriminator", "adversarial"])
    #expect(losses["step"] == (1...30).map(Double.init))
    // Neither knows anything at first.
    let start = log(2.0)
    #expect(abs(losses["discriminator"][0] - start) < 0.1)
    #expect(abs(losses["adversarial"][0] - start) < 0.1)
    let sorted = losses["discriminator"].sorted()
    let median = (sorted[14] + sorted[15]) / 2
    let metrics = try run.metrics
    #expect(try abs(metrics.here("discriminator loss, median") - median) < 1e-4)
    let sheets = try run.history("sheets.csv")
    #expect(sheets["step"] == [10, 20, 30])
    #expect(sheets["taken_for_real"].allSatisfy { (0...1).contains($0) })
    #expect(sheets["nearest_made"].allSatisfy { $0 > 0 && $0 < 0.5 })
  }

  @Test("At full size the networks have the book's parameters")
  func parameters() async throws {
    let workplace = try Workplace()
    let outcome = try await gan.run(
      ["--steps", "1", "--offline", "--batch-size", "2", "--no-progress"], in: workplace)
    try #require(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("total parameters 6,264,579"))
    #expect(outcome.output.contains("total parameters 790,913"))
    #expect(outcome.output.contains(" data, --batch-size 2, 1 steps instead of 10000"))
    // Both networks, and what RMSprop remembers of each of their weights.
    let file = [UInt8](try workplace.bytes(of: Self.checkpoint))
    let header = file.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    #expect(file.count == 8 + header + 2 * (6_264_579 + 790_913) * 4)
  }

  @Test("The same seed gives the same bits; another seed, class or data range other ones")
  func repeats() async throws {
    let first = try await QuickRun.of(Self.name)
    let second = try await QuickRun(Self.name)
    #expect(try first.repeatable() == second.repeatable())
    let losses = try first.bytes(of: "losses.csv")
    for flags in [["--seed", "7"], ["--data-range", "tanh"]] {
      let other = try await QuickRun(Self.name, ["--steps", "30"] + flags)
      #expect(try other.bytes(of: "losses.csv") != losses, "\(flags)")
    }
  }

  @Test(
    "After Ctrl-C or a sudden end --resume goes on, and ends with the bits of a run in one go",
    arguments: [SIGINT, SIGKILL])
  func resumes(signal: Int32) async throws {
    let arguments = Self.sixtySteps
    let broken = try Workplace()
    let end = try await gan.stopped(at: 25, by: signal, arguments, in: broken)
    #expect(end.exitCode == 128 + signal)
    if signal == SIGINT {
      #expect(try broken.metrics(Self.name).interruptedAfterEpoch != nil && !end.isCrash)
      #expect(end.output.contains("This run was interrupted after step 25."))
      #expect(try broken.bytes(of: Self.place + "made-and-real.png").count > 2000)
    }
    let resumed = try await gan.run(arguments + ["--resume"], in: broken)
    try #require(resumed.exitCode == 0, "\(resumed.errors)")
    // Killed, it has the checkpoint of the last sheet.
    let step = signal == SIGINT ? 25 : 20
    #expect(resumed.output.contains("Training goes on after step \(step)."))
    let (start, straight, files) = try await Self.inPieces.value
    #expect(start.output.contains("There is nothing to go on from"))
    try #require(straight.exitCode == 0, "\(straight.errors)")
    #expect(files.count == 23)
    #expect(try files == Self.withoutRecords(broken.files()))
    for file in ["checkpoint.safetensors", "losses.csv", "nearest.png"] {
      #expect(try await Self.atOnce.value.bytes(of: file) == files[Self.place + file], "\(file)")
    }
  }

  private static let sixtySteps = ["--quick", "--offline", "--steps", "60"]

  /// Sixty steps in two pieces of whole steps, the first of them a finished training: how they ended, and the files.
  private static let inPieces = Task {
    let whole = try Workplace()
    let start = try await gan.run(
      ["--quick", "--offline", "--steps", "25", "--resume"], in: whole)
    let straight = try await gan.run(sixtySteps + ["--resume"], in: whole)
    return (start, straight, withoutRecords(try whole.files()))
  }

  /// Sixty steps all in one go.
  private static let atOnce = Task { try await QuickRun(name, ["--steps", "60"]) }

  /// All files but those that hold times and the command line.
  private static func withoutRecords(_ files: [String: Data]) -> [String: Data] {
    files.filter { !$0.key.hasSuffix("json") && !$0.key.hasSuffix("html") }
  }

  @Test("What is done is not done again; starting over puts the old checkpoint aside")
  func again() async throws {
    let workplace = try await QuickRun.copied(Self.name)
    let before = try workplace.bytes(of: Self.checkpoint)
    let arguments = ["--quick", "--offline", "--no-progress"]
    let again = try await gan.run(arguments + ["--resume"], in: workplace)
    #expect(again.exitCode == 0 && again.output.contains("All 30 steps have been made before"))
    #expect(try workplace.bytes(of: Self.checkpoint) == before)
    let anew = try await gan.run(arguments + ["--seed", "5", "--steps", "10"], in: workplace)
    #expect(anew.exitCode == 0, "\(anew.errors)")
    #expect(try workplace.bytes(of: Self.place + "checkpoint-before.safetensors") == before)
    let sheets = try workplace.files().keys.filter { $0.contains("/samples-") }
    #expect(sheets == [Self.place + "samples/samples-00010.png"])
  }

  @Test("Other pictures or flags do not go on from what is there, nor does a damaged checkpoint")
  func otherTraining() async throws {
    let workplace = try await QuickRun.copied(Self.name)
    let arguments = ["--quick", "--offline", "--no-progress", "--resume", "--steps", "40"]
    for flags in [["--seed", "5"], ["--batch-size", "10"], ["--data-range", "tanh"]] {
      let outcome = try await gan.run(arguments + flags, in: workplace)
      expectRefusal(outcome, naming: "checkpoint.safetensors", "start over without --resume")
    }
    let whole = try workplace.bytes(of: Self.checkpoint)
    let file = workplace.folder.appending(path: Self.checkpoint)
    // The same file, but for what it says of the networks.
    let header = try #require(whole.range(of: Data("channels\\\":16".utf8)))
    var other = whole
    other.replaceSubrange(header.upperBound - 2..<header.upperBound, with: Data("99".utf8))
    for bytes in [Data(), whole.prefix(9), whole.dropLast(50), Data("none".utf8), other] {
      try bytes.write(to: file)
      let outcome = try await gan.run(arguments, in: workplace)
      expectRefusal(outcome, naming: "checkpoint.safetensors")
    }
  }

  @Test(
    "Flags that make no sense",
    arguments: [
      ["--steps", "0"], ["--steps", "-3"], ["--steps", "many"], ["--epochs", "3"],
      ["--class", "toad"], ["--data-range", "wide"],
    ])
  func flags(flags: [String]) async throws {
    expectRefusal(try await gan.run(flags, in: Workplace()), exitCode: 64, naming: flags[0])
  }

  @Test("More pictures a step than there are")
  func tooFew() async throws {
    let outcome = try await gan.run(
      ["--quick", "--offline", "--batch-size", "500"], in: Workplace())
    expectRefusal(outcome, naming: "there are 200", "--batch-size")
  }

  static let badFiles = [
    BadFiles("no archive", "cifar-10-binary.tar.gz", [1, 2, 3], word: "tar"),
    BadFiles(
      "an archive without batches", "cifar-10-binary.tar.gz", Archives.tar([("a", [1])]),
      word: "data_batch_1"),
    BadFiles(
      "a label beyond 9", "cifar-10-binary.tar.gz",
      Archives.tar(
        (1...5).map { ("x/data_batch_\($0).bin", [10] + [UInt8](repeating: 1, count: 3072)) }),
      word: "label 10"),
    BadFiles(
      "no frogs", "cifar-10-frogs-binary.tar.gz",
      Archives.tar(
        (1...5).map { ("x/data_batch_\($0).bin", [3] + [UInt8](repeating: 1, count: 3072)) }),
      word: "without pictures of the class \"frog\""),
  ]

  @Test("Data files that are no good", arguments: badFiles)
  func refusals(bad: BadFiles) async throws { try await bad.expectRefusal(by: Self.name, []) }
}
