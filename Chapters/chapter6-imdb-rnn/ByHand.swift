import DeepLearning
import Gallery

/// The recurrence of section 6.2 in a few lines, and whether the layer does the same.
///
/// 100 moments of 32 numbers go in; 64 numbers go on from moment to moment and come out at each.
enum ByHand {
  static let (moments, features, units) = (100, 32, 64)

  /// The numbers that a recurrence learns.
  struct Weights {
    let input, state, bias: Tensor

    /// Draws all numbers evenly from a range.
    init(in range: Range<Float>, using random: inout RandomGenerator) {
      input = .uniform([features, units], in: range, using: &random)
      state = .uniform([units, units], in: range, using: &random)
      bias = .uniform([units], in: range, using: &random)
    }
  }

  /// hₜ = tanh(xₜ·W + hₜ₋₁·U + b), beginning with h₀ = 0.
  ///
  /// - Parameter sequence: `[moments, features]`
  /// - Returns: `[moments, units]`
  static func recurrence(_ sequence: Tensor, _ weights: Weights) -> Tensor {
    var state = Tensor.zeros([1, units])
    var states: [Tensor] = []
    for moment in 0..<moments {
      let input = sequence[moment..<moment + 1]
      state =
        (input.matmul(weights.input) + state.matmul(weights.state) + weights.bias)
        .activated(.tanh)
      states.append(state)
    }
    return .concatenated(states).reshaped([moments, units])
  }

  /// The same by the layer.
  static func layer(_ sequence: Tensor, _ weights: Weights) -> Tensor {
    let model = Sequential(input: [moments, features]) {
      SimpleRNN(units, returnsSequences: true)
    }
    let values = [weights.input, weights.state, weights.bias]
    for (weight, value) in zip(model.weights, values) { weight.value = value }
    return model.predict(sequence.reshaped([1, moments, features])).reshaped([moments, units])
  }

  /// Runs the recurrence with the book's numbers and with ones that suit a comparison.
  static func show(_ run: ChapterRun) {
    var random = RandomGenerator(seed: run.options.seed)
    let sequence = Tensor.uniform([moments, features], using: &random)
    let states = recurrence(sequence, Weights(in: 0..<1, using: &random))
    let ones = states.scalars.count { $0 > 0.999 }
    run.note(
      """
      By hand: \(moments) moments of \(features) numbers give states of shape \(states.shape). With weights between 0 \
      and 1, as in the book, \(ones) of its \(states.elementCount) numbers are above 0.999: sums of positive terms \
      drive tanh to its end.
      """)
    let weights = Weights(in: -0.2..<0.2, using: &random)
    let difference = (recurrence(sequence, weights) - layer(sequence, weights)).magnitude.max()
    run.result(
      "by hand and by layer: largest difference", here: difference, better: .lower)
  }
}
