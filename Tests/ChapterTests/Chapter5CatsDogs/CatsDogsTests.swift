import Foundation
import Testing

let catsDogs = Program(name: "chapter5-cats-dogs")

@Suite("chapter5-cats-dogs")
struct CatsDogsTests {
  private static let name = "chapter5-cats-dogs"

  @Test("The quick run writes its files, figures and record")
  func quick() async throws {
    let run = try await QuickRun.of(Self.name)
    let figures = [
      ("pictures", "5.8"), ("augmented", "5.11"), ("accuracy", "5.9"), ("loss", "5.10"),
      ("augmented-accuracy", "5.12"), ("augmented-loss", "5.13"),
    ]
    // Nothing unfinished is left.
    try run.expectFiles(
      figures: figures.map(\.0),
      [
        "history.csv", "history-augmented.csv", "cats_and_dogs_small_1.safetensors",
        "cats_and_dogs_small_2.safetensors",
      ])
    try run.expectRecord(
      section: "5.2", data: "cats and dogs", origin: "stand-in", samples: (20, 10))
    try run.expectFigures(figures.map { ($0.0, $0.1) }, isStandIn: true)
    try run.expectResults([
      ("baseline: best validation accuracy", 0.731), ("baseline: last validation accuracy", 0.724),
      ("baseline: lowest validation loss", 0.5508),
      ("baseline: epoch of lowest validation loss", 10),
      ("baseline: last training accuracy", 0.9895), ("baseline: test accuracy", nil),
      ("augmented: best validation accuracy", 0.846),
      ("augmented: last validation accuracy", 0.8439),
      ("augmented: lowest validation loss", 0.3518),
      ("augmented: epoch of lowest validation loss", 99),
      ("augmented: last training accuracy", 0.8491), ("test accuracy", nil),
    ])
    #expect(run.outcome.output.contains("total parameters 3,453,121"))
    for number in 1...2 {
      let file = "output/\(Self.name)/cats_and_dogs_small_\(number).safetensors"
      #expect(try run.workplace.weightCount(file) == 3_453_121)
    }
  }

  @Test("It learns what it is shown, and the table holds what the curves do")
  func learns() async throws {
    let run = try await QuickRun.of(Self.name)
    let plain = try run.history()
    #expect(plain.columns == ["epoch", "loss", "acc", "val_loss", "val_acc"])
    #expect(plain.rows.count == 3)
    #expect(try #require(plain["loss"].last) < plain["loss"][0])
    #expect(try run.metrics.here("baseline: best validation accuracy") == plain["val_acc"].max())
    #expect(try run.metrics.here("baseline: lowest validation loss") == plain["val_loss"].min())
    let augmented = try run.history("history-augmented.csv")
    #expect(augmented.rows.count == 2)
    #expect(augmented.rows.allSatisfy { $0[1] > 0.5 && $0[1] < 1 })
    #expect(
      try run.metrics.here("augmented: last validation accuracy") == augmented["val_acc"].last)
  }

  @Test("One run alone; the same seed gives the same bits, another one other numbers")
  func repeats() async throws {
    let arguments = ["--run", "b", "--epochs", "1", "--no-progress"]
    let first = try await QuickRun(Self.name, arguments)
    let second = try await QuickRun(Self.name, arguments)
    #expect(try first.repeatable() == second.repeatable())
    #expect(try first.metrics.results.allSatisfy { !$0.name.hasPrefix("baseline") })
    let other = try await QuickRun(Self.name, arguments + ["--seed", "7"])
    let file = "history-augmented.csv"
    #expect(try other.history(file).rows != first.history(file).rows)
  }

  @Test("After Ctrl-C --resume goes on, and ends with the bits of a run in one go")
  func resumes() async throws {
    let arguments = ["--quick", "--offline", "--epochs", "2"]
    let (broken, whole) = (try Workplace(), try Workplace())
    let interrupted = try await catsDogs.stopped(at: 1, arguments, in: broken)
    #expect(interrupted.exitCode == 130 && !interrupted.isCrash)
    let place = "output/\(Self.name)/"
    #expect(try broken.metrics(Self.name).interruptedAfterEpoch != nil)
    #expect(try broken.weightCount(place + "cats_and_dogs_small_1.safetensors") == 3_453_121)
    let unfinished = try broken.files().keys.filter { $0.contains("unfinished") }
    #expect(unfinished.count == 2)

    let resumed = try await catsDogs.run(arguments + ["--resume"], in: broken)
    try #require(resumed.exitCode == 0, "\(resumed.errors)")
    #expect(resumed.output.contains("Run a: training goes on after epoch 1."))
    #expect(resumed.output.contains("Run b: there is nothing to go on from: training starts over."))
    let straight = try await catsDogs.run(arguments, in: whole)
    try #require(straight.exitCode == 0, "\(straight.errors)")
    for file in [
      "history.csv", "history-augmented.csv", "cats_and_dogs_small_1.safetensors",
      "cats_and_dogs_small_2.safetensors",
    ] {
      #expect(try broken.bytes(of: place + file) == whole.bytes(of: place + file), "\(file)")
    }
    #expect(try broken.files().keys.allSatisfy { !$0.contains("unfinished") })
  }

  @Test("Run B, killed without warning, goes on too")
  func resumesAfterKill() async throws {
    let arguments = ["--quick", "--offline", "--run", "b", "--epochs", "3"]
    let (broken, whole) = (try Workplace(), try Workplace())
    let killed = try await catsDogs.stopped(at: 1, by: SIGKILL, arguments, in: broken)
    #expect(killed.exitCode == 128 + SIGKILL)
    let resumed = try await catsDogs.run(arguments + ["--resume"], in: broken)
    try #require(resumed.exitCode == 0, "\(resumed.errors)")
    #expect(resumed.output.contains("Run b: training goes on after epoch 1."))
    let straight = try await catsDogs.run(arguments, in: whole)
    try #require(straight.exitCode == 0, "\(straight.errors)")
    for file in ["history-augmented.csv", "cats_and_dogs_small_2.safetensors"] {
      let path = "output/\(Self.name)/" + file
      #expect(try broken.bytes(of: path) == whole.bytes(of: path), "\(file)")
    }
  }

  @Test("A damaged state is refused by name, and left as it is")
  func damagedState() async throws {
    let workplace = try Workplace()
    let place = "output/\(Self.name)/unfinished-a"
    for name in [place + ".safetensors", place + "-best.safetensors"] {
      try workplace.add("not what it should be", as: name)
    }
    try workplace.add(
      "unfinished a: cats and dogs, stand-in, 20 samples; seed 42; batches of 20; quick\n",
      as: "output/\(Self.name)/trained-on.txt")
    let before = try workplace.files()
    let outcome = try await catsDogs.run(["--quick", "--offline", "--resume"], in: workplace)
    expectRefusal(outcome, naming: "unfinished-a.safetensors")
    #expect(try workplace.files() == before)
  }

  @Test("Experiments compare augmentations")
  func experiments() async throws {
    let workplace = try Workplace()
    let outcome = try await catsDogs.run(
      ["experiments", "--quick", "--offline", "--no-progress"], in: workplace)
    try #require(outcome.exitCode == 0, "\(outcome.errors)")
    let rows = experimentRows(in: outcome.output)
    #expect(rows.count == 3 && rows.allSatisfy { $0[1] == "2" })
    for row in rows {
      let accuracy = try #require(Double(row[2]))
      #expect(accuracy >= 0 && accuracy <= 1, "\(row)")
    }
  }

  @Test("Help and wrong flags")
  func flags() async throws {
    let workplace = try Workplace()
    let help = try await catsDogs.run(["--help"], in: workplace)
    #expect(help.exitCode == 0 && help.output.contains(sharedFlagsHelp))
    #expect(help.output.contains("USAGE: \(Self.name) [prepare|predict|experiments] [options]\n"))
    #expect(help.output.contains("\n  --resume ") && help.output.contains("\n  --run <run> "))
    for command in ["prepare", "predict", "experiments"] {
      let page = try await catsDogs.run([command, "--help"], in: workplace)
      #expect(page.exitCode == 0 && page.output.contains("USAGE: \(Self.name) \(command) "))
      #expect(page.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
    }
    #expect(help.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
    for (arguments, word) in [
      (["--run", "c"], "--run"), (["--resumes"], "--resume"), (["predict"], "<image>"),
      (["prepare", "--from", "x"], "--to"),
    ] {
      expectRefusal(
        try await catsDogs.run(arguments, in: workplace), exitCode: 64, naming: word)
    }
    #expect(try workplace.files().isEmpty)
  }
}
