import Testing

@testable import DeepLearning

/// Products of sparse rows against the same product with the zeros written out.
@Suite struct SparseProductTests {
  static let units = [1, 3, 16, 17, 64, 70]

  /// A way to take rows out of a matrix.
  enum Selection: CaseIterable {
    case all, slice, unsorted, repeated, none

    func callAsFunction(_ rows: SparseRows) -> SparseRows {
      switch self {
      case .all: rows
      case .slice: rows[7..<60]
      case .unsorted: rows.gathering(rows: [99, 3, 1, 57, 0, 20, 2][...])
      case .repeated: rows.gathering(rows: ArraySlice((0..<90).map { $0 * 7 % 13 }))
      case .none: rows[5..<5]
      }
    }
  }

  @Test(
    "Sparse products and their gradients agree with dense ones", arguments: units,
    Selection.allCases)
  func gradients(_ units: Int, _ selection: Selection) {
    for hasValues in [false, true] {
      let rows = selection(randomRows(100, 50, hasValues: hasValues, seed: 111))
      let kernel = randomTensor([50, units], seed: 112)
      let bias = randomTensor([units], seed: 113)
      let name = "\(units) units, \(selection), values \(hasValues)"
      expectClose(
        rows.dense(kernel: kernel, bias: bias), rows.dense.dense(kernel: kernel, bias: bias), name)
      expectClose(
        rows.dense(kernel: kernel, bias: nil), rows.dense.dense(kernel: kernel, bias: nil), name)

      let upstream = randomTensor([rows.count, units], seed: 114)
      // The gradient must not depend on what stood in its memory.
      let gradient = Tensor(repeating: .nan, shape: [50, units])
      SparseProduct.kernelGradient(
        rows, upstream: upstream.pointer, units: units, into: gradient.pointer)
      expectClose(gradient, rows.dense.transposed().matmul(upstream), "\(name), gradient")
    }
  }

  @Test("The number of cores does not change a bit", arguments: units, [false, true])
  func cores(_ units: Int, hasValues: Bool) {
    let rows = randomRows(1100, 300, hasValues: hasValues, seed: 115)
    let kernel = randomTensor([300, units], seed: 116)
    let bias = randomTensor([units], seed: 117)
    let upstream = randomTensor([1100, units], seed: 118)
    let results = [1, 2, 3].map { width in
      Parallel.$width.withValue(width) {
        valueAndGradients(at: [kernel, bias]) {
          (rows.dense(kernel: $0[0], bias: $0[1]) * upstream).sum()
        }
      }
    }
    for result in results.dropFirst() {
      #expect(haveEqualBits(result.value, results[0].value))
      #expect(zip(result.gradients, results[0].gradients).allSatisfy(haveEqualBits))
    }
    let output = [1, 2, 3].map { width in
      Parallel.$width.withValue(width) { rows.dense(kernel: kernel, bias: bias) }
    }
    #expect(haveEqualBits(output[0], output[1]) && haveEqualBits(output[0], output[2]))
  }

  @Test("A matrix without elements gives empty results", arguments: units)
  func empty(_ units: Int) {
    let rows = SparseRows(columns: 5, starts: [0, 0, 0, 0], indices: [])
    let bias = randomTensor([units], seed: 119)
    let (output, gradients) = valueAndGradients(at: [.ones([5, units]), bias]) {
      let y = rows.dense(kernel: $0[0], bias: $0[1])
      #expect(y == bias.broadcast(to: [3, units]))
      return y.sum()
    }
    expectClose(output.item, Double(bias.sum().item) * 3, "sum")
    #expect(gradients == [.zeros([5, units]), Tensor(repeating: 3, shape: [units])])
    #expect(rows.dense(kernel: .ones([5, units]), bias: nil) == .zeros([3, units]))
  }
}
