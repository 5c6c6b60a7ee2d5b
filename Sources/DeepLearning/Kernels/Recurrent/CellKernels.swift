import CVector

/// What recurrent cells do between their matrix products, number by number, forward and backward.
///
/// Each kernel works on some rows of a step. Gates lie side by side in rows of `gateCount · width` numbers, states
/// in rows of `width`; all widths are whole vectors. Forward kernels replace what goes into a gate by its
/// value, backward kernels that value by the gradient of what went in.
struct CellKernels {
  private typealias Vector = SIMD16<Float>
  typealias Source = UnsafePointer<Float>
  typealias Target = UnsafeMutablePointer<Float>

  let activation: Activation
  let gates: Activation
  /// Of a state.
  let width: Int

  /// Calls `body` with the positions in the gates and in the states of each vector of some rows.
  @inline(__always)
  private func each(_ rows: Range<Int>, gateCount: Int, _ body: (Int, Int) -> Void) {
    for row in rows {
      for unit in stride(from: 0, to: width, by: 16) {
        body(row * gateCount * width + unit, row * width + unit)
      }
    }
  }

  // MARK: Simple

  func simple(_ rows: Range<Int>, _ g: Target, next: Target) {
    each(rows, gateCount: 1) { gate, state in
      let h = value(activation, vector_load(g + gate))
      vector_store(h, next + state)
    }
  }

  /// - Parameters:
  ///   - h: what the step made.
  ///   - dh: the gradient of that.
  ///   - dg: receives the gradient of what goes into the activation.
  func simpleGradient(_ rows: Range<Int>, _ dg: Target, h: Source, dh: Source) {
    each(rows, gateCount: 1) { gate, state in
      let slope = slope(activation, vector_load(h + state))
      vector_store(vector_load(dh + state) * slope, dg + gate)
    }
  }

  // MARK: LSTM

  func lstm(_ rows: Range<Int>, _ g: Target, cell: Source, nextCell: Target, next: Target) {
    each(rows, gateCount: 4) { gate, state in
      let i = value(gates, vector_load(g + gate))
      let f = value(gates, vector_load(g + gate + width))
      let candidate = value(activation, vector_load(g + gate + 2 * width))
      let o = value(gates, vector_load(g + gate + 3 * width))
      let c = vector_fma(f, vector_load(cell + state), i * candidate)
      vector_store(i, g + gate)
      vector_store(f, g + gate + width)
      vector_store(candidate, g + gate + 2 * width)
      vector_store(o, g + gate + 3 * width)
      vector_store(c, nextCell + state)
      vector_store(o * value(activation, c), next + state)
    }
  }

  /// - Parameters:
  ///   - dh: the gradient of the output.
  ///   - dc: the gradient of the cell after the step; then of the cell before it.
  func lstmGradient(
    _ rows: Range<Int>, _ g: Target, cell: Source, nextCell: Source, dh: Source, dc: Target
  ) {
    each(rows, gateCount: 4) { gate, state in
      let i = vector_load(g + gate)
      let f = vector_load(g + gate + width)
      let candidate = vector_load(g + gate + 2 * width)
      let o = vector_load(g + gate + 3 * width)
      let active = value(activation, vector_load(nextCell + state))
      let dh = vector_load(dh + state)
      let dc1 = vector_fma(dh * o, slope(activation, active), vector_load(dc + state))
      vector_store(dc1 * candidate * slope(gates, i), g + gate)
      vector_store(dc1 * vector_load(cell + state) * slope(gates, f), g + gate + width)
      vector_store(dc1 * i * slope(activation, candidate), g + gate + 2 * width)
      vector_store(dh * active * slope(gates, o), g + gate + 3 * width)
      vector_store(dc1 * f, dc + state)
    }
  }

  // MARK: GRU

  /// Opens the gates z and r; `reset` receives what is left of the state.
  func gruGates(_ rows: Range<Int>, _ g: Target, h: Source, reset: Target) {
    each(rows, gateCount: 3) { gate, state in
      let r = value(gates, vector_load(g + gate + width))
      vector_store(value(gates, vector_load(g + gate)), g + gate)
      vector_store(r, g + gate + width)
      vector_store(r * vector_load(h + state), reset + state)
    }
  }

  /// Mixes the state with the candidate, to which `r · inner` is added first if there is an inner product.
  func gruBlend(_ rows: Range<Int>, _ g: Target, h: Source, inner: Source?, next: Target) {
    each(rows, gateCount: 3) { gate, state in
      var sum = vector_load(g + gate + 2 * width)
      if let inner { sum += vector_load(g + gate + width) * vector_load(inner + state) }
      let candidate = value(activation, sum)
      let z = vector_load(g + gate)
      vector_store(candidate, g + gate + 2 * width)
      vector_store(vector_fma(z, vector_load(h + state) - candidate, candidate), next + state)
    }
  }

  /// The gradients of z and of the candidate.
  ///
  /// - Parameters:
  ///   - masked: the state as the candidate saw it; `h` unless there is dropout.
  ///   - direct: receives the part of the gradient that goes past all products.
  ///   - reset: receives what was left of the state after the reset.
  func gruBlendGradient(
    _ rows: Range<Int>, _ g: Target, h: Source, masked: Source, dh: Source, direct: Target,
    reset: Target
  ) {
    each(rows, gateCount: 3) { gate, state in
      let z = vector_load(g + gate)
      let candidate = vector_load(g + gate + 2 * width)
      let dh = vector_load(dh + state)
      let h = vector_load(h + state)
      vector_store(dh * (h - candidate) * slope(gates, z), g + gate)
      vector_store(dh * (1 - z) * slope(activation, candidate), g + gate + 2 * width)
      vector_store(dh * z, direct + state)
      vector_store(vector_load(g + gate + width) * vector_load(masked + state), reset + state)
    }
  }

  /// The gradient of r, from that of what was left after the reset, which becomes that of the state before it.
  func gruResetGradient(_ rows: Range<Int>, _ g: Target, masked: Source, dReset: Target) {
    each(rows, gateCount: 3) { gate, state in
      let r = vector_load(g + gate + width)
      let upstream = vector_load(dReset + state)
      vector_store(
        upstream * vector_load(masked + state) * slope(gates, r), g + gate + width)
      vector_store(upstream * r, dReset + state)
    }
  }

  /// The gradients of r and of the inner product of a GRU that resets after it.
  func gruInnerGradient(_ rows: Range<Int>, _ g: Target, inner: Source, dInner: Target) {
    each(rows, gateCount: 3) { gate, state in
      let r = vector_load(g + gate + width)
      let upstream = vector_load(g + gate + 2 * width)
      vector_store(upstream * vector_load(inner + state) * slope(gates, r), g + gate + width)
      vector_store(upstream * r, dInner + state)
    }
  }

  // MARK: Products number by number

  /// `y = a · b`, some rows of `columns` numbers that lie `aStride` apart in `a`.
  ///
  /// Writes whole vectors: what is too much is overwritten by the next row, and behind the last there must be room. The
  /// products that follow read single numbers, for which some processors would wait long after a store of a part.
  static func multiply(
    _ a: Source, aStride: Int, _ b: Source, rows: Int, columns: Int, into y: Target
  ) {
    for row in 0..<rows {
      for column in stride(from: 0, to: columns, by: 16) {
        vector_store(
          vector_load(a + row * aStride + column) * vector_load(b + row * columns + column),
          y + row * columns + column)
      }
    }
  }

  /// `y += a · b`, or `y += a` without `b`.
  static func addProduct(_ a: Source, _ b: Source?, _ count: Int, to y: Target) {
    for i in stride(from: 0, to: count, by: 16) {
      let factor = b.map { vector_load($0 + i) } ?? Vector(repeating: 1)
      vector_store_first(
        vector_fma(vector_load(a + i), factor, vector_load(y + i)), y + i, count - i)
    }
  }

  /// `y += ` the sum of all rows, which lie `stride` apart.
  static func addRows(_ x: Source, stride distance: Int, rows: Int, columns: Int, to y: Target) {
    for column in stride(from: 0, to: columns, by: 16) {
      var sum = vector_load(y + column)
      for row in 0..<rows { sum += vector_load(x + row * distance + column) }
      vector_store(sum, y + column)
    }
  }

  // MARK: Functions

  /// Whether the kernels know a function.
  static func knows(_ function: Activation) -> Bool {
    switch function {
    case .linear, .relu, .sigmoid, .hardSigmoid, .tanh, .softsign: true
    default: false
    }
  }

  @inline(__always)
  private func value(_ function: Activation, _ x: Vector) -> Vector {
    switch function {
    case .tanh: return vector_tanh(x)
    case .hardSigmoid:
      let line = vector_fma(x, Vector(repeating: 0.2), Vector(repeating: 0.5))
      return line.replacing(with: 0, where: line .< 0).replacing(with: 1, where: line .> 1)
    case .sigmoid: return 1 / (1 + vector_exp(-x))
    case .relu: return x.replacing(with: 0, where: x .< 0)
    case .softsign: return x / (1 + x.replacing(with: -x, where: x .< 0))
    default: return x
    }
  }

  /// The derivative of a function where its value is `y`.
  @inline(__always)
  private func slope(_ function: Activation, _ y: Vector) -> Vector {
    switch function {
    case .tanh: return 1 - y * y
    case .hardSigmoid:
      return Vector(repeating: 0.2).replacing(with: 0, where: (y .<= 0) .| (y .>= 1))
    case .sigmoid: return y * (1 - y)
    case .relu: return Vector(repeating: 1).replacing(with: 0, where: y .<= 0)
    case .softsign:
      let rest = 1 - y.replacing(with: -y, where: y .< 0)
      return rest * rest
    default: return Vector(repeating: 1)
    }
  }
}
