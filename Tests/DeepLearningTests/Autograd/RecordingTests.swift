import Testing

@testable import DeepLearning

/// What is recorded, and what is not.
@Suite struct RecordingTests {
  @Test("Nothing is recorded outside of a gradient")
  func outside() {
    let (a, b) = (randomTensor([3, 4], seed: 201), randomTensor([4, 2], seed: 202))
    let model = Sequential(input: [4]) {
      Dense(3, activation: .relu, kernelRegularizer: .l2(0.1))
      Dropout(0.5)
      Dense(2, activation: .softmax)
    }
    let results = [
      a + a, a * 2, a.exp(), a.squared().sum(), a.sum(axis: 0), a.matmul(b), a.transposed(),
      a.reshaped([2, 6]), a[1..<2], a.activated(.sigmoid), a.clipped(0, 1),
      a.broadcast(to: [2, 3, 4]),
      model(a), model(a, training: true), model.predict(a), .maximum(a, a),
      categoricalCrossEntropy(model(a), [0, 1, 1]), meanSquaredError(a, a),
      binaryCrossEntropy(a, a),
    ]
    #expect(results.map { $0.node == nil }.allSatisfy { $0 })
    #expect(model.penalty()?.node == nil)
    #expect(model.weights.map { $0.value.node == nil }.allSatisfy { $0 })
  }

  @Test("Only what depends on the weights is recorded")
  func dependents() {
    let weight = Parameter("w", shape: [4, 2], initializer: .ones)
    let x = randomTensor([3, 4], seed: 203)
    let (loss, gradients) = valueAndGradients(of: [weight]) {
      let independent = (x * 2).exp()
      #expect(independent.node == nil)
      let dependent = independent.matmul(weight.value)
      #expect(dependent.node != nil)
      #expect(dependent.detached.node == nil)
      #expect(dependent.detached == dependent)
      return dependent.sum()
    }
    #expect(loss.node == nil, "The returned loss is cut off.")
    #expect(weight.value.node == nil, "The weight is no longer being recorded.")
    #expect(gradients[weight]?.node == nil)
  }

  /// Looks at the inputs of an operation's node: nil where no gradient is needed.
  @Test("Gradients that nobody needs are not computed")
  func unneeded() {
    let x = randomTensor([3, 4], seed: 204)
    let kernel = randomTensor([4, 2], seed: 205)
    // The first layer of a model: its input is data.
    func inputs(_ watched: [Bool]) -> [Bool] {
      var needs: [Bool] = []
      let operands = zip([x, kernel], watched).filter(\.1).map(\.0)
      _ = valueAndGradients(at: operands) { leaves in
        var leaves = leaves[...]
        let a = watched[0] ? leaves.removeFirst() : x
        let b = watched[1] ? leaves.removeFirst() : kernel
        let product = a.dense(kernel: b, bias: nil)
        needs = product.node?.inputs.map { $0 != nil } ?? []
        return product.sum()
      }
      return needs
    }
    #expect(inputs([true, true]) == [true, true])
    #expect(inputs([false, true]) == [false, true])
    #expect(inputs([true, false]) == [true, false])
  }

  @Test("Weights without influence have no gradient")
  func noInfluence() throws {
    let parameters = (0..<3).map { Parameter("w\($0)", shape: [2], initializer: .ones) }
    let (_, gradients) = valueAndGradients(of: parameters) { parameters[1].value.sum() * 3 }
    #expect(gradients.values.map { $0 == nil } == [true, false, true])
    #expect(gradients[parameters[0]] == nil)
    #expect(gradients[parameters[1]] == Tensor([3, 3]))
    #expect(gradients[Parameter("stranger", shape: [1], initializer: .zeros)] == nil)

    let constant = valueAndGradients(of: parameters) { .scalar(5) }
    #expect(constant.loss.item == 5 && constant.gradients.values.allSatisfy { $0 == nil })
    let untouched = valueAndGradient(at: Tensor([1, 2])) { _ in .scalar(1) }
    #expect(untouched.gradient == .zeros([2]), "For tensors, no influence is a gradient of zero.")
  }

  @Test("Frozen layers get no gradient")
  func frozen() {
    let model = Sequential(input: [3]) {
      Dense(4)
      Dense(1)
    }
    model.layers[0].isTrainable = false
    let before = model.weights.map(\.value)
    let (_, gradients) = valueAndGradients(of: model.trainableWeights) {
      model(Tensor.ones([2, 3])).sum()
    }
    #expect(gradients.parameters.map(\.name) == ["dense_2/kernel", "dense_2/bias"])
    SGD(learningRate: 1).apply(gradients)
    #expect(zip(model.weights, before).map { $0.value == $1 } == [true, true, false, false])
  }

  @Test("An error in the loss leaves the weights as they were")
  func failingLoss() {
    struct Interruption: Error {}
    let weight = Parameter("w", shape: [2], initializer: .ones)
    #expect(throws: Interruption.self) {
      try valueAndGradients(of: [weight]) {
        _ = weight.value.squared()
        throw Interruption()
      }
    }
    #expect(weight.value.node == nil)
    #expect(valueAndGradients(of: [weight]) { weight.value.sum() }.gradients[weight] == .ones([2]))
  }

  @Test("Two models on two threads do not see each other's records")
  func threads() async throws {
    func train(_ seed: UInt64) throws -> [Tensor] {
      let model = Sequential(input: [5], seed: seed) {
        Dense(8, activation: .tanh)
        Dropout(0.2)
        Dense(1)
      }
      model.compile(optimizer: RMSprop(), loss: .meanSquaredError)
      let x = randomTensor([64, 5], seed: seed)
      try model.fit(x, x.sum(axis: 1, keepingAxis: true), epochs: 5, batchSize: 16)
      return model.weights.map(\.value)
    }
    async let first = Task.detached { try train(1) }.value
    async let second = Task.detached { try train(2) }.value
    let together = try await [first, second]
    let alone = [try train(1), try train(2)]
    #expect(together == alone)
    #expect(alone[0] != alone[1])
  }
}
