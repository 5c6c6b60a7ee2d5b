import Testing

@testable import DeepLearning

/// Compares gradients with central differences.
///
/// The function's outputs, weighted with random numbers, are added up in double precision. The slope
/// is the four-point difference, whose error falls with the fourth power of the step, so that the
/// step can be large compared with the rounding of single precision. Where the slopes of a step and
/// of half of it disagree there is a kink nearby, and the element is skipped.
struct FiniteDifferences {
  var step: Float = 0.02
  var absolute = 4e-4
  var relative = 1e-3
  /// At most as many elements are checked of each tensor, evenly spread.
  var elementsPerTensor = 24
  /// The largest share of elements that may lie near a kink.
  var skippable = 0.0

  /// Checks the gradient with respect to each of `inputs`.
  func check(
    _ name: String, at inputs: [Tensor], sourceLocation: SourceLocation = #_sourceLocation,
    _ function: ([Tensor]) -> Tensor
  ) {
    let upstream = randomTensor(function(inputs).shape, in: -1...1.4, seed: 991)
    let (_, gradients) = valueAndGradients(at: inputs) { (function($0) * upstream).sum() }
    compare(name, inputs, gradients, sourceLocation) { changed in
      weigh(function(changed), upstream)
    }
  }

  /// Checks the gradient with respect to each of a model's or layer's weights.
  func check(
    _ name: String, weights: [Parameter], sourceLocation: SourceLocation = #_sourceLocation,
    _ function: () -> Tensor
  ) throws {
    let upstream = randomTensor(function().shape, in: -1...1.4, seed: 992)
    let (_, gradients) = valueAndGradients(of: weights) { (function() * upstream).sum() }
    let values = weights.map(\.value)
    compare(
      name, values, try gradients.values.map { try #require($0) }, sourceLocation
    ) { changed in
      for (weight, value) in zip(weights, changed) { weight.value = value }
      defer { for (weight, value) in zip(weights, values) { weight.value = value } }
      return weigh(function(), upstream)
    }
  }

  /// The sum of the products, in double precision; over plain pointers, since tests are not optimised.
  private func weigh(_ output: Tensor, _ upstream: Tensor) -> Double {
    let count = output.elementCount
    precondition(upstream.elementCount == count)
    return output.scalars.withUnsafeBufferPointer { output in
      upstream.scalars.withUnsafeBufferPointer { upstream in
        guard let a = output.baseAddress, let b = upstream.baseAddress else { return 0 }
        var (sum, position) = (0.0, 0)
        while position < count {
          sum += Double(a[position]) * Double(b[position])
          position += 1
        }
        return sum
      }
    }
  }

  private func compare(
    _ name: String, _ inputs: [Tensor], _ gradients: [Tensor], _ sourceLocation: SourceLocation,
    _ value: ([Tensor]) -> Double
  ) {
    var (checked, skipped) = (0, 0)
    for (number, input) in inputs.enumerated() {
      let gradient = gradients[number]
      #expect(gradient.shape == input.shape, "\(name)", sourceLocation: sourceLocation)
      let actual = gradient.scalars
      let stride = max(1, input.elementCount / elementsPerTensor)
      for position in Swift.stride(from: 0, to: input.elementCount, by: stride) {
        func shifted(_ distance: Float) -> (value: Double, x: Double) {
          var changed = inputs
          var x: Float = 0
          changed[number].withUnsafeMutableBuffer {
            $0[position] += distance
            x = $0[position]
          }
          return (value(changed), Double(x))
        }
        func slope(_ step: Float) -> Double {
          let (a, b) = (shifted(step), shifted(-step))
          let (c, d) = (shifted(2 * step), shifted(-2 * step))
          return 4 / 3 * (a.value - b.value) / (a.x - b.x) - (c.value - d.value) / (c.x - d.x) / 3
        }
        /// How much the slopes to the left and to the right differ.
        func bend(_ step: Float) -> Double {
          let (left, middle, right) = (shifted(-step), shifted(0), shifted(step))
          return abs(
            (right.value - middle.value) / (right.x - middle.x)
              - (middle.value - left.value) / (middle.x - left.x))
        }
        let size = step * max(1, abs(input.scalars[position]))
        let (wide, narrow) = (slope(size), slope(size / 2))
        let tolerance = absolute + relative * abs(wide)
        let got = Double(actual[position])
        // A kink may change both slopes alike: then a smaller step agrees with the gradient, or shows the kink.
        func isNearKink() -> Bool {
          if abs(wide - narrow) > tolerance { return true }
          if abs(got - wide) <= tolerance { return false }
          return abs(got - slope(size / 8)) <= tolerance || bend(size / 8) > tolerance
        }
        if skippable > 0 && isNearKink() {
          skipped += 1
          continue
        }
        checked += 1
        #expect(
          abs(got - wide) <= tolerance,
          """
          \(name): the gradient of input \(number), shape \(input.shape), at \
          \(index(of: position, in: input.shape)) is \(got), but differences say \(wide)
          """, sourceLocation: sourceLocation)
      }
    }
    #expect(
      checked > 0 && Double(skipped) <= skippable * Double(checked + skipped),
      "\(name): \(skipped) elements near kinks, only \(checked) checked",
      sourceLocation: sourceLocation)
  }
}
