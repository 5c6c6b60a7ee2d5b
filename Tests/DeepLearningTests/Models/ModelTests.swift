import Testing

@testable import DeepLearning

/// Names, graphs and shapes of models.
@Suite struct ModelTests {
  private static func names(_ model: Model) -> [String] { model.layers.map(\.name) }

  @Test("Layers are numbered by kind")
  func numbering() {
    let model = Sequential(input: [4, 2]) {
      Flatten()
      Dense(3, activation: .relu)
      Dropout(0.1)
      Dense(3, name: "middle")
      ActivationLayer(.tanh)
      ActivationLayer(.tanh)
      Dense(2)
      Reshape([2, 1])
    }
    let expected = [
      "flatten_1", "dense_1", "dropout_1", "middle", "tanh_1", "tanh_2", "dense_2", "reshape_1",
    ]
    #expect(Self.names(model) == expected)
    let weights = [
      "dense_1/kernel", "dense_1/bias", "middle/kernel", "middle/bias", "dense_2/kernel",
      "dense_2/bias",
    ]
    #expect(model.weights.map(\.name) == weights)
    #expect(model.layer("middle") === model.layers[3])
  }

  @Test("Each model numbers its layers from 1")
  func fromOne() {
    for _ in 0..<2 {
      #expect(Self.names(Sequential(input: [2]) { Dense(1) }) == ["dense_1"])
    }
  }

  @Test("Given names are not taken twice")
  func givenNames() {
    let model = Sequential(input: [2]) {
      Dense(1)
      Dense(1, name: "dense_1")
      Dense(1)
    }
    #expect(Self.names(model) == ["dense_2", "dense_1", "dense_3"])
  }

  @Test("Layers keep the name from their first model")
  func firstNames() {
    let x = Input([3])
    let shared = Dense(2)
    let y = shared(x)
    let first = Model(inputs: x, outputs: y)
    let second = Model(inputs: x, outputs: Dense(4)(y))
    #expect(Self.names(first) == ["dense_1"])
    #expect(Self.names(second) == ["dense_1", "dense_2"])
    #expect(Set(second.weights.map(\.name)).count == 4)
    #expect(first.weights[0] === second.weights[0])
  }

  @Test("A later model does not draw weights anew")
  func keptWeights() {
    let x = Input([3])
    let y = Dense(2)(x)
    let first = Model(inputs: x, outputs: y, seed: 1)
    let before = first.weights[0].value
    _ = Model(inputs: x, outputs: Dense(2)(y), seed: 2)
    #expect(first.weights[0].value == before)
  }

  @Test("A layer may be shared and a model have two outputs")
  func twoOutputs() throws {
    let (left, right) = (Input([3]), Input([3]))
    let shared = Dense(2, activation: .tanh)
    let (a, b) = (shared(left), shared(right))
    let head = Dense(1)
    let model = Model(inputs: [left, right], outputs: [head(a), b])
    #expect(Self.names(model) == ["dense_1", "dense_2"])
    #expect(model.parameterCount == 3 * 2 + 2 + 2 + 1)
    #expect(model.inputShapes == [[3], [3]] && model.outputShapes == [[1], [2]])

    let x = [randomTensor([4, 3], seed: 301), randomTensor([4, 3], seed: 302)]
    let context = ForwardContext(training: false, random: RandomGenerator(seed: 1))
    let outputs = model.outputs(for: x.map(\.samples), context)
    #expect(outputs.map(\.shape) == [[4, 1], [4, 2]])
    #expect(model.outputs(for: x[0], x[1]) == outputs)
    // The first output depends only on the left, the second only on the right.
    let swapped = model.outputs(for: [x[0], x[0]].map(\.samples), context)
    #expect(swapped[0] == outputs[0] && swapped[1] != outputs[1])
    let kernel = try #require(shared.kernel).value
    expectClose(outputs[1], x[1].matmul(kernel).activated(.tanh), "by hand")

    // Both uses contribute to the gradient of the shared kernel.
    func gradient(_ use: @escaping ([Tensor]) -> Tensor) throws -> Tensor {
      try #require(
        valueAndGradients(of: model.weights) {
          use(model.outputs(for: x.map(\.samples), context))
        }.gradients.values[0])
    }
    let both = try gradient { $0[0].sum() + $0[1].sum() }
    let separate = try gradient { $0[0].sum() } + gradient { $0[1].sum() }
    expectClose(both, separate, "gradient of a shared kernel")
  }

  @Test("Branches may join in one layer used twice")
  func joins() {
    let x = Input([4])
    let square = Dense(4, activation: .relu)
    let model = Model(inputs: x, outputs: square(square(square(x))))
    #expect(model.layers.count == 1 && model.parameterCount == 20)
    let input = randomTensor([2, 4], seed: 303)
    let once = Model(inputs: x, outputs: square(x))
    #expect(model(input) == once(once(once(input))))
  }

  @Test("Layers left out of a model are not in it")
  func leftOut() {
    let x = Input([4])
    let middle = Dense(3)(x)
    _ = Dense(7)(middle)
    let model = Model(inputs: x, outputs: Dense(2)(middle))
    #expect(model.layers.count == 2)
  }

  @Test("The summary lists layers, shapes and parameters")
  func summary() {
    let model = Sequential(input: [10_000]) {
      Dense(16, activation: .relu)
      Dropout(0.5)
      Dense(16, activation: .relu, name: "hidden")
      Dense(1, activation: .sigmoid)
    }
    model.layer("hidden").isTrainable = false
    let expected = """
      layer                 output shape   parameters
      ───────────────────────────────────────────────
      dense_1 (Dense)       [batch, 16]       160,016
      dropout_1 (Dropout)   [batch, 16]             0
      hidden (Dense)        [batch, 16]           272
      dense_2 (Dense)       [batch, 1]             17
      ───────────────────────────────────────────────
      total parameters 160,305, trainable 160,033
      """
    #expect(model.summary() == expected)
  }

  @Test("Shapes are inferred")
  func shapes() {
    let model = Sequential(input: [2, 6]) {
      Dense(4)
      Reshape([4, 2])
      Flatten()
      Dense(3)
    }
    let (shapes, output) = (
      model.layers.map(\.outputShape), model(randomTensor([5, 2, 6], seed: 1))
    )
    #expect(shapes == [[2, 4], [4, 2], [8], [3]])
    #expect(output.shape == [5, 3])
    #expect(model.predict(randomTensor([5, 2, 6], seed: 1), batchSize: 2) == output)
  }

  @Test("The builder takes conditions and loops")
  func builder() {
    func model(_ isDeep: Bool) -> Model {
      Sequential(input: [2]) {
        for units in [3, 4] { Dense(units) }
        if isDeep { Dropout(0.5) }
        if isDeep { Dense(5) } else { Dense(6) }
      }
    }
    #expect(Self.names(model(true)) == ["dense_1", "dense_2", "dropout_1", "dense_3"])
    #expect(model(false).outputShapes == [[6]])
  }
}
