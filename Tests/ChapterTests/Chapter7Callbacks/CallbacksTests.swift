import DataFiles
import Datasets
import Foundation
import Testing

@Suite("chapter7-callbacks")
struct CallbacksTests {
  private static let name = "chapter7-callbacks"
  private let program = Program(name: name)
  private static let layers = [
    "embed", "conv1d_1", "max_pooling1d_1", "conv1d_2", "global_max_pooling1d_1", "dense_1",
  ]
  private static let figures: [(name: String, book: String?)] = [
    ("network", "7.14"), ("network-shapes", "7.15"), ("stopping", nil), ("plateau", nil),
    ("loss", "7.10"), ("accuracy", "7.10"),
    ("activations-conv1d_1", "7.11"), ("activations-conv1d_2", "7.11"),
    ("activations-dense_1", "7.11"), ("embedding-pca", "7.12"), ("embedding-tsne", "7.12"),
  ]

  @Test("The quick run writes its record, figures and tables")
  func quick() async throws {
    let run = try await QuickRun.of(Self.name)
    try run.expectRecord(section: "7.2", data: "IMDB", origin: "stand-in", samples: (1000, 1000))
    try run.expectFigures(Self.figures, isStandIn: true)
    try run.expectResults(
      [
        "early stopping: epochs", "early stopping: test accuracy, last weights",
        "early stopping: test accuracy, best weights", "plateau: reductions of the learning rate",
        "plateau: lowest validation loss", "plateau: last validation loss",
        "conv1d_1: share of zeros after the first epoch",
        "conv1d_1: share of zeros after the last epoch",
        "conv1d_2: share of zeros after the first epoch",
        "conv1d_2: share of zeros after the last epoch", "TensorBoard: best validation accuracy",
        "TensorBoard: lowest validation loss",
        "PCA: share of the 10 nearest words that stay so on the map",
        "t-SNE: share of the 10 nearest words that stay so on the map",
      ].map { ($0, nil) })
    #expect(run.outcome.output.contains("total parameters 291,937"))
    for file in ["weights", "my_model"] {
      #expect(
        try run.workplace.weightCount("output/\(Self.name)/\(file).safetensors") == 291_937)
    }
    // What CSVLogger writes is the history.
    #expect(try run.bytes(of: "log.csv") == run.bytes(of: "history-stopping.csv"))
    #expect(try run.history("history-plateau.csv").columns.last == "lr")
    #expect(try run.metrics.here("TensorBoard: best validation accuracy") > 0.6)
  }

  @Test("Every layer's output for one review is in the archive of each epoch")
  func activations() async throws {
    let run = try await QuickRun.of(Self.name)
    let epochs = Int(try run.metrics.here("early stopping: epochs"))
    let folder = run.workplace.folder.appending(path: "output/\(Self.name)")
    for epoch in 1...epochs {
      let archive = try NumPyArchive(
        path: folder.appending(path: "activations_at_epoch_\(epoch).npz").path)
      #expect(archive.names == Self.layers)
      let shapes = try Self.layers.map { try archive.array($0).shape }
      #expect(
        shapes == [[1, 100, 128], [1, 94, 32], [1, 18, 32], [1, 12, 32], [1, 32], [1, 1]])
      guard case .float(let answer) = try archive.array("dense_1").elements else {
        Issue.record("Activations should be floats.")
        return
      }
      #expect((0...1).contains(answer[0]))
    }
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(files.count { $0.hasSuffix(".npz") } == epochs)
  }

  @Test("TensorBoard's folder has events of both runs, and vectors with their words")
  func board() async throws {
    let run = try await QuickRun.of(Self.name)
    let logs = "output/\(Self.name)/my_log_dir"
    let files = try run.workplace.files().filter { $0.key.hasPrefix(logs) }
    for part in ["train", "validation"] {
      #expect(files.keys.count { $0.hasPrefix("\(logs)/\(part)/events.out.tfevents.") } == 1)
    }
    func lines(_ name: String) throws -> [Substring] {
      try run.workplace.text(of: "\(logs)/\(name)").split(separator: "\n")
    }
    let words = try lines("embed-words.tsv")
    let vectors = try lines("embed.tsv")
    #expect(words.count == 2_000 && vectors.count == 2_000)
    #expect(words.prefix(3) == ["<padding>", "<start>", "<unknown>"])
    #expect(vectors.allSatisfy { $0.split(separator: "\t").count == 128 })
  }

  @Test("As printed, the network ends in no sigmoid and its training accuracy is watched")
  func asPrinted() async throws {
    let run = try await QuickRun(Self.name, ["--as-printed", "--epochs", "2", "--no-progress"])
    let archive = try NumPyArchive(
      path: run.workplace.folder.appending(
        path: "output/\(Self.name)/activations_at_epoch_2.npz"
      ).path)
    #expect(archive.names == Self.layers)
    let repaired = try await QuickRun.of(Self.name, ["--epochs", "2", "--no-progress"])
    #expect(
      try run.history("history-stopping.csv").rows != repaired.history("history-stopping.csv").rows)
  }

  @Test("The same seed gives the same numbers, with and without --tensorboard")
  func repeats() async throws {
    let arguments = ["--epochs", "2", "--no-progress"]
    let first = try await QuickRun.of(Self.name, arguments)
    let second = try await QuickRun(Self.name, arguments + ["--tensorboard"])
    func isComparable(_ file: String) -> Bool { !file.contains("tfevents") }
    #expect(
      try first.repeatable().filter { isComparable($0.key) }
        == second.repeatable().filter { isComparable($0.key) })
    let files = try second.workplace.files().keys.filter { $0.contains("/tensorboard/training-") }
    #expect(files.count == 6 && files.allSatisfy { $0.contains("events.out.tfevents.") })
  }

  @Test("Ctrl-C keeps what there is")
  func interruption() async throws {
    let workplace = try Workplace()
    let outcome = try await program.interruptedInTraining(in: workplace)
    #expect(outcome.exitCode == 130 && !outcome.isCrash, "\(outcome.errors)")
    let metrics = try workplace.metrics(Self.name)
    #expect(try #require(metrics.interruptedAfterEpoch) >= 1)
    #expect(metrics.figures.map(\.file) == ["network.png", "network-shapes.png", "stopping.png"])
  }

  @Test("Both questions have tables, and are answered alike again")
  func experiments() async throws {
    let arguments = ["experiments", "--quick", "--offline", "--seeds", "2", "--no-progress"]
    let workplace = try Workplace()
    let outcome = try await program.run(arguments, in: workplace)
    try #require(outcome.exitCode == 0, "\(outcome.errors)")
    let rows = experimentRows(in: outcome.output)
    // Patience 1 beside 0, 2 and 1 to 3 epochs; three learning rates.
    #expect(rows.count == 6 + 3)
    #expect(rows.count { $0.last == "compared with" } == 2)
    let one = try await program.run(
      arguments + ["--only", "rate"], in: try Workplace())
    #expect(experimentRows(in: one.output) == Array(rows.suffix(3)))
  }
}
