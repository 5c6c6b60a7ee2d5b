import ArgumentParser
import DeepLearning

/// Gradient-weighted class activation mapping (R. Selvaraju et al., 2017): where a classifier looks.
struct GradCAM {
  /// What the map explains.
  enum Score: String, CaseIterable, ExpressibleByArgument, Sendable {
    /// The probability of the class, as in the book.
    case softmax
    /// What goes into the softmax, as in the paper: other classes do not matter.
    case logit
  }

  private let features: Model
  private let head: Model
  /// Ends before the last layer.
  private let hidden: Model
  private let last: Layer

  /// - Parameters:
  ///   - classifier: ends in a dense layer with softmax.
  ///   - layer: the name of the layer whose channels are weighted.
  ///   - lastHidden: the name of the layer before the last one.
  init(_ classifier: Model, layer: String, lastHidden: String) {
    features = classifier.outputs(of: [layer])
    head = classifier.starting(after: layer)
    hidden = classifier.outputs(of: [lastHidden]).starting(after: layer)
    last = classifier.layers[classifier.layers.count - 1]
  }

  /// A map of what speaks for a class.
  struct Map {
    let width: Int
    let height: Int
    /// Row by row, 1 for the place that speaks for the class most; what speaks against it is negative.
    let values: [Float]

    /// The values with the negative ones set to 0, as in the paper and the book.
    var rectified: [Float] { values.map { max($0, 0) } }
  }

  /// Makes the map of a picture.
  ///
  /// - Parameters:
  ///   - picture: `[1, height, width, 3]`, prepared for the classifier.
  ///   - number: the class.
  ///   - score: what to differentiate.
  func map(of picture: Tensor, class number: Int, score: Score = .softmax) -> Map {
    let features = self.features(picture)
    let (height, width, channels) = (features.shape[1], features.shape[2], features.shape[3])
    let (_, gradient) = valueAndGradient(at: features) { features in
      switch score {
      case .softmax: head(features)[.all, .index(number)].sum()
      case .logit: (hidden(features) * column(number)).sum()
      }
    }
    let weights = gradient.reshaped([height * width, channels]).mean(axis: 0)
    let values = (features.reshaped([height * width, channels]) * weights).mean(axis: 1).scalars
    let largest = values.max() ?? 0
    return Map(
      width: width, height: height, values: largest > 0 ? values.map { $0 / largest } : values)
  }

  /// The weights of the last layer that lead to a class; its bias has no gradient.
  private func column(_ number: Int) -> Tensor {
    let kernel = last.weights[0].value
    return kernel[.all, .index(number)].reshaped([1, kernel.shape[0]])
  }
}
