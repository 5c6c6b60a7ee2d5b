import Datasets
import DeepLearning
import Gallery
import PretrainedModels

/// The network whose features tell content from style, and what is known about its weights.
struct StyleNetwork {
  /// The layers whose Gram matrices make the style, as in the book.
  static let styleLayers = (1...5).map { "block\($0)_conv1" }
  /// The layer whose features make the content, as in the book.
  static let contentLayer = "block5_conv2"

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
    let large = try VGG19.load(
      input: size, from: options.location, offline: options.offline, seed: options.seed,
      report: { line in
        // Random weights are not the last word.
        if !line.contains("(stand-in)") { standardErrorLine(line) }
      })
    (base, origin) =
      large.origin.kind == .official
      ? large
      : try VGG16.load(
        input: size, from: options.location, offline: options.offline, seed: options.seed)
  }

  /// What figures say about the weights; nil for the book's.
  var footnote: String? {
    switch origin.kind {
    case .official: isBooks ? nil : "Seen by \(origin.name)."
    case .mirror: "Seen by \(origin.name) of the mirror."
    case .standIn: "Seen by \(origin.name) with random weights: it has learned nothing."
    }
  }

  /// Whether it is the book's network with the book's weights.
  var isBooks: Bool { origin.name == "VGG19" && origin.kind == .official }

  /// What counts how much: the book's numbers for the book's network and its sibling.
  ///
  /// The mirror's VGG16 was trained further on edges and answers far more softly: with the book's numbers smoothness
  /// would count most. These were found by looking.
  var weights: StyleLoss.Weights {
    origin.kind == .mirror
      ? StyleLoss.Weights(content: 0.1, style: 10) : StyleLoss.Weights()
  }

  /// What layers make of a picture, `[1, height, width, channels]` each.
  ///
  /// - Returns: a function of a picture as the network takes it.
  func features(_ layers: [String]) -> (Tensor) -> [Tensor] {
    let taps = base.outputs(of: layers)
    let context = ForwardContext(training: false, random: RandomGenerator(seed: 0))
    return { taps.outputs(for: [$0.samples], context) }
  }
}
