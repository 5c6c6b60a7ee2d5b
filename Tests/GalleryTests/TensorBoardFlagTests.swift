import DeepLearning
import Foundation
import TensorBoard
import Testing

@testable import Gallery

/// `--tensorboard`: every training of a program has a folder of its own, and an earlier run's go.
@Suite struct TensorBoardFlagTests {
  private func run(_ arguments: [String], in folder: URL) throws -> ChapterRun {
    let options = try RunOptions.parse(arguments + ["--output", folder.path, "--no-progress"])
    return try ChapterRun("chapter0-example", section: "0", title: "example", options)
  }

  @Test("Each training has a folder of its own, and old ones go")
  func folders() throws {
    let output = FileManager.default.temporaryDirectory.appending(
      path: "board-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: output) }
    let boards = output.appending(path: "chapter0-example/tensorboard")
    try Data().write(atomicallyTo: boards.appending(path: "training-1/train/old"))
    let model = Sequential(input: [1]) { Dense(1) }
    model.compile(optimizer: SGD(), loss: .meanSquaredError)
    let x = Tensor.ones([2, 1])

    let silent = try run([], in: output)
    #expect(!silent.callbacks().contains { $0 is TensorBoard })
    #expect(FileManager.default.fileExists(atPath: boards.path + "/training-1/train/old"))

    let written = try run(["--tensorboard"], in: output)
    for _ in 1...2 {
      try model.fit(
        x, x, callbacks: written.callbacks().filter { $0 is TensorBoard })
    }
    let manager = FileManager.default
    #expect(
      try manager.contentsOfDirectory(atPath: boards.path).sorted() == ["training-1", "training-2"])
    for training in ["training-1", "training-2"] {
      let files = try manager.contentsOfDirectory(atPath: boards.path + "/\(training)/train")
      #expect(files.count == 1 && files[0].hasPrefix("events.out.tfevents."))
    }
  }
}
