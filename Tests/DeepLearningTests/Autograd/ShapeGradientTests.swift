import Testing

@testable import DeepLearning

/// Sums, products, slices and other operations on whole axes: values against plain loops, gradients
/// against differences.
@Suite struct ShapeGradientTests {
  static let shapes: [Shape] = [
    [1], [5], [33], [3, 4], [1, 17], [2, 3, 4], [2, 1, 3, 2], [3, 20],
  ]

  @Test("Sums and means have the right gradients", arguments: shapes + [[]])
  func sums(_ shape: Shape) {
    let x = randomTensor(shape, seed: 41)
    let total = x.scalars.reduce(0) { $0 + Double($1) }
    expectClose(x.sum().item, total, "sum of \(shape)")
    expectClose(x.mean().item, total / Double(x.elementCount), "mean of \(shape)")
    FiniteDifferences().check("sum of \(shape)", at: [x]) { $0[0].sum() }
    FiniteDifferences().check("mean of \(shape)", at: [x]) { $0[0].mean() }
  }

  @Test("Sums and means along an axis have the right gradients", arguments: shapes)
  func axes(_ shape: Shape) {
    let x = randomTensor(shape, seed: 42)
    for axis in -shape.rank..<shape.rank {
      let place = axis < 0 ? axis + shape.rank : axis
      var kept = shape
      kept[place] = 1
      var expected = [Double](repeating: 0, count: kept.elementCount)
      for (position, value) in x.scalars.enumerated() {
        var target = index(of: position, in: shape)
        target[place] = 0
        expected[zip(target, kept).reduce(0) { $0 * $1.1 + $1.0 }] += Double(value)
      }
      let sums = Tensor(expected.map { Float($0) }, shape: kept)
      let name = "\(shape), axis \(axis)"
      expectClose(x.sum(axis: axis, keepingAxis: true), sums, "sum of \(name)")
      let dropped = Shape(shape.enumerated().filter { $0.offset != place }.map(\.element))
      expectClose(x.sum(axis: axis), Tensor(sums.scalars, shape: dropped), "sum of \(name)")
      expectClose(
        x.mean(axis: axis), Tensor(sums.scalars, shape: dropped) / Float(shape[place]),
        "mean of \(name)")
      for keeping in [false, true] {
        FiniteDifferences().check("sum of \(name)", at: [x]) {
          $0[0].sum(axis: axis, keepingAxis: keeping)
        }
        FiniteDifferences().check("mean of \(name)", at: [x]) {
          $0[0].mean(axis: axis, keepingAxis: keeping)
        }
      }
    }
  }

  @Test(
    "A matrix product has the right gradients",
    arguments: [
      ([3, 4], [4, 5]), ([1, 1], [1, 1]), ([2, 3, 4], [4, 2]), ([7], [7, 3]), ([5, 70], [70, 1]),
      ([40, 33], [33, 31]),
    ] as [(Shape, Shape)])
  func matmul(_ pair: (Shape, Shape)) {
    let operands = [randomTensor(pair.0, seed: 43), randomTensor(pair.1, seed: 44)]
    FiniteDifferences().check("matmul of \(pair)", at: operands) { $0[0].matmul($0[1]) }
  }

  @Test(
    "A dense layer has the right gradients",
    arguments: [([3, 4], 5), ([1, 6], 1), ([2, 3, 4], 16), ([40, 33], 31)] as [(Shape, Int)])
  func dense(_ shape: Shape, units: Int) {
    let operands = [
      randomTensor(shape, seed: 45), randomTensor([shape[shape.rank - 1], units], seed: 46),
      randomTensor([units], seed: 47),
    ]
    FiniteDifferences().check("dense of \(shape), \(units) units", at: operands) {
      $0[0].dense(kernel: $0[1], bias: $0[2])
    }
    FiniteDifferences().check("dense without bias of \(shape)", at: [operands[0], operands[1]]) {
      $0[0].dense(kernel: $0[1], bias: nil)
    }
  }

  @Test(
    "Dense layers of sparse rows have the right gradients", arguments: [1, 3, 16, 70],
    [false, true])
  func sparseRows(units: Int, hasValues: Bool) {
    let rows = randomRows(9, 40, hasValues: hasValues, seed: 48)
    let operands = [randomTensor([40, units], seed: 49), randomTensor([units], seed: 50)]
    FiniteDifferences().check("sparse dense, \(units) units", at: operands) {
      rows.dense(kernel: $0[0], bias: $0[1])
    }
    FiniteDifferences().check("sparse dense without bias", at: [operands[0]]) {
      rows.dense(kernel: $0[0], bias: nil)
    }
  }

  @Test("Reshaping and transposing move elements and gradients alike")
  func order() {
    let x = randomTensor([4, 6], seed: 51)
    let differences = FiniteDifferences()
    differences.check("reshape", at: [x]) { $0[0].reshaped([2, -1, 3]).squared() }
    differences.check("reshape to the same", at: [x]) { $0[0].reshaped([4, 6]).squared() }
    differences.check("transpose", at: [x]) { $0[0].transposed().squared() }
    #expect(x.reshaped([2, -1, 3]).shape == [2, 4, 3])
    #expect(x.reshaped([-1]).scalars == x.scalars)
    let transposed = x.transposed()
    #expect(transposed.shape == [6, 4])
    let values = x.scalars
    let exchanged = (0..<24).map { index -> Float in values[index % 4 * 6 + index / 4] }
    #expect(transposed.scalars == exchanged)
  }

  @Test("Slices have the right elements and gradients")
  func slices() {
    let x = randomTensor([4, 5, 6], seed: 52)
    let slices: [(String, [Range<Int>], (Tensor) -> Tensor)] = [
      ("range", [1..<3, 0..<5, 0..<6], { $0[1..<3] }),
      ("trimming", [0..<4, 1..<4, 2..<4], { $0[.all, .trimming(1), .trimming(2)] }),
      ("index", [3..<4, 2..<3, 0..<6], { $0[.index(3), .index(2)] }),
      ("mixed", [0..<4, 4..<5, 1..<6], { $0[.all, .index(4), .range(1..<6)] }),
      ("empty", [0..<4, 2..<2, 0..<6], { $0[.all, .range(2..<2)] }),
    ]
    for (name, bounds, slice) in slices {
      let box = Shape(bounds.map(\.count))
      let expected = (0..<box.elementCount).map { position in
        let place = index(of: position, in: box)
        let source = zip(place, bounds).map { $0 + $1.lowerBound }
        return x.scalars[(source[0] * 5 + source[1]) * 6 + source[2]]
      }
      #expect(slice(x) == Tensor(expected, shape: box), "\(name)")
      FiniteDifferences().check("slice \(name)", at: [x]) { slice($0[0]).squared() }
    }
    #expect(Tensor.scalar(3)[] == .scalar(3))
  }

  @Test("Argmax is the position of the largest element in each row")
  func argmax() {
    #expect(Tensor([1, 3, 2, 7, 7, 1], shape: [2, 3]).argmax() == [1, 0])
    #expect(Tensor([2, -1]).max() == 2 && Tensor([2, -1]).min() == -1)
  }
}
