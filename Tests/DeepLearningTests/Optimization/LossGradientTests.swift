import Testing

@testable import DeepLearning

/// Losses against differences, alone and fused with the activation before them.
@Suite struct LossGradientTests {
  private static let labels: [Int32] = [2, 0, 1, 1, 2, 0]

  /// Rows that add up to 1.
  private static func distributions(seed: UInt64) -> Tensor {
    let x = randomTensor([6, 3], in: 0.1...1, seed: seed)
    return x / x.sum(axis: 1, keepingAxis: true)
  }

  @Test("Binary cross-entropy has the right gradient", arguments: [Activation.linear, .sigmoid])
  func binary(_ activation: Activation) {
    let range: ClosedRange<Float> = activation == .linear ? 0.15...0.85 : -3...3
    let x = randomTensor([6, 3], in: range, seed: 71)
    var random = RandomGenerator(seed: 72)
    let hard = Tensor((0..<18).map { _ in random.uniform() < 0.5 ? 0 : 1 }, shape: [6, 3])
    for targets in [hard, randomTensor([6, 3], in: 0...1, seed: 73)] {
      FiniteDifferences().check("binary cross-entropy after \(activation)", at: [x]) {
        binaryCrossEntropy($0[0].activated(activation), targets)
      }
    }
  }

  @Test(
    "Categorical cross-entropy has the right gradient", arguments: [Activation.linear, .softmax])
  func categorical(_ activation: Activation) {
    let range: ClosedRange<Float> = activation == .linear ? 0.25...1 : -3...3
    let x = randomTensor([6, 3], in: range, seed: 74)
    let targets: [any SamplesConvertible] = [
      Self.labels, oneHot(Self.labels, classes: 3), Self.distributions(seed: 75),
    ]
    for (number, targets) in targets.enumerated() {
      FiniteDifferences().check("categorical \(number) after \(activation)", at: [x]) {
        Loss.categoricalCrossEntropy($0[0].activated(activation), targets)
      }
    }
  }

  @Test(
    "Mean errors have the right gradients", arguments: [Loss.meanSquaredError, .meanAbsoluteError])
  func meanErrors(_ loss: Loss) {
    let targets = randomTensor([6, 3], seed: 76)
    let x = targets + randomTensor([6, 3], in: -1...1, seed: 77, avoiding: [0])
    FiniteDifferences().check("\(loss)", at: [x]) { loss($0[0], targets) }
    // Targets without the last axis of extent 1 are the same targets.
    let column = x[.all, .index(0)]
    let flat = randomTensor([6], seed: 78)
    let (narrow, wide) = (loss(column, flat), loss(column, flat.reshaped([6, 1])))
    #expect(narrow == wide)
  }

  /// A loss that is scaled, or whose prediction is used twice, must still send the right gradient
  /// around the activation that it skips.
  @Test("A fused loss can be part of a larger one")
  func partOfALargerLoss() {
    let x = randomTensor([6, 1], in: -2...2, seed: 79)
    let targets = Tensor([0, 1, 1, 0, 1, 0], shape: [6, 1])
    FiniteDifferences().check("scaled loss plus another use", at: [x]) {
      let y = $0[0].activated(.sigmoid)
      return 3 * binaryCrossEntropy(y, targets) + y.squared().sum() + $0[0].squared().mean()
    }
    let rows = randomTensor([6, 3], in: -2...2, seed: 80)
    FiniteDifferences().check("two losses of one softmax", at: [rows]) {
      let y = $0[0].activated(.softmax)
      return categoricalCrossEntropy(y, Self.labels) * 0.5
        + meanSquaredError(y, oneHot(Self.labels, classes: 3))
    }
  }

  @Test("Fused and plain gradients agree")
  func fused() {
    let x = randomTensor([6, 3], in: -3...3, seed: 81)
    func gradient(_ hide: Bool, _ activation: Activation, _ loss: (Tensor) -> Tensor) -> Tensor {
      valueAndGradient(at: x) {
        let y = $0.activated(activation)
        // A sum with zero hides where the probabilities come from.
        return loss(hide ? y + 0 : y)
      }.gradient
    }
    let targets = Self.distributions(seed: 82)
    expectClose(
      gradient(false, .sigmoid) { binaryCrossEntropy($0, targets) },
      gradient(true, .sigmoid) { binaryCrossEntropy($0, targets) }, absolute: 1e-6, "binary")
    expectClose(
      gradient(false, .softmax) { categoricalCrossEntropy($0, targets) },
      gradient(true, .softmax) { categoricalCrossEntropy($0, targets) }, absolute: 1e-6,
      "categorical")
  }

  @Test("One-hot rows and class numbers give equal bits")
  func equalBits() {
    let x = randomTensor([6, 3], in: -20...20, seed: 83)
    for activation in [Activation.softmax, .sigmoid] {
      let byNumber = valueAndGradient(at: x) {
        categoricalCrossEntropy($0.activated(activation), Self.labels)
      }
      let byRow = valueAndGradient(at: x) {
        categoricalCrossEntropy($0.activated(activation), oneHot(Self.labels, classes: 3))
      }
      #expect(haveEqualBits(byNumber.value, byRow.value))
      #expect(haveEqualBits(byNumber.gradient, byRow.gradient))
    }
  }

  @Test(
    "A loss of NaN is NaN",
    arguments: [
      Loss.binaryCrossEntropy, .categoricalCrossEntropy, .meanSquaredError, .meanAbsoluteError,
    ])
  func notANumber(_ loss: Loss) {
    let x = Tensor([0.2, .nan, 0.5, 0.1], shape: [2, 2])
    #expect(loss(x, Tensor([1, 0, 0, 1], shape: [2, 2])).item.isNaN)
  }
}
