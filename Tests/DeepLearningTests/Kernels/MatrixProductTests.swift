import Testing

@testable import DeepLearning

/// Every provider of matrix products against three plain loops.
@Suite struct MatrixProductTests {
  static let sizes = [1, 2, 3, 5, 15, 16, 17, 31, 33, 64, 65, 100]
  private static let sentinel: Float = -12345

  @Test(
    "Products agree with plain loops",
    arguments: MatrixProvider.allCases.filter { $0 != .reference }, sizes)
  func agreement(_ provider: MatrixProvider, m: Int) {
    let a = randomTensor([100 * 100], seed: 101)
    let b = randomTensor([100 * 100], seed: 102)
    for n in Self.sizes {
      for k in Self.sizes {
        for (transposeA, transposeB) in [
          (false, false), (true, false), (false, true), (true, true),
        ] {
          // What is added to is zero in one run and the product itself in the other.
          let expected = Tensor.zeros([m * n])
          MatrixProduct.run(
            a.pointer, transposeA: transposeA, b.pointer, transposeB: transposeB,
            into: expected.pointer, m: m, n: n, k: k, provider: .reference)
          let result = Tensor(repeating: Self.sentinel, shape: [m * n + 16])
          for accumulate in [false, true] {
            // Without accumulation, not even NaN may be read from the target.
            if !accumulate { result.pointer.update(repeating: .nan, count: m * n) }
            MatrixProduct.run(
              a.pointer, transposeA: transposeA, b.pointer, transposeB: transposeB,
              into: result.pointer, m: m, n: n, k: k, accumulate: accumulate, provider: provider)
            let wrong = firstMismatch(result, expected, scale: accumulate ? 2 : 1)
            #expect(
              wrong == nil,
              """
              \(provider), \(m)x\(n)x\(k), transposed \(transposeA) \(transposeB), accumulate \
              \(accumulate): \(wrong ?? "")
              """)
          }
        }
      }
    }
  }

  /// - Parameter scale: the result should be so many times the product.
  private func firstMismatch(_ result: Tensor, _ product: Tensor, scale: Float) -> String? {
    let (x, y, count) = (result.pointer, product.pointer, product.elementCount)
    defer { withExtendedLifetime((result, product)) {} }
    for i in 0..<count where !(abs(x[i] - scale * y[i]) <= 4e-5) {
      return "element \(i) is \(x[i]) instead of \(scale * y[i])"
    }
    for i in count..<count + 16 where x[i] != Self.sentinel { return "writes past the end" }
    return nil
  }

  @Test("Plain loops give what a hand gets")
  func byHand() {
    let a = Tensor([1, 2, 3, 4, 5, 6], shape: [2, 3])
    let b = Tensor([7, 8, 9, 10, 11, 12], shape: [3, 2])
    let c = Tensor([100, 200, 300, 400], shape: [2, 2])
    MatrixProduct.run(
      a.pointer, b.pointer, into: c.pointer, m: 2, n: 2, k: 3, accumulate: true,
      provider: .reference)
    #expect(c.scalars == [158, 264, 439, 554])
    // The same numbers read as transposed matrices.
    MatrixProduct.run(
      a.pointer, transposeA: true, b.pointer, transposeB: true, into: c.pointer, m: 2, n: 2, k: 3,
      provider: .reference)
    #expect(c.scalars == [76, 103, 100, 136])
  }

  @Test("Empty products add nothing")
  func empty() {
    let c = Tensor([1, 2, 3, 4])
    MatrixProduct.run(c.pointer, c.pointer, into: c.pointer, m: 2, n: 2, k: 0, accumulate: true)
    #expect(c.scalars == [1, 2, 3, 4])
    MatrixProduct.run(c.pointer, c.pointer, into: c.pointer, m: 0, n: 2, k: 2)
    MatrixProduct.run(c.pointer, c.pointer, into: c.pointer, m: 2, n: 0, k: 2)
    #expect(c.scalars == [1, 2, 3, 4])
    MatrixProduct.run(c.pointer, c.pointer, into: c.pointer, m: 2, n: 2, k: 0)
    #expect(c.scalars == [0, 0, 0, 0])
    #expect(Tensor.zeros([3, 0]).matmul(.zeros([0, 4])) == .zeros([3, 4]))
    #expect(Tensor.zeros([0, 3]).matmul(.zeros([3, 4])).shape == [0, 4])
  }

  @Test("Large products take another provider and agree")
  func largeProducts() {
    let (a, b) = (randomTensor([300, 70], seed: 103), randomTensor([70, 90], seed: 104))
    let expected = Tensor.zeros([300, 90])
    MatrixProduct.run(
      a.pointer, b.pointer, into: expected.pointer, m: 300, n: 90, k: 70, provider: .reference)
    #expect(MatrixProvider.fastest(work: 300 * 90 * 70) != MatrixProvider.fastest(work: 8))
    expectClose(a.matmul(b), expected, absolute: 4e-5, "300 x 90 x 70")
  }
}
