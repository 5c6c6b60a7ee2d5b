import Testing

@testable import DeepLearning

/// A pair of shapes that broadcast, each taking another path through the code.
let broadcastPairs: [(Shape, Shape)] = [
  ([3, 4], [3, 4]), ([3, 4], []), ([], [3, 4]), ([], []), ([3, 4], [1]), ([3, 4], [1, 1]),
  ([3, 4], [4]), ([4], [3, 4]), ([3, 17], [17]), ([3, 4], [1, 4]), ([3, 4], [3, 1]),
  ([2, 3, 4], [3, 4]), ([2, 3, 4], [3, 1]), ([1, 3], [4, 1]), ([5], [2, 1, 5]),
  ([2, 1, 3], [1, 4, 1]), ([1], [1, 1]), ([2, 3, 1, 2], [3, 5, 1]),
]

/// Arithmetic of two tensors: broadcasting against tiling by hand, gradients against differences.
@Suite struct ArithmeticGradientTests {
  enum Operation: CaseIterable {
    case add, subtract, multiply, divide, maximum

    func callAsFunction(_ a: Tensor, _ b: Tensor) -> Tensor {
      switch self {
      case .add: a + b
      case .subtract: a - b
      case .multiply: a * b
      case .divide: a / b
      case .maximum: .maximum(a, b)
      }
    }

    func plain(_ a: Float, _ b: Float) -> Float {
      switch self {
      case .add: a + b
      case .subtract: a - b
      case .multiply: a * b
      case .divide: a / b
      case .maximum: max(a, b)
      }
    }
  }

  /// Operands of which the second stays clear of zero.
  private static func operands(_ pair: (Shape, Shape)) -> [Tensor] {
    [
      randomTensor(pair.0, seed: 21),
      randomTensor(pair.1, in: -2...2.5, seed: 22, avoiding: [0], margin: 0.6),
    ]
  }

  @Test("Broadcasting equals tiling", arguments: Operation.allCases, broadcastPairs)
  func broadcasting(_ operation: Operation, _ pair: (Shape, Shape)) {
    let operands = Self.operands(pair)
    let result = operation(operands[0], operands[1])
    let rank = max(pair.0.rank, pair.1.rank)
    let expected = Shape(
      (0..<rank).map { axis in
        max(extent(pair.0, axis, rank), extent(pair.1, axis, rank))
      })
    #expect(result.shape == expected)
    let tiled = Tensor(
      (0..<expected.elementCount).map { position in
        let place = index(of: position, in: expected)
        return operation.plain(element(operands[0], place), element(operands[1], place))
      }, shape: expected)
    expectClose(result, tiled, absolute: 0, relative: 2e-7, "\(operation) of \(pair)")
  }

  @Test("Arithmetic has the right gradients", arguments: Operation.allCases, broadcastPairs)
  func gradients(_ operation: Operation, _ pair: (Shape, Shape)) {
    var differences = FiniteDifferences()
    if operation == .maximum { differences.skippable = 0.4 }
    differences.check("\(operation) of \(pair)", at: Self.operands(pair)) {
      operation($0[0], $0[1])
    }
  }

  @Test("Equal elements of maximum pass their gradient to the left")
  func ties() {
    let (_, gradients) = valueAndGradients(at: [Tensor([1, 2, 3]), Tensor([1, 3, 2])]) {
      Tensor.maximum($0[0], $0[1]).sum()
    }
    #expect(gradients == [Tensor([1, 0, 1]), Tensor([0, 1, 0])])
  }

  @Test(
    "Arithmetic with plain numbers has the right values and gradients",
    arguments: [[2, 3, 4], [1], [], [35]] as [Shape])
  func numbers(_ shape: Shape) {
    let x = randomTensor(shape, in: -2...2.5, seed: 23, avoiding: [0], margin: 0.6)
    let operations: [(String, (Tensor) -> Tensor, (Float) -> Float)] = [
      ("x + c", { $0 + 1.5 }, { $0 + 1.5 }), ("c + x", { 1.5 + $0 }, { 1.5 + $0 }),
      ("x - c", { $0 - 0.7 }, { $0 - 0.7 }), ("c - x", { 0.7 - $0 }, { 0.7 - $0 }),
      ("x * c", { $0 * -2.5 }, { $0 * -2.5 }), ("c * x", { -2.5 * $0 }, { -2.5 * $0 }),
      ("x / c", { $0 / 3 }, { $0 / 3 }), ("c / x", { 3 / $0 }, { 3 / $0 }),
      ("-x", { -$0 }, { -$0 }),
    ]
    for (name, operation, plain) in operations {
      expectClose(
        operation(x), Tensor(x.scalars.map(plain), shape: shape), absolute: 1e-7, relative: 3e-7,
        name)
      FiniteDifferences().check("\(name) of \(shape)", at: [x]) { operation($0[0]) }
    }
  }

  @Test("Arithmetic in place changes one tensor only")
  func inPlace() {
    var x = Tensor([1, 2, 3])
    let original = x
    x += Tensor([10, 20, 30])
    #expect(x == Tensor([11, 22, 33]))
    x -= Tensor.scalar(1)
    #expect(x == Tensor([10, 21, 32]))
    x *= Tensor([2, 3, 4])
    #expect(x == Tensor([20, 63, 128]))
    x /= Tensor([4, 7, 16])
    #expect(x == Tensor([5, 9, 8]))
    #expect(original == Tensor([1, 2, 3]), "A tensor is a value.")
  }

  @Test(
    "A broadcast tensor sums its gradient",
    arguments: broadcastPairs.filter { $0.0.rank >= $0.1.rank })
  func broadcastTo(_ pair: (Shape, Shape)) {
    let target = (randomTensor(pair.0, seed: 1) + randomTensor(pair.1, seed: 2)).shape
    for source in [pair.0, pair.1] {
      let x = randomTensor(source, seed: 24)
      expectClose(
        x.broadcast(to: target), x + .zeros(target), absolute: 0, "\(source) to \(target)")
      FiniteDifferences().check("broadcast \(source) to \(target)", at: [x]) {
        $0[0].broadcast(to: target)
      }
    }
  }

  private func extent(_ shape: Shape, _ axis: Int, _ rank: Int) -> Int {
    axis < rank - shape.rank ? 1 : shape[axis - rank + shape.rank]
  }

  /// The element that broadcasting puts at a place of the result.
  private func element(_ tensor: Tensor, _ place: [Int]) -> Float {
    var position = 0
    for (axis, extent) in tensor.shape.enumerated() {
      let index = place[axis + place.count - tensor.rank]
      position = position * extent + (extent == 1 ? 0 : index)
    }
    return tensor.scalars[position]
  }
}
