import DeepLearning
import Figures

/// What one channel of a layer makes of one image, as a picture.
struct ChannelPicture {
  private let width: Int
  private let height: Int
  private let values: [Float]

  /// - Parameter activation: the layer's output for one image, `[1, height, width, channels]`.
  init(_ activation: Tensor, channel: Int) {
    (height, width) = (activation.shape[1], activation.shape[2])
    values = activation[.index(0), .all, .all, .index(channel)].scalars
  }

  /// Whether the channel is zero everywhere.
  var isSilent: Bool { values.allSatisfy { $0 == 0 } }

  /// Comparable with other channels, as in the book: centred, divided by the standard deviation, times 64, plus 128.
  var standardized: Picture {
    let (mean, deviation) = meanAndDeviation(of: values)
    // A channel without any contrast has nothing to divide by: all dark if it is silent.
    let scale = deviation > 0 ? 64 / deviation : 0
    let base: Float = isSilent ? 0 : 128
    return picture { (($0 - mean) * scale + base) / 255 }
  }

  /// By itself: the least value dark, the greatest light.
  var stretched: Picture {
    let (least, greatest) = (values.min() ?? 0, values.max() ?? 0)
    let range = greatest - least
    return picture { range > 0 ? ($0 - least) / range : 0 }
  }

  private func picture(_ brightness: (Float) -> Float) -> Picture {
    Picture(
      pixels: ColorMap.viridis.pixels(values.map(brightness)), width: width, height: height,
      channels: 3)
  }
}
