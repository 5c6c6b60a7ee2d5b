import TestSupport
import Testing

@testable import DeepLearning

/// What layers add to the loss beside what compares predictions with targets.
@Suite struct AddedLossTests {
  /// Passes its input on and adds the mean of its squares, times 10.
  private final class Damper: Layer {
    override func forward(_ inputs: [Samples], _ context: ForwardContext) -> Tensor {
      let x = inputs[0].tensor(for: name)
      context.addLoss(10 * x.squared().mean())
      return x
    }
  }

  /// y = 2x; the loss is |y - target| + 10·y².
  private static func model() -> Sequential {
    let model = Sequential(input: [1]) {
      Dense(1, usesBias: false)
      Damper(name: "damper")
    }
    model.weights[0].value = Tensor([2], shape: [1, 1])
    model.compile(optimizer: SGD(learningRate: 0.001), loss: .meanAbsoluteError)
    return model
  }

  @Test("Evaluation counts it for each batch, large or small", arguments: [1, 2, 3, 4])
  func evaluates(batchSize: Int) {
    let x = Tensor([1, -1, 0.5], shape: [3, 1])
    let y = Tensor([2, -2, 3], shape: [3, 1])
    let loss = Self.model().evaluate(x, y, batchSize: batchSize).loss
    // Distances 0, 0 and 2; squares 4, 4 and 1.
    #expect(abs(loss - (2 + 10 * 9) / 3) < 1e-4)
  }

  @Test("Training follows its gradient, reports it, and counts each batch's own only")
  func trains() throws {
    let model = Self.model()
    let x = Tensor([1, 1, 1, 1], shape: [4, 1])
    let history = try model.fit(
      x, Tensor([0, 0, 0, 0], shape: [4, 1]), epochs: 1, batchSize: 2, validation: (x, x))
    // The gradient of |w| + 10 w² is 1 + 20 w: from 2 to 1.959, and on to 1.91882.
    let (first, second): (Float, Float) = (2, 2 - 0.001 * 41)
    let last = second - 0.001 * (1 + 20 * second)
    #expect(abs(model.weights[0].value.item - last) < 1e-5)
    let losses = [first, second].map { $0 + 10 * $0 * $0 }
    #expect(abs((history["loss"].first ?? 0) - (losses[0] + losses[1]) / 2) < 1e-3)
    let held = last - 1 + 10 * last * last
    #expect(abs((history["val_loss"].first ?? 0) - held) < 1e-3)
    #expect(model.predict(x).scalars.allSatisfy { abs($0 - last) < 1e-5 })
  }

  @Test("More than one number is refused", .ahead)
  func refuses() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      ForwardContext(training: true, random: RandomGenerator(seed: 1)).addLoss(.zeros([2]))
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("One number is added to a loss, not a tensor of shape"))
  }
}
