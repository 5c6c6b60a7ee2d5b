import Foundation
import Testing

@testable import DeepLearning

/// A random network as `Golden/generate_networks.py` describes it; what Keras makes of it lies in a file beside.
struct RandomNetwork: Decodable, Sendable, CustomTestStringConvertible {
  let name: String
  let batch: Int
  let seed: UInt32
  let training: Bool
  let inputs: [[Int]]
  let nodes: [Node]
  let outputs: [Int]
  var testDescription: String { name }

  /// A use of a layer: what it reads, by the numbers of inputs and layers.
  struct Node: Decodable, Sendable {
    let layer: String
    let inputs: [Int]
    let options: GoldenLayer.Options
    /// The layer whose weights this one has, if it is used again.
    let shares: Int?
    /// The middle and the spread of each weight.
    let scales: [[Float]]
  }

  /// Random numbers that Python draws as well.
  struct Numbers {
    var state: UInt32

    mutating func draw(_ shape: Shape, around middle: Float = 0, scale: Float = 1) -> Tensor {
      Tensor(shape: shape) { buffer in
        for i in buffer.indices {
          state = state &* 1_664_525 &+ 1_013_904_223
          buffer[i] = middle + scale * Float(Int(state >> 22) - 448) / 512
        }
      }
    }
  }

  /// The network with its numbers: inputs, weights by name, and the gradients of the outputs.
  struct Instance {
    let model: Model
    let inputs: [Tensor]
    let weights: [(name: String, weight: Parameter)]
    let upstreams: [Tensor]
  }

  func make() throws -> Instance {
    var numbers = Numbers(state: seed)
    let tensors = inputs.map { numbers.draw(Shape($0).prepending(batch)) }
    let starts = inputs.map { Input(Shape($0)) }
    var (values, layers) = (starts, [Layer?](repeating: nil, count: starts.count))
    var weights: [(name: String, weight: Parameter)] = []
    for node in nodes {
      let number = values.count
      let layer =
        try node.shares.map { try #require(layers[$0]) } ?? node.options.makeLayer(node.layer)
      values.append(layer.apply(node.inputs.map { values[$0] }))
      layers.append(layer)
      #expect(layer.weights.count == node.scales.count || node.shares != nil, "\(name), \(number)")
      for (index, (weight, scale)) in zip(layer.weights, node.scales).enumerated() {
        weight.value = numbers.draw(weight.shape, around: scale[0], scale: scale[1])
        weights.append(("weight/\(number)/\(index)", weight))
      }
    }
    // Making the model draws weights of its own.
    let drawn = weights.map(\.weight.value)
    let model = Model(inputs: starts, outputs: outputs.map { values[$0] })
    for ((_, weight), value) in zip(weights, drawn) { weight.value = value }
    return Instance(
      model: model, inputs: tensors, weights: weights.filter(\.weight.isTrainable),
      upstreams: model.outputShapes.map { numbers.draw($0.prepending(batch)) })
  }
}

/// Whole networks with branches, joins and shared layers against Keras: outputs, and the gradients of all inputs and
/// weights.
@Suite struct RandomNetworkTests {
  /// What Keras makes of the networks, in double precision, rounded.
  private static let expected = Result {
    try TensorFile(
      contentsOf: try #require(
        Bundle.module.url(
          forResource: "networks", withExtension: "safetensors", subdirectory: "Golden")))
  }

  /// Errors allowed, as shares of the largest number of a tensor; by Winograd's algorithm, and without.
  private static let (winograd, exact): (Float, Float) = (1e-4, 1e-5)

  static let cases = Result { try Golden.cases("networks") as [RandomNetwork] }

  @Test("There are many networks, of all kinds")
  func many() throws {
    let cases = try Self.cases.get()
    #expect(cases.count == 96)
    for kind in ["Add", "Concatenate", "Conv2D", "BatchNormalization", "SeparableConv2D"] {
      #expect(cases.count { $0.nodes.contains { $0.layer == kind } } > 8, "\(kind)")
    }
    #expect(cases.count { $0.nodes.contains { $0.shares != nil } } > 8)
    #expect(cases.count { $0.outputs.count > 1 } > 8)
  }

  @Test(
    "Random networks have the reference's outputs and gradients", arguments: 0..<96, [true, false])
  func agreement(_ number: Int, isExact: Bool) throws {
    let network = try Self.cases.get()[number]
    let file = try Self.expected.get()
    let error = isExact ? Self.exact : Self.winograd
    let instance = try network.make()
    let context = ForwardContext(
      training: network.training, random: RandomGenerator(seed: 1))
    var largest: Float = 0
    var report: [String] = []
    func expect(_ actual: Tensor, _ name: String) throws {
      let expected = try file.tensor("\(number)/\(name)", shape: actual.shape)
      // A bias that normalisation takes out again has a gradient of rounding errors only.
      let size = max(expected.magnitude.max(), 0.1 * largest)
      let off = (actual - expected).magnitude.max() / size
      if !(off <= error) { report.append("\(name) of \(actual.shape) by \(off)") }
    }
    try Engine.$isExact.withValue(isExact) {
      func loss(_ inputs: [Tensor]) -> (outputs: [Tensor], loss: Tensor) {
        let outputs = instance.model.outputs(for: inputs.map(Samples.dense), context)
        let products = zip(outputs, instance.upstreams).map { ($0 * $1).sum() }
        return (outputs, products.dropFirst().reduce(products[0], +))
      }
      for (index, output) in loss(instance.inputs).outputs.enumerated() {
        try expect(output, "output/\(index)")
      }
      let (_, toWeights) = valueAndGradients(of: instance.weights.map(\.weight)) {
        loss(instance.inputs).loss
      }
      let gradients = try toWeights.values.map { try #require($0) }
      largest = gradients.map { $0.magnitude.max() }.max() ?? 0
      for ((name, _), gradient) in zip(instance.weights, gradients) { try expect(gradient, name) }
      let (_, toInputs) = valueAndGradients(at: instance.inputs) { loss($0).loss }
      for (index, gradient) in toInputs.enumerated() { try expect(gradient, "input/\(index)") }
    }
    #expect(report.isEmpty, "\(network.name): off are \(report.joined(separator: "; "))")
  }
}
