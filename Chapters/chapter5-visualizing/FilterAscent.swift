import DeepLearning
import Foundation

/// Gradient ascent in a picture: what would a filter most like to see?
struct FilterAscent {
  /// How the ascent goes.
  struct Recipe: Sendable {
    /// Steps, each of one grey level times the gradient.
    var steps = 40
    /// The darkest grey of the noise it starts from; the lightest is 20 above. The book's 128 is far from
    /// what VGG16 was trained on, whose pictures had the mean colour taken off: -10 is in the middle of that.
    var start: Float = 128
    /// Whether the gradient of each picture is brought to the same strength in every step.
    var isNormalized = true
    /// By how many pixels the picture is shifted at random before each step, and back after it.
    var jitter = 0
    /// The standard deviation of a blur after each step, in pixels.
    var blur: Float = 0
  }

  /// What came out for one filter.
  struct Pattern {
    /// `side` x `side` x 3 bytes.
    let pixels: [UInt8]
    /// The mean activation that the last step started from.
    let activation: Float
  }

  /// The network as far as the layer.
  let model: Model
  /// The number of filters of the layer.
  let filterCount: Int
  /// Pixels along a side.
  let side: Int

  /// - Parameters:
  ///   - base: VGG16 without its classifier, for square pictures.
  ///   - layer: the name of the layer.
  init(_ base: Model, layer: String) {
    model = base.outputs(of: [layer])
    filterCount = model.outputShapes[0][2]
    side = base.inputShapes[0][0]
  }

  /// Finds patterns for several filters at once, each in a picture of its own.
  ///
  /// - Parameters:
  ///   - filters: which filters; many at once need much memory.
  ///   - recipe: how to go about it.
  ///   - seed: where chance starts; each filter has a chance of its own.
  ///   - shouldStop: asked after each step; what has come about so far counts.
  func patterns(
    of filters: [Int], _ recipe: Recipe, seed: UInt64, shouldStop: () -> Bool
  ) -> [Pattern] {
    var chances = filters.map { RandomGenerator(seed: seed &* 1000 &+ UInt64($0)) }
    let size = side * side * 3
    var pictures = Tensor(shape: [filters.count, side, side, 3]) { pixels in
      for index in pixels.indices {
        pixels[index] = recipe.start + 20 * chances[index / size].uniform()
      }
    }
    let places = model.outputShapes[0][0] * model.outputShapes[0][1]
    let choice = Tensor(shape: [filters.count, 1, 1, filterCount]) { buffer in
      buffer.update(repeating: 0)
      for (picture, filter) in filters.enumerated() {
        buffer[picture * filterCount + filter] = 1 / Float(places)
      }
    }
    var activations = [Float](repeating: 0, count: filters.count)
    for _ in 0..<recipe.steps {
      let shifts = chances.indices.map { index in
        recipe.jitter == 0
          ? (0, 0)
          : (
            chances[index].below(2 * recipe.jitter + 1) - recipe.jitter,
            chances[index].below(2 * recipe.jitter + 1) - recipe.jitter
          )
      }
      if recipe.jitter > 0 { pictures = rolled(pictures, by: shifts) }
      // Each picture has its own term of the sum, so that none feels the gradient of another.
      let (_, gradient) = valueAndGradient(at: pictures) { pictures in
        let output = model(pictures)
        activations = Self.means(of: filters, in: output)
        return (output * choice).sum()
      }
      gradient.withUnsafeBuffer { gradient in
        pictures.withUnsafeMutableBuffer { pixels in
          for picture in filters.indices {
            let range = picture * size..<(picture + 1) * size
            let squares = gradient[range].reduce(0) { $0 + $1 * $1 }
            let rate = recipe.isNormalized ? 1 / ((squares / Float(size)).squareRoot() + 1e-5) : 1
            for index in range { pixels[index] += rate * gradient[index] }
          }
        }
      }
      if recipe.jitter > 0 { pictures = rolled(pictures, by: shifts.map { (-$0.0, -$0.1) }) }
      if recipe.blur > 0 { pictures = Blur(recipe.blur).apply(to: pictures) }
      if shouldStop() { break }
    }
    let values = pictures.scalars
    return zip(filters.indices, activations).map { index, activation in
      Pattern(
        pixels: Self.visible(values[index * size..<(index + 1) * size]), activation: activation)
    }
  }

  /// The mean of one channel for each picture.
  private static func means(of filters: [Int], in output: Tensor) -> [Float] {
    let (places, channels) = (output.shape[1] * output.shape[2], output.shape[3])
    return output.withUnsafeBuffer { values in
      filters.enumerated().map { picture, filter in
        (0..<places).reduce(0) { $0 + values[(picture * places + $1) * channels + filter] }
          / Float(places)
      }
    }
  }

  /// Brought to mean 0.5 and standard deviation 0.1, as most of a picture then lies within 0 and 1.
  static func visible(_ values: ArraySlice<Float>) -> [UInt8] {
    let count = Float(values.count)
    let mean = values.reduce(0, +) / count
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
    let scale = 0.1 / (variance.squareRoot() + 1e-5)
    return values.map { UInt8(max(0, min(1, ($0 - mean) * scale + 0.5)) * 255) }
  }

  /// Each picture shifted down and right; what leaves at one side comes in at the other.
  private func rolled(_ pictures: Tensor, by shifts: [(Int, Int)]) -> Tensor {
    let size = side * side * 3
    return Tensor(shape: pictures.shape) { target in
      pictures.withUnsafeBuffer { source in
        for (picture, shift) in shifts.enumerated() {
          for row in 0..<side {
            for column in 0..<side {
              let to = ((row + shift.0 + side) % side * side + (column + shift.1 + side) % side) * 3
              for color in 0..<3 {
                target[picture * size + to + color] =
                  source[picture * size + (row * side + column) * 3 + color]
              }
            }
          }
        }
      }
    }
  }
}
