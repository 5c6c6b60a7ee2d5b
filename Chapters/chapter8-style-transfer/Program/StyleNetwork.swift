import DataFiles
import DeepLearning
import Gallery
import PretrainedModels

/// The network whose features tell content from style, and what is known about its weights.
struct StyleNetwork {
  private let base: Model
  let origin: WeightsOrigin

  /// VGG19, as in the book, where its weights can be had, else VGG16, which has layers of the same names.
  ///
  /// - Parameters:
  ///   - height: of the pictures.
  ///   - width: of the pictures.
  /// - Throws: `DataError` if weights are there but cannot be used.
  init(height: Int, width: Int, _ options: RunOptions) throws {
    let size: Shape = [height, width, 3]
    (base, origin) =
      try Self.trainedVGG19(size, options)
      ?? VGG16.load(
        input: size, from: options.location, offline: options.offline, seed: options.seed)
  }

  /// Nil where its weights cannot be had.
  private static func trainedVGG19(
    _ size: Shape, _ options: RunOptions
  ) throws -> (model: Model, origin: WeightsOrigin)? {
    // Else random weights would be drawn for nothing.
    guard try !options.offline || VGG19.isHere(in: options.location) else { return nil }
    let large = try VGG19.load(
      input: size, from: options.location, offline: options.offline, seed: options.seed,
      report: { line in
        // Random weights are not the last word.
        if !line.contains("(stand-in)") { standardErrorLine(line) }
      })
    return large.origin.kind == .standIn ? nil : large
  }

  /// What figures say about the weights; nil for the book's.
  var footnote: String? {
    if isBooks { return nil }
    return origin.kind != .standIn
      ? "Seen by \(origin.name)."
      : "Seen by \(origin.name) with random weights: it has learned nothing."
  }

  /// Whether it is the book's network with the book's weights.
  var isBooks: Bool { origin.name == "VGG19" && origin.kind == .official }

  /// The features of an image: of the content layer, then of the layers of the style.
  ///
  /// - Returns: a function of an image as the network takes it; `[1, height, width, channels]` each.
  func features(content: String = StyleTransfer.contentLayer) -> (Tensor) -> [Tensor] {
    let model = base.outputs(of: [content] + StyleTransfer.styleLayers)
    return { model.outputs(for: $0) }
  }

  /// An image of noise as the network takes it.
  static func noise(_ shape: Shape, seed: UInt64) -> Tensor {
    var random = RandomGenerator(seed: seed)
    return .uniform(shape, in: -100..<100, using: &random)
  }
}
