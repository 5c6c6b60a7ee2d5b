import DeepLearning
import Foundation
import Gallery

/// What several trained models say about the validation and the test digits.
struct Members: Sendable {
  /// A network of another kind each; the last is much weaker than the others.
  enum Kind: String, CaseIterable, Sendable {
    case convolutional, separable, dense, linear

    func model(seed: UInt64) -> Model {
      switch self {
      case .convolutional: convnet(.afterActivation, seed: seed)
      case .separable: SectionRun.separableNetwork(.afterActivation, seed: seed)
      case .dense:
        classifier(
          [28, 28, 1], [Flatten(), Dense(256, activation: .relu), Dropout(0.3)], seed: seed)
      case .linear: classifier([28, 28, 1], [Flatten()], seed: seed)
      }
    }

    /// Enough for each to stop getting better.
    var epochs: Int { self == .separable ? 8 : 6 }
  }

  private(set) var names: [String] = []
  private(set) var validation: [Tensor] = []
  private(set) var test: [Tensor] = []

  mutating func add(_ name: String, _ model: Model, _ digits: DigitParts) {
    names.append(name)
    validation.append(model.predict(digits.validation.pictures))
    test.append(model.predict(digits.test.pictures))
  }

  /// These members, and then those.
  func joined(with others: Members) -> Members {
    var all = self
    all.names += others.names
    all.validation += others.validation
    all.test += others.test
    return all
  }

  /// The weights that are best on validation digits, for the members of the given numbers.
  func weights(_ chosen: [Int], on digits: DigitParts) -> [Float] {
    learnedWeights(chosen.map { validation[$0] }, digits.validation.oneHot)
  }

  /// The test accuracy of the members of the given numbers together.
  func accuracy(_ chosen: [Int], weights: [Float]? = nil, on digits: DigitParts) -> Double {
    chapter7_best_practices.accuracy(
      ensemble(chosen.map { test[$0] }, weights: weights), digits.test)
  }

  /// Each alone, all together equally, all but the last, and all by learned weights.
  func scores(on digits: DigitParts) -> [(name: String, accuracy: Double)] {
    let all = Array(names.indices)
    let alone = all.map { ("\(names[$0]) alone", accuracy([$0], on: digits)) }
    return alone + [
      ("mean without \(names[names.count - 1])", accuracy(Array(all.dropLast()), on: digits)),
      ("mean of all", accuracy(all, on: digits)),
      ("learned weights", accuracy(all, weights: weights(all, on: digits), on: digits)),
    ]
  }

  /// The learned weights by name.
  func weightText(on digits: DigitParts) -> String {
    zip(names, weights(Array(names.indices), on: digits))
      .map { "\($0) \(String(format: "%.2f", $1))" }.joined(separator: ", ")
  }
}
