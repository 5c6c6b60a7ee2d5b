import Foundation
import Testing

@Suite("chapter6-temperature --resume")
struct TemperatureResumeTests {
  private static let name = "chapter6-temperature"
  private let place = "output/\(name)/"
  private let arguments = [
    "--quick", "--offline", "--only", "dense", "--only", "dropout", "--epochs", "4",
  ]

  @Test("After Ctrl-C it goes on, trains nothing twice, and ends with the bits of a run in one go")
  func resumes() async throws {
    let (broken, whole) = (try Workplace(), try Workplace())
    // Two epochs of the second network.
    let interrupted = try await temperature.stopped(at: 6, arguments, in: broken)
    #expect(interrupted.exitCode == 130 && !interrupted.isCrash)
    #expect(interrupted.output.contains("This run was interrupted"))

    let resumed = try await temperature.run(arguments + ["--resume"], in: broken)
    try #require(resumed.exitCode == 0, "\(resumed.errors)")
    #expect(resumed.output.contains("dense: trained before, in 4 epochs."))
    #expect(resumed.output.contains("GRU with dropout: training goes on after epoch 2."))
    let straight = try await temperature.run(arguments, in: whole)
    try #require(straight.exitCode == 0, "\(straight.errors)")
    for file in [
      "history-dense.csv", "history-dropout.csv", "dense.safetensors", "dropout.safetensors",
      "forecast.svg", "comparison.svg", "trained-on.txt",
    ] {
      #expect(try broken.bytes(of: place + file) == whole.bytes(of: place + file), "\(file)")
    }
    let results = try [broken, whole].map { try $0.metrics(Self.name).results.map(\.here) }
    #expect(results[0] == results[1])
  }

  @Test("Finished networks are tested again, not trained; others join them")
  func joins() async throws {
    let workplace = try Workplace()
    let short = ["--quick", "--offline", "--epochs", "2"]
    let first = try await temperature.run(short + ["--only", "dense"], in: workplace)
    try #require(first.exitCode == 0, "\(first.errors)")
    let before = try workplace.bytes(of: place + "dense-training.safetensors")
    let second = try await temperature.run(
      short + ["--only", "gru", "--only", "dense", "--resume"], in: workplace)
    try #require(second.exitCode == 0, "\(second.errors)")
    #expect(second.output.contains("dense: trained before, in 2 epochs."))
    #expect(second.output.contains("GRU: there is nothing to go on from: training starts over."))
    #expect(try workplace.bytes(of: place + "dense-training.safetensors") == before)
    #expect(try workplace.metrics(Self.name).results.contains { $0.name == "dense: test MAE" })
    let more = try await temperature.run(
      ["--quick", "--offline", "--epochs", "3", "--only", "dense", "--resume"], in: workplace)
    #expect(more.output.contains("dense: training goes on after epoch 2."))
    // Without --resume what is asked for begins anew, and the others stay as they are.
    let gru = try workplace.bytes(of: place + "gru-training.safetensors")
    let anew = try await temperature.run(short + ["--only", "dense"], in: workplace)
    #expect(anew.exitCode == 0 && !anew.output.contains("trained before"))
    #expect(try workplace.bytes(of: place + "gru-training.safetensors") == gru)
  }

  @Test("What was trained with another seed, or on other data, is not gone on with")
  func otherCircumstances() async throws {
    let workplace = try Workplace()
    let short = ["--quick", "--offline", "--epochs", "1", "--only", "dense"]
    let first = try await temperature.run(short, in: workplace)
    try #require(first.exitCode == 0, "\(first.errors)")
    let before = try workplace.files()
    for change in [["--seed", "7"], ["--batch-size", "64"]] {
      let outcome = try await temperature.run(short + ["--resume"] + change, in: workplace)
      expectRefusal(outcome, naming: "trained-on.txt", "--resume", "seed 42")
    }
    try workplace.addData(ClimateTable.text(rows: 9_000), as: ClimateTable.file)
    let outcome = try await temperature.run(short + ["--resume"], in: workplace)
    expectRefusal(outcome, naming: "trained-on.txt", "stand-in")
    #expect(try workplace.files() == before)
  }

  @Test("A damaged state is refused by name")
  func damagedState() async throws {
    let workplace = try Workplace()
    for name in ["dense", "dense-training"] {
      try workplace.add("not what it should be", as: place + name + ".safetensors")
    }
    try workplace.add(
      "dense: Jena climate, stand-in, 200000 samples; seed 42; batches of 128; quick\n",
      as: place + "trained-on.txt")
    let outcome = try await temperature.run(
      ["--quick", "--offline", "--only", "dense", "--resume"], in: workplace)
    expectRefusal(outcome, naming: "dense-training.safetensors")
  }
}
