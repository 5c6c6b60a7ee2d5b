import DeepLearning
import Figures
import Images

/// The output of one channel for one picture, made visible as the book does.
struct ActivationMap {
  private let width: Int
  private let height: Int
  private let values: [Float]

  /// - Parameters:
  ///   - output: `[1, height, width, channels]`.
  ///   - channel: which of the channels.
  init(_ output: Tensor, channel: Int) {
    (height, width) = (output.shape[1], output.shape[2])
    let (count, channels) = (height * width, output.shape[3])
    values = output.withUnsafeBuffer { buffer in
      (0..<count).map { buffer[$0 * channels + channel] }
    }
  }

  /// Whether the channel is zero everywhere.
  var isSilent: Bool { values.allSatisfy { $0 == 0 } }

  /// For comparison with other channels: centred, divided by the standard deviation, times 64, plus 128.
  var evened: Picture {
    let mean = values.reduce(0, +) / Float(values.count)
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Float(values.count)
    // A channel without any contrast has nothing to divide by: all dark if it is silent.
    let scale = variance > 0 ? 64 / variance.squareRoot() : 0
    let base: Float = isSilent ? 0 : 128
    return picture { (($0 - mean) * scale + base) / 255 }
  }

  /// By itself: the least value dark, the greatest light.
  var stretched: Picture {
    let (least, greatest) = (values.min() ?? 0, values.max() ?? 0)
    let range = greatest - least
    return picture { range > 0 ? ($0 - least) / range : 0 }
  }

  private func picture(_ place: (Float) -> Float) -> Picture {
    Picture(
      pixels: ColorMap.viridis.pixels(values.map(place)), width: width, height: height, channels: 3)
  }
}

extension Image {
  /// The picture for a figure.
  func picture(caption: String? = nil) -> Picture {
    Picture(pixels: pixels, width: width, height: height, channels: 3, caption: caption)
  }
}
