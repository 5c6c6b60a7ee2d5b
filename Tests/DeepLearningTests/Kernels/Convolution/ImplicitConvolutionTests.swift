import Testing

@testable import DeepLearning

/// Products without matrices against plain loops, where borders, strides and vectors that are not full meet.
@Suite struct ImplicitConvolutionTests {
  static let kernels: [Extent2D] = [1, [3, 3], [2, 5], 5]

  private static func expectAgreement(_ g: ConvolutionGeometry, _ what: String) {
    func inLayout(_ tensor: Tensor) -> Tensor {
      tensor.reordered(to: .ofConvolutions(tensor.shape))
    }
    let input = inLayout(randomTensor(g.inputShape, seed: 871))
    let kernel = randomTensor(g.kernelShape, in: -0.4...0.5, seed: 872)
    let bias = randomTensor([g.filters], seed: 873)
    let upstream = inLayout(randomTensor(g.outputShape, in: -1...1.1, seed: 874))
    func products(_ provider: ConvolutionProvider) -> [Tensor] {
      [
        Convolution.forward(
          input, kernel, bias: bias, isRectified: true, g, provider: provider),
        Convolution.inputGradient(upstream, kernel, g, provider: provider),
        Convolution.kernelGradient(input, upstream, hasBias: false, g, provider: provider).kernel,
      ]
    }
    for (name, (a, b)) in zip(
      ["output", "to input", "to kernel"], zip(products(.implicit), products(.reference)))
    {
      let largest = max(b.max(), -b.min())
      expectClose(
        a, b, absolute: 2e-6 + 2e-6 * largest, relative: 0, "\(what), \(g.inputShape), \(name)")
    }
  }

  /// Every count of channels and filters that leaves a vector half empty, with images smaller than the kernel's reach.
  @Test("Odd shapes agree with plain loops", arguments: kernels, [Extent2D(1), 2, [3, 1]])
  func oddShapes(_ kernel: Extent2D, _ stride: Extent2D) {
    for (batch, height, width) in [(1, 1, 1), (1, 7, 9), (2, 13, 5), (3, 6, 20)] {
      for (channels, filters) in [(1, 16), (3, 33), (16, 5), (17, 32), (32, 16), (48, 80)] {
        for dilation in [1, 2] as [Extent2D] {
          for padding in [Padding.same, .valid, .causal] {
            let (high, wide) = (
              (kernel.height - 1) * dilation.height, (kernel.width - 1) * dilation.width
            )
            if padding == .valid && (high >= height || wide >= width) { continue }
            Self.expectAgreement(
              ConvolutionGeometry(
                input: [batch, height, width, channels], filters: filters, kernel: kernel,
                stride: stride, dilation: dilation, padding: padding),
              "\(filters) filters of \(kernel), stride \(stride), dilation \(dilation), \(padding)")
          }
        }
      }
    }
  }

  @Test("Depthwise kernels agree with plain loops", arguments: kernels, [Extent2D(1), 2, [3, 1]])
  func depthwise(_ kernel: Extent2D, _ stride: Extent2D) {
    for (batch, height, width) in [(1, 5, 5), (2, 13, 9), (3, 6, 20)] {
      for channels in [1, 16, 19, 48] {
        for dilation in [1, 2] as [Extent2D] {
          for padding in [Padding.same, .valid] {
            let (high, wide) = (
              (kernel.height - 1) * dilation.height, (kernel.width - 1) * dilation.width
            )
            if padding == .valid && (high >= height || wide >= width) { continue }
            Self.expectAgreement(
              ConvolutionGeometry(
                input: [batch, height, width, channels], filters: channels, kernel: kernel,
                stride: stride, dilation: dilation, padding: padding, isDepthwise: true),
              "depthwise \(kernel), stride \(stride), dilation \(dilation), \(padding)")
          }
        }
      }
    }
  }

  /// More channels than one panel of the kernel holds, and more rows than one band.
  @Test("Several panels and bands agree with plain loops", arguments: [Padding.same, .valid])
  func panels(_ padding: Padding) {
    Self.expectAgreement(
      ConvolutionGeometry(
        input: [1, 9, 40, 400], filters: 64, kernel: 3, stride: 1, dilation: 1, padding: padding),
      "panels")
    Self.expectAgreement(
      ConvolutionGeometry(
        input: [1, 70, 130, 32], filters: 16, kernel: 3, stride: 1, dilation: 1, padding: padding),
      "bands")
  }

  /// The same kernel used forward and backward: both panels are kept, and told apart.
  @Test("One kernel serves both directions, each packed for itself")
  func directions() {
    let g = ConvolutionGeometry(
      input: [1, 4, 4, 32], filters: 32, kernel: 1, stride: 1, dilation: 1, padding: .valid)
    let x = randomTensor(g.inputShape, seed: 875)
    let kernel = randomTensor(g.kernelShape, seed: 876)
    let there = Convolution.forward(
      x, kernel, bias: nil, isRectified: false, g, provider: .implicit)
    let back = Convolution.inputGradient(x, kernel, g, provider: .implicit)
    #expect(there != back)
    expectClose(
      back, Convolution.inputGradient(x, kernel, g, provider: .reference), absolute: 1e-4,
      "input gradient")
  }

  /// Not a number stays what it is behind a relu.
  @Test("NaN stays NaN behind a relu")
  func notANumber() {
    let g = ConvolutionGeometry(
      input: [1, 1, 1, 16], filters: 16, kernel: 1, stride: 1, dilation: 1, padding: .valid)
    let x = Tensor([Float](repeating: .nan, count: 16), shape: g.inputShape)
    let kernel = Tensor.ones(g.kernelShape)
    let y = Convolution.forward(
      x, kernel, bias: nil, isRectified: true, g, provider: .implicit)
    #expect(!y.scalars.contains { !$0.isNaN })
  }
}
