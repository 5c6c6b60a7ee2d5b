import Testing

@testable import DeepLearning

/// A layer with its inputs, weights, output and gradients, as `Golden/generate_convolution.py` writes them.
struct GoldenLayer: GoldenNetwork {
  let name, layer: String
  let options: Options
  let inputs, weights, gradInputs, gradWeights: [GoldenTensor]
  let upstream, output: GoldenTensor

  struct Options: Decodable, Sendable {
    let filters, units: Int?
    let shape: [Int]?
    let kernel, stride, dilation: Pair?
    let activation: String?
    let usesBias: Bool?
    let amounts: [[Int]]?
    let interpolation: String?
    private let padding: String?
    let slope: Float?

    /// What lies beyond the border.
    var border: Padding { padding == "same" ? .same : .valid }
  }

  /// `[height, width]`
  struct Pair: Decodable, Sendable {
    let extent: Extent2D

    init(from decoder: any Decoder) throws {
      let pair = try [Int](from: decoder)
      extent = Extent2D(height: try #require(pair.first), width: try #require(pair.last))
    }
  }

  func connect(_ inputs: [SymbolicTensor]) throws -> SymbolicTensor {
    try options.makeLayer(layer).apply(inputs)
  }
}

extension GoldenLayer.Options {
  /// The engine's layer of that kind, without the weights.
  func makeLayer(_ kind: String) throws -> Layer {
    let kernel = kernel?.extent ?? 1
    let stride = stride?.extent ?? 1
    let dilation = dilation?.extent ?? 1
    let padding = border
    let activation = try #require(Activation(rawValue: activation ?? "linear"))
    let filters = filters ?? 0
    let usesBias = usesBias ?? true
    switch kind {
    case "Conv2D":
      return Conv2D(
        filters, kernel: kernel, stride: stride, padding: padding, dilation: dilation,
        activation: activation, usesBias: usesBias)
    case "Conv1D":
      return Conv1D(
        filters, kernel: kernel.width, stride: stride.width, padding: padding,
        dilation: dilation.width, activation: activation, usesBias: usesBias)
    case "DepthwiseConv2D":
      return DepthwiseConv2D(
        kernel: kernel, stride: stride, padding: padding, activation: activation,
        usesBias: usesBias)
    case "SeparableConv2D":
      return SeparableConv2D(
        filters, kernel: kernel, stride: stride, padding: padding, activation: activation)
    case "Conv2DTranspose":
      return Conv2DTranspose(
        filters, kernel: kernel, stride: stride, padding: padding, activation: activation)
    default: return try makeCompany(kind, kernel, stride, padding, activation)
    }
  }

  /// What stands between convolutions and behind them.
  private func makeCompany(
    _ kind: String, _ size: Extent2D, _ stride: Extent2D, _ padding: Padding,
    _ activation: Activation
  ) throws -> Layer {
    switch kind {
    case "MaxPooling2D": return MaxPooling2D(size, stride: stride, padding: padding)
    case "AveragePooling2D": return AveragePooling2D(size, stride: stride, padding: padding)
    case "MaxPooling1D": return MaxPooling1D(size.width, stride: stride.width, padding: padding)
    case "AveragePooling1D":
      return AveragePooling1D(size.width, stride: stride.width, padding: padding)
    case "GlobalMaxPooling2D": return GlobalMaxPooling2D()
    case "GlobalAveragePooling2D": return GlobalAveragePooling2D()
    case "GlobalMaxPooling1D": return GlobalMaxPooling1D()
    case "GlobalAveragePooling1D": return GlobalAveragePooling1D()
    case "ZeroPadding2D": return ZeroPadding2D(try margins())
    case "Cropping2D": return Cropping2D(try margins())
    case "UpSampling2D":
      return UpSampling2D(
        size, interpolation: interpolation == "bilinear" ? .bilinear : .nearest)
    case "LeakyReLU": return LeakyReLU(try #require(slope))
    case "Activation": return ActivationLayer(activation)
    case "BatchNormalization": return BatchNormalization()
    case "Flatten": return Flatten()
    case "Reshape": return Reshape(Shape(try #require(shape)))
    case "Dense": return Dense(try #require(units), activation: activation)
    case "Concatenate": return Concatenate()
    case "Add": return Add()
    default: throw UnknownName(name: kind)
    }
  }

  private func margins() throws -> Margins {
    let sides = try #require(amounts)
    return Margins(top: sides[0][0], bottom: sides[0][1], left: sides[1][0], right: sides[1][1])
  }
}
