/// Convolutions as they are defined, in double precision: what every other way is tested against.
struct ReferenceConvolution: ConvolutionAlgorithm {
  private let g: ConvolutionGeometry

  init(_ geometry: ConvolutionGeometry) { g = geometry }

  func forward(_ input: Tensor, _ kernel: Tensor, bias: Tensor?, isRectified: Bool) -> Tensor {
    products(input, kernel, of: g.outputShape) { input, kernel, sums in
      forEachTap { pixel, tap, result in
        for c in 0..<g.channels {
          if g.isDepthwise {
            sums[result + c] += Double(input[pixel + c]) * Double(kernel[tap + c])
          } else {
            let (x, row) = (Double(input[pixel + c]), (tap + c) * g.filters)
            for f in 0..<g.filters { sums[result + f] += x * Double(kernel[row + f]) }
          }
        }
      }
    }.addingBias(bias, isRectified: isRectified)
  }

  func inputGradient(_ upstream: Tensor, _ kernel: Tensor) -> Tensor {
    products(upstream, kernel, of: g.inputShape) { upstream, kernel, sums in
      forEachTap { pixel, tap, result in
        for c in 0..<g.channels {
          if g.isDepthwise {
            sums[pixel + c] += Double(upstream[result + c]) * Double(kernel[tap + c])
          } else {
            var (sum, row) = (sums[pixel + c], (tap + c) * g.filters)
            for f in 0..<g.filters {
              sum += Double(upstream[result + f]) * Double(kernel[row + f])
            }
            sums[pixel + c] = sum
          }
        }
      }
    }
  }

  func kernelGradient(
    _ input: Tensor, _ upstream: Tensor, hasBias: Bool
  ) -> (kernel: Tensor, bias: Tensor?) {
    let kernel = products(input, upstream, of: g.kernelShape) { input, upstream, sums in
      forEachTap { pixel, tap, result in
        for c in 0..<g.channels {
          if g.isDepthwise {
            sums[tap + c] += Double(input[pixel + c]) * Double(upstream[result + c])
          } else {
            let (x, row) = (Double(input[pixel + c]), (tap + c) * g.filters)
            for f in 0..<g.filters { sums[row + f] += x * Double(upstream[result + f]) }
          }
        }
      }
    }
    return (kernel, hasBias ? upstream.summedOverPixels() : nil)
  }

  /// What `add` sums of the products of two tensors.
  private func products(
    _ left: Tensor, _ right: Tensor, of shape: Shape,
    _ add: (
      UnsafeBufferPointer<Float>, UnsafeBufferPointer<Float>, UnsafeMutableBufferPointer<Double>
    ) -> Void
  ) -> Tensor {
    var sums = [Double](repeating: 0, count: shape.elementCount)
    left.withUnsafeBuffer { left in
      right.withUnsafeBuffer { right in
        sums.withUnsafeMutableBufferPointer { add(left, right, $0) }
      }
    }
    return Tensor(shape: shape) { target in
      for i in target.indices { target[i] = Float(sums[i]) }
    }
  }

  /// Calls `body` for each element of the kernel at each place, with the positions of the first channel of the pixel
  /// and of the kernel, and of the first filter of the result.
  private func forEachTap(_ body: (_ pixel: Int, _ tap: Int, _ result: Int) -> Void) {
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
              body(
                ((image * g.height + y) * g.width + x) * g.channels,
                (i * g.kernel.width + j) * g.channels,
                ((image * rows + row) * columns + column) * g.filters)
            }
          }
        }
      }
    }
  }
}
