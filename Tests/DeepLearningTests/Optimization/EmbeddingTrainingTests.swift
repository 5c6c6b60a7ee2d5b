import Testing

@testable import DeepLearning

/// Embeddings in training: optimizers update the rows that occur.
@Suite struct EmbeddingTrainingTests {
  private static let (words, dimensions) = (50, 7)
  private static let table = randomTensor([words, dimensions], seed: 651)

  enum Rule: String, CaseIterable, Sendable {
    case sgd, rmsprop, adagrad, momentum, nesterov, adam
    case clippedNorm, clippedValue, decaying

    var optimizer: Optimizer {
      switch self {
      case .sgd: return SGD(learningRate: 0.1)
      case .rmsprop: return RMSprop(learningRate: 0.01)
      case .adagrad: return Adagrad(learningRate: 0.1)
      case .momentum: return SGD(learningRate: 0.05, momentum: 0.9)
      case .nesterov: return SGD(learningRate: 0.05, momentum: 0.9, nesterov: true)
      case .adam: return Adam(learningRate: 0.01)
      case .clippedNorm:
        let optimizer = RMSprop(learningRate: 0.01)
        optimizer.clipNorm = 3
        return optimizer
      case .clippedValue:
        let optimizer = SGD(learningRate: 0.1)
        optimizer.clipValue = 0.8
        return optimizer
      case .decaying: return RMSprop(learningRate: 0.02, rho: 0.7, decay: 0.1)
      }
    }

    /// Whether rows without a gradient would move on by what is remembered of them, and here rest.
    var wouldMoveOn: Bool { [.momentum, .nesterov, .adam].contains(self) }
  }

  /// The table for ten words a sample.
  private func embedding() -> Sequential {
    let model = Sequential(input: [10]) { Embedding(Self.words, Self.dimensions) }
    model.weights[0].value = Self.table
    return model
  }

  /// The embedding's updates, and those of the same matrix with gradients written out, as in Keras 2.0.
  private func train(_ rule: Rule, steps: Int = 25) throws -> (sparse: [Tensor], dense: [Tensor]) {
    let model = embedding()
    let bias = Parameter("bias", shape: [7], initializer: .zeros)
    let twin = Parameter("twin", shape: Self.table.shape, initializer: .zeros)
    let twinBias = Parameter("bias", shape: [7], initializer: .zeros)
    twin.value = Self.table
    let (sparse, dense) = (rule.optimizer, rule.optimizer)
    var history: (sparse: [Tensor], dense: [Tensor]) = ([], [])
    for step in 0..<steps {
      // Word 0 occurs in every batch, word 40 only in the first and in the 21st.
      var ids = repeatedIDs(60, seed: UInt64(660 + step))
      ids[0] = 0
      if step % 20 == 0 { ids[1] = 40 }
      let upstream = randomTensor([6, 10, 7], seed: UInt64(760 + step))
      let (_, gradients) = valueAndGradients(of: model.weights + [bias]) {
        let vectors = model(Samples.integers(ids, shape: [6, 10]))
        return ((vectors + bias.value) * upstream).sum()
      }
      sparse.apply(gradients)
      let written = oneHot(ids, classes: Self.words).transposed().matmul(
        upstream.reshaped([60, 7]))
      dense.apply(
        Gradients(
          parameters: [twin, twinBias], values: [written, upstream.reshaped([60, 7]).sum(axis: 0)]))
      expectClose(bias.value, twinBias.value, absolute: 2e-5, "\(rule), bias after \(step)")
      history.sparse.append(model.weights[0].value.detached)
      history.dense.append(twin.value.detached)
    }
    return history
  }

  @Test(
    "Sparse updates give what updates of all rows give",
    arguments: Rule.allCases.filter { !$0.wouldMoveOn })
  func deferred(rule: Rule) throws {
    let (sparse, dense) = try train(rule)
    for step in sparse.indices {
      expectClose(sparse[step], dense[step], absolute: 5e-5, "\(rule), step \(step)")
    }
    #expect(sparse[24] != Self.table)
  }

  @Test(
    "Where idle rows would move on, rows without a gradient rest",
    arguments: Rule.allCases.filter(\.wouldMoveOn))
  func rest(rule: Rule) throws {
    let (sparse, dense) = try train(rule)
    for step in sparse.indices {
      // Each batch has word 0, which is therefore treated as if it were alone.
      expectClose(
        sparse[step][0..<1], dense[step][0..<1], absolute: 5e-5, "\(rule), step \(step)")
      if step > 0 && step != 20 {
        #expect(haveEqualBits(sparse[step][40..<41], sparse[step - 1][40..<41]), "step \(step)")
        #expect(dense[step][40..<41] != dense[step - 1][40..<41])
      }
    }
  }

  @Test("Rows that never occur keep their bits", arguments: Rule.allCases)
  func untouched(rule: Rule) throws {
    let (sparse, _) = try train(rule)
    for row in [41, 43, 45, 49] {
      #expect(haveEqualBits(sparse[24][row..<row + 1], Self.table[row..<row + 1]), "row \(row)")
    }
    for row in [0, 1, 2, 40] {
      #expect(sparse[24][row..<row + 1] != Self.table[row..<row + 1], "row \(row)")
    }
  }

  /// Gradients that hold all rows once, and some rows another time.
  @Test(
    "Dense gradients in between are applied to all rows",
    arguments: [[true, false, false, true, false], [false, true, false, false, true]])
  func interleaved(isWritten: [Bool]) throws {
    let model = embedding()
    let twin = Parameter("twin", shape: Self.table.shape, initializer: .zeros)
    twin.value = Self.table
    let (sparse, dense) = (RMSprop(learningRate: 0.01), RMSprop(learningRate: 0.01))
    for (step, isWritten) in isWritten.enumerated() {
      let ids = repeatedIDs(60, seed: UInt64(860 + step))
      let upstream = randomTensor([6, 10, 7], seed: UInt64(870 + step))
      let (_, gradients) = valueAndGradients(of: model.weights) {
        (model(Samples.integers(ids, shape: [6, 10])) * upstream).sum()
      }
      let written = oneHot(ids, classes: Self.words).transposed().matmul(
        upstream.reshaped([60, 7]))
      sparse.apply(
        isWritten ? Gradients(parameters: model.weights, values: [written]) : gradients)
      dense.apply(Gradients(parameters: [twin], values: [written]))
      expectClose(model.weights[0].value, twin.value, absolute: 5e-5, "step \(step)")
    }
  }

  /// How long ago each row was updated is part of the state.
  @Test(
    "A run in two parts equals a run in one", arguments: [Rule.rmsprop, .adam, .momentum, .adagrad])
  func resumed(rule: Rule) throws {
    func model() -> Sequential {
      let model = Sequential(input: [5]) {
        Embedding(Self.words, Self.dimensions)
        GRU(6, recurrentDropout: 0.2)
        Dense(1)
      }
      model.compile(optimizer: rule.optimizer, loss: .meanSquaredError)
      return model
    }
    let x = Samples.integers(repeatedIDs(200, seed: 656), shape: [40, 5])
    let y = randomTensor([40, 1], seed: 657)
    let folder = try TemporaryFolder()
    let (whole, first, second) = (model(), model(), model())
    let history = try whole.fit(x, y, epochs: 4, batchSize: 3)
    try first.fit(
      x, y, epochs: 2, batchSize: 3, callbacks: [TrainingCheckpoint(folder.file("state"))])
    let past = try second.restoreTraining(from: folder.file("state"))
    let rest = try second.fit(x, y, epochs: 4, batchSize: 3, resuming: past)
    #expect(rest["loss"] == history["loss"])
    for (a, b) in zip(whole.weights, second.weights) {
      #expect(haveEqualBits(a.value, b.value), "\(a.name)")
    }
  }
}
