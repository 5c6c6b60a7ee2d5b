import Testing

@testable import DeepLearning

/// Layers that go both ways against two layers that go one way each.
@Suite struct BidirectionalTests {
  private func flipped(_ x: Tensor) -> Tensor {
    let (batch, time, features) = (x.shape[0], x.shape[1], x.shape[2])
    let rows = (0..<batch).flatMap { sample in
      (0..<time).reversed().map { sample * time + $0 }
    }
    return x.reshaped([batch * time, features]).gathering(rows: rows[...]).reshaped(x.shape)
  }

  /// The twin's outputs are turned around, so that both of a time step stand side by side.
  @Test("Two layers run side by side and are joined", arguments: [false, true], [false, true])
  func sideBySide(goesBackwards: Bool, returnsSequences: Bool) {
    func layer(_ goesBackwards: Bool) -> GRU {
      GRU(5, returnsSequences: returnsSequences, goesBackwards: goesBackwards)
    }
    let both = Sequential(input: [6, 3]) { Bidirectional(layer(goesBackwards)) }
    let ahead = Sequential(input: [6, 3]) { layer(goesBackwards) }
    let back = Sequential(input: [6, 3]) { layer(!goesBackwards) }
    for (weight, other) in zip(ahead.weights, both.weights[..<3]) { weight.value = other.value }
    for (weight, other) in zip(back.weights, both.weights[3...]) { weight.value = other.value }
    let x = randomTensor([4, 6, 3], seed: 731)
    let second = returnsSequences ? flipped(back(x)) : back(x)
    expectClose(both(x), .concatenated([ahead(x), second]), "outputs")
    #expect(both.outputShapes == [returnsSequences ? [6, 10] : [10]])
  }
}
