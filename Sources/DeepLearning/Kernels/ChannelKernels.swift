import CVector

/// Kernels that treat each channel of an image batch by itself: what batch normalisation needs.
///
/// A tensor is seen as groups of up to 16 channels, each in segments of equally spaced pixels, so that the same
/// loops serve row-major order (and vectors, and sequences) and blocks of channels.
struct ChannelKernels {
  private let channels: Int
  private let images: Int
  private let pixels: Int
  private let isBlocked: Bool

  /// - Parameters:
  ///   - shape: `[batch, ..., channels]`
  ///   - layout: how the tensors lie in memory that the kernels are given.
  init(_ shape: Shape, _ layout: Layout) {
    channels = shape.last ?? 1
    images = shape.first ?? 1
    pixels = shape.rank > 2 ? shape[1..<shape.rank - 1].reduce(1, *) : 1
    isBlocked = layout != .rowMajor
  }

  private var groups: Int { (channels + 15) / 16 }

  /// Calls `body` with each group, side by side.
  private func forEachGroup(_ body: (_ first: Int, _ lanes: Int) -> Void) {
    let grain = max((1 << 12) / max(images * pixels, 1), 1)
    Parallel.ranges(groups, grain: grain, alignment: 1) { range in
      for group in range { body(group * 16, min(16, channels - group * 16)) }
    }
  }

  /// Calls `body` with where the pixels of a group begin in each image, and how far they are apart.
  private func forEachImage(_ first: Int, _ body: (_ start: Int, _ step: Int) -> Void) {
    for image in 0..<images {
      let start = image * pixels * channels
      if isBlocked {
        body(start + first * pixels, 16)
      } else {
        body(start + first, channels)
      }
    }
  }

  /// Sums over all pixels of what `value` makes of each, in double precision from image to image.
  @inline(__always)
  private func total(_ first: Int, _ value: (Int) -> SIMD16<Float>) -> SIMD16<Double> {
    var total = SIMD16<Double>.zero
    forEachImage(first) { start, step in
      var sum = SIMD16<Float>.zero
      for pixel in 0..<pixels { sum += value(start + pixel * step) }
      for lane in 0..<16 { total[lane] += Double(sum[lane]) }
    }
    return total
  }

  @inline(__always)
  private func store(_ value: SIMD16<Float>, _ target: UnsafeMutablePointer<Float>, _ lanes: Int) {
    if lanes == 16 {
      vector_store(value, target)
    } else {
      for lane in 0..<lanes { target[lane] = value[lane] }
    }
  }

  /// The mean and the (biased) variance of each channel.
  func statistics(
    _ x: UnsafePointer<Float>, mean: UnsafeMutablePointer<Float>,
    variance: UnsafeMutablePointer<Float>
  ) {
    let count = Double(images * pixels)
    forEachGroup { first, lanes in
      let sum = total(first) { vector_load(x + $0) }
      for lane in 0..<lanes { mean[first + lane] = Float(sum[lane] / count) }
      let center = vector_load(mean + first)
      let squares = total(first) {
        let distance = vector_load(x + $0) - center
        return distance * distance
      }
      for lane in 0..<lanes { variance[first + lane] = Float(squares[lane] / count) }
    }
  }

  /// `y = scale · x + shift`, with a scale and a shift for each channel; rectified if wanted.
  func affine(
    _ x: UnsafePointer<Float>, scale: UnsafePointer<Float>, shift: UnsafePointer<Float>,
    isRectified: Bool = false, into y: UnsafeMutablePointer<Float>
  ) {
    forEachGroup { first, lanes in
      let (a, b) = (vector_load(scale + first), vector_load(shift + first))
      forEachImage(first) { start, step in
        for pixel in 0..<pixels {
          let place = start + pixel * step
          let sum = vector_fma(a, vector_load(x + place), b)
          store(isRectified ? vector_max(sum, SIMD16()) : sum, y + place, lanes)
        }
      }
    }
  }

  /// Of each channel, `Σ g` and `Σ g · (x - center)`.
  func sums(
    _ g: UnsafePointer<Float>, _ x: UnsafePointer<Float>, center: UnsafePointer<Float>,
    into sum: UnsafeMutablePointer<Float>, _ product: UnsafeMutablePointer<Float>
  ) {
    forEachGroup { first, lanes in
      let middle = vector_load(center + first)
      let plain = total(first) { vector_load(g + $0) }
      let weighted = total(first) { vector_load(g + $0) * (vector_load(x + $0) - middle) }
      for lane in 0..<lanes {
        sum[first + lane] = Float(plain[lane])
        product[first + lane] = Float(weighted[lane])
      }
    }
  }

  /// `y = a · g + b · x + c`, with three factors for each channel.
  func combine(
    _ g: UnsafePointer<Float>, _ x: UnsafePointer<Float>, a: UnsafePointer<Float>,
    b: UnsafePointer<Float>, c: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>
  ) {
    forEachGroup { first, lanes in
      let (a, b) = (vector_load(a + first), vector_load(b + first))
      let c = vector_load(c + first)
      forEachImage(first) { start, step in
        for pixel in 0..<pixels {
          let place = start + pixel * step
          let sum = vector_fma(b, vector_load(x + place), c)
          store(vector_fma(a, vector_load(g + place), sum), y + place, lanes)
        }
      }
    }
  }
}
