import Foundation
import Synchronization
import Testing

@testable import DeepLearning

/// Every way to compute a convolution against plain loops in double precision, at the sizes of real networks.
@Suite struct ConvolutionProviderTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let input: Shape
    let filters: Int
    let kernel: Extent2D
    var stride: Extent2D = 1
    var dilation: Extent2D = 1
    var padding = Padding.same
    var isDepthwise = false

    var geometry: ConvolutionGeometry {
      ConvolutionGeometry(
        input: input, filters: filters, kernel: kernel, stride: stride, dilation: dilation,
        padding: padding, isDepthwise: isDepthwise)
    }

    var testDescription: String {
      "\(input) -> \(filters), kernel \(kernel), stride \(stride), dilation \(dilation), \(padding)"
        + (isDepthwise ? ", depthwise" : "")
    }
  }

  static let cases = [
    Case(input: [20, 37, 35, 16], filters: 32, kernel: 3),
    Case(input: [1, 50, 50, 64], filters: 64, kernel: 3, padding: .valid),
    Case(input: [3, 17, 19, 32], filters: 16, kernel: 3, stride: 2),
    Case(input: [4, 15, 21, 3], filters: 32, kernel: 3, padding: .valid),
    Case(input: [3, 28, 28, 1], filters: 32, kernel: 3),
    Case(input: [7, 7, 7, 64], filters: 128, kernel: 3),
    Case(input: [1, 8, 8, 256], filters: 256, kernel: 3),
    Case(input: [5, 12, 13, 32], filters: 32, kernel: 3, dilation: 2),
    Case(input: [5, 9, 11, 16], filters: 48, kernel: 5, stride: [1, 2]),
    Case(input: [2, 13, 13, 48], filters: 33, kernel: 1),
    Case(input: [2, 19, 23, 17], filters: 40, kernel: 3),
    Case(input: [3, 19, 23, 32], filters: 7, kernel: [3, 5]),
    Case(input: [2, 32, 32, 32], filters: 3, kernel: 7),
    Case(input: [3, 17, 15, 48], filters: 32, kernel: 5),
    Case(input: [1, 21, 30, 32], filters: 64, kernel: 4, padding: .valid),
    Case(input: [1, 24, 23, 96], filters: 80, kernel: [1, 7]),
    Case(input: [2, 23, 19, 32], filters: 48, kernel: [7, 1]),
    Case(input: [3, 9, 20, 16], filters: 16, kernel: [1, 4], padding: .valid),
    Case(input: [2, 17, 18, 32], filters: 32, kernel: [3, 5]),
    Case(input: [2, 12, 11, 32], filters: 3, kernel: 1),
    Case(input: [1, 61, 43, 3], filters: 48, kernel: 3, stride: 2, padding: .valid),
    Case(input: [1, 30, 30, 48], filters: 48, kernel: 5, stride: 2, isDepthwise: true),
    Case(input: [3, 14, 15, 48], filters: 48, kernel: 3, isDepthwise: true),
    Case(input: [2, 15, 14, 19], filters: 19, kernel: 5, stride: 2, isDepthwise: true),
  ]

  /// Those that there are here, of convolutions that suit them all.
  static let providers = ConvolutionProvider.allCases.filter {
    $0 != .reference && !$0.products(of: simple.geometry).isEmpty
  }
  private static let simple = Case(input: [2, 10, 8, 32], filters: 64, kernel: 3)

  /// What a provider computes of a convolution; nil what it does not.
  private struct Products {
    var output, toInput, toKernel, toBias: Tensor?

    var all: [(name: String, value: Tensor?)] {
      [("output", output), ("to input", toInput), ("to kernel", toKernel), ("to bias", toBias)]
    }

    /// Whether all that both have is equal to the last bit.
    func hasEqualBits(_ other: Products) -> Bool {
      zip(all, other.all).allSatisfy { a, b in
        a.value.flatMap { x in b.value.map { haveEqualBits(x, $0) } } ?? true
      }
    }
  }

  private static func products(
    _ g: ConvolutionGeometry, _ provider: ConvolutionProvider?
  ) -> Products {
    let input = randomTensor(g.inputShape, seed: 841)
    let kernel = randomTensor(g.kernelShape, in: -0.4...0.5, seed: 842)
    let bias = randomTensor([g.filters], seed: 843)
    let upstream = randomTensor(g.outputShape, in: -1...1.1, seed: 844)
    let products = provider?.products(of: g) ?? ConvolutionTask.Product.allCases
    var result = Products()
    if products.contains(.forward) {
      result.output = Convolution.forward(
        input, kernel, bias: bias, isRectified: true, g, provider: provider)
    }
    if products.contains(.inputGradient) {
      result.toInput = Convolution.inputGradient(upstream, kernel, g, provider: provider)
    }
    if products.contains(.kernelGradient) {
      (result.toKernel, result.toBias) = Convolution.kernelGradient(
        input, upstream, hasBias: true, g, provider: provider)
    }
    return result
  }

  @Test("All providers agree with plain loops in double precision", arguments: cases)
  func agreement(_ item: Case) throws {
    let expected = Self.products(item.geometry, .reference)
    func compare(_ actual: Products, _ error: Float, _ what: String) throws {
      for (a, b) in zip(actual.all, expected.all) {
        guard let a = a.value else { continue }
        let (name, b) = (b.name, try #require(b.value))
        expectClose(
          a, b, absolute: error * max(b.max(), -b.min()), relative: 0,
          "\(what), \(item.testDescription), \(name)")
      }
    }
    for provider in Self.providers {
      for width in [1, 2, 3] {
        // Exact, as one that hands a part on must not meet Winograd's algorithm there.
        let products = Parallel.$width.withValue(width) {
          Engine.$isExact.withValue(true) { Self.products(item.geometry, provider) }
        }
        try compare(products, provider.error, "\(provider) on \(width) cores")
      }
    }
    // What the engine takes of its own accord.
    try compare(
      Self.products(item.geometry, nil), GoldenConvolutionTests.tiles, "the engine's choice")
    try Engine.$isExact.withValue(true) {
      try compare(
        Self.products(item.geometry, nil), GoldenConvolutionTests.direct, "the exact choice")
    }
  }

  /// That Winograd's algorithm is in fact taken, as only different bits can show.
  @Test("Exactness is a choice")
  func exactness() throws {
    let g = Self.cases[0].geometry
    let fast = try #require(Engine.$isExact.withValue(false) { Self.products(g, nil) }.output)
    let exact = try #require(Engine.$isExact.withValue(true) { Self.products(g, nil) }.output)
    #expect(haveEqualBits(fast, try #require(Self.products(g, .winograd).output)))
    #expect(fast != exact)
    var direct = ConvolutionProvider.implicit
    #if OneDNN
      if OneDNN.usesBlocks { direct = .oneDNNDirect }
    #endif
    #expect(haveEqualBits(exact, try #require(Self.products(g, direct).output)))
  }

  @Test(
    "Kernels of 1 x 7 and 7 x 1 take Winograd's algorithm along one axis",
    arguments: [[1, 7], [7, 1]])
  func lines(_ kernel: [Int]) {
    let g = Case(
      input: [1, 17, 17, 128], filters: 128,
      kernel: Extent2D(height: kernel[0], width: kernel[1])
    ).geometry
    #expect(WinogradConvolution(g)?.pointCount == 8)
    #expect(Self.products(g, nil).hasEqualBits(Self.products(g, .winograd)))
  }

  /// That tiles of 8 x 8 are in fact taken for kernels of 5 x 5, and the result's patches for few filters.
  @Test("Winograd is chosen for kernels of 5 x 5, and patches of the result for few filters")
  func choice() {
    let (five, few) = (Self.cases[13].geometry, Self.cases[12].geometry)
    Engine.$isExact.withValue(false) {
      #expect(Self.products(five, nil).hasEqualBits(Self.products(five, .winograd)))
    }
    #expect(Self.products(few, nil).hasEqualBits(Self.products(few, .transposed)))
    Engine.$isExact.withValue(true) {
      #expect(Self.products(five, nil).output != Self.products(five, .winograd).output)
    }
  }

  #if OneDNN
    /// oneDNN's plain loops take a hundred times as long as patches; the last case has them for the kernel's gradient.
    @Test(
      "Reference code is never chosen",
      arguments: cases + [Case(input: [2, 16, 16, 8], filters: 16, kernel: 5)])
    func noReference(_ item: Case) {
      for product in ConvolutionTask.Product.allCases {
        let task = ConvolutionTask(product: product, geometry: item.geometry)
        #expect(OneDNNPieces(task)?.isReference != true, "\(product)")
      }
    }
  #endif

  /// A kernel that changes is transformed again, and parts of memory are told apart.
  @Test("A changed kernel is transformed anew", arguments: [5, 3])
  func changedKernels(_ taps: Int) {
    let g = Case(
      input: [1, 12, 12, 32], filters: 32, kernel: Extent2D(height: taps, width: taps)
    ).geometry
    let input = randomTensor(g.inputShape, seed: 1)
    let pair = randomTensor(g.kernelShape.prepending(2), seed: 2)
    var kernel = pair.rows(1..<2).reshaped(g.kernelShape)
    func output(_ kernel: Tensor, _ provider: ConvolutionProvider?) -> Tensor {
      Convolution.forward(
        input, kernel, bias: nil, isRectified: false, g, provider: provider)
    }
    let first = output(pair.rows(0..<1).reshaped(g.kernelShape), nil)
    #expect(first != output(kernel, nil))
    kernel.withUnsafeMutableBuffer { $0[7] += 1 }
    expectClose(
      output(kernel, nil), output(kernel, .reference), absolute: 1e-3, relative: 0, "changed")
  }

  @Test("A provider gives the same bits each time", arguments: providers)
  func sameBits(_ provider: ConvolutionProvider) {
    for item in Self.cases[1...4] {
      let (a, b) = (
        Self.products(item.geometry, provider), Self.products(item.geometry, provider)
      )
      #expect(a.hasEqualBits(b), "\(item.testDescription)")
    }
  }

  /// Threads that share primitives and memory, each with a kernel that has not been reordered yet.
  @Test("Convolutions side by side do not disturb each other", arguments: providers)
  func sideBySide(_ provider: ConvolutionProvider) {
    let g = Self.simple.geometry
    let expected = Self.products(g, provider)
    let wrong = Mutex(0)
    DispatchQueue.concurrentPerform(iterations: 8) { _ in
      for _ in 0..<20 {
        let actual = Self.products(g, provider)
        if !actual.hasEqualBits(expected) { wrong.withLock { $0 += 1 } }
      }
    }
    #expect(wrong.withLock { $0 } == 0, "of 160 convolutions")
  }

  @Test("Plain loops give what a hand gets")
  func byHand() {
    let input = Tensor([1, 2, 3, 4, 5, 6, 7, 8, 9], shape: [1, 3, 3, 1])
    let kernel = Tensor([1, 10, 100, 1000], shape: [2, 2, 1, 1])
    func geometry(_ padding: Padding, stride: Extent2D = 1) -> ConvolutionGeometry {
      ConvolutionGeometry(
        input: [1, 3, 3, 1], filters: 1, kernel: 2, stride: stride, dilation: 1, padding: padding)
    }
    func forward(_ g: ConvolutionGeometry) -> [Float] {
      Convolution.forward(
        input, kernel, bias: nil, isRectified: false, g, provider: .reference
      ).scalars
    }
    #expect(forward(geometry(.valid)) == [5421, 6532, 8754, 9865])
    // The odd zero comes last: below and to the right.
    #expect(forward(geometry(.same)) == [5421, 6532, 603, 8754, 9865, 906, 87, 98, 9])
    #expect(forward(geometry(.same, stride: 2)) == [5421, 603, 87, 9])
    let ones = Tensor.ones([1, 2, 2, 1])
    let toInput = Convolution.inputGradient(ones, kernel, geometry(.valid), provider: .reference)
    #expect(toInput.scalars == [1, 11, 10, 101, 1111, 1010, 100, 1100, 1000])
    let toKernel = Convolution.kernelGradient(
      input, ones, hasBias: false, geometry(.valid), provider: .reference)
    #expect(toKernel.kernel.scalars == [12, 16, 24, 28] && toKernel.bias == nil)
  }
}
