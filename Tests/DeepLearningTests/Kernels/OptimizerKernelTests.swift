import Testing

@testable import DeepLearning

/// Updates of weights of many sizes: every element by itself, no neighbour touched.
@Suite struct OptimizerKernelTests {
  enum Rule: CaseIterable {
    case descent, momentum, nesterov, rmsprop, adagrad, adam

    func make() -> Optimizer {
      switch self {
      case .descent: SGD(learningRate: 0.1)
      case .momentum: SGD(learningRate: 0.1, momentum: 0.9)
      case .nesterov: SGD(learningRate: 0.1, momentum: 0.9, nesterov: true)
      case .rmsprop: RMSprop(learningRate: 0.01)
      case .adagrad: Adagrad(learningRate: 0.05)
      case .adam: Adam(learningRate: 0.01)
      }
    }

    /// Three updates with the same gradient, for one number, in double precision.
    func plain(_ start: Float, _ gradient: Float) -> Float {
      var (w, a, b) = (Double(start), 0.0, 0.0)
      let g = Double(gradient)
      for t in 1...3 {
        switch self {
        case .descent: w -= 0.1 * g
        case .momentum, .nesterov:
          a = 0.9 * a - 0.1 * g
          w += self == .nesterov ? 0.9 * a - 0.1 * g : a
        case .rmsprop:
          a = 0.9 * a + 0.1 * g * g
          w -= 0.01 * g / (a.squareRoot() + 1e-8)
        case .adagrad:
          a += g * g
          w -= 0.05 * g / (a.squareRoot() + 1e-8)
        case .adam:
          a = 0.9 * a + 0.1 * g
          b = 0.999 * b + 0.001 * g * g
          let powers = (
            1 - (0..<t).reduce(1) { p, _ in p * 0.9 }, 1 - (0..<t).reduce(1) { p, _ in p * 0.999 }
          )
          w -= 0.01 * powers.1.squareRoot() / powers.0 * a / (b.squareRoot() + 1e-8)
        }
      }
      return Float(w)
    }
  }

  @Test(
    "Three updates agree with the formula, on one core and two", arguments: Rule.allCases,
    [1, 15, 16, 17, 70_001])
  func updates(_ rule: Rule, count: Int) {
    let start = randomTensor([count], seed: 141)
    let gradient = randomTensor([count], seed: 142, avoiding: [0])
    let results = [1, 2].map { width in
      let parameter = Parameter("w", shape: [count], initializer: .zeros)
      parameter.value = start
      let optimizer = rule.make()
      Parallel.$width.withValue(width) {
        for _ in 1...3 { optimizer.apply(Gradients(parameters: [parameter], values: [gradient])) }
      }
      return parameter.value
    }
    #expect(haveEqualBits(results[0], results[1]))
    let expected = zip(start.scalars, gradient.scalars).map(rule.plain)
    expectClose(results[0], Tensor(expected), absolute: 2e-6, relative: 1e-5, "\(rule)")
    #expect(start == randomTensor([count], seed: 141), "Values shared with a weight stay.")
  }

  /// One optimizer that outlives its model must not take a new weight for an old one.
  @Test("A new weight starts afresh", arguments: [Rule.momentum, .rmsprop, .adam])
  func afresh(_ rule: Rule) {
    let shared = rule.make()
    shared.learningRate = 0.1
    for size in 1...60 {
      let parameter = Parameter("w", shape: [size * 8], initializer: .zeros)
      let fresh = Parameter("w", shape: [size * 8], initializer: .zeros)
      shared.apply(Gradients(parameters: [parameter], values: [.ones([size * 8])]))
      let own = rule.make()
      own.learningRate = 0.1
      own.apply(Gradients(parameters: [fresh], values: [.ones([size * 8])]))
      // Adam's correction of the bias follows the number of updates, which is the optimizer's.
      if rule == .adam {
        #expect(Set(parameter.value.scalars).count == 1)
      } else {
        #expect(parameter.value == fresh.value, "weight number \(size)")
      }
    }
  }

  @Test("Weights without a gradient stay")
  func noGradient() {
    let parameter = Parameter("w", shape: [3], initializer: .zeros)
    Rule.adam.make().apply(Gradients(parameters: [parameter], values: [nil]))
    #expect(parameter.value == .zeros([3]))
  }
}
