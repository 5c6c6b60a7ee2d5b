/// Convolutions as they are defined, in double precision: what every other way is tested against.
struct ReferenceConvolution: ConvolutionAlgorithm {
  private let g: ConvolutionGeometry

  init(_ geometry: ConvolutionGeometry) { g = geometry }

  func forward(_ input: Tensor, _ kernel: Tensor, bias: Tensor?, isRectified: Bool) -> Tensor {
    products(input, kernel, of: g.outputShape) { pixel, tap, result in (pixel, tap, result) }
      .addingBias(bias, isRectified: isRectified)
  }

  func inputGradient(_ upstream: Tensor, _ kernel: Tensor) -> Tensor {
    products(upstream, kernel, of: g.inputShape) { pixel, tap, result in (result, tap, pixel) }
  }

  func kernelGradient(
    _ input: Tensor, _ upstream: Tensor, hasBias: Bool
  ) -> (kernel: Tensor, bias: Tensor?) {
    let kernel = products(input, upstream, of: g.kernelShape) { pixel, tap, result in
      (pixel, result, tap)
    }
    return (kernel, hasBias ? upstream.summedOverPixels() : nil)
  }

  /// Sums the products of two tensors.
  ///
  /// - Parameter roles: from the positions of pixel, tap and result those of the two factors and of the sum.
  @inline(__always)
  private func products(
    _ left: Tensor, _ right: Tensor, of shape: Shape, _ roles: (Int, Int, Int) -> (Int, Int, Int)
  ) -> Tensor {
    var sums = [Double](repeating: 0, count: shape.elementCount)
    left.withUnsafeBuffer { left in
      right.withUnsafeBuffer { right in
        sums.withUnsafeMutableBufferPointer { sums in
          forEachProduct {
            let (a, b, sum) = roles($0, $1, $2)
            sums[sum] += Double(left[a]) * Double(right[b])
          }
        }
      }
    }
    return Tensor(shape: shape) { target in
      for i in target.indices { target[i] = Float(sums[i]) }
    }
  }

  /// Calls `body` with the positions of pixel, tap and result of every product that is summed.
  @inline(__always)
  private func forEachProduct(_ body: (Int, Int, Int) -> Void) {
    let (rows, columns) = (g.outputHeight, g.outputWidth)
    for image in 0..<g.batch {
      for row in 0..<rows {
        for column in 0..<columns {
          for i in 0..<g.kernel.height {
            let y = row * g.stride.height + i * g.dilation.height - g.top
            if y < 0 || y >= g.height { continue }
            for j in 0..<g.kernel.width {
              let x = column * g.stride.width + j * g.dilation.width - g.left
              if x < 0 || x >= g.width { continue }
              let pixel = ((image * g.height + y) * g.width + x) * g.channels
              let result = ((image * rows + row) * columns + column) * g.filters
              let tap = (i * g.kernel.width + j) * g.channels
              for c in 0..<g.channels {
                if g.isDepthwise {
                  body(pixel + c, tap + c, result + c)
                } else {
                  for f in 0..<g.filters {
                    body(pixel + c, (tap + c) * g.filters + f, result + f)
                  }
                }
              }
            }
          }
        }
      }
    }
  }
}
