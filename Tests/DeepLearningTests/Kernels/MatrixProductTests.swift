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
  private func firstMismatch(
    _ result: Tensor, _ product: Tensor, scale: Float, tolerance: Float = 4e-5
  ) -> String? {
    let (x, y, count) = (result.pointer, product.pointer, product.elementCount)
    defer { withExtendedLifetime((result, product)) {} }
    for i in 0..<count where !(abs(x[i] - scale * y[i]) <= tolerance) {
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

  @Test(
    "Large products of all kinds agree, cut into blocks and shared out among cores",
    arguments: MatrixProvider.allCases.filter { $0 != .reference })
  func largeProducts(_ provider: MatrixProvider) {
    // More rows, columns and products than a block has, and all of them odd.
    for (m, n, k) in [(300, 70, 401), (21, 301, 389), (601, 3, 500), (2, 50, 1030)] {
      let a = randomTensor([m * k], seed: 103)
      let b = randomTensor([k * n], seed: 104)
      for (transposeA, transposeB) in [(false, false), (true, false), (false, true), (true, true)] {
        let expected = Tensor.zeros([m * n])
        MatrixProduct.run(
          a.pointer, transposeA: transposeA, b.pointer, transposeB: transposeB,
          into: expected.pointer, m: m, n: n, k: k, provider: .reference)
        let result = Tensor(repeating: Self.sentinel, shape: [m * n + 16])
        MatrixProduct.run(
          a.pointer, transposeA: transposeA, b.pointer, transposeB: transposeB,
          into: result.pointer, m: m, n: n, k: k, provider: provider)
        let wrong = firstMismatch(result, expected, scale: 1, tolerance: 2e-4)
        #expect(wrong == nil, "\(m)x\(n)x\(k), \(transposeA) \(transposeB): \(wrong ?? "")")
      }
    }
  }

  @Test("A product's bits do not depend on how many cores share it, nor on its neighbours")
  func sameBits() {
    let (m, n, k) = (130, 75, 450)
    let (a, b) = (randomTensor([m, k], seed: 105), randomTensor([k, n], seed: 106))
    func product(_ rows: Range<Int>, cores: Int) -> [Float] {
      let result = Tensor.zeros([rows.count, n])
      Parallel.$width.withValue(cores) {
        MatrixProduct.run(
          a.pointer + rows.lowerBound * k, b.pointer, into: result.pointer, m: rows.count, n: n,
          k: k, provider: .packed)
      }
      return result.scalars
    }
    let whole = product(0..<m, cores: 1)
    #expect(product(0..<m, cores: 2) == whole)
    #expect(product(0..<m, cores: 5) == whole)
    #expect(product(3..<4, cores: 1) == Array(whole[3 * n..<4 * n]))
    withExtendedLifetime((a, b)) {}
  }

  @Test("Each kind of product takes the provider that suits it")
  func choice() {
    func provider(_ m: Int, _ n: Int, _ k: Int, _ transposeB: Bool = false) -> MatrixProvider {
      .fastest(m: m, n: n, k: k, transposeA: false, transposeB: transposeB)
    }
    #expect(provider(1, 16, 16) == .small)
    #expect(provider(128, 512, 784) == .packed)
    #expect(provider(512, 1, 784) == .small)
    #expect(provider(512, 4, 784) == .packed)
    #expect(provider(512, 4, 784, true) == .small)
    #expect(provider(2048, 2048, 2048) == .openBLAS)
    let (a, b) = (randomTensor([300, 70], seed: 103), randomTensor([70, 90], seed: 104))
    let expected = Tensor.zeros([300, 90])
    MatrixProduct.run(
      a.pointer, b.pointer, into: expected.pointer, m: 300, n: 90, k: 70, provider: .reference)
    expectClose(a.matmul(b), expected, absolute: 4e-5, "300 x 90 x 70")
  }
}
