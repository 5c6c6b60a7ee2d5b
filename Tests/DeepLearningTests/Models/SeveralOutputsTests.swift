import Foundation
import TestSupport
import Testing

@testable import DeepLearning

@Suite("Models with several inputs and outputs, and models as layers")
struct SeveralOutputsTests {
  /// Two inputs `[3]`, outputs `sum [2]` and `sign [1]`.
  private static func model(seed: UInt64 = 1) -> Model {
    let left = Input([3], name: "left")
    let right = Input([3], name: "right")
    let hidden = Dense(4, activation: .tanh)(Concatenate()(left, right))
    return Model(
      inputs: [left, right],
      outputs: [
        Dense(2, name: "sum")(hidden), Dense(1, activation: .sigmoid, name: "sign")(hidden),
      ],
      seed: seed)
  }

  private static let x = Tensor((0..<12).map { Float($0) / 12 }, shape: [4, 3])
  private static let pair = Tensor((0..<8).map { Float($0) / 8 }, shape: [4, 2])
  private static let yes = Tensor([0, 1, 1, 0], shape: [4, 1])

  @Test("Names and order address the same inputs and outputs")
  func names() throws {
    var weights: [[[Float]]] = []
    for byName in [false, true] {
      let model = Self.model()
      let history: History
      if byName {
        model.compile(
          optimizer: RMSprop(), losses: ["sign": .binaryCrossEntropy, "sum": .meanSquaredError],
          weights: ["sign": 3])
        history = try model.fit(
          ["right": -Self.x, "left": Self.x], ["sign": Self.yes, "sum": Self.pair], epochs: 3,
          batchSize: 3)
      } else {
        model.compile(
          optimizer: RMSprop(), losses: [.meanSquaredError, .binaryCrossEntropy], weights: [1, 3])
        history = try model.fit(
          [Self.x, -Self.x], [Self.pair, Self.yes], epochs: 3, batchSize: 3)
      }
      #expect(history.names == ["loss", "sum_loss", "sign_loss"])
      weights.append(model.weights.map(\.value.scalars))
    }
    #expect(weights[0] == weights[1])
  }

  @Test("A list of one input and output is the same as no list")
  func single() throws {
    var weights: [[[Float]]] = []
    for inList in [false, true] {
      let model = Sequential(input: [3], seed: 5) {
        Dense(4, activation: .relu)
        Dropout(0.5)
        Dense(1, activation: .sigmoid)
      }
      let history: History
      if inList {
        model.compile(
          optimizer: RMSprop(), losses: [.binaryCrossEntropy], metrics: [[.accuracy]])
        history = try model.fit([Self.x], [Self.yes], epochs: 3, validationSplit: 0.25)
        #expect(model.predict([Self.x])[0] == model.predict(Self.x))
        #expect(model.evaluate([Self.x], [Self.yes]).loss == model.evaluate(Self.x, Self.yes).loss)
      } else {
        model.compile(optimizer: RMSprop(), loss: .binaryCrossEntropy, metrics: [.accuracy])
        history = try model.fit(Self.x, Self.yes, epochs: 3, validationSplit: 0.25)
      }
      #expect(history.names == ["loss", "acc", "val_loss", "val_acc"])
      weights.append(model.weights.map(\.value.scalars))
    }
    #expect(weights[0] == weights[1])
  }

  @Test("Streams feed several inputs and outputs")
  func streams() throws {
    final class Stream: BatchStream {
      func nextBatch() throws -> Batch {
        Batch(
          inputs: [SeveralOutputsTests.x, -SeveralOutputsTests.x],
          targets: [SeveralOutputsTests.pair, SeveralOutputsTests.yes])
      }
    }
    let (model, other) = (Self.model(), Self.model())
    for model in [model, other] {
      model.compile(optimizer: SGD(), losses: [.meanSquaredError, .binaryCrossEntropy])
    }
    let history = try model.fit(Stream(), stepsPerEpoch: 2)
    let same = try other.fit(
      [Self.x, -Self.x], [Self.pair, Self.yes], epochs: 2, batchSize: 4, shuffle: false)
    #expect(history["loss"].count == 1 && same["loss"].count == 2)
    #expect(model.weights.map(\.value.scalars) == other.weights.map(\.value.scalars))
  }

  @Test("A model used twice has its weights once, and they learn")
  func twice() throws {
    let base = Sequential(input: [3], name: "base", seed: 2) { Dense(2, activation: .tanh) }
    let left = Input([3])
    let right = Input([3])
    let end = Dense(1, activation: .sigmoid)(Concatenate()(base(left), base(right)))
    let model = Model(inputs: [left, right], outputs: [end])
    #expect(model.parameterCount == 3 * 2 + 2 + 4 + 1)
    #expect(model.layers.map(\.name) == ["base", "concatenate_1", "dense_1"])
    #expect(model.graph.filter(\.isShared).map(\.name) == ["base", "base"])
    #expect(model.graph.map(\.inputs) == [[], [], [0], [1], [2, 3], [4]])
    let before = base.weights[0].value.scalars
    #expect(model.layer("base").weights[0] === base.weights[0])
    model.compile(optimizer: SGD(), loss: .binaryCrossEntropy)
    try model.fit([Self.x, -Self.x], [Self.yes])
    #expect(base.weights[0].value.scalars != before)

    let frozen = base.weights[0].value.scalars
    base.layers[0].isTrainable = false
    #expect(model.trainableWeights.count == 2)
    try model.fit([Self.x, -Self.x], [Self.yes])
    #expect(base.weights[0].value.scalars == frozen)
  }

  @Test("Files tell the weights of a model within a model apart from its own")
  func files() throws {
    func make(seed: UInt64) -> (model: Model, base: Model) {
      let base = Sequential(input: [3], name: "base", seed: seed) { Dense(3, activation: .tanh) }
      let image = Input([3])
      return (Model(inputs: image, outputs: Dense(3)(base(image)), seed: seed &+ 1), base)
    }
    let folder = try TemporaryFolder()
    let (saved, loaded) = (make(seed: 1), make(seed: 2))
    let whole = folder.url.appending(path: "whole.safetensors")
    try saved.model.saveWeights(to: whole)
    try loaded.model.loadWeights(from: whole)
    #expect(loaded.model.weights.map(\.value.scalars) == saved.model.weights.map(\.value.scalars))
    // The base alone can be read by a base that is part of nothing.
    let part = folder.url.appending(path: "base.safetensors")
    try saved.base.saveWeights(to: part)
    let alone = Sequential(input: [3], seed: 3) { Dense(3, activation: .tanh) }
    try alone.loadWeights(from: part)
    #expect(alone.weights.map(\.value.scalars) == saved.base.weights.map(\.value.scalars))
  }

  @Test("Training with a model inside resumes where it stopped")
  func resuming() throws {
    let folder = try TemporaryFolder()
    let url = folder.file("state.safetensors")
    func make() -> Model {
      let base = Sequential(input: [3], name: "base", seed: 1) { Dense(3, activation: .tanh) }
      let image = Input([3])
      let model = Model(
        inputs: image, outputs: Dense(1, activation: .sigmoid)(base(image)), seed: 2)
      model.compile(optimizer: Adam(), loss: .binaryCrossEntropy)
      return model
    }
    let whole = make()
    try whole.fit(Self.x, Self.yes, epochs: 4)
    try make().fit(Self.x, Self.yes, epochs: 2, callbacks: [TrainingCheckpoint(url)])
    let resumed = make()
    let history = try resumed.restoreTraining(from: url)
    try resumed.fit(Self.x, Self.yes, epochs: 4, resuming: history)
    #expect(resumed.weights.map(\.value.scalars) == whole.weights.map(\.value.scalars))
  }

  @Test("Resetting a model resets a stateful layer of a model inside")
  func states() {
    let base = Sequential(input: [2, 1], name: "base") { LSTM(2, isStateful: true) }
    let sequence = Input([2, 1])
    let model = Model(inputs: sequence, outputs: Dense(1)(base(sequence)))
    let x = Tensor.ones([1, 2, 1])
    let (first, second) = (model(x), model(x))
    #expect(first != second)
    model.resetStates()
    #expect(model(x) == first)
  }

  enum Mistake: String, CaseIterable, Codable, Sendable {
    case oneLoss, lossCount, weightCount, metricCount, unknownOutput, lostOutput, badWeight
    case unknownInput, lostInput, twice, inputCount, targetCount, sampleCount, inputShape
    case targetShape, batchTargets, inputName, disconnected, twoOutputsAsLayer, layerShape

    var sentence: String {
      switch self {
      case .oneLoss: "The model has 2 outputs, sum, sign: give each a loss, with compile(optimizer:"
      case .lossCount: "has 2 outputs, but was given 1 losses. Give them in the order sum, sign."
      case .weightCount: "has 2 outputs, but was given 3 weights of losses. Give them in the order"
      case .metricCount: "has 2 outputs, but was given 1 lists of metrics. Give them in the order"
      case .unknownOutput: "no output age to give a loss to. Its outputs: sum, sign."
      case .lostOutput: "The output sign was not given a loss. Give a loss to each of sum, sign."
      case .badWeight: "A loss cannot count inf. Give finite weights."
      case .unknownInput: "no input middle to give samples to. Its inputs: left, right."
      case .lostInput: "The input right was not given samples. Give samples to each of left, right."
      case .twice: "The input left was given samples twice."
      case .inputCount:
        "has 2 inputs, but samples for 1 were given. Give them in the order left, rig"
      case .targetCount: "has 2 outputs, but samples for 3 were given. Give them in the order sum,"
      case .sampleCount: "as many samples, but there are: left 4, right 2, sum 4, sign 4. Leave out"
      case .inputShape: "The model's input right takes samples of shape [3], but was given samples"
      case .targetShape: "The output sum has the shape [2], but its targets the shape [1]. Give the"
      case .batchTargets:
        "The model has 2 outputs, but the batch has targets for 1. Give one for each output."
      case .inputName: "Two inputs of the model have the same name: a, a. Give each Input a name"
      case .disconnected:
        "An Input of shape [3] called text feeds the model but is not among its inputs, other: the graph is disconnected"
      case .twoOutputsAsLayer: "A model with 2 outputs cannot be a layer, which has one. Choose an"
      case .layerShape:
        "base takes samples of shape [3], and cannot be used on [4]. Reshape or resize"
      }
    }

    func commit() throws {
      let model = SeveralOutputsTests.model()
      let (x, pair, yes) = (
        SeveralOutputsTests.x, SeveralOutputsTests.pair, SeveralOutputsTests.yes
      )
      let losses: [Loss] = [.meanSquaredError, .binaryCrossEntropy]
      func compiled() -> Model {
        model.compile(optimizer: SGD(), losses: losses)
        return model
      }
      switch self {
      case .oneLoss: model.compile(optimizer: SGD(), loss: .meanSquaredError)
      case .lossCount: model.compile(optimizer: SGD(), losses: [.meanSquaredError])
      case .weightCount: model.compile(optimizer: SGD(), losses: losses, weights: [1, 2, 3])
      case .metricCount: model.compile(optimizer: SGD(), losses: losses, metrics: [[.accuracy]])
      case .unknownOutput: model.compile(optimizer: SGD(), losses: ["age": .meanSquaredError])
      case .lostOutput: model.compile(optimizer: SGD(), losses: ["sum": .meanSquaredError])
      case .badWeight: model.compile(optimizer: SGD(), losses: losses, weights: [1, .infinity])
      case .unknownInput: _ = model.predict(["left": x, "middle": x])
      case .lostInput: _ = model.predict(["left": x])
      case .twice: _ = model.predict(["left": x, "right": x, "left": x])
      case .inputCount: _ = model.predict([x])
      case .targetCount: try compiled().fit([x, x], [pair, yes, yes])
      case .sampleCount: try compiled().fit([x, x[0..<2]], [pair, yes])
      case .inputShape: try compiled().fit([x, pair], [pair, yes])
      case .targetShape: _ = compiled().evaluate([x, x], [yes, pair])
      case .batchTargets:
        final class Stream: BatchStream {
          func nextBatch() -> Batch {
            Batch(
              inputs: [Tensor.ones([1, 3]), Tensor.ones([1, 3])], targets: [Tensor.ones([1, 2])])
          }
        }
        try compiled().fit(Stream(), stepsPerEpoch: 1)
      case .inputName:
        let ends = (Input([1], name: "a"), Input([1], name: "a"))
        _ = Model(inputs: [ends.0, ends.1], outputs: [Add()(ends.0, ends.1)])
      case .disconnected:
        let text = Input([3], name: "text")
        _ = Model(inputs: Input([3], name: "other"), outputs: Dense(1)(text))
      case .twoOutputsAsLayer: _ = model(Input([3]), Input([3]))
      case .layerShape: _ = Sequential(input: [3], name: "base") { Dense(1) }(Input([4]))
      }
    }
  }

  @Test("Each mistake ends with a sentence", .ahead, arguments: Mistake.allCases)
  func sentence(_ mistake: Mistake) async throws {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { [mistake] in
      try mistake.commit()
    }
    let output = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
    #expect(output.contains(mistake.sentence), "\(output.prefix(500))")
  }
}
