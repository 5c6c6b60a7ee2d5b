// Section 8.2: DeepDream.
//
// A network trained on photographs looks at an image, and the image is changed, step by step, so that some of the
// network's layers respond more strongly. That begins at a small size, where patterns are large beside the image, and
// goes on at larger ones; what the small size had lost of the original is put back each time.

import DeepLearning
import Foundation

/// The recipe, with the book's constants. Images are `[1, height, width, 3]`, colours from -1 to 1.
struct DeepDream: Sendable {
  /// A layer, and how much its activations count.
  struct Contribution: Sendable, Equatable {
    var layer: String
    var weight: Float
  }

  /// The layers that are to respond: in the middle of InceptionV3.
  var contributions = [
    Contribution(layer: "mixed2", weight: 0.2), Contribution(layer: "mixed3", weight: 3),
    Contribution(layer: "mixed4", weight: 2), Contribution(layer: "mixed5", weight: 1.5),
  ]
  /// The number of sizes, and how much larger each is than the one before.
  var octaves = 3
  var octaveScale = 1.4
  /// Steps at each size, and the mean change of a colour in one of them.
  var iterations = 20
  var stepSize: Float = 0.01
  /// The loss above which a size is left, before the image becomes a mess.
  var maxLoss: Float = 10

  // MARK: The loss to be maximised

  /// Σ weight · Σ activation² / number of activations; dividing lets large layers count no more than small ones.
  func loss(of activations: [Tensor]) -> Tensor {
    zip(activations, contributions).map { activation, contribution in
      activation.withoutBorder.squared().sum()
        * (contribution.weight / Float(activation.elementCount))
    }.reduce(.scalar(0), +)
  }

  // MARK: Gradient ascent at one size

  /// Changes an image until all steps are taken, or the loss is above its maximum.
  ///
  /// - Parameters:
  ///   - lossAndGradient: the loss of an image, and its gradient with respect to the image.
  ///   - stepDidEnd: receives the image after each step, and the loss before it.
  func ascend(
    from start: Tensor, lossAndGradient: (Tensor) throws -> (value: Tensor, gradient: Tensor),
    stepDidEnd: (_ image: Tensor, _ loss: Float) throws -> Void
  ) rethrows -> Tensor {
    var image = start
    for _ in 0..<iterations {
      let (loss, gradient) = try lossAndGradient(image)
      if loss.item > maxLoss { break }
      image += gradient * (stepSize / max(gradient.meanMagnitude, 1e-7))
      try stepDidEnd(image, loss.item)
    }
    return image
  }

  // MARK: Octaves

  /// The sizes from small to large, the last the original's; none in which the networks could not see anything.
  func sizes(of original: Tensor) -> [(height: Int, width: Int)] {
    (0..<octaves).reversed().map { octave in
      let factor = pow(octaveScale, Double(octave))
      return (Int(Double(original.shape[1]) / factor), Int(Double(original.shape[2]) / factor))
    }.filter { min($0.height, $0.width) >= DreamNetwork.smallestSide }
  }

  /// Dreams at one size after the other, and puts back the detail that the smaller size had lost.
  ///
  /// - Parameters:
  ///   - ascend: gradient ascent at one size.
  ///   - octaveDidEnd: receives the image at each size, with its detail.
  func dream(
    about original: Tensor, ascend: (_ start: Tensor) throws -> Tensor,
    octaveDidEnd: (_ image: Tensor) throws -> Void
  ) rethrows -> Tensor {
    let sizes = sizes(of: original)
    var image = original
    var shrunk = original.resized(height: sizes[0].height, width: sizes[0].width)
    for (height, width) in sizes {
      image = try ascend(image.resized(height: height, width: width))
      let same = original.resized(height: height, width: width)
      image = image + same - shrunk.resized(height: height, width: width)
      shrunk = same
      try octaveDidEnd(image)
    }
    return image
  }

  /// The whole section: octaves of gradient ascent on the loss.
  func callAsFunction(_ original: Tensor, _ network: DreamNetwork) -> Tensor {
    dream(about: original) { start in
      let activations = network.activations(of: contributions.map(\.layer), at: start.shape)
      return ascend(from: start) { image in
        valueAndGradient(at: image) { loss(of: activations($0)) }
      } stepDidEnd: { _, _ in
      }
    } octaveDidEnd: { _ in
    }
  }
}

extension Tensor {
  /// Activations without the outer two rows and columns, where the network sees its own padding.
  var withoutBorder: Tensor {
    // Of a very small layer something must remain.
    let border = Swift.min(2, (Swift.min(shape[1], shape[2]) - 1) / 2)
    return self[.all, .trimming(border), .trimming(border), .all]
  }

  /// The mean of the absolute values, in double precision.
  var meanMagnitude: Float {
    Float(scalars.reduce(0.0) { $0 + Double(abs($1)) } / Double(elementCount))
  }
}
