import CVector

/// The kernels of max and average pooling.
///
/// They read and write images in row-major order or in blocks of channels; in both, neighbouring numbers are
/// channels of one pixel.
struct Pooling {
  /// What is taken of a window.
  enum Kind { case max, average }
  private typealias Vector = SIMD16<Float>

  let kind: Kind
  /// The window, as a depthwise convolution's.
  let geometry: ConvolutionGeometry

  /// How images lie in memory: runs of channels, and the way from one pixel, row and run to the next.
  private struct Strides {
    let lanes, runs: Int
    let column, row, run, image: Int

    init(_ shape: Shape, _ layout: Layout) {
      let (height, width, channels) = (shape[1], shape[2], shape[3])
      let isBlocked = layout != .rowMajor
      lanes = isBlocked ? Layout.block : channels
      runs = isBlocked ? channels / Layout.block : 1
      column = lanes
      row = width * lanes
      run = height * width * lanes
      image = height * width * channels
    }
  }

  /// A window as far as it lies inside the image, and where its result is.
  private struct Place {
    let rows, columns: Range<Int>
    /// Where the image's channels and the result's begin.
    let input, output: Int

    /// Calls `body` with the offset of each pixel.
    @inline(__always)
    func forEach(_ strides: Strides, _ body: (Int) -> Void) {
      var y = rows.lowerBound
      while y < rows.upperBound {
        var x = columns.lowerBound
        while x < columns.upperBound {
          body(input + y * strides.row + x * strides.column)
          x += 1
        }
        y += 1
      }
    }
  }

  /// - Parameters:
  ///   - input: `[batch, height, width, channels]`
  ///   - output: `[batch, output height, output width, channels]`, in the same layout; written.
  ///   - maxIndices: like `output`; of a maximum, which pixel of its window it is, counted from the first. Written if
  ///     there is one; with it the gradient needs neither input nor output.
  func forward(_ input: Tensor, into output: Tensor, maxIndices: Tensor?) {
    let layout = output.layout
    let (source, target) = (input.pointer(in: layout), output.pointer(in: layout))
    let (strides, out) = (Strides(input.shape, layout), Strides(output.shape, layout))
    let codes = maxIndices?.pointer(in: layout)
    let isMaximum = kind == .max
    forEachPlace(strides, out) { place in
      var c = 0
      while c < out.lanes {
        var value = Vector(repeating: isMaximum ? -.infinity : 0)
        if let codes {
          var maxIndex = Vector.zero
          var number = Vector.zero
          place.forEach(strides) {
            let x = vector_load(source + $0 + c)
            let isLarger = x .> value
            value.replace(with: x, where: isLarger)
            maxIndex.replace(with: number, where: isLarger)
            number += 1
          }
          store(maxIndex, codes + place.output + c, out.lanes - c)
        } else if isMaximum {
          place.forEach(strides) { value = vector_max(vector_load(source + $0 + c), value) }
        } else {
          place.forEach(strides) { value += vector_load(source + $0 + c) }
          value *= 1 / Float(place.rows.count * place.columns.count)
        }
        store(value, target + place.output + c, out.lanes - c)
        c += 16
      }
    }
    withExtendedLifetime((input, output, maxIndices)) {}
  }

  /// Marks the maxima that are not positive as having none, so that the gradient stops there as at a relu.
  static func rectify(maxIndices: Tensor, maxima: Tensor) {
    let layout = maxima.layout
    let (codes, values) = (maxIndices.pointer(in: layout), maxima.pointer(in: layout))
    Parallel.ranges(maxima.elementCount, grain: 1 << 14) { range in
      for i in stride(from: range.lowerBound, to: range.upperBound, by: 16) {
        var maxIndex = vector_load(codes + i)
        maxIndex.replace(with: -1, where: vector_load(values + i) .<= 0)
        store(maxIndex, codes + i, range.upperBound - i)
      }
    }
    withExtendedLifetime((maxIndices, maxima)) {}
  }

  /// Sends gradients back: to the maximum of each window, or to all its pixels equally.
  ///
  /// - Parameters:
  ///   - upstream: the gradient of the output, in the layout of `gradient`.
  ///   - maxIndices: what ``forward(_:into:maxIndices:)`` wrote, if this is a maximum.
  ///   - gradient: in the shape of the input; written.
  func backward(_ upstream: Tensor, maxIndices: Tensor?, into gradient: Tensor) {
    let layout = gradient.layout
    let (g, target) = (upstream.pointer(in: layout), gradient.pointer(in: layout))
    let (strides, out) = (Strides(gradient.shape, layout), Strides(upstream.shape, layout))
    let codes = maxIndices?.pointer(in: layout)
    // Windows that tile the image reach each pixel once.
    let isTiled =
      geometry.stride == geometry.kernel && geometry.top == 0 && geometry.left == 0
      && geometry.outputHeight * geometry.kernel.height == geometry.height
      && geometry.outputWidth * geometry.kernel.width == geometry.width
    if !isTiled { fillZeros(target, gradient.elementCount) }
    forEachPlace(strides, out) { place in
      let share = 1 / Float(place.rows.count * place.columns.count)
      var c = 0
      while c < out.lanes {
        var left = vector_load(g + place.output + c)
        let lanes = out.lanes - c
        if let codes {
          let maxIndex = vector_load(codes + place.output + c)
          var number = Vector.zero
          place.forEach(strides) {
            let taken = Vector.zero.replacing(with: left, where: maxIndex .== number)
            store(isTiled ? taken : vector_load(target + $0 + c) + taken, target + $0 + c, lanes)
            number += 1
          }
        } else {
          left *= share
          place.forEach(strides) {
            store(isTiled ? left : vector_load(target + $0 + c) + left, target + $0 + c, lanes)
          }
        }
        c += 16
      }
    }
    withExtendedLifetime((upstream, maxIndices, gradient)) {}
  }

  private func fillZeros(_ target: UnsafeMutablePointer<Float>, _ count: Int) {
    Parallel.ranges(count, grain: 1 << 16) { range in
      (target + range.lowerBound).update(repeating: 0, count: range.count)
    }
  }

  /// Calls `body` with each window; images and runs of channels side by side.
  @inline(__always)
  private func forEachPlace(_ strides: Strides, _ out: Strides, _ body: (Place) -> Void) {
    let g = geometry
    let (rows, columns) = (g.outputHeight, g.outputWidth)
    let pieces = g.batch * strides.runs
    let grain = Swift.max((1 << 13) / Swift.max(rows * columns * out.lanes, 1), 1)
    Parallel.ranges(pieces, grain: grain, alignment: 1) { range in
      for piece in range {
        let (image, run) = (piece / strides.runs, piece % strides.runs)
        let input = image * strides.image + run * strides.run
        let output = image * out.image + run * out.run
        for row in 0..<rows {
          let top = row * g.stride.height - g.top
          let (y0, y1) = (Swift.max(top, 0), Swift.min(top + g.kernel.height, g.height))
          for column in 0..<columns {
            let left = column * g.stride.width - g.left
            let (x0, x1) = (Swift.max(left, 0), Swift.min(left + g.kernel.width, g.width))
            body(
              Place(
                rows: y0..<y1, columns: x0..<x1, input: input,
                output: output + row * out.row + column * out.column))
          }
        }
      }
    }
  }
}

/// Writes up to 16 numbers.
@inline(__always)
private func store(
  _ value: SIMD16<Float>, _ target: UnsafeMutablePointer<Float>, _ count: Int
) {
  if count >= 16 {
    vector_store(value, target)
  } else {
    for lane in 0..<count { target[lane] = value[lane] }
  }
}
