import Foundation

/// How a dream is made. The defaults are the book's.
struct DreamRecipe: Sendable {
  /// A layer, and how much its excitement counts.
  struct Contribution: Sendable, Equatable {
    var layer: String
    var weight: Float
  }

  /// What is made of the activations of a layer.
  enum Measure: Sendable {
    /// The sum of squares, divided by the number of activations.
    case squares
    /// The sum of squares, not divided: the larger a layer, the more it counts.
    case undividedSquares
    /// The mean.
    case mean
  }

  /// The layers to excite.
  var contributions: [Contribution]
  /// How many sizes the picture is worked on in, from small to large.
  var octaves = 3
  /// How much larger each is than the one before.
  var octaveScale = 1.4
  /// Steps in each size.
  var steps = 20
  /// The mean change of a colour in one step; colours run from -1 to 1.
  var stepSize: Float = 0.01
  /// Where a size is left early, before the picture becomes a mess.
  var maxLoss: Float = 10
  /// Pictures with a longer side are worked on piece by piece, in pieces of so many pixels along a side.
  var tile = 512
  /// By how many pixels the picture is shifted at random before each step, and back after it.
  var jitter = 0
  /// Whether what a smaller size has lost of the original is put back after each size.
  var reinjectsDetail = true
  /// How many activations along each border do not count: there the network sees its own padding.
  var margin = 2
  var measure = Measure.squares

  /// The sizes, from small to large; the last is that of the picture.
  ///
  /// Sizes in which the networks could not see anything are left out.
  func sizes(height: Int, width: Int) -> [(height: Int, width: Int)] {
    let smaller = (1..<max(octaves, 1)).reversed().map { octave in
      let factor = pow(octaveScale, Double(octave))
      return (height: Int(Double(height) / factor), width: Int(Double(width) / factor))
    }
    return smaller.filter { min($0.height, $0.width) >= DreamNetwork.smallestSide }
      + [(height, width)]
  }
}
