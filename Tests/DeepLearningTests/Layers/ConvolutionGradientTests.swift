import Testing

@testable import DeepLearning

/// Convolutional layers: the gradients of inputs and weights against differences.
@Suite struct ConvolutionGradientTests {
  struct Network: Sendable, CustomTestStringConvertible {
    let name: String
    let input: Shape
    /// The largest share of elements near kinks, such as two pixels of nearly equal size.
    let skippable: Double
    let layers: @Sendable () -> [Layer]
    var testDescription: String { name }

    init(
      _ name: String, _ input: Shape, skippable: Double = 0,
      _ layers: @escaping @Sendable () -> [Layer]
    ) {
      self.name = name
      self.input = input
      self.skippable = skippable
      self.layers = layers
    }
  }

  static let networks = [
    Network("Conv2D", [5, 4, 3]) { [Conv2D(4, kernel: 3)] },
    Network("Conv2D of 16 channels", [4, 5, 16]) { [Conv2D(16, kernel: 3, padding: .same)] },
    Network("strided Conv2D", [6, 7, 2]) {
      [Conv2D(3, kernel: [3, 2], stride: [2, 1], padding: .same, activation: .tanh)]
    },
    Network("dilated Conv2D", [6, 7, 2]) { [Conv2D(3, kernel: 3, dilation: 2)] },
    Network("rectified Conv2D", [4, 4, 3], skippable: 0.4) {
      [Conv2D(16, kernel: 3, padding: .same, activation: .relu)]
    },
    Network("Conv2D without bias", [3, 4, 17]) {
      [Conv2D(5, kernel: 2, activation: .sigmoid, usesBias: false)]
    },
    Network("DepthwiseConv2D", [5, 4, 17]) { [DepthwiseConv2D(kernel: 3, stride: 2)] },
    Network("SeparableConv2D", [5, 4, 3]) {
      [SeparableConv2D(16, kernel: 3, padding: .same, activation: .tanh)]
    },
    Network("Conv2DTranspose", [3, 2, 5]) { [Conv2DTranspose(3, kernel: 3, stride: 2)] },
    Network("Conv2DTranspose of 16 channels", [3, 2, 16]) {
      [Conv2DTranspose(16, kernel: 4, stride: 2, padding: .same, activation: .tanh)]
    },
    Network("Conv1D", [9, 3]) { [Conv1D(4, kernel: 3, stride: 2, activation: .tanh)] },
    Network("dilated Conv1D", [9, 16]) { [Conv1D(16, kernel: 3, padding: .same, dilation: 2)] },
    Network("MaxPooling2D", [5, 5, 3], skippable: 0.3) {
      [MaxPooling2D(3, stride: 2, padding: .same)]
    },
    Network("MaxPooling2D of 16 channels", [4, 4, 16], skippable: 0.3) { [MaxPooling2D(2)] },
    Network("AveragePooling2D", [5, 4, 17]) { [AveragePooling2D(2, padding: .same)] },
    Network("MaxPooling1D", [7, 3], skippable: 0.3) { [MaxPooling1D(2, stride: 1)] },
    Network("AveragePooling1D", [7, 3]) { [AveragePooling1D(3, padding: .same)] },
    Network("GlobalMaxPooling2D", [3, 4, 5], skippable: 0.3) { [GlobalMaxPooling2D()] },
    Network("GlobalAveragePooling2D", [3, 4, 16]) { [GlobalAveragePooling2D()] },
    Network("GlobalMaxPooling1D", [6, 5], skippable: 0.3) { [GlobalMaxPooling1D()] },
    Network("GlobalAveragePooling1D", [6, 5]) { [GlobalAveragePooling1D()] },
    Network("BatchNormalization", [3, 2, 5]) { [BatchNormalization()] },
    Network("BatchNormalization of 16 channels", [2, 2, 16]) { [BatchNormalization()] },
    Network("BatchNormalization of vectors", [6]) { [BatchNormalization(epsilon: 0.1)] },
    Network("ZeroPadding2D", [3, 2, 4]) { [ZeroPadding2D([[1, 0], [2, 3]])] },
    Network("Cropping2D", [5, 6, 4]) { [Cropping2D([[1, 0], [2, 1]])] },
    Network("UpSampling2D", [3, 2, 4]) { [UpSampling2D([2, 3])] },
    Network("bilinear UpSampling2D", [3, 2, 16]) { [UpSampling2D(2, interpolation: .bilinear)] },
    Network("LeakyReLU", [3, 2, 16], skippable: 0.3) { [LeakyReLU(0.2)] },
    Network("convolution, normalisation, pooling", [6, 6, 2]) {
      [
        Conv2D(16, kernel: 3, usesBias: false), BatchNormalization(), ActivationLayer(.tanh),
        AveragePooling2D(2), Conv2D(16, kernel: 2, activation: .sigmoid), Flatten(), Dense(2),
      ]
    },
  ]

  @Test("The gradients of convolutions agree with differences", arguments: networks)
  func gradients(_ network: Network) throws {
    let model = Sequential(input: network.input) { for layer in network.layers() { layer } }
    for (number, weight) in model.weights.enumerated() {
      weight.value = randomTensor(weight.shape, in: -0.8...1, seed: UInt64(810 + number))
    }
    var differences = FiniteDifferences()
    differences.skippable = network.skippable
    let x = randomTensor(network.input.prepending(3), in: -1...1.4, seed: 811)
    differences.check("\(network.name), input", at: [x]) { model($0[0], training: true) }
    if !model.trainableWeights.isEmpty {
      try differences.check("\(network.name), weights", weights: model.trainableWeights) {
        model(x, training: true)
      }
    }
  }

  @Test(
    "The gradients of merging layers agree with differences",
    arguments: [(3, 5), (16, 16), (16, 3)])
  func merging(_ channels: (Int, Int)) {
    let inputs = [channels.0, channels.1, channels.0].enumerated().map { number, channels in
      randomTensor([2, 2, 3, channels], seed: UInt64(820 + number))
    }
    FiniteDifferences().check("concatenated", at: inputs) { Tensor.concatenated($0) }
    let images = inputs.map { Input($0.shape.droppingFirst) }
    let sum = Model(inputs: [images[0], images[2]], outputs: [Add()(images[0], images[2])])
    FiniteDifferences().check("Add", at: [inputs[0], inputs[2]]) {
      sum.outputs(
        for: $0.map(Samples.dense),
        ForwardContext(training: false, random: RandomGenerator(seed: 1)))[0]
    }
  }

  /// `<convolution of x, y>` equals `<x, transposed convolution of y>`: what the word means.
  @Test(
    "The transposed convolution is the adjoint of the convolution", arguments: [1, 2, 3],
    [Padding.valid, .same])
  func adjoint(stride: Int, padding: Padding) throws {
    let side = Extent2D(height: stride, width: stride)
    let back = Sequential(input: [4, 3, 16]) {
      Conv2DTranspose(5, kernel: 3, stride: side, padding: padding, usesBias: false)
    }
    let there = Sequential(input: back.outputShapes[0]) {
      Conv2D(16, kernel: 3, stride: side, padding: padding, usesBias: false)
    }
    // Height, width, few, many: the order of both.
    there.weights[0].value = back.weights[0].value
    let x = randomTensor(back.outputShapes[0].prepending(2), seed: 831)
    let y = randomTensor([2, 4, 3, 16], seed: 832)
    let (left, right) = ((there(x) * y).sum().item, (x * back(y)).sum().item)
    expectClose(left, Double(right), absolute: 1e-4, "stride \(stride), \(padding)")
    #expect(abs(right) > 0.1)
  }

  @Test(
    "Relu in a transposed convolution is relu behind it", arguments: [3, 16], [false, true])
  func rectified(filters: Int, usesBias: Bool) {
    func network(_ activation: Activation) -> Sequential {
      Sequential(input: [4, 3, 16]) {
        Conv2DTranspose(
          filters, kernel: 3, stride: 2, activation: activation, usesBias: usesBias)
        if activation == .linear { ActivationLayer(.relu) }
      }
    }
    let (inside, behind) = (network(.relu), network(.linear))
    for (number, weight) in inside.weights.enumerated() {
      weight.value = randomTensor(weight.shape, in: -0.4...0.3, seed: UInt64(833 + number))
      behind.weights[number].value = weight.value
    }
    let x = randomTensor([2, 4, 3, 16], seed: 835)
    let y = inside(x)
    #expect(y.min() == 0 && y.max() > 0.1)
    #expect(haveEqualBits(y, behind(x)))
    func gradients(_ model: Sequential) -> [Tensor?] {
      let (_, toWeights) = valueAndGradients(of: model.weights) {
        model(x, training: true).squared().sum()
      }
      let (_, toInput) = valueAndGradient(at: x) { model($0).squared().sum() }
      return [toInput] + model.weights.map { toWeights[$0] }
    }
    for (a, b) in zip(gradients(inside), gradients(behind)) {
      #expect(a.flatMap { a in b.map { haveEqualBits(a, $0) } } == true)
    }
  }
}
