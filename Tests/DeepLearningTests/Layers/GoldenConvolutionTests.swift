import Testing

@testable import DeepLearning

/// Convolutions, pooling and their company against Keras on TensorFlow and PyTorch: outputs and all gradients.
@Suite struct GoldenConvolutionTests {
  /// Errors allowed, as shares of the largest number. Measured at the sizes of ``ConvolutionProviderTests`` are up to
  /// 5 in a million for sums of 26,000 products as they stand, half of that by Winograd's algorithm on small tiles, and
  /// 12 in a million on tiles of 8 x 8.
  static let (direct, winograd, tiles): (Float, Float, Float) = (1e-5, 2e-5, 4e-5)

  @Test(
    "Layers of images have the reference's outputs and gradients",
    arguments: try Golden.cases("convolution-2d") as [GoldenLayer])
  func images(_ golden: GoldenLayer) throws {
    try golden.expectAgreement(error: Self.tiles)
    try Engine.$isExact.withValue(true) { try golden.expectAgreement(error: Self.direct) }
  }

  @Test(
    "Every kind of convolution has the reference's outputs and gradients",
    arguments: try Golden.cases("convolution-kinds") as [GoldenLayer])
  func kinds(_ golden: GoldenLayer) throws {
    try golden.expectAgreement(error: Self.tiles)
    try Engine.$isExact.withValue(true) { try golden.expectAgreement(error: Self.direct) }
  }

  @Test(
    "Convolutions among other layers have the reference's outputs and gradients",
    arguments: try Golden.cases("convolution-company") as [GoldenLayer])
  func company(_ golden: GoldenLayer) throws {
    try golden.expectAgreement(error: Self.direct)
  }

  /// A case, and a provider that computes some of its products.
  struct Provided: Sendable, CustomTestStringConvertible {
    let golden: GoldenLayer
    let geometry: ConvolutionGeometry
    let provider: ConvolutionProvider
    var testDescription: String { "\(provider), \(golden.name)" }
  }

  static func provided() throws -> [Provided] {
    let cases: [GoldenLayer] = try Golden.cases("convolution-2d")
    return try cases.flatMap { golden -> [Provided] in
      // Other activations are not the convolution's own.
      if !["relu", "linear"].contains(golden.options.activation) { return [] }
      let geometry = ConvolutionGeometry(
        input: golden.inputs[0].tensor.shape, filters: golden.output.tensor.shape[3],
        kernel: try #require(golden.options.kernel?.extent),
        stride: try #require(golden.options.stride?.extent),
        dilation: try #require(golden.options.dilation?.extent),
        padding: golden.options.border)
      return ConvolutionProvider.allCases.filter { !$0.products(of: geometry).isEmpty }
        .map { Provided(golden: golden, geometry: geometry, provider: $0) }
    }
  }

  /// Each way to compute a convolution by itself, and not only the one that the engine would take.
  @Test("Every provider has the reference's outputs and gradients", arguments: try provided())
  func providers(_ provided: Provided) throws {
    let (golden, geometry, provider) = (provided.golden, provided.geometry, provided.provider)
    let isRectified = golden.options.activation == "relu"
    let products = provider.products(of: geometry)
    let (input, kernel) = (golden.inputs[0].tensor, golden.weights[0].tensor)
    let bias = golden.weights.count > 1 ? golden.weights[1].tensor : nil
    var upstream = golden.upstream.tensor
    if isRectified { upstream *= golden.output.tensor.sign() }
    var pairs: [(String, Tensor, GoldenTensor)] = []
    if products.contains(.forward) {
      let output = Convolution.forward(
        input, kernel, bias: bias, isRectified: isRectified, geometry, provider: provider)
      pairs.append(("output", output, golden.output))
    }
    if products.contains(.inputGradient) {
      let toInput = Convolution.inputGradient(upstream, kernel, geometry, provider: provider)
      pairs.append(("input", toInput, golden.gradInputs[0]))
    }
    if products.contains(.kernelGradient) {
      let toWeights = Convolution.kernelGradient(
        input, upstream, hasBias: bias != nil, geometry, provider: provider)
      pairs.append(("kernel", toWeights.kernel, golden.gradWeights[0]))
      if bias != nil { pairs.append(("bias", try #require(toWeights.bias), golden.gradWeights[1])) }
    }
    for (what, actual, expected) in pairs {
      let largest = expected.tensor.scalars.reduce(1) { max($0, abs($1)) }
      expectClose(
        actual, expected.tensor, absolute: provider.error * largest, relative: 0,
        "\(provider), \(golden.name), \(what)")
    }
  }
}

extension ConvolutionProvider {
  /// Which products of a convolution the provider computes, on this machine with these libraries; of others it refuses.
  func products(of geometry: ConvolutionGeometry) -> [ConvolutionTask.Product] {
    ConvolutionTask.Product.allCases.filter {
      algorithm(for: ConvolutionTask(product: $0, geometry: geometry)) != nil
    }
  }

  /// The error allowed, as a share of the largest number.
  var error: Float {
    if self == .winograd { return GoldenConvolutionTests.tiles }
    #if OneDNN
      if self == .oneDNNWinograd { return GoldenConvolutionTests.winograd }
    #endif
    return GoldenConvolutionTests.direct
  }
}
