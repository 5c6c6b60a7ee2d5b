import DeepLearning
import Foundation

/// A Gaussian blur, one direction after the other.
struct Blur {
  private let weights: [Float]

  /// - Parameter deviation: the standard deviation, in pixels.
  init(_ deviation: Float) {
    let reach = max(1, Int((3 * deviation).rounded(.up)))
    let bell = (-reach...reach).map { exp(-Float($0 * $0) / (2 * deviation * deviation)) }
    let sum = bell.reduce(0, +)
    weights = bell.map { $0 / sum }
  }

  /// Pictures `[count, height, width, 3]`; beyond the edge the nearest pixel counts.
  func apply(to pictures: Tensor) -> Tensor {
    let (height, width) = (pictures.shape[1], pictures.shape[2])
    let across = blurred(pictures, length: width, step: 3)
    return blurred(across, length: height, step: 3 * width)
  }

  /// - Parameters:
  ///   - length: the number of pixels in the direction.
  ///   - step: how far two neighbours in this direction are apart in memory.
  private func blurred(_ pictures: Tensor, length: Int, step: Int) -> Tensor {
    let reach = weights.count / 2
    let source = pictures.scalars
    let blurred = source.indices.map { index in
      let place = index / step % length
      return (-reach...reach).reduce(Float(0)) { sum, offset in
        let neighbour = min(max(place + offset, 0), length - 1)
        return sum + weights[offset + reach] * source[index + (neighbour - place) * step]
      }
    }
    return Tensor(blurred, shape: pictures.shape)
  }
}
