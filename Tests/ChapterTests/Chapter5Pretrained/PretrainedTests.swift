import Foundation
import Testing

@Suite("chapter5-pretrained")
struct PretrainedTests {
  private static let name = "chapter5-pretrained"
  private static let place = "output/\(name)/"
  private let program = Program(name: name)

  @Test("The quick run writes its files, figures and record")
  func quick() async throws {
    let run = try await QuickRun.of(Self.name)
    let figures = [
      ("features-accuracy", "5.15"), ("features-loss", "5.16"), ("frozen-accuracy", nil),
      ("frozen-loss", nil),
    ]
    // Nothing unfinished is left.
    try run.expectFiles(
      figures: figures.map(\.0),
      ["history-features.csv", "history-frozen.csv", "cats_and_dogs_small_3.safetensors"])
    try run.expectRecord(
      section: "5.3", data: "cats and dogs", origin: "stand-in", samples: (4, 2))
    try run.expectFigures(figures, isStandIn: true)
    let names = ["best validation accuracy", "last validation accuracy", "lowest validation loss"]
    try run.expectResults(
      [("features: test accuracy", nil)]
        + zip(names, [0.903, 0.903, 0.2372]).map { ("features: \($0)", $1) }
        + [("frozen: test accuracy", nil)] + names.map { ("frozen: \($0)", nil) })
    #expect(run.outcome.output.contains("total parameters 2,097,665"))
    let weights = Self.place + "cats_and_dogs_small_3.safetensors"
    #expect(try run.workplace.weightCount(weights) == 16_812_353)
  }

  @Test("Random weights are announced wherever numbers are")
  func announcement() async throws {
    let run = try await QuickRun.of(Self.name)
    #expect(run.outcome.output.contains("VGG16 weights (stand-in): Random numbers"))
    for row in comparisonRows(in: run.outcome.output) where row[1] != "–" {
      #expect(row[3].hasSuffix("VGG16 with random weights"))
    }
    for figure in try run.metrics.figures {
      let svg = String(
        decoding: try run.bytes(of: figure.file.replacing(".png", with: ".svg")), as: UTF8.self)
      #expect(svg.contains("random weights"), "\(figure.file)")
    }
  }

  @Test("Figures and numbers are those of the epochs; the frozen base stays as it was")
  func numbers() async throws {
    let run = try await QuickRun.of(Self.name)
    for (name, epochs) in [("features", 4), ("frozen", 2)] {
      let history = try run.history("history-\(name).csv")
      #expect(history.columns == ["epoch", "loss", "acc", "val_loss", "val_acc"])
      #expect(history.rows.count == epochs)
      #expect(try run.metrics.here("\(name): best validation accuracy") == history["val_acc"].max())
      #expect(try run.metrics.here("\(name): lowest validation loss") == history["val_loss"].min())
    }
    #expect(run.outcome.output.contains("before freezing: 30\nwith VGG16 frozen: 4\n2 epochs of"))
  }

  @Test("Fine-tuning starts from the frozen run's weights; only block 5 and the classifier change")
  func fineTuning() async throws {
    let workplace = try Workplace()
    let arguments = ["--quick", "--offline", "--no-progress", "--epochs", "1"]
    let missing = try await program.run(arguments + ["--run", "finetune"], in: workplace)
    expectRefusal(missing, naming: "cats_and_dogs_small_3.safetensors", "--start")

    for name in ["frozen", "finetune", "trainable"] {
      let outcome = try await program.run(
        arguments + ["--run", name], in: workplace)
      try #require(outcome.exitCode == 0, "\(outcome.errors)")
      let count = ["finetune": "block 5 set free again: 10", "trainable": "Keras 2.0.8: 30"][name]
      #expect(outcome.output.contains((count ?? "with VGG16 frozen: 4") + "\n"))
    }
    func tensors(_ file: String) throws -> [String: Data] {
      try SafeTensors(workplace.bytes(of: Self.place + file + ".safetensors")).tensors
    }
    let (frozen, tuned, trained) = (
      try tensors("cats_and_dogs_small_3"), try tensors("cats_and_dogs_small_4"),
      try tensors("cats_and_dogs_small_3_trainable")
    )
    #expect(frozen.count == 30 && Set(frozen.keys) == Set(tuned.keys))
    for (name, value) in frozen {
      let learns = name.hasPrefix("block5") || name.hasPrefix("dense")
      #expect((tuned[name] != value) == learns, "\(name)")
      // RMSprop's first step has the same length everywhere: biases may come to the same.
      if name.hasPrefix("block") { #expect(trained[name] != value, "\(name)") }
    }
  }

  @Test("After Ctrl-C --resume goes on, and ends with the bits of a run in one go")
  func resumes() async throws {
    let arguments = ["--quick", "--offline", "--run", "frozen", "--epochs", "2"]
    let (broken, whole) = (try Workplace(), try Workplace())
    let interrupted = try await program.stopped(at: 1, arguments, in: broken)
    #expect(interrupted.exitCode == 130 && !interrupted.isCrash)
    #expect(try broken.metrics(Self.name).interruptedAfterEpoch != nil)
    #expect(try broken.bytes(of: Self.place + "frozen-loss.png").count > 1000)
    #expect(try broken.files().keys.count { $0.contains("unfinished") } == 2)

    let resumed = try await program.run(arguments + ["--resume"], in: broken)
    try #require(resumed.exitCode == 0, "\(resumed.errors)")
    #expect(resumed.output.contains("Run frozen: training goes on after epoch 1."))
    let straight = try await program.run(arguments, in: whole)
    try #require(straight.exitCode == 0, "\(straight.errors)")
    for file in ["history-frozen.csv", "cats_and_dogs_small_3.safetensors"] {
      let path = Self.place + file
      #expect(try broken.bytes(of: path) == whole.bytes(of: path), "\(file)")
    }
    #expect(try broken.files().keys.allSatisfy { !$0.contains("unfinished") })
  }

  @Test("Experiments compare what VGG16 sees, and learning rates")
  func experiments() async throws {
    let workplace = try Workplace()
    let outcome = try await program.run(
      ["experiments", "--quick", "--offline", "--no-progress", "--epochs", "1"], in: workplace)
    try #require(outcome.exitCode == 0, "\(outcome.errors)")
    let rows = experimentRows(in: outcome.output)
    #expect(rows.count == 6 && rows.allSatisfy { $0[1] == "2" })
    for row in rows {
      let accuracy = try #require(Double(row[2]))
      #expect(accuracy >= 0 && accuracy <= 1, "\(row)")
    }
  }
}

/// The tensors of a safetensors file, by name, as bytes.
private struct SafeTensors {
  var tensors: [String: Data] = [:]

  private struct Entry: Decodable {
    let data_offsets: [Int]
  }

  init(_ file: Data) throws {
    let length = file.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    try #require(length < file.count - 8)
    let header = try JSONDecoder().decode(
      [String: Entry].self, from: file.subdata(in: 8..<8 + length))
    for (name, entry) in header {
      try #require(entry.data_offsets.count == 2)
      let range = 8 + length + entry.data_offsets[0]..<8 + length + entry.data_offsets[1]
      try #require(range.upperBound <= file.count)
      tensors[name] = file.subdata(in: range)
    }
  }
}
