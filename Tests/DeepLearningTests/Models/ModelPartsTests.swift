import Testing

@testable import DeepLearning

/// Models made of parts of others: outputs of inner layers, the rest after one, layers used again.
@Suite struct ModelPartsTests {
  private static func network() -> Sequential {
    Sequential(input: [8, 8, 3]) {
      Conv2D(16, kernel: 3, activation: .tanh)
      AveragePooling2D(2)
      Conv2D(32, kernel: 2, activation: .tanh, name: "last_convolution")
      Flatten()
      Dense(4, activation: .softmax)
    }
  }

  private static let x = randomTensor([3, 8, 8, 3], seed: 881)

  @Test("A model gives the outputs of its inner layers")
  func innerOutputs() {
    let model = Self.network()
    let tap = model.outputs(of: ["conv2d_1", "last_convolution", "dense_1"])
    #expect(tap.outputShapes == [[6, 6, 16], [2, 2, 32], [4]])
    let context = ForwardContext(training: false, random: RandomGenerator(seed: 1))
    let outputs = tap.outputs(for: [Self.x.samples], context)
    #expect(haveEqualBits(outputs[2], model(Self.x)))
    let alone = Sequential(input: [8, 8, 3]) { model.layers[0] }
    #expect(haveEqualBits(outputs[0], alone(Self.x)))
    #expect(tap.layers.map(\.name) == model.layers.map(\.name), "The names are kept.")
    #expect(model.outputs(of: ["conv2d_1"]).parameterCount == 3 * 3 * 3 * 16 + 16)
  }

  @Test("A model can start after a layer")
  func rest() {
    let model = Self.network()
    let (head, rest) = (
      model.outputs(of: ["last_convolution"]), model.starting(after: "last_convolution")
    )
    #expect(haveEqualBits(rest(head(Self.x)), model(Self.x)))
    // The gradient with respect to the feature map, as Grad-CAM wants it.
    let map = head(Self.x)
    let (_, gradient) = valueAndGradient(at: map) { rest($0)[.all, .range(1..<2)].sum() }
    #expect(gradient.shape == map.shape && gradient.magnitude.max() > 0)
    FiniteDifferences().check("rest", at: [map]) { rest($0[0]) }
  }

  @Test("A base in a new model shares its weights")
  func sharedBase() throws {
    let base = Self.network()
    let taken = base.layers.prefix(3)
    let model = Sequential(input: [8, 8, 3]) {
      for layer in taken { layer }
      Flatten()
      Dense(1, activation: .sigmoid)
    }
    for layer in taken { layer.isTrainable = false }
    #expect(model.trainableWeights.count == 2)
    #expect(model.weights[0] === base.weights[0])
    let before = base(Self.x)
    model.compile(optimizer: RMSprop(learningRate: 0.01), loss: .binaryCrossEntropy)
    let y = Tensor([1, 0, 1], shape: [3, 1])
    try model.fit(Self.x, y, epochs: 2)
    #expect(haveEqualBits(base(Self.x), before), "Frozen layers stay.")
    for layer in taken { layer.isTrainable = true }
    try model.fit(Self.x, y, epochs: 2)
    #expect(base(Self.x) != before, "Shared layers learn for both.")
  }

  @Test("A model gives the gradient of an image")
  func imageGradient() {
    let tap = Self.network().outputs(of: ["last_convolution"])
    FiniteDifferences().check("image", at: [Self.x]) { tap($0[0]) }
  }
}
