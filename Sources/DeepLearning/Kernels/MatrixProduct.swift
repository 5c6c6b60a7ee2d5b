import COpenBLAS
import CVector

#if OneDNN
  import COneDNN
#endif

/// The implementations of matrix products, by name.
enum MatrixProvider: CaseIterable {
  /// Three plain loops: what the others are tested against.
  case reference
  /// ``SmallMatrixProduct``: no overhead, best for a handful of numbers and for dot products.
  case small
  /// ``PackedMatrixProduct``.
  case packed
  /// OpenBLAS, which packs both matrices: best for large squares.
  case openBLAS
  #if OneDNN
    /// oneDNN, to compare with.
    case oneDNN
  #endif

  /// The fastest provider. A rule, not a measurement: the choice shows in the last bits.
  static func fastest(m: Int, n: Int, k: Int, transposeA: Bool, transposeB: Bool)
    -> MatrixProvider
  {
    if m * n * k <= 1 << 15 { return .small }
    // Vectors along the columns would be nearly empty; a dot product costs its additions and, in the end, about 15 more.
    if n < 8 && !transposeA && (transposeB || n == 1) && n * (k + 240) < 16 * k { return .small }
    return min(m, n, k) < 1024 ? .packed : .openBLAS
  }
}

/// The kernels for matrix products.
enum MatrixProduct {
  /// Computes `c = op(a) · op(b)`, or adds it to `c`; all matrices row-major and without gaps.
  ///
  /// - Parameters:
  ///   - a: `[m, k]`, or `[k, m]` if `transposeA`.
  ///   - b: `[k, n]`, or `[n, k]` if `transposeB`.
  ///   - c: `[m, n]`.
  ///   - accumulate: whether to add to what stands in `c`.
  static func run(
    _ a: UnsafePointer<Float>, transposeA: Bool = false,
    _ b: UnsafePointer<Float>, transposeB: Bool = false,
    into c: UnsafeMutablePointer<Float>,
    m: Int, n: Int, k: Int, accumulate: Bool = false, provider: MatrixProvider? = nil
  ) {
    if m == 0 || n == 0 { return }
    if k == 0 {
      if !accumulate { c.update(repeating: 0, count: m * n) }
      return
    }
    let provider =
      provider ?? .fastest(m: m, n: n, k: k, transposeA: transposeA, transposeB: transposeB)
    // Large products are cut across the longer side of the result, one part per core.
    let pieces = min(Parallel.threads, (m * n * k) >> 18, max(m, n) / 16)
    if provider == .reference || pieces < 2 || provider == .small && (transposeA || m < n) {
      return part(provider, a, transposeA, b, transposeB, c, 0..<m, 0..<n, m, n, k, accumulate)
    }
    Parallel.run(pieces) { piece in
      let rows = m < n ? 0..<m : Parallel.part(piece, of: pieces, m)
      let columns = m < n ? Parallel.part(piece, of: pieces, n) : 0..<n
      part(provider, a, transposeA, b, transposeB, c, rows, columns, m, n, k, accumulate)
    }
  }

  /// Computes some rows and columns of the product.
  private static func part(
    _ provider: MatrixProvider, _ a: UnsafePointer<Float>, _ transposeA: Bool,
    _ b: UnsafePointer<Float>, _ transposeB: Bool, _ c: UnsafeMutablePointer<Float>,
    _ rows: Range<Int>, _ columns: Range<Int>, _ m: Int, _ n: Int, _ k: Int, _ accumulate: Bool
  ) {
    let beta: Float = accumulate ? 1 : 0
    let left = a + rows.lowerBound * (transposeA ? 1 : k)
    let right = b + columns.lowerBound * (transposeB ? k : 1)
    let target = c + rows.lowerBound * n + columns.lowerBound
    switch provider {
    case .reference:
      plain(a, transposeA, b, transposeB, c, m, n, k, accumulate)
    case .small:
      SmallMatrixProduct.run(
        left, transposeA: transposeA, right, transposeB: transposeB, into: target, m: rows.count,
        n: n, k: k, accumulate: accumulate)
    case .packed:
      PackedMatrixProduct(
        left: (a, transposeA ? 1 : k, transposeA ? m : 1),
        right: (b, transposeB ? k : 1, transposeB ? 1 : n), result: (c, n), stepCount: k,
        isAdded: accumulate
      ).run(rows: rows, columns: columns)
    case .openBLAS:
      LibraryThreads.limit()
      cblas_sgemm(
        CblasRowMajor, transposeA ? CblasTrans : CblasNoTrans,
        transposeB ? CblasTrans : CblasNoTrans, blasint(rows.count), blasint(columns.count),
        blasint(k), 1, left, blasint(transposeA ? m : k), right, blasint(transposeB ? k : n), beta,
        target, blasint(n))
    #if OneDNN
      case .oneDNN:
        LibraryThreads.limit()
        let (yes, no) = (CChar(UInt8(ascii: "T")), CChar(UInt8(ascii: "N")))
        let status = dnnl_sgemm(
          transposeA ? yes : no, transposeB ? yes : no, Int64(rows.count), Int64(columns.count),
          Int64(k), 1, left, Int64(transposeA ? m : k), right, Int64(transposeB ? k : n), beta,
          target, Int64(n))
        require(status == dnnl_success, "oneDNN refused a \(m) x \(n) x \(k) matrix product.")
    #endif
    }
  }

  private static func plain(
    _ a: UnsafePointer<Float>, _ transposeA: Bool, _ b: UnsafePointer<Float>, _ transposeB: Bool,
    _ c: UnsafeMutablePointer<Float>, _ m: Int, _ n: Int, _ k: Int, _ accumulate: Bool
  ) {
    for i in 0..<m {
      for j in 0..<n {
        var sum: Double = accumulate ? Double(c[i * n + j]) : 0
        for p in 0..<k {
          let left = transposeA ? a[p * m + i] : a[i * k + p]
          let right = transposeB ? b[j * k + p] : b[p * n + j]
          sum += Double(left) * Double(right)
        }
        c[i * n + j] = Float(sum)
      }
    }
  }
}

extension Engine {
  /// What computes, for reports: the vector instructions that the program was built for, and oneDNN if it has a part.
  public static var kernels: String {
    #if arch(x86_64)
      let own = vector_has_many_registers() != 0 ? "AVX-512" : "AVX2"
    #elseif arch(arm64)
      let own = "NEON"
    #else
      let own = "plain vectors"
    #endif
    #if OneDNN
      let version = dnnl_version().pointee
      return "\(own), oneDNN \(version.major).\(version.minor).\(version.patch)"
    #else
      return own
    #endif
  }
}
