import TestSupport
import Testing

@testable import DeepLearning

/// Graphs of unusual form.
@Suite struct GraphTests {
  @Test("In a diamond, both ways' gradients add up")
  func diamond() {
    // f = (x² · eˣ) + x² with x² used twice.
    let x = Tensor([0.5, -1, 2])
    let (value, gradient) = valueAndGradient(at: x) {
      let square = $0.squared()
      return (square * $0.exp() + square).sum()
    }
    let plain = x.scalars.map { Double($0) }
    let expected = plain.map { Float((2 * $0 + $0 * $0) * _exp($0) + 2 * $0) }
    expectClose(value.item, plain.reduce(0) { $0 + $1 * $1 * _exp($1) + $1 * $1 }, "value")
    expectClose(gradient, Tensor(expected), "gradient")
  }

  @Test("A value used many times gets the sum of its gradients")
  func manyUses() {
    let (value, gradient) = valueAndGradient(at: Tensor([1.5])) { x in
      (0..<1000).reduce(Tensor.scalar(0)) { sum, factor in sum + (x * Float(factor)).sum() }
    }
    #expect(value.item == 1.5 * 499_500 && gradient.item == 499_500)
    let same = valueAndGradient(at: Tensor([3, 4])) { ($0 + $0 + $0 - $0).sum() }
    #expect(same.gradient == Tensor([2, 2]))
    let square = valueAndGradient(at: Tensor([3, 4])) { ($0 * $0).sum() }
    #expect(square.gradient == Tensor([6, 8]))
  }

  @Test("Branches that lead nowhere get no gradient")
  func deadBranches() {
    let (_, gradient) = valueAndGradient(at: Tensor([2, 3])) { x in
      let unused = x.exp().log().sum()
      _ = unused * unused
      return x.squared().sum() + 0 * x.sign().sum()
    }
    #expect(gradient == Tensor([4, 6]))
  }

  @Test("The loss may be the input itself")
  func identity() {
    let (value, gradient) = valueAndGradient(at: .scalar(7)) { $0 }
    #expect(value.item == 7 && gradient.item == 1)
    #expect(valueAndGradient(at: Tensor([7])) { $0 }.gradient == Tensor([1]))
  }

  @Test("Gradients do not share their memory with anything that changes")
  func ownMemory() {
    let inputs = [Tensor([1, 2]), Tensor([3, 4])]
    var gradients = valueAndGradients(at: inputs) { ($0[0] + $0[1]).sum() }.gradients
    gradients[0].withUnsafeMutableBuffer { $0[0] = 99 }
    #expect(gradients == [Tensor([99, 1]), Tensor([1, 1])])
    #expect(inputs == [Tensor([1, 2]), Tensor([3, 4])])
  }

  /// Long chains through each way in which one node can hold on to another.
  enum Link: String, CaseIterable, Codable {
    case input, activation, bias

    func callAsFunction(_ x: Tensor) -> Tensor {
      switch self {
      case .input: x * 1.00001
      case .activation: x.activated(.relu)
      case .bias: Tensor.zeros([1, 1]).dense(kernel: .ones([1, 1]), bias: x.reshaped([1]))
      }
    }
  }

  /// In a process of its own: an overflowing stack would end this one.
  @Test("Chains of 200,000 operations do not overflow the stack", .ahead, arguments: Link.allCases)
  func longChains(_ link: Link) async {
    await #expect(processExitsWith: .success) { [link] in
      let (_, gradient) = valueAndGradient(at: Tensor.ones([1, 1])) { x in
        var y = x
        for _ in 0..<200_000 { y = link(y) }
        return y.sum()
      }
      require(gradient.item >= 1, "The gradient is \(gradient.item).")
      // Torn down without a backward pass: the value does not depend on the chain.
      let (_, none) = valueAndGradient(at: Tensor.ones([1, 1])) { x in
        var y = x
        for _ in 0..<200_000 { y = link(y) }
        return .scalar(1)
      }
      require(none.item == 0, "The gradient is \(none.item).")
      require(BufferPool.shared.liveBlocks < 100, "\(BufferPool.shared.liveBlocks) blocks leak.")
    }
  }
}

/// exp in double precision, without Foundation's other names.
private func _exp(_ x: Double) -> Double {
  (1...40).reversed().reduce(1.0) { 1 + x / Double($1) * $0 }
}
