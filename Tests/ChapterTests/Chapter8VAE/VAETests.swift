import Foundation
import Testing

@Suite("chapter8-vae")
struct VAETests {
  private static let name = "chapter8-vae"
  private static let place = "output/chapter8-vae/"
  private let program = Program(name: name)

  private static let figures = [
    "loss", "manifold", "latent-plane", "reconstructions", "interpolation",
  ]

  @Test("The quick run writes its files, figures and record")
  func quick() async throws {
    let run = try await QuickRun.of(Self.name)
    try run.expectFiles(figures: Self.figures, ["history.csv", "weights.safetensors"])
    try run.expectRecord(
      section: "8.4", data: "MNIST", origin: "stand-in", samples: (160, 160))
    try run.expectFigures(
      Self.figures.map { ($0, $0 == "manifold" ? "8.14" : nil) }, isStandIn: true)
    try run.expectResults([
      ("training loss", 0.1794), ("training loss after epoch 1", 0.2109),
      ("validation loss", 0.1801), ("validation loss after epoch 1", 0.1966),
      ("time per epoch", 51),
    ])
    for count in ["parameters 494,244", "parameters 56,385", "Together 550629 parameters."] {
      #expect(run.outcome.output.contains(count), "\(count)")
    }
    #expect(try run.workplace.weightCount(Self.place + "weights.safetensors") == 550_629)
  }

  @Test("It learns: the loss falls, on unseen pictures too")
  func learns() async throws {
    let history = try await QuickRun.of(Self.name).history()
    #expect(history.columns == ["epoch", "loss", "val_loss"] && history.rows.count == 4)
    for name in ["loss", "val_loss"] {
      #expect(zip(history[name], history[name].dropFirst()).allSatisfy { $0 > $1 }, "\(name)")
    }
    // Grey everywhere has a loss of 0.69.
    #expect(history["val_loss"][3] < 0.3)
  }

  @Test("The same seed gives the same bits, another one other numbers")
  func repeats() async throws {
    let first = try await QuickRun.of(Self.name)
    let second = try await QuickRun(Self.name, ["--no-progress"])
    #expect(try first.repeatable() == second.repeatable())
    let other = try await QuickRun(Self.name, ["--seed", "43", "--epochs", "1"])
    #expect(try other.history().rows.first != first.history().rows.first)
  }

  @Test("Both rules of sampling: two networks side by side; garments have no numbers of the book")
  func both() async throws {
    let workplace = try Workplace()
    for file in PictureFixtures.files() {
      try workplace.addData(file.bytes, as: "fashion/" + file.name)
    }
    let outcome = try await program.run(
      ["--quick", "--offline", "--fashion", "--sampling", "both", "--epochs", "2"], in: workplace)
    try #require(outcome.exitCode == 0, "\(outcome.errors)")
    let metrics = try workplace.metrics(Self.name)
    #expect(metrics.results.count == 10 && metrics.results.allSatisfy { $0.book == nil })
    let loss = try metrics.here("validation loss")
    #expect(try metrics.here("corrected: validation loss") != loss)
    let names =
      Self.figures + Self.figures.map { $0 + "-corrected" }
      + ["side-by-side", "planes-side-by-side", "loss-side-by-side"]
    #expect(metrics.figures.map(\.file) == names.map { $0 + ".png" })
    for suffix in ["", "-corrected"] {
      let weights = Self.place + "weights\(suffix).safetensors"
      #expect(try workplace.weightCount(weights) == 550_629)
    }
    #expect(outcome.output.contains("exp(z_log_var / 2), corrected"))
  }

  @Test(
    "After Ctrl-C or a sudden end --resume goes on, and ends with the bits of a run in one go",
    arguments: [SIGINT, SIGKILL])
  func resumes(signal: Int32) async throws {
    let arguments = ["--quick", "--offline", "--epochs", "4"]
    let broken = try Workplace()
    let end = try await program.stopped(at: 2, by: signal, arguments, in: broken)
    #expect(end.exitCode == 128 + signal)
    if signal == SIGINT {
      #expect(try broken.metrics(Self.name).interruptedAfterEpoch != nil && !end.isCrash)
      #expect(try broken.weightCount(Self.place + "weights.safetensors") == 550_629)
    }
    for flags in [["--seed", "5"], ["--batch-size", "64"]] {
      let other = try await program.run(arguments + ["--resume"] + flags, in: broken)
      expectRefusal(other, naming: "trained-on.txt", "start over without --resume")
    }
    let resumed = try await program.run(arguments + ["--resume"], in: broken)
    try #require(resumed.exitCode == 0, "\(resumed.errors)")
    #expect(resumed.output.contains("Training goes on after epoch 2."))
    let whole = try await QuickRun.of(Self.name)
    for file in ["history.csv", "weights.safetensors", "manifold.png"] {
      #expect(try broken.bytes(of: Self.place + file) == whole.bytes(of: file), "\(file)")
    }
    #expect(try broken.files().keys.allSatisfy { !$0.contains("unfinished") })
  }

  @Test("A damaged state is refused; without one training starts over")
  func damaged() async throws {
    let workplace = try Workplace()
    let arguments = ["--quick", "--offline", "--epochs", "9"]
    let outcome = try await program.stopped(
      at: 1, by: SIGKILL, arguments + ["--resume"], in: workplace)
    #expect(outcome.output.contains("There is nothing to go on from: training starts over."))
    let state = "unfinished-vae-printed.safetensors"
    try workplace.add("no weights", as: Self.place + state)
    let refused = try await program.run(arguments + ["--resume"], in: workplace)
    expectRefusal(refused, naming: state)
  }

  @Test("A point of your choice becomes a picture, in the terminal and as a file")
  func draws() async throws {
    let workplace = try await QuickRun.of(Self.name).workplace
    let copy = try Workplace()
    let weights = Self.place + "weights.safetensors"
    try FileManager.default.createDirectory(
      at: copy.folder.appending(path: Self.place), withIntermediateDirectories: true)
    try workplace.bytes(of: weights).write(to: copy.folder.appending(path: weights))
    let outcome = try await program.run(["draw", "--z", "-0.5,1.2"], in: copy)
    try #require(outcome.exitCode == 0, "\(outcome.errors)")
    let rows = outcome.output.split(separator: "\n", omittingEmptySubsequences: false).prefix(28)
    #expect(rows.count == 28 && rows.allSatisfy { $0.count == 56 })
    #expect(rows.joined().contains("▒"))
    let drawn = try copy.bytes(of: Self.place + "drawn.png")
    let map = try await program.run(["draw", "--map", "4"], in: copy)
    #expect(map.exitCode == 0, "\(map.errors)")
    #expect(try copy.bytes(of: Self.place + "drawn.png") != drawn)
  }

  @Test("What cannot be drawn is refused")
  func drawRefusals() async throws {
    let workplace = try Workplace()
    let refused: [(arguments: [String], code: Int32, word: String)] = [
      ([], 64, "--z 0.5,-1.2"), (["--z", "1,2", "--map", "3"], 64, "--map 40"),
      (["--z", "1"], 64, "--z"), (["--z", "1,nan"], 64, "--z"), (["--map", "0"], 64, "at least 1"),
      (["--map", "101"], 64, "at most 100"),
      (["--z", "1,2"], 1, "swift run chapter8-vae"),
      (["--z", "1,2", "--weights", "none.safetensors"], 1, "none.safetensors"),
    ]
    for (arguments, code, word) in refused {
      let outcome = try await program.run(["draw"] + arguments, in: workplace)
      expectRefusal(outcome, exitCode: code, naming: word)
    }
    try workplace.add("no weights", as: "bad.safetensors")
    let bad = try await program.run(
      ["draw", "--z", "1,2", "--weights", "bad.safetensors"], in: workplace)
    expectRefusal(bad, naming: "bad.safetensors")
    let unknown = try await program.run(["--sampling", "sometimes"], in: workplace)
    expectRefusal(unknown, exitCode: 64, naming: "sometimes")
  }

  @Test("Experiments: a row for each network, three sheets")
  func experiments() async throws {
    let workplace = try Workplace()
    let outcome = try await program.run(
      ["experiments", "--quick", "--offline", "--no-progress"], in: workplace)
    try #require(outcome.exitCode == 0, "\(outcome.errors)")
    let lines = outcome.output.split(separator: "\n")
      .map { $0.split(separator: /\ {2,}/).map(String.init) }
    for network in ["as printed", "sampling corrected", "plain autoencoder", "ten numbers"] {
      let row = try #require(lines.first { $0.first == network && $0.count == 12 }, "\(network)")
      let loss = try #require(Double(row[2]))
      #expect(row[1] == "2" && loss > 0.05 && loss < 0.69, "\(row)")
    }
    let figures = try workplace.metrics(Self.name + "-experiments").figures.map(\.file)
    #expect(figures == ["maps.png", "planes.png", "draws.png"])
  }
}
