import Testing

@testable import DeepLearning

/// A hundred updates of each optimizer against Keras 2.0's rules.
@Suite struct GoldenOptimizerTests {
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let settings: GoldenOptimizer
    let steps: [Step]
    var testDescription: String { name }

    struct Step: Decodable, Sendable {
      let step: Int
      let parameters: [GoldenTensor]
    }

    private enum Key: CodingKey { case name, steps }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Key.self)
      name = try container.decode(String.self, forKey: .name)
      steps = try container.decode([Step].self, forKey: .steps)
      settings = try GoldenOptimizer(from: decoder)
    }
  }

  /// ½·Σ curvature · (parameter - target)², over several tensors.
  private struct Problem: Decodable {
    let problem: Content

    struct Content: Decodable {
      let parameters: [Part]
    }

    struct Part: Decodable {
      let start, curvature, target: GoldenTensor
    }
  }

  @Test(
    "Optimizers follow the reference's trajectory",
    arguments: try Golden.cases("optimizers") as [Case])
  func trajectory(_ golden: Case) throws {
    let parts = try Golden.decode(Problem.self, from: "optimizers").problem.parameters
    let parameters = parts.enumerated().map { number, part in
      let parameter = Parameter("\(number)", shape: part.start.tensor.shape, initializer: .zeros)
      parameter.value = part.start.tensor
      return parameter
    }
    let optimizer = try golden.settings.make()
    var expected = golden.steps[...]
    for step in 1...100 {
      let gradients = zip(parts, parameters).map { part, parameter in
        part.curvature.tensor * (parameter.value - part.target.tensor)
      }
      optimizer.apply(Gradients(parameters: parameters, values: gradients))
      guard let next = expected.first, next.step == step else { continue }
      expected.removeFirst()
      for (parameter, value) in zip(parameters, next.parameters) {
        expectClose(
          parameter.value, value.tensor, absolute: 1e-5, relative: 1e-5,
          "\(golden.name), parameter \(parameter.name) after step \(step)")
      }
    }
    #expect(expected.isEmpty)
    #expect(optimizer.iterations == 100)
  }
}
