import Foundation
import Testing

@Suite("chapter5-pretrained and what it refuses")
struct PretrainedRefusalTests {
  private static let name = "chapter5-pretrained"
  private static let weights = "vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5"
  private let program = Program(name: name)

  @Test("Weight files that are none, or another network's, are named and refused")
  func badWeights() async throws {
    let otherNetwork = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appending(path: "../../PretrainedModelsTests/Fixtures/vgg19-like.h5")
    for (bytes, word) in [
      (Array("not a weight file".utf8), "HDF5"),
      ([UInt8](try Data(contentsOf: otherNetwork)), "another network"),
    ] {
      try await BadFiles(word, Self.weights, bytes, word: word)
        .expectRefusal(by: Self.name, ["--run", "frozen"])
    }
  }

  @Test("So are weights to start from, before anything is trained")
  func badStart() async throws {
    let header = #"{"dense/kernel":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#
    let other = Archives.little(header.utf8.count, 8) + Array(header.utf8) + [0, 0, 0, 0]
    for (bytes, word) in [(Array("no".utf8), "weights"), (other, "block1_conv1")] {
      let workplace = try Workplace()
      try workplace.addData(bytes, as: "start.safetensors")
      let path = workplace.data.appending(path: "start.safetensors").path
      let outcome = try await program.run(
        ["--quick", "--offline", "--run", "all", "--start", path], in: workplace)
      expectRefusal(outcome, naming: path, word)
      #expect(try workplace.files().isEmpty)
    }
  }

  @Test("Data that is not where it should be is missed by name")
  func missingData() async throws {
    let workplace = try Workplace()
    let nowhere = try await program.run(["--data", "nowhere", "--offline"], in: workplace)
    expectRefusal(nowhere, naming: "nowhere", "--data")
    // Cats without dogs.
    try workplace.addData([1], as: "cats_and_dogs_small/train/cats/cat.0.jpg")
    let half = try await program.run(["--quick", "--offline"], in: workplace)
    expectRefusal(half, naming: "dogs")
    #expect(try workplace.files().isEmpty)
  }

  @Test("Help and wrong flags")
  func flags() async throws {
    let workplace = try Workplace()
    let help = try await program.run(["--help"], in: workplace)
    #expect(help.exitCode == 0 && help.output.contains(sharedFlagsHelp))
    #expect(help.output.contains("USAGE: \(Self.name) [experiments] [options]\n"))
    for flag in ["--run <name>", "--start <file>", "--preprocessing <how>", "--resume"] {
      #expect(help.output.contains("\n  \(flag) "), "\(flag)")
    }
    let more = try await program.run(["experiments", "--help"], in: workplace)
    #expect(more.exitCode == 0 && more.output.contains("\n  --deep "))
    #expect((help.output + more.output).split(separator: "\n").allSatisfy { $0.count <= 80 })
    for (arguments, word) in [
      (["--run", "c"], "--run"), (["--preprocessing", "none"], "--preprocessing"),
      (["--resumes"], "--resume"), (["experiments", "--seeds", "1"], "--seeds"),
    ] {
      expectRefusal(try await program.run(arguments, in: workplace), exitCode: 64, naming: word)
    }
    #expect(try workplace.files().isEmpty)
  }
}
