import Foundation
import Testing

/// The rooms of the engine depend one way.
@Suite struct RoomTests {
  /// From the ground up: each room uses only those before it.
  static let order = [
    "Runtime",  // threads, memory, failure, random numbers, files
    "Tensor",  // numbers with a shape, and what is known about them
    "Samples",  // what models are fed with
    "Kernels",  // fast loops: nothing here is needed to understand the rest
    "Autograd",  // operations with their gradients, and weights
    "Layers",
    "Optimization",  // losses, metrics, optimizers
    "Models",  // graphs of layers, their weights in files
    "Training",  // fit, callbacks, checkpoints
  ]
  /// Upward edges that are allowed, each with its reason.
  static let exceptions: [String: String] = [:]

  @Test("No room uses one above it")
  func rooms() throws {
    let map = try RoomMap.engine(order: Self.order)
    #expect(map.rooms == Set(Self.order), "Each folder has its place in the order.")
    let edges = Set(map.upwardEdges)
    let wrong = edges.subtracting(Self.exceptions.keys).sorted()
    #expect(wrong.isEmpty, "\(wrong.joined(separator: ", "))")
    #expect(
      edges.isSuperset(of: Self.exceptions.keys), "Exceptions that are not needed any more leave.")
  }

  @Test("Tests stand in folders named after the rooms")
  func folders() throws {
    let tests = URL(filePath: #filePath).deletingLastPathComponent()
    let folders = try FileManager.default.contentsOfDirectory(atPath: tests.path)
      .filter { !$0.hasSuffix(".swift") }
    #expect(Set(folders).subtracting(["Golden", "Support"]) == Set(Self.order))
  }

  @Test("An upward edge is found")
  func upwardEdge() {
    let map = RoomMap(
      order: ["Tensor", "Layers"],
      files: [
        (
          "Layers/Dense.swift", "public final class Dense {\n  let value: Tensor\n}\nfunc made() {}"
        ),
        (
          "Tensor/Tensor.swift",
          """
          // Dense in a comment, "Dense" in a text and MyDense are no uses.
          public struct Tensor {
            let text = "Dense \\(made())", other = MyDense()
          }
          """
        ),
        ("Tensor/Shape.swift", "struct Shape {\n  var layer: Dense?\n}"),
      ])
    #expect(
      map.upwardEdges == [
        "Tensor/Tensor.swift uses made of Layers", "Tensor/Shape.swift uses Dense of Layers",
      ])
  }
}
