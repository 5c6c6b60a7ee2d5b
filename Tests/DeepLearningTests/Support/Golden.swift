import Foundation
import Testing

@testable import DeepLearning

/// The values that Keras and PyTorch computed; `Golden/generate.py` tells how.
enum Golden {
  /// A file of cases.
  private struct Fixture<Case: Decodable>: Decodable {
    let cases: [Case]
  }

  /// The cases of one file.
  static func cases<Case: Decodable>(_ file: String) throws -> [Case] {
    try decode(Fixture<Case>.self, from: file).cases
  }

  /// The content of one file.
  static func decode<Content: Decodable>(_ type: Content.Type, from file: String) throws -> Content
  {
    let url = try #require(
      Bundle.module.url(forResource: file, withExtension: "json", subdirectory: "Golden"))
    return try JSONDecoder().decode(type, from: Data(contentsOf: url))
  }
}

/// A tensor as the golden files write it.
struct GoldenTensor: Decodable, Sendable {
  let tensor: Tensor

  private enum Key: CodingKey { case shape, values }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    tensor = Tensor(
      try container.decode([Float].self, forKey: .values),
      shape: Shape(try container.decode([Int].self, forKey: .shape)))
  }
}

/// The settings of an optimizer as the golden files write them.
struct GoldenOptimizer: Decodable, Sendable {
  let optimizer: String
  let learningRate: Float
  let decay: Float
  let momentum, rho, epsilon, beta1, beta2, clipValue, clipNorm: Float?
  let nesterov: Bool?

  /// The engine's optimizer of that kind.
  func make() throws -> Optimizer {
    let made: Optimizer =
      switch optimizer {
      case "sgd":
        SGD(
          learningRate: learningRate, momentum: try #require(momentum),
          nesterov: nesterov ?? false, decay: decay)
      case "rmsprop":
        RMSprop(
          learningRate: learningRate, rho: try #require(rho), epsilon: try #require(epsilon),
          decay: decay)
      case "adagrad":
        Adagrad(learningRate: learningRate, epsilon: try #require(epsilon), decay: decay)
      case "adam":
        Adam(
          learningRate: learningRate, beta1: try #require(beta1), beta2: try #require(beta2),
          epsilon: try #require(epsilon), decay: decay)
      default: throw UnknownName(name: optimizer)
      }
    made.clipValue = clipValue
    made.clipNorm = clipNorm
    return made
  }
}

/// A golden file names something that the tests do not know.
struct UnknownName: Error {
  let name: String
}

extension Loss {
  /// The loss that Keras calls so, for class numbers as well as one-hot rows.
  init(golden name: String) throws {
    switch name {
    case "binary_crossentropy": self = .binaryCrossEntropy
    case "categorical_crossentropy", "sparse_categorical_crossentropy":
      self = .categoricalCrossEntropy
    case "mean_squared_error": self = .meanSquaredError
    case "mean_absolute_error": self = .meanAbsoluteError
    default: throw UnknownName(name: name)
    }
  }
}
