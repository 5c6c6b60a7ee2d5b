import DeepLearning
import Figures
import Gallery

extension Tensor {
  /// The same pixels in another order, for features `[1, height, width, channels]`.
  ///
  /// - Parameter order: which pixel comes first, second and so on, counted row by row.
  func withPixels(in order: [Int]) -> Tensor {
    let channels = shape[3]
    let own = scalars
    return Tensor(order.flatMap { own[$0 * channels..<($0 + 1) * channels] }, shape: shape)
  }

  /// The largest of all absolute values.
  var largestMagnitude: Float { scalars.reduce(0) { Swift.max($0, $1.magnitude) } }
}

extension Demonstrations {
  /// The features of the style picture, as they are and with all pixels in another order, with their Gram matrices.
  func showGram() {
    let features = self.features(style)[3]
    let pixels = features.shape[1] * features.shape[2]
    let gram = features.gramMatrix()
    var (gramChange, contentChange): (Float, Float) = (0, 0)
    var shuffled = features
    for seed in 0..<5 {
      var random = RandomGenerator(seed: run.options.seed &+ UInt64(seed))
      shuffled = features.withPixels(in: random.permutation(pixels))
      let change = (shuffled.gramMatrix() - gram).largestMagnitude / gram.largestMagnitude
      gramChange = max(gramChange, change)
      contentChange +=
        StyleTransfer.contentLoss(shuffled, features).item / features.squared().sum().item / 5
    }
    run.result(
      "pixels in another order: largest change of a Gram matrix", here: gramChange, better: .lower)
    run.result(
      "pixels in another order: content loss / sum of squares", here: contentChange, better: .lower)

    let strongest = Self.strongestChannels(of: features, count: min(48, features.shape[3]))
    let shown = [(features, "as they are"), (shuffled, "in another order")]
    let correlation = Self.correlation(of: features, strongest)
    let cosines = Self.cosines(of: features, strongest)
    let both = zip(correlation.joined(), cosines.joined()).enumerated()
      .filter { $0.offset / strongest.count < $0.offset % strongest.count }.map(\.element)
    run.result(
      "Gram matrix and correlations of \(strongest.count) channels: how well they agree (r)",
      here: Self.correlation(both.map { Double($0.0) }, both.map { Double($0.1) }), better: .higher)
    run.add(
      PictureGrid(
        title: "Channels of \(StyleTransfer.styleLayers[2]), pixels as they are and shuffled",
        columns: 5,
        footnote: """
          Of each order: two channels; \(strongest.count) channels (rows) of as many pixels (columns) \
          one after the other; the Gram matrix of these channels, each taken by its strength; \
          their correlations, black for -1 and white for 1. \(network.footnote ?? "")
          """,
        pictures: shown.flatMap { features, name -> [Picture] in
          [
            Self.channel(strongest[0], of: features, name),
            Self.channel(strongest[1], of: features, name),
            Self.rows(strongest, of: features),
            Self.matrix(Self.cosines(of: features, strongest), "Gram matrix"),
            Self.matrix(
              Self.correlation(of: features, strongest).map { $0.map { ($0 + 1) / 2 } },
              "correlations"),
          ]
        }), as: "gram")
  }

  /// The channels with the largest sums of squares.
  private static func strongestChannels(of features: Tensor, count: Int) -> [Int] {
    let channels = features.shape[3]
    let squares = features.reshaped([features.elementCount / channels, channels]).squared()
      .sum(axis: 0).scalars
    return Array((0..<channels).sorted { squares[$0] > squares[$1] }.prefix(count))
  }

  /// The values of a channel, pixel by pixel.
  private static func values(of channel: Int, in features: Tensor) -> [Float] {
    features[.all, .all, .all, .index(channel)].scalars
  }

  private static func channel(_ channel: Int, of features: Tensor, _ caption: String) -> Picture {
    let values = Self.values(of: channel, in: features)
    let largest = max(values.max() ?? 0, 1e-6)
    return Picture(
      pixels: values.map { $0 / largest }, width: features.shape[2], height: features.shape[1],
      caption: caption)
  }

  /// The first pixels of channels, each in a row.
  private static func rows(_ channels: [Int], of features: Tensor) -> Picture {
    let width = min(channels.count, features.shape[1] * features.shape[2])
    let rows = channels.flatMap { channel -> [Float] in
      let values = Self.values(of: channel, in: features)
      let largest = max(values.max() ?? 0, 1e-6)
      return values.prefix(width).map { $0 / largest }
    }
    return Picture(pixels: rows, width: width, height: channels.count, caption: "flattened")
  }

  private static func matrix(_ values: [[Float]], _ caption: String) -> Picture {
    Picture(
      pixels: values.flatMap { $0 }, width: values.count, height: values.count, caption: caption)
  }

  /// The Gram matrix of some channels, divided by the strengths of both channels.
  private static func cosines(of features: Tensor, _ channels: [Int]) -> [[Float]] {
    let gram = features.gramMatrix().scalars
    let count = features.shape[3]
    return channels.map { a in
      channels.map { b in
        let strengths = (gram[a * count + a] * gram[b * count + b]).squareRoot()
        return strengths > 0 ? gram[a * count + b] / strengths : 0
      }
    }
  }

  /// The coefficients of correlation of some channels, over all pixels.
  private static func correlation(of features: Tensor, _ channels: [Int]) -> [[Float]] {
    let values = channels.map { Self.values(of: $0, in: features).map(Double.init) }
    return values.map { a in values.map { Float(correlation(a, $0)) } }
  }

  private static func correlation(_ a: [Double], _ b: [Double]) -> Double {
    let (meanA, meanB) = (Statistics.mean(a), Statistics.mean(b))
    var (ab, aa, bb) = (0.0, 0.0, 0.0)
    for (x, y) in zip(a, b) {
      ab += (x - meanA) * (y - meanB)
      aa += (x - meanA) * (x - meanA)
      bb += (y - meanB) * (y - meanB)
    }
    return aa * bb > 0 ? ab / (aa * bb).squareRoot() : 0
  }
}
