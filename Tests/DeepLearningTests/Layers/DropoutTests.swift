import Testing

@testable import DeepLearning

/// Dropout as Keras does it: scaled in training, nothing elsewhere.
@Suite struct DropoutTests {
  @Test(
    "Dropout keeps the mean by scaling what stays", arguments: [0.1, 0.25, 0.5, 0.8] as [Float])
  func mean(_ rate: Float) {
    let model = Sequential(input: [1000]) { Dropout(rate) }
    let y = model(Tensor.ones([100, 1000]), training: true)
    let kept = Set(y.scalars)
    #expect(kept == [0, 1 / (1 - rate)])
    let share = Float(y.scalars.count { $0 == 0 }) / 100_000
    #expect(abs(share - rate) < 0.006, "\(share) of the elements were dropped")
    expectClose(y.mean().item, 1, absolute: 0.025, "mean")
  }

  @Test("Each row, column and call has its own mask")
  func masks() {
    let model = Sequential(input: [100]) { Dropout(0.5) }
    let (a, b) = (
      model(Tensor.ones([100, 100]), training: true),
      model(Tensor.ones([100, 100]), training: true)
    )
    #expect(a != b)
    for sums in [a.mean(axis: 0), a.mean(axis: 1)] {
      // Six standard deviations of a mean of a hundred.
      #expect(sums.min() > 0.4 && sums.max() < 1.6)
      #expect(Set(sums.scalars).count > 5)
    }
    #expect(a[0..<1] != a[1..<2])
  }

  @Test("Dropout does nothing outside of training, or at rate 0")
  func inference() {
    let x = randomTensor([5, 7], seed: 421)
    #expect(Sequential(input: [7]) { Dropout(0.5) }(x) == x)
    #expect(Sequential(input: [7]) { Dropout(0) }(x, training: true) == x)
  }

  @Test("Gradients pass where elements do")
  func gradients() {
    let model = Sequential(input: [50]) { Dropout(0.4) }
    var output: Tensor?
    let (_, gradient) = valueAndGradient(at: Tensor.ones([4, 50])) {
      let y = model($0, training: true)
      output = y.detached
      return y.sum()
    }
    #expect(output == gradient)
  }
}
