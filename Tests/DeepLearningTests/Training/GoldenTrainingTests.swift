import Testing

@testable import DeepLearning

/// Five steps of whole models against Keras: losses, gradients, weights, predictions.
@Suite struct GoldenTrainingTests {
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    let name, loss: String
    let settings: GoldenOptimizer
    let layers: [LayerSettings]
    let x, y, predictionsAfter: GoldenTensor
    let weights, gradientsAtStep1: [GoldenTensor]
    let losses, dataLosses: [Double]
    let weightsAfter: [Snapshot]
    var testDescription: String { name }

    struct LayerSettings: Decodable, Sendable {
      let units: Int
      let activation: String
      let l1, l2: Float
    }

    struct Snapshot: Decodable, Sendable {
      let step: Int
      let weights: [GoldenTensor]
    }

    private enum Key: CodingKey {
      case name, loss, layers, x, y, predictionsAfter, weights, gradientsAtStep1, losses
      case dataLosses, weightsAfter
    }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Key.self)
      name = try container.decode(String.self, forKey: .name)
      loss = try container.decode(String.self, forKey: .loss)
      layers = try container.decode([LayerSettings].self, forKey: .layers)
      x = try container.decode(GoldenTensor.self, forKey: .x)
      y = try container.decode(GoldenTensor.self, forKey: .y)
      predictionsAfter = try container.decode(GoldenTensor.self, forKey: .predictionsAfter)
      weights = try container.decode([GoldenTensor].self, forKey: .weights)
      gradientsAtStep1 = try container.decode([GoldenTensor].self, forKey: .gradientsAtStep1)
      losses = try container.decode([Double].self, forKey: .losses)
      dataLosses = try container.decode([Double].self, forKey: .dataLosses)
      weightsAfter = try container.decode([Snapshot].self, forKey: .weightsAfter)
      settings = try GoldenOptimizer(from: decoder)
    }

    /// The model with the initial weights, ready to be trained.
    func makeModel() throws -> Sequential {
      let layers = try layers.map {
        Dense(
          $0.units, activation: try #require(Activation(rawValue: $0.activation)),
          kernelRegularizer: $0.l1 + $0.l2 > 0 ? .l1l2($0.l1, $0.l2) : nil)
      }
      let model = Sequential(input: x.tensor.shape.droppingFirst) {
        for layer in layers { layer }
      }
      #expect(model.weights.map(\.shape) == weights.map(\.tensor.shape))
      for (weight, value) in zip(model.weights, weights) { weight.value = value.tensor }
      model.compile(optimizer: try settings.make(), loss: try Loss(golden: loss))
      return model
    }
  }

  @Test(
    "Five epochs of one batch go as in the reference",
    arguments: try Golden.cases("training") as [Case], [false, true])
  func epochs(_ golden: Case, sparse: Bool) throws {
    let model = try golden.makeModel()
    let x: any SamplesConvertible =
      sparse ? SparseRows(nonZero: golden.x.tensor) : golden.x.tensor
    let recorder = WeightRecorder()
    let before = model.evaluate(x, golden.y.tensor)
    let history = try model.fit(
      x, golden.y.tensor, epochs: 5, batchSize: 6, shuffle: false, callbacks: [recorder])

    for (step, loss) in golden.losses.enumerated() {
      expectClose(
        history["loss"][step], loss, relative: 2e-5, "\(golden.name), loss of step \(step + 1)")
    }
    expectClose(before.loss, golden.losses[0], relative: 2e-5, "\(golden.name), evaluated loss")
    expectClose(
      before.loss - before.penalty, golden.dataLosses[0], relative: 2e-5,
      "\(golden.name), evaluated loss without penalty")
    for snapshot in golden.weightsAfter {
      let recorded = recorder.weights[snapshot.step - 1]
      for (index, value) in snapshot.weights.enumerated() {
        expectClose(
          recorded[index], value.tensor, absolute: 1e-5, relative: 2e-5,
          "\(golden.name), \(model.weights[index].name) after step \(snapshot.step)")
      }
    }
    expectClose(
      model.predict(x), golden.predictionsAfter.tensor, "\(golden.name), predictions afterwards")
  }

  @Test(
    "The first step has the reference's gradients",
    arguments: try Golden.cases("training") as [Case], [false, true])
  func firstStep(_ golden: Case, sparse: Bool) throws {
    let model = try golden.makeModel()
    let loss = try Loss(golden: golden.loss)
    let x: any SamplesConvertible =
      sparse ? SparseRows(nonZero: golden.x.tensor) : golden.x.tensor
    let (_, gradients) = valueAndGradients(of: model.trainableWeights) {
      let value = loss(model(x, training: true), golden.y.tensor)
      return model.penalty().map { value + $0 } ?? value
    }
    #expect(gradients.values.count == golden.gradientsAtStep1.count)
    for (weight, expected) in zip(model.weights, golden.gradientsAtStep1) {
      expectClose(
        try #require(gradients[weight]), expected.tensor, absolute: 1e-6,
        "\(golden.name), gradient of \(weight.name)")
    }
  }
}

/// Keeps the weights as they were after each step.
private final class WeightRecorder: Callback {
  private(set) var weights: [[Tensor]] = []

  func stepDidEnd(_ run: TrainingRun) throws { weights.append(run.model.weights.map(\.value)) }
}
