import Testing

@testable import DeepLearning

/// A network with a shared model, two inputs and three outputs against Keras: every reported number, all weights.
@Suite struct GoldenOutputsTests {
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let lossWeights: [String: Float]
    let inputs, targets: [String: GoldenTensor]
    let weights, weightsAfter: [String: [GoldenTensor]]
    let evaluated: [String: Double]
    let history: [String: [Double]]
    let predictionsAfter: [GoldenTensor]
    var testDescription: String { name }

    var x: SampleGroup { SampleGroup(inputs.mapValues(\.tensor)) }
    var y: SampleGroup { SampleGroup(targets.mapValues(\.tensor)) }

    /// The model with Keras' initial weights, ready to be trained.
    func makeModel(byName: Bool = true) throws -> Model {
      let encoder = Sequential(input: [4], name: "encoder") { Dense(5, activation: .tanh) }
      let left = Input([4], name: "left")
      let right = Input([4], name: "right")
      let joined = Concatenate()(encoder(left), encoder(right))
      let model = Model(
        inputs: [left, right],
        outputs: [
          Dense(1, name: "age")(joined),
          Dense(3, activation: .softmax, name: "income")(joined),
          Dense(1, activation: .sigmoid, name: "gender")(joined),
        ])
      for (name, values) in weights {
        for (weight, value) in zip(model.layer(name).weights, values) {
          weight.value = value.tensor
        }
      }
      if byName {
        model.compile(
          optimizer: SGD(learningRate: 0.05),
          losses: [
            "gender": .binaryCrossEntropy, "age": .meanSquaredError,
            "income": .categoricalCrossEntropy,
          ],
          weights: lossWeights,
          metrics: ["age": [.meanAbsoluteError], "income": [.accuracy], "gender": [.accuracy]])
      } else {
        model.compile(
          optimizer: SGD(learningRate: 0.05),
          losses: [.meanSquaredError, .categoricalCrossEntropy, .binaryCrossEntropy],
          weights: ["age", "income", "gender"].map { lossWeights[$0] ?? 1 },
          metrics: [[.meanAbsoluteError], [.accuracy], [.accuracy]])
      }
      return model
    }
  }

  @Test(
    "Five epochs with several outputs go as in the reference",
    arguments: try Golden.cases("outputs") as [Case], [false, true])
  func epochs(_ golden: Case, byName: Bool) throws {
    let model = try golden.makeModel(byName: byName)
    let (x, y) =
      byName
      ? (golden.x, golden.y)
      : (
        SampleGroup(["left", "right"].compactMap { golden.inputs[$0]?.tensor }),
        SampleGroup(["age", "income", "gender"].compactMap { golden.targets[$0]?.tensor })
      )
    let before = model.evaluate(x, y)
    for (name, value) in golden.evaluated {
      expectClose(before[name], value, relative: 2e-5, "\(golden.name), evaluated \(name)")
    }
    let history = try model.fit(
      x, y, epochs: 5, batchSize: 8, validation: (x, y), shuffle: false)
    #expect(Set(history.names) == Set(golden.history.keys))
    for (name, values) in golden.history {
      for (epoch, value) in values.enumerated() {
        expectClose(
          history[name][epoch], value, relative: 2e-5,
          "\(golden.name), \(name) of epoch \(epoch + 1)")
      }
    }
    for (name, values) in golden.weightsAfter {
      for (weight, value) in zip(model.layer(name).weights, values) {
        expectClose(weight.value, value.tensor, "\(golden.name), \(name) \(weight.name) afterwards")
      }
    }
    for (result, value) in zip(model.predict(x), golden.predictionsAfter) {
      expectClose(result, value.tensor, "\(golden.name), predictions afterwards")
    }
  }
}
