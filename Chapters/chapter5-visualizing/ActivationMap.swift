import DeepLearning
import Figures
import Images

/// The output of one channel for one picture, made visible as the book does.
struct ActivationMap {
  /// Whether the channel is zero everywhere.
  let isSilent: Bool
  /// Centred, divided by the standard deviation, times 64, plus 128, within 0 to 255, in viridis.
  let picture: Picture

  /// - Parameters:
  ///   - output: `[1, height, width, channels]`.
  ///   - channel: which of the channels.
  init(_ output: Tensor, channel: Int) {
    let (height, width, channels) = (output.shape[1], output.shape[2], output.shape[3])
    let values = output.withUnsafeBuffer { buffer in
      (0..<height * width).map { buffer[$0 * channels + channel] }
    }
    isSilent = values.allSatisfy { $0 == 0 }
    let mean = values.reduce(0, +) / Float(values.count)
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Float(values.count)
    // A channel without any contrast has nothing to divide by: all dark if it is silent.
    let scale = variance > 0 ? 64 / variance.squareRoot() : 0
    let base: Float = isSilent ? 0 : 128
    picture = Picture(
      pixels: ColorMap.viridis.pixels(values.map { (($0 - mean) * scale + base) / 255 }),
      width: width, height: height, channels: 3)
  }
}

extension Image {
  /// The picture for a figure.
  func picture(caption: String? = nil) -> Picture {
    Picture(pixels: pixels, width: width, height: height, channels: 3, caption: caption)
  }
}
