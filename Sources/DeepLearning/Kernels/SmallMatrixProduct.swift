import CVector

/// Matrix products that are too small to be worth packing, such as those of batch size 1, and dot products.
enum SmallMatrixProduct {
  private typealias Vector = SIMD16<Float>

  /// Computes `c = op(a) · op(b)`, or adds it to `c`; row-major, without gaps.
  static func run(
    _ a: UnsafePointer<Float>, transposeA: Bool, _ b: UnsafePointer<Float>, transposeB: Bool,
    into c: UnsafeMutablePointer<Float>, m: Int, n: Int, k: Int, accumulate: Bool
  ) {
    if k == 1 { return outer(a, b, c, m, n, accumulate) }
    // `a` is read one number at a time; its strides take care of its transposition.
    let (rowStride, stepStride) = transposeA ? (1, m) : (k, 1)
    if transposeB || n == 1 {
      if transposeA {
        strided(a, b, transposeB, c, m, n, k, accumulate)
      } else {
        dots(a, b, c, m, n, k, accumulate)
      }
    } else {
      rows(a, rowStride, stepStride, b, c, m, n, k, accumulate)
    }
  }

  /// Rows of `b` are contiguous along `n`: adds up multiples of them, 64 or 16 columns at a time.
  private static func rows(
    _ a: UnsafePointer<Float>, _ rowStride: Int, _ stepStride: Int,
    _ b: UnsafePointer<Float>, _ c: UnsafeMutablePointer<Float>,
    _ m: Int, _ n: Int, _ k: Int, _ accumulate: Bool
  ) {
    for i in 0..<m {
      let left = a + i * rowStride
      let target = c + i * n
      var j = 0
      while j + 64 <= n {
        var (s0, s1, s2, s3) =
          accumulate
          ? (
            vector_load(target + j), vector_load(target + j + 16), vector_load(target + j + 32),
            vector_load(target + j + 48)
          )
          : (Vector.zero, Vector.zero, Vector.zero, Vector.zero)
        for p in 0..<k {
          let factor = Vector(repeating: left[p * stepStride])
          let right = b + p * n + j
          s0 = vector_fma(factor, vector_load(right), s0)
          s1 = vector_fma(factor, vector_load(right + 16), s1)
          s2 = vector_fma(factor, vector_load(right + 32), s2)
          s3 = vector_fma(factor, vector_load(right + 48), s3)
        }
        vector_store(s0, target + j)
        vector_store(s1, target + j + 16)
        vector_store(s2, target + j + 32)
        vector_store(s3, target + j + 48)
        j += 64
      }
      while j + 16 <= n {
        var sum = accumulate ? vector_load(target + j) : Vector.zero
        for p in 0..<k {
          let factor = Vector(repeating: left[p * stepStride])
          sum = vector_fma(factor, vector_load(b + p * n + j), sum)
        }
        vector_store(sum, target + j)
        j += 16
      }
      while j < n {
        var sum = accumulate ? target[j] : 0
        for p in 0..<k { sum += left[p * stepStride] * b[p * n + j] }
        target[j] = sum
        j += 1
      }
    }
  }

  /// A column times a row.
  private static func outer(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ c: UnsafeMutablePointer<Float>,
    _ m: Int, _ n: Int, _ accumulate: Bool
  ) {
    for i in 0..<m {
      let (factor, target) = (a[i], c + i * n)
      for j in stride(from: 0, to: n, by: 16) {
        let product = factor * vector_load(b + j)
        vector_store_first(
          accumulate ? vector_load(target + j) + product : product, target + j, n - j)
      }
    }
  }

  /// Rows of both `a` and (transposed) `b` are contiguous along `k`: dot products.
  private static func dots(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ c: UnsafeMutablePointer<Float>,
    _ m: Int, _ n: Int, _ k: Int, _ accumulate: Bool
  ) {
    for i in 0..<m {
      let left = a + i * k
      for j in 0..<n {
        let right = b + j * k
        // Four sums side by side, as each addition has to wait for the one before.
        var (s0, s1, s2, s3) = (Vector.zero, Vector.zero, Vector.zero, Vector.zero)
        var p = 0
        while p + 64 <= k {
          s0 = vector_fma(vector_load(left + p), vector_load(right + p), s0)
          s1 = vector_fma(vector_load(left + p + 16), vector_load(right + p + 16), s1)
          s2 = vector_fma(vector_load(left + p + 32), vector_load(right + p + 32), s2)
          s3 = vector_fma(vector_load(left + p + 48), vector_load(right + p + 48), s3)
          p += 64
        }
        while p + 16 <= k {
          s0 = vector_fma(vector_load(left + p), vector_load(right + p), s0)
          p += 16
        }
        var sum = ((s0 + s1) + (s2 + s3)).sum()
        while p < k {
          sum += left[p] * right[p]
          p += 1
        }
        c[i * n + j] = accumulate ? c[i * n + j] + sum : sum
      }
    }
  }

  /// `a` transposed and `b` either transposed, where there is nothing to vectorise well, or a single column.
  private static func strided(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ transposeB: Bool,
    _ c: UnsafeMutablePointer<Float>, _ m: Int, _ n: Int, _ k: Int, _ accumulate: Bool
  ) {
    if n == 1 {
      for i in stride(from: 0, to: m, by: 16) {
        var sum = accumulate ? vector_load(c + i) : Vector.zero
        for p in 0..<k { sum += b[p] * vector_load(a + p * m + i) }
        vector_store_first(sum, c + i, m - i)
      }
      return
    }
    for i in 0..<m {
      for j in 0..<n {
        var sum = accumulate ? c[i * n + j] : 0
        for p in 0..<k { sum += a[p * m + i] * (transposeB ? b[j * k + p] : b[p * n + j]) }
        c[i * n + j] = sum
      }
    }
  }
}
