/// Convolutions as they are defined, in double precision: what every other way is tested against.
enum PlainConvolution {
  static func forward(
    _ input: UnsafePointer<Float>, _ kernel: UnsafePointer<Float>,
    _ output: UnsafeMutablePointer<Float>, _ g: ConvolutionGeometry
  ) {
    var sums = [Double](repeating: 0, count: g.outputShape.elementCount)
    forEachProduct(g) { sums[$2] += Double(input[$0]) * Double(kernel[$1]) }
    for i in sums.indices { output[i] = Float(sums[i]) }
  }

  static func inputGradient(
    _ upstream: UnsafePointer<Float>, _ kernel: UnsafePointer<Float>,
    _ gradient: UnsafeMutablePointer<Float>, _ g: ConvolutionGeometry
  ) {
    var sums = [Double](repeating: 0, count: g.inputShape.elementCount)
    forEachProduct(g) { sums[$0] += Double(upstream[$2]) * Double(kernel[$1]) }
    for i in sums.indices { gradient[i] = Float(sums[i]) }
  }

  static func kernelGradient(
    _ input: UnsafePointer<Float>, _ upstream: UnsafePointer<Float>,
    _ gradient: UnsafeMutablePointer<Float>, _ g: ConvolutionGeometry
  ) {
    var sums = [Double](repeating: 0, count: g.kernelShape.elementCount)
    forEachProduct(g) { sums[$1] += Double(input[$0]) * Double(upstream[$2]) }
    for i in sums.indices { gradient[i] = Float(sums[i]) }
  }

  /// Calls `body` with the positions of input, kernel and output of every product that is summed.
  private static func forEachProduct(_ g: ConvolutionGeometry, _ body: (Int, Int, Int) -> Void) {
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
