extension Model {
  /// A model that computes the same as this one outside training, but faster: batch normalisation by moving averages
  /// becomes part of the convolution before it, and so does an activation behind it.
  ///
  ///     let network = InceptionV3.base().foldingNormalization().outputs(of: ["mixed2", "mixed3"])
  ///
  /// For networks that are looked into and not trained further. What is folded has its own weights, made from this
  /// model's as they are now, and the name of the last layer that went into it: of `conv2d_1`, `batch_normalization_1`
  /// and `activation_1` only `activation_1` remains. All other layers are this model's own. Results differ by rounding.
  ///
  /// A convolution is left alone if it has an activation itself, or if something else uses what it makes.
  public func foldingNormalization() -> Model {
    var folding = Folding(outputs: outputs, results: results)
    for input in inputs { folding.rebuilt[ObjectIdentifier(input)] = input }
    let model = Model(inputs: inputs, outputs: outputs.map { folding.rebuild($0) })
    for (weight, value) in folding.values { weight.value = value }
    return model
  }
}

/// Builds the graph of a model again, with less in it.
private struct Folding {
  /// The new tensors, by the old.
  var rebuilt: [ObjectIdentifier: SymbolicTensor] = [:]
  /// What the weights of new layers become once a model has drawn them.
  private(set) var values: [(Parameter, Tensor)] = []
  /// How often a tensor is read, and how often a layer is used.
  private var useCounts: [ObjectIdentifier: Int] = [:]

  init(outputs: [SymbolicTensor], results: [SymbolicTensor]) {
    for tensor in results.flatMap(\.inputs) + outputs {
      useCounts[ObjectIdentifier(tensor), default: 0] += 1
    }
    for layer in results.compactMap(\.layer) { useCounts[ObjectIdentifier(layer), default: 0] += 1 }
  }

  mutating func rebuild(_ tensor: SymbolicTensor) -> SymbolicTensor {
    if let known = rebuilt[ObjectIdentifier(tensor)] { return known }
    guard let layer = tensor.layer else { return tensor }
    let result =
      fold(tensor, layer) ?? layer.apply(tensor.inputs.map { rebuild($0) })
    rebuilt[ObjectIdentifier(tensor)] = result
    return result
  }

  /// One convolution instead of several layers; nil if this is not the last of such.
  private mutating func fold(_ tensor: SymbolicTensor, _ last: Layer) -> SymbolicTensor? {
    // Two layers of one name would come of a layer that is used twice.
    guard useCounts[ObjectIdentifier(last)] == 1 else { return nil }
    var (normalized, activation) = (tensor, Activation.linear)
    if last is ActivationLayer, let source = onlyInput(of: tensor) {
      (normalized, activation) = (source, Activation(rawValue: last.kind) ?? .linear)
    }
    guard let normalization = normalized.layer as? BatchNormalization,
      let (scale, shift) = normalization.scaleAndShift, let sum = onlyInput(of: normalized)
    else { return nil }
    switch sum.layer {
    case let layer as Conv2D where layer.activation == .linear:
      let folded = layer.copy(activation: activation, name: last.name)
      let result = folded.apply(sum.inputs.map { rebuild($0) })
      set(folded.kernel, layer.kernel.map { $0.value * scale })
      set(folded.bias, layer.bias.map { $0.value * scale + shift } ?? shift)
      return result
    case let layer as DepthwiseConv2D where layer.activation == .linear:
      let folded = layer.copy(activation: activation, name: last.name)
      let result = folded.apply(sum.inputs.map { rebuild($0) })
      set(folded.kernel, layer.kernel.map { $0.value * scale.reshaped([scale.count, 1]) })
      set(folded.bias, layer.bias.map { $0.value * scale + shift } ?? shift)
      return result
    default: return nil
    }
  }

  /// What a tensor is made from, if nothing else is.
  private func onlyInput(of tensor: SymbolicTensor) -> SymbolicTensor? {
    guard let input = tensor.inputs.first, rebuilt[ObjectIdentifier(input)] == nil else {
      return nil
    }
    return useCounts[ObjectIdentifier(input)] == 1 ? input : nil
  }

  private mutating func set(_ weight: Parameter?, _ value: Tensor?) {
    guard let weight, let value else { return }
    values.append((weight, value.detached))
  }
}

extension BatchNormalization {
  /// What the layer does to each channel outside training: the factor and what is added then.
  fileprivate var scaleAndShift: (scale: Tensor, shift: Tensor)? {
    guard let beta, let mean, let variance else { return nil }
    let deviation = (variance.value + epsilon).squareRoot()
    let scale = (gamma?.value ?? .ones(beta.shape)) / deviation
    return (scale, beta.value - mean.value * scale)
  }
}

extension Conv2D {
  /// The same convolution with a bias and weights to be set.
  fileprivate func copy(activation: Activation, name: String) -> Conv2D {
    Conv2D(
      kernel?.shape.last ?? 1, kernel: window.kernel, stride: window.stride,
      padding: window.padding, dilation: window.dilation, activation: activation,
      kernelInitializer: .zeros, name: name)
  }
}

extension DepthwiseConv2D {
  /// The same convolution with a bias and weights to be set.
  fileprivate func copy(activation: Activation, name: String) -> DepthwiseConv2D {
    DepthwiseConv2D(
      kernel: window.kernel, stride: window.stride, padding: window.padding,
      activation: activation, name: name)
  }
}
