/// What `compile` sets: how a model is trained.
struct Compilation {
  /// What is wanted of one output.
  struct Goal {
    /// The output's name.
    let output: String
    let loss: Loss
    /// What the loss counts in the sum of all.
    let weight: Float
    let metrics: [Metric]
  }

  let optimizer: Optimizer
  /// One per output.
  let goals: [Goal]

  init(_ optimizer: Optimizer, _ goals: [Goal]) {
    (self.optimizer, self.goals) = (optimizer, goals)
  }

  /// The names of all measurements as in Keras: the loss, those of the outputs if there are several, and the metrics.
  var names: [String] {
    guard goals.count > 1 else { return ["loss"] + metrics.map(\.key) }
    return ["loss"] + goals.map { $0.output + "_loss" }
      + goals.flatMap { goal in goal.metrics.map { "\(goal.output)_\($0.key)" } }
  }

  /// The metrics of all outputs.
  var metrics: [Metric] { goals.flatMap(\.metrics) }

  /// The weighted sum of the outputs' losses; and each of them unweighted, if there are several.
  func loss(_ predictions: [Tensor], _ targets: [Samples]) -> (total: Tensor, parts: [Float]) {
    var total: Tensor?
    var parts: [Float] = []
    for (goal, (prediction, target)) in zip(goals, zip(predictions, targets)) {
      let loss = goal.loss(prediction, target)
      if goals.count > 1 { parts.append(loss.item) }
      let weighted = goal.weight == 1 ? loss : goal.weight * loss
      total = total.map { $0 + weighted } ?? weighted
    }
    return (total ?? .scalar(0), parts)
  }

  /// The metrics of all outputs, in order.
  func metrics(_ predictions: [Tensor], _ targets: [Samples]) -> [Float] {
    zip(goals, zip(predictions, targets)).flatMap { goal, pair in
      goal.metrics.map { $0(pair.0, pair.1) }
    }
  }
}

extension Model {
  /// Sets how the model is trained.
  ///
  /// - Parameters:
  ///   - optimizer: changes the weights, given gradients.
  ///   - loss: what training makes small.
  ///   - metrics: what is measured beside it.
  public func compile(optimizer: Optimizer, loss: Loss, metrics: [Metric] = []) {
    require(
      outputNames.count == 1,
      "The model has \(outputNames.count) outputs, \(outputNames.joined(separator: ", ")): give each a loss, with compile(optimizer:losses:weights:metrics:)."
    )
    compile(optimizer, [loss], [1], [metrics])
  }

  /// Sets how a model with several outputs is trained: a loss for each output, in their order.
  ///
  ///     model.compile(
  ///       optimizer: RMSprop(), losses: [.meanSquaredError, .binaryCrossEntropy], weights: [0.25, 10])
  ///
  /// Training makes the weighted sum of the losses small, which is reported as `loss`. Each output's own, unweighted, is
  /// reported under the output's name, such as `age_loss`; so are the metrics, such as `age_mae`.
  ///
  /// - Parameters:
  ///   - optimizer: changes the weights, given gradients.
  ///   - losses: one for each output.
  ///   - weights: what each loss counts in the sum; 1 each by default.
  ///   - metrics: what is measured of each output beside its loss; nothing by default.
  public func compile(
    optimizer: Optimizer, losses: [Loss], weights: [Float]? = nil, metrics: [[Metric]]? = nil
  ) {
    let count = outputNames.count
    func check(_ given: Int, _ what: String) {
      require(
        given == count,
        "The model has \(count) outputs, but was given \(given) \(what). Give them in the order \(outputNames.joined(separator: ", "))."
      )
    }
    check(losses.count, "losses")
    check(weights?.count ?? count, "weights of losses")
    check(metrics?.count ?? count, "lists of metrics")
    compile(
      optimizer, losses, weights ?? losses.map { _ in 1 }, metrics ?? losses.map { _ in [] })
  }

  /// Sets how a model with several outputs is trained: a loss for each output, by its name.
  ///
  /// An output's name is that of the layer that makes it. Losses are reported as for
  /// ``compile(optimizer:losses:weights:metrics:)-(_,[Loss],_,_)``.
  ///
  /// - Parameters:
  ///   - optimizer: changes the weights, given gradients.
  ///   - losses: one for each output.
  ///   - weights: what a loss counts in the sum, where that is not 1.
  ///   - metrics: what is measured of an output beside its loss.
  public func compile(
    optimizer: Optimizer, losses: [String: Loss], weights: [String: Float] = [:],
    metrics: [String: [Metric]] = [:]
  ) {
    // In the order of the alphabet, so that of two mistakes always the same one is named.
    func ordered<Value>(_ given: [String: Value], _ what: String, _ fallback: Value?) -> [Value] {
      let sorted = given.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) }
      return inOrder(sorted, of: outputNames, "output", what: what, fallback: fallback)
    }
    compile(
      optimizer, ordered(losses, "a loss", nil), ordered(weights, "a weight", 1),
      ordered(metrics, "metrics", []))
  }

  private func compile(
    _ optimizer: Optimizer, _ losses: [Loss], _ weights: [Float], _ metrics: [[Metric]]
  ) {
    require(
      Set(outputNames).count == outputNames.count,
      "Several outputs of the model have one name: \(outputNames.joined(separator: ", ")). Put ActivationLayer(.linear, name:) with a name of its own behind each."
    )
    if let weight = weights.first(where: { !$0.isFinite }) {
      fail("A loss cannot count \(weight). Give finite weights.")
    }
    training = Compilation(
      optimizer,
      outputNames.indices.map { index in
        .init(
          output: outputNames[index], loss: losses[index], weight: weights[index],
          metrics: metrics[index].map { $0.resolved(for: losses[index]) })
      })
  }
}
