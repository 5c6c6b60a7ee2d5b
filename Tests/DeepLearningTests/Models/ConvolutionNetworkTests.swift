import Testing

@testable import DeepLearning

/// The convolutional networks of the book: how many parameters it says they have, and the shapes of their layers.
@Suite struct ConvolutionNetworkTests {
  private static func shapes(_ model: Model) -> [[Int]] {
    model.layers.map { Array($0.outputShape) }
  }

  @Test("The network of 5.1 (MNIST) has the book's number of parameters")
  func section5_1() {
    let model = Sequential(input: [28, 28, 1]) {
      Conv2D(32, kernel: 3, activation: .relu)
      MaxPooling2D(2)
      Conv2D(64, kernel: 3, activation: .relu)
      MaxPooling2D(2)
      Conv2D(64, kernel: 3, activation: .relu)
      Flatten()
      Dense(64, activation: .relu)
      Dense(10, activation: .softmax)
    }
    #expect(model.parameterCount == 93_322)
    #expect(
      model.weights.map(\.shape.elementCount) == [
        288, 32, 18_432, 64, 36_864, 64, 36_864, 64, 640, 10,
      ])
    #expect(
      Self.shapes(model) == [
        [26, 26, 32], [13, 13, 32], [11, 11, 64], [5, 5, 64], [3, 3, 64], [576], [64], [10],
      ])
    let names = [
      "conv2d_1", "max_pooling2d_1", "conv2d_2", "max_pooling2d_2", "conv2d_3", "flatten_1",
      "dense_1", "dense_2",
    ]
    #expect(model.layers.map(\.name) == names)
    let weights = ["conv2d_1/kernel", "conv2d_1/bias"]
    #expect(Array(model.weights.map(\.name).prefix(2)) == weights)
  }

  @Test("The network of 5.2 (cats and dogs) has the book's number of parameters")
  func section5_2() {
    let model = Sequential(input: [150, 150, 3]) {
      for filters in [32, 64, 128, 128] {
        Conv2D(filters, kernel: 3, activation: .relu)
        MaxPooling2D(2)
      }
      Flatten()
      Dropout(0.5)
      Dense(512, activation: .relu)
      Dense(1, activation: .sigmoid)
    }
    #expect(model.parameterCount == 3_453_121)
    let sides = [148, 74, 72, 36, 34, 17, 15, 7]
    #expect(Self.shapes(model).prefix(8).map { $0[0] } == sides)
    #expect(model.layer("flatten_1").outputShape == [6272])
  }

  @Test("The network of 7.3 (separable convolutions) has the book's number of parameters")
  func section7_3() {
    let model = Sequential(input: [64, 64, 3]) {
      SeparableConv2D(32, kernel: 3, activation: .relu)
      SeparableConv2D(64, kernel: 3, activation: .relu)
      MaxPooling2D(2)
      SeparableConv2D(64, kernel: 3, activation: .relu)
      SeparableConv2D(128, kernel: 3, activation: .relu)
      MaxPooling2D(2)
      SeparableConv2D(64, kernel: 3, activation: .relu)
      SeparableConv2D(128, kernel: 3, activation: .relu)
      GlobalAveragePooling2D()
      Dense(32, activation: .relu)
      Dense(10, activation: .softmax)
    }
    #expect(model.parameterCount == 38_949)
    #expect(Self.shapes(model).prefix(8).map { $0[0] } == [62, 60, 30, 28, 26, 13, 11, 9])
    #expect(model.layers[8].outputShape == [128])
  }

  @Test("The networks of 8.4 (encoder and decoder of digits) have the book's number of parameters")
  func section8_4() {
    let image = Input([28, 28, 1])
    var x = Conv2D(32, kernel: 3, padding: .same, activation: .relu)(image)
    x = Conv2D(64, kernel: 3, stride: 2, padding: .same, activation: .relu)(x)
    x = Conv2D(64, kernel: 3, padding: .same, activation: .relu)(x)
    x = Conv2D(64, kernel: 3, padding: .same, activation: .relu)(x)
    #expect(x.shape == [14, 14, 64])
    x = Dense(32, activation: .relu)(Flatten()(x))
    let encoder = Model(inputs: image, outputs: Dense(2)(x), Dense(2)(x))
    let decoder = Sequential(input: [2]) {
      Dense(12_544, activation: .relu)
      Reshape([14, 14, 64])
      Conv2DTranspose(32, kernel: 3, stride: 2, padding: .same, activation: .relu)
      Conv2D(1, kernel: 3, padding: .same, activation: .sigmoid)
    }
    #expect(decoder.outputShapes == [[28, 28, 1]])
    #expect(decoder.parameterCount == 56_385)
    #expect(encoder.parameterCount + decoder.parameterCount == 550_629)
  }

  @Test(
    "The networks of 8.5 (generator and discriminator of frogs) have the book's number of parameters"
  )
  func section8_5() {
    let generator = Sequential(input: [32]) {
      Dense(128 * 16 * 16)
      LeakyReLU()
      Reshape([16, 16, 128])
      Conv2D(256, kernel: 5, padding: .same)
      LeakyReLU()
      Conv2DTranspose(256, kernel: 4, stride: 2, padding: .same)
      LeakyReLU()
      Conv2D(256, kernel: 5, padding: .same)
      LeakyReLU()
      Conv2D(256, kernel: 5, padding: .same)
      LeakyReLU()
      Conv2D(3, kernel: 7, padding: .same, activation: .tanh)
    }
    #expect(generator.parameterCount == 6_264_579)
    #expect(generator.outputShapes == [[32, 32, 3]])
    let discriminator = Sequential(input: [32, 32, 3]) {
      Conv2D(128, kernel: 3)
      LeakyReLU()
      for _ in 0..<3 {
        Conv2D(128, kernel: 4, stride: 2)
        LeakyReLU()
      }
      Flatten()
      Dropout(0.4)
      Dense(1, activation: .sigmoid)
    }
    #expect(discriminator.parameterCount == 790_913)
    #expect(Self.shapes(discriminator).map { $0[0] } == [30, 30, 14, 14, 6, 6, 2, 2, 512, 512, 1])
  }

  @Test("Batch normalisation counts what it does not train")
  func untrained() {
    let model = Sequential(input: [8, 8, 3]) {
      Conv2D(16, kernel: 3, usesBias: false)
      BatchNormalization()
    }
    #expect(model.parameterCount == 432 + 64)
    #expect(model.trainableWeights.map(\.shape.elementCount) == [432, 16, 16])
    let names = ["gamma", "beta", "moving_mean", "moving_variance"]
    #expect(model.weights.dropFirst().map(\.name) == names.map { "batch_normalization_1/\($0)" })
  }

  /// With `same` the output is the input divided by the stride, rounded up, whatever the kernel.
  @Test(
    "With same padding the output is the input divided by the stride, rounded up",
    arguments: [1, 2, 3], [1, 2, 3, 5, 8])
  func samePadding(stride: Int, kernel: Int) {
    let (side, step) = (
      Extent2D(height: kernel, width: 1), Extent2D(height: stride, width: stride + 1)
    )
    for (height, width) in [(1, 1), (2, 5), (7, 4), (9, 12)] {
      let expected: Shape = [
        (height + stride - 1) / stride, (width + stride) / (stride + 1), 3,
      ]
      let x = Tensor.ones([2, height, width, 3])
      for layer in [
        Conv2D(3, kernel: side, stride: step, padding: .same),
        DepthwiseConv2D(kernel: side, stride: step, padding: .same),
        SeparableConv2D(3, kernel: side, stride: step, padding: .same),
        MaxPooling2D(side, stride: step, padding: .same),
        AveragePooling2D(side, stride: step, padding: .same),
      ] as [Layer] {
        let model = Sequential(input: [height, width, 3]) { layer }
        #expect(model.outputShapes == [expected], "\(layer.name), \(height) x \(width)")
        #expect(model(x).shape == expected.prepending(2), "\(layer.name), \(height) x \(width)")
      }
    }
  }

  @Test("Pooling steps by its size")
  func poolingSteps() {
    func output(_ layer: Layer, _ input: Shape) -> Shape {
      Sequential(input: input) { layer }.outputShapes[0]
    }
    #expect(output(MaxPooling2D(2), [7, 9, 5]) == [3, 4, 5])
    #expect(output(AveragePooling2D([3, 2]), [7, 9, 5]) == [2, 4, 5])
    #expect(output(MaxPooling2D(2, padding: .same), [7, 9, 5]) == [4, 5, 5])
    #expect(output(MaxPooling2D(3, stride: 1), [7, 9, 5]) == [5, 7, 5])
    #expect(output(MaxPooling1D(5), [11, 3]) == [2, 3])
    #expect(output(AveragePooling1D(2, padding: .same), [11, 3]) == [6, 3])
  }
}
