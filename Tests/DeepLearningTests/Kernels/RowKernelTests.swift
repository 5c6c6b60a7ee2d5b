import Foundation
import Testing

@testable import DeepLearning

/// Kernels on rows against plain loops in double precision.
@Suite struct RowKernelTests {
  static let shapes = [(1, 1), (3, 5), (7, 16), (5, 17), (100, 46), (33, 64), (2, 1000), (64, 3)]

  @Test("Softmax agrees with plain loops", arguments: shapes)
  func softmax(rows: Int, columns: Int) {
    let x = randomTensor([rows, columns], in: -30...30, seed: 131)
    let y = Tensor(x.scalars, shape: x.shape)
    RowKernels.softmax(y.pointer, rows: rows, columns: columns)
    let expected = (0..<rows).flatMap { row -> [Float] in
      let values = x.scalars[row * columns..<(row + 1) * columns].map { exp(Double($0)) }
      return values.map { Float($0 / values.reduce(0, +)) }
    }
    expectClose(
      y, Tensor(expected, shape: x.shape), absolute: 1e-7, relative: 1e-5, "\(rows) x \(columns)")
  }

  @Test("Sums agree with plain loops", arguments: shapes)
  func sums(rows: Int, columns: Int) {
    let x = randomTensor([rows, columns], seed: 132)
    let sums = Tensor(repeating: .nan, shape: [columns])
    RowKernels.columnSums(x.pointer, rows: rows, columns: columns, into: sums.pointer)
    let expected = (0..<columns).map { column in
      Float((0..<rows).reduce(0.0) { $0 + Double(x.scalars[$1 * columns + column]) })
    }
    expectClose(sums, Tensor(expected), "column sums of \(rows) x \(columns)")
    let total = x.scalars.reduce(0.0) { $0 + Double($1) }
    expectClose(RowKernels.sum(x.pointer, rows * columns), total, relative: 1e-7, "sum")
  }

  @Test("A sum does not lose small numbers beside large ones")
  func smallNumbers() {
    let x = Tensor([1e8] + [Float](repeating: 1, count: 1000) + [-1e8])
    #expect(x.sum().item == 1000)
  }

  @Test("Filling repeats a row", arguments: shapes)
  func fill(rows: Int, columns: Int) {
    let row = randomTensor([columns], seed: 133)
    let matrix = Tensor(repeating: .nan, shape: [rows, columns])
    RowKernels.fill(matrix.pointer, with: row.pointer, rows: rows, columns: columns)
    #expect(matrix.scalars == (0..<rows).flatMap { _ in row.scalars })
  }
}
