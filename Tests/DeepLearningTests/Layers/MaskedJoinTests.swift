import Testing

@testable import DeepLearning

/// Masks pass through `Add` and `Concatenate` as in Keras 3: a time step is skipped where all operands skip it.
@Suite struct MaskedJoinTests {
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    let name, join, second: String
    let masksSecond: Bool
    let ids: [IDs]
    let weights, gradWeights: [GoldenTensor]
    let upstream, output: GoldenTensor
    var testDescription: String { name }

    struct IDs: Decodable, Sendable {
      let shape: [Int]
      let values: [Int32]
      var samples: Samples { .integers(values, shape: Shape(shape)) }
    }

    /// The network with its weights, and the weights in the order of the file.
    func makeModel() throws -> (model: Model, weights: [Parameter]) {
      let starts = ids.map { _ in Input([5]) }
      let words = Embedding(6, 3, masksZero: true)
      let others = Embedding(6, 3, masksZero: masksSecond)
      let (first, last) = (GRU(3, returnsSequences: true), SimpleRNN(2))
      let vectors = words(starts[0])
      let sequences = first(vectors)
      let operand =
        switch second {
        case "words": vectors
        case "itself": sequences
        case "others": others(starts[1])
        default: throw UnknownName(name: second)
        }
      let join: Layer =
        switch self.join {
        case "Add": Add()
        case "Concatenate": Concatenate()
        default: throw UnknownName(name: self.join)
        }
      let model = Model(inputs: starts, outputs: [last(join(sequences, operand))])
      let layers: [Layer] = [words] + (second == "others" ? [others] : []) + [first, last]
      let parameters = layers.flatMap(\.weights)
      #expect(parameters.map(\.shape) == weights.map(\.tensor.shape), "\(name)")
      for (parameter, value) in zip(parameters, weights) { parameter.value = value.tensor }
      return (model, parameters)
    }
  }

  @Test(
    "A join of masked sequences has Keras' output and gradients",
    arguments: try Golden.cases("recurrent-joined") as [Case])
  func gradients(_ golden: Case) throws {
    let (model, parameters) = try golden.makeModel()
    let context = ForwardContext(training: false, random: RandomGenerator(seed: 1))
    func run() -> Tensor { model.outputs(for: golden.ids.map(\.samples), context)[0] }
    expectClose(run(), golden.output.tensor, "\(golden.name), output")
    let (_, gradients) = valueAndGradients(of: parameters) {
      (run() * golden.upstream.tensor).sum()
    }
    for (parameter, expected) in zip(parameters, golden.gradWeights) {
      expectClose(
        try #require(gradients[parameter]), expected.tensor, absolute: 2e-5,
        "\(golden.name), gradient of \(parameter.name)")
    }
  }

  /// A join of three, of one operand, and layers behind it that pass on what they are given.
  @Test("Masks pass several layers")
  func layers() throws {
    let (a, b, c) = (Input([4]), Input([4]), Input([4]))
    func vectors(_ input: SymbolicTensor) -> SymbolicTensor {
      Embedding(5, 2, masksZero: true)(input)
    }
    let sum = Add()(vectors(a), vectors(b), vectors(c))
    let model = Model(inputs: [a, b, c], outputs: [LeakyReLU()(Concatenate()(Add()(sum)))])
    let rows: [[Int32]] = [[0, 0, 1, 0], [0, 2, 0, 0], [0, 0, 0, 3]]
    let output = model.outputs(
      for: rows.map { .integers($0, shape: [1, 4]) },
      ForwardContext(training: false, random: RandomGenerator(seed: 1)))[0]
    #expect(output.storage.timeMask == Tensor([0, 1, 1, 1], shape: [1, 4]))
  }
}
