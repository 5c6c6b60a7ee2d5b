import CVector

/// The kernels of max and average pooling.
///
/// They read and write images in row-major order or in blocks of channels; in both, neighbouring numbers are
/// channels of one pixel.
struct Pooling {
  /// What is taken of a window.
  enum Kind { case max, average }

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

  /// - Parameters:
  ///   - input: `[batch, height, width, channels]`
  ///   - output: `[batch, output height, output width, channels]`, in the same layout; written.
  func forward(_ input: Tensor, into output: Tensor) {
    let layout = output.layout
    let (source, target) = (input.pointer(in: layout), output.pointer(in: layout))
    let out = Strides(output.shape, layout)
    forEachWindow(input.shape, out, layout) { image, run, row, column, window, pixels in
      let y = target + image * out.image + run * out.run + row * out.row + column * out.column
      let scale = 1 / Float(window)
      for c in Swift.stride(from: 0, to: out.lanes, by: 16) {
        var value = SIMD16<Float>(repeating: kind == .max ? -.infinity : 0)
        pixels { pixel in
          let x = vector_load(source + pixel + c)
          value = kind == .max ? vector_max(x, value) : value + x
        }
        if kind == .average { value *= scale }
        store(value, y + c, out.lanes - c)
      }
    }
    withExtendedLifetime((input, output)) {}
  }

  /// Sends gradients back: to the first of the largest pixels, or to all equally.
  ///
  /// - Parameters:
  ///   - upstream: the gradient of the output, in the layout of `gradient`.
  ///   - gradient: in the shape of the input; zeros, added to.
  func backward(_ upstream: Tensor, input: Tensor, output: Tensor, into gradient: Tensor) {
    let layout = gradient.layout
    let (x, y) = (input.pointer(in: layout), output.pointer(in: layout))
    let (g, target) = (upstream.pointer(in: layout), gradient.pointer(in: layout))
    let out = Strides(output.shape, layout)
    forEachWindow(input.shape, out, layout) { image, run, row, column, window, pixels in
      let place = image * out.image + run * out.run + row * out.row + column * out.column
      let scale = 1 / Float(window)
      for c in Swift.stride(from: 0, to: out.lanes, by: 16) {
        var left = vector_load(g + place + c)
        let largest = vector_load(y + place + c)
        let share = left * scale
        pixels { pixel in
          let old = vector_load(target + pixel + c)
          if kind == .average {
            store(old + share, target + pixel + c, out.lanes - c)
          } else {
            let isLargest = vector_load(x + pixel + c) .== largest
            store(
              old + SIMD16<Float>.zero.replacing(with: left, where: isLargest), target + pixel + c,
              out.lanes - c)
            // What one pixel has taken is gone for those after it.
            left.replace(with: 0, where: isLargest)
          }
        }
      }
    }
    withExtendedLifetime((upstream, input, output, gradient)) {}
  }

  @inline(__always)
  private func store(_ value: SIMD16<Float>, _ target: UnsafeMutablePointer<Float>, _ count: Int) {
    if count >= 16 {
      vector_store(value, target)
    } else {
      for lane in 0..<count { target[lane] = value[lane] }
    }
  }

  /// Calls `body` with each window: where it is, how many pixels of the image it holds, and a way to go
  /// through them. Images run side by side.
  @inline(__always)
  private func forEachWindow(
    _ input: Shape, _ out: Strides, _ layout: Layout,
    _ body: (Int, Int, Int, Int, Int, ((Int) -> Void) -> Void) -> Void
  ) {
    let g = geometry
    let strides = Strides(input, layout)
    let (rows, columns) = (g.outputHeight, g.outputWidth)
    let pieces = input[0] * strides.runs
    let grain = Swift.max((1 << 13) / Swift.max(rows * columns * out.lanes, 1), 1)
    Parallel.ranges(pieces, grain: grain, alignment: 1) { range in
      for piece in range {
        let (image, run) = (piece / strides.runs, piece % strides.runs)
        let base = image * strides.image + run * strides.run
        for row in 0..<rows {
          let top = row * g.stride.height - g.top
          let (y0, y1) = (Swift.max(top, 0), Swift.min(top + g.kernel.height, g.height))
          for column in 0..<columns {
            let left = column * g.stride.width - g.left
            let (x0, x1) = (Swift.max(left, 0), Swift.min(left + g.kernel.width, g.width))
            body(image, run, row, column, (y1 - y0) * (x1 - x0)) { visit in
              for y in y0..<y1 {
                for x in x0..<x1 { visit(base + y * strides.row + x * strides.column) }
              }
            }
          }
        }
      }
    }
  }
}
