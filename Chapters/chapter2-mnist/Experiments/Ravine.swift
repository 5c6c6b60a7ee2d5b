import DeepLearning
import Foundation

/// A long, narrow valley with its lowest point at 0: the loss (along² + 50 · across²) / 2.
struct Ravine: Sendable {
  /// How many times as curved it is across as along.
  static let steepness: Float = 50
  /// By how many degrees the valley is turned away from the first weight's axis.
  let degrees: Double

  /// The loss at weights `[2]`.
  func loss(at weights: Tensor) -> Tensor {
    let angle = degrees * .pi / 180
    let (cosine, sine) = (Float(cos(angle)), Float(sin(angle)))
    let axes = Tensor([cosine, -sine, sine, cosine], shape: [2, 2])
    let place = weights.reshaped([1, 2]).matmul(axes).reshaped([2])
    return (place.squared() * Tensor([0.5, 0.5 * Self.steepness])).sum()
  }

  /// The weights of a place in the valley.
  func weights(along: Double, across: Double) -> [Double] {
    let angle = degrees * .pi / 180
    return [along * cos(angle) - across * sin(angle), along * sin(angle) + across * cos(angle)]
  }

  /// A way down.
  struct Descent: Sendable {
    /// The weights before the first step and after each.
    var places: [[Float]]
    /// The loss at each of these.
    var losses: [Float]

    /// The number of steps until the loss is a ten-thousandth of the first; nil if it never is.
    var steps: Int? { losses.firstIndex { $0 <= losses[0] * 1e-4 } }
  }

  /// Goes down until the loss is a ten-thousandth, or for as many steps as are allowed, or until it explodes.
  func descent(from start: [Double], by optimizer: Optimizer, atMost limit: Int) -> Descent {
    let weights = Parameter("weights", shape: [2], initializer: .zeros)
    weights.value = Tensor(start.map(Float.init))
    var descent = Descent(places: [weights.value.scalars], losses: [loss(at: weights.value).item])
    while descent.steps == nil, descent.losses.count <= limit {
      let (_, gradients) = valueAndGradients(of: [weights]) { self.loss(at: weights.value) }
      optimizer.apply(gradients)
      let loss = self.loss(at: weights.value).item
      guard loss < 100 * descent.losses[0] else { break }
      descent.places.append(weights.value.scalars)
      descent.losses.append(loss)
    }
    return descent
  }

  /// The outline of all places with a loss: pairs of weights.
  func contour(_ loss: Float) -> [[Double]] {
    let (long, short) = (sqrt(2 * Double(loss)), sqrt(2 * Double(loss / Self.steepness)))
    return (0...120).map { point in
      let turn = Double(point) / 60 * .pi
      return weights(along: long * cos(turn), across: short * sin(turn))
    }
  }
}

/// The rules of section 2.4.3 and those that later chapters use.
enum Rule: String, CaseIterable {
  case plain = "plain SGD"
  case momentum = "momentum of 0.9"
  case nesterov = "Nesterov momentum"
  case adagrad = "Adagrad"
  case rmsprop = "RMSprop"
  case adam = "Adam"

  func optimizer(_ rate: Float) -> Optimizer {
    switch self {
    case .plain: SGD(learningRate: rate)
    case .momentum: SGD(learningRate: rate, momentum: 0.9)
    case .nesterov: SGD(learningRate: rate, momentum: 0.9, nesterov: true)
    case .adagrad: Adagrad(learningRate: rate)
    case .rmsprop: RMSprop(learningRate: rate)
    case .adam: Adam(learningRate: rate)
    }
  }
}
