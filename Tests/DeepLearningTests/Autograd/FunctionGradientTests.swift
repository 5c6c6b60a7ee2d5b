import Testing

@testable import DeepLearning

/// Functions of each element and activations: gradients against differences.
@Suite struct FunctionGradientTests {
  struct Function: Sendable, CustomTestStringConvertible {
    let name: String
    let range: ClosedRange<Float>
    let kinks: [Float]
    let apply: @Sendable (Tensor) -> Tensor
    var testDescription: String { name }

    init(
      _ name: String, in range: ClosedRange<Float>, avoiding kinks: [Float] = [],
      _ apply: @escaping @Sendable (Tensor) -> Tensor
    ) {
      self.name = name
      self.range = range
      self.kinks = kinks
      self.apply = apply
    }
  }

  static let functions = [
    Function("exp", in: -2...1.5) { $0.exp() },
    Function("log", in: 0.4...5) { $0.log() },
    Function("squareRoot", in: 0.4...5) { $0.squareRoot() },
    Function("squared", in: -2...3) { $0.squared() },
    Function("magnitude", in: -2...2, avoiding: [0]) { $0.magnitude },
    Function("reciprocal", in: 0.6...3) { $0.reciprocal() },
    Function("reciprocal, negative", in: -3...(-0.6)) { $0.reciprocal() },
    Function("clipped", in: -2...2, avoiding: [-0.5, 1]) { $0.clipped(-0.5, 1) },
  ]

  static let shapes: [Shape] = [[], [1], [17], [3, 5], [2, 3, 4], [4, 1]]

  @Test("Element-wise functions have the right gradients", arguments: functions, shapes)
  func elementwise(_ function: Function, _ shape: Shape) {
    let x = randomTensor(shape, in: function.range, seed: 31, avoiding: function.kinks)
    FiniteDifferences().check("\(function.name) of \(shape)", at: [x]) { function.apply($0[0]) }
  }

  @Test("Activations have the right gradients", arguments: Activation.allCases, shapes)
  func activation(_ activation: Activation, _ shape: Shape) {
    let kinks: [Float] =
      switch activation {
      case .relu, .elu, .selu: [0]
      case .hardSigmoid: [-2.5, 2.5]
      default: []
      }
    let x = randomTensor(shape, in: -3.5...3.8, seed: 32, avoiding: kinks, margin: 0.17)
    FiniteDifferences().check("\(activation) of \(shape)", at: [x]) {
      $0[0].activated(activation)
    }
  }

  @Test("Softmax rows sum to 1 and do not overflow")
  func softmax() {
    let x = Tensor([1000, 999, -1000, 3, 3, 3, -2, 0.5, 80], shape: [3, 3])
    let y = x.activated(.softmax)
    expectClose(y.sum(axis: 1), .ones([3]), "row sums")
    expectClose(
      y, Tensor([0.7310586, 0.26894143, 0, 1 / 3, 1 / 3, 1 / 3, 0, 0, 1], shape: [3, 3]), "softmax")
  }

  @Test("No gradient flows through clipping's limits or sign")
  func flat() {
    let x = Tensor([-3, -0.2, 0.4, 7])
    #expect(valueAndGradient(at: x) { $0.clipped(-1, 1).sum() }.gradient == Tensor([0, 1, 1, 0]))
    #expect(valueAndGradient(at: x) { $0.sign().sum() }.gradient == Tensor([0, 0, 0, 0]))
    #expect(x.sign() == Tensor([-1, -1, 1, 1]))
    #expect(Tensor([0, -0.0]).sign() == Tensor([0, 0]))
  }

  @Test("Kinks have the slope of their flat side")
  func kinks() {
    let zero = Tensor([0])
    #expect(valueAndGradient(at: zero) { $0.activated(.relu).sum() }.gradient == Tensor([0]))
    #expect(valueAndGradient(at: zero) { $0.magnitude.sum() }.gradient == Tensor([0]))
  }
}
