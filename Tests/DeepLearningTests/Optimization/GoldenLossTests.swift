import Testing

@testable import DeepLearning

/// Losses, alone and behind the activation that they fuse with, against Keras' formulas.
@Suite struct GoldenLossTests {
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    let name, loss, activation: String
    let input, targets, gradient: GoldenTensor
    let valueWithFloatBounds: Double
    var testDescription: String { name }
  }

  /// Keras clips probabilities *before* dividing by their sum where classes are numbers, and after
  /// where they are one-hot rows. The engine always does the latter, so that both forms of the same
  /// targets give the same bits; this one case can tell.
  static let differsOnPurpose = "sparse_categorical_crossentropy, at the bounds"

  static func cases() throws -> [Case] {
    try Golden.cases("losses").filter { $0.name != differsOnPurpose }
  }

  @Test("The case that differs on purpose is in the file")
  func excluded() throws {
    let names = (try Golden.cases("losses") as [Case]).map(\.name)
    #expect(names.contains(Self.differsOnPurpose))
    #expect(try Self.cases().count == names.count - 1)
  }

  @Test("Losses have the reference's values and gradients", arguments: try cases())
  func gradients(_ golden: Case) throws {
    let loss = try Loss(golden: golden.loss)
    let activation = try #require(Activation(rawValue: golden.activation))
    let targets: any SamplesConvertible =
      golden.loss.hasPrefix("sparse")
      ? golden.targets.tensor.scalars.map { Int32($0) } : golden.targets.tensor
    let (value, gradient) = valueAndGradient(at: golden.input.tensor) {
      loss($0.activated(activation), targets)
    }
    expectClose(value.item, golden.valueWithFloatBounds, golden.name)
    expectClose(gradient, golden.gradient.tensor, absolute: 1e-6, "\(golden.name), gradient")

    let unrecorded = loss(golden.input.tensor.activated(activation), targets)
    #expect(unrecorded.item == value.item, "The value must not depend on whether it is recorded.")
  }
}
