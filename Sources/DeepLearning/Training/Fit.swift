import Foundation

extension Model {
  /// Trains the model.
  ///
  /// As in Keras, samples are shuffled in each epoch, the last batch may be smaller, and the reported
  /// training loss and metrics are means over the epoch while the weights change.
  ///
  /// - Parameters:
  ///   - x: the samples.
  ///   - y: their targets.
  ///   - epochs: how often to go through all samples.
  ///   - batchSize: the number of samples per step.
  ///   - validation: samples and targets to evaluate after each epoch.
  ///   - validationSplit: instead, the share of samples at the end that is held out for this.
  ///   - shuffle: whether to go through the samples in a new random order each time.
  ///   - past: the history of an interrupted run, from `restoreTraining`; `epochs` counts its epochs too.
  ///   - callbacks: what watches the run, such as a progress bar.
  /// - Returns: the measurements of each epoch.
  /// - Throws: `TrainingError.notFinite` when the loss is no longer a number; what callbacks throw.
  @discardableResult
  public func fit(
    _ x: any SamplesConvertible, _ y: any SamplesConvertible, epochs: Int = 1,
    batchSize: Int = 32,
    validation: (any SamplesConvertible, any SamplesConvertible)? = nil,
    validationSplit: Double = 0, shuffle: Bool = true, resuming past: History = History(),
    callbacks: [any Callback] = []
  ) throws -> History {
    try fit(
      [x.samples], [y.samples], epochs, batchSize: batchSize,
      held: validation.map { ([$0.samples], [$1.samples]) }, split: validationSplit,
      shuffle: shuffle, after: past, callbacks)
  }

  /// Trains a model with several inputs or outputs.
  ///
  ///     try model.fit([text, question], [answers], epochs: 10, batchSize: 128)
  ///     try model.fit(["posts": posts], ["age": ages, "income": incomes, "gender": genders])
  ///
  /// The history has the names that
  /// ``compile(optimizer:losses:weights:metrics:)-(_,[Loss],_,_)`` tells of; with validation data the same ones
  /// behind `val_`, such as `val_age_loss`.
  ///
  /// - Parameters:
  ///   - x: the samples for each input, in the order of the inputs or by their names.
  ///   - y: the targets of each output, likewise.
  ///   - epochs: how often to go through all samples.
  ///   - batchSize: the number of samples per step.
  ///   - validation: samples and targets to evaluate after each epoch.
  ///   - validationSplit: instead, the share of samples at the end that is held out for this.
  ///   - shuffle: whether to go through the samples in a new random order each time.
  ///   - past: the history of an interrupted run, from `restoreTraining`; `epochs` counts its epochs too.
  ///   - callbacks: what watches the run, such as a progress bar.
  /// - Returns: the measurements of each epoch.
  /// - Throws: `TrainingError.notFinite` when the loss is no longer a number; what callbacks throw.
  @discardableResult
  public func fit(
    _ x: SampleGroup, _ y: SampleGroup, epochs: Int = 1, batchSize: Int = 32,
    validation: (SampleGroup, SampleGroup)? = nil, validationSplit: Double = 0,
    shuffle: Bool = true, resuming past: History = History(), callbacks: [any Callback] = []
  ) throws -> History {
    let (x, y) = ordered(x, y)
    return try fit(
      x, y, epochs, batchSize: batchSize, held: validation.map { ordered($0, $1) },
      split: validationSplit, shuffle: shuffle, after: past, callbacks)
  }

  private func fit(
    _ x: [Samples], _ y: [Samples], _ epochs: Int, batchSize: Int,
    held: ([Samples], [Samples])?, split: Double, shuffle: Bool, after past: History,
    _ callbacks: [any Callback]
  ) throws -> History {
    var (x, y, held) = (x, y, held)
    require(batchSize > 0, "A batch has at least one sample, not \(batchSize).")
    var count = checkedCount(x, y)
    if split > 0 {
      let cut = Int(Double(count) * (1 - split))
      held = (x.map { $0[cut..<count] }, y.map { $0[cut..<count] })
      (x, y, count) = (x.map { $0[0..<cut] }, y.map { $0[0..<cut] }, cut)
    }
    require(
      count > 0, "There are no samples to train on: x is empty. Check how it was loaded or split.")
    check(x)

    // No batch is larger than what there is, however large it may be.
    let batchSize = min(batchSize, count)
    let steps = (count - 1) / batchSize + 1
    return try train(epochs, steps: steps, after: past, held: held, callbacks) { [self, x, y] in
      let order = shuffle ? random.permutation(count) : Array(0..<count)
      return { step in
        let rows = order[step * batchSize..<min((step + 1) * batchSize, order.count)]
        return Batch(
          inputs: x.map { $0.gathering(rows) }, targets: y.map { $0.gathering(rows) })
      }
    }
  }

  /// Trains the model on batches that are made while training goes on.
  ///
  /// - Parameters:
  ///   - stream: makes the batches, on a thread of its own.
  ///   - stepsPerEpoch: how many batches make an epoch.
  ///   - epochs: how many epochs to train.
  ///   - validation: samples and targets to evaluate after each epoch.
  ///   - past: the history of an interrupted run, from `restoreTraining`; `epochs` counts its epochs too. The
  ///     stream must have been brought to where it was.
  ///   - callbacks: what watches the run, such as a progress bar.
  /// - Returns: the measurements of each epoch.
  /// - Throws: what the stream throws; `TrainingError.notFinite`; what callbacks throw.
  @discardableResult
  public func fit(
    _ stream: any BatchStream, stepsPerEpoch: Int, epochs: Int = 1,
    validation: (any SamplesConvertible, any SamplesConvertible)? = nil,
    resuming past: History = History(), callbacks: [any Callback] = []
  ) throws -> History {
    require(stepsPerEpoch > 0, "An epoch has at least one step, not \(stepsPerEpoch).")
    let left = max(epochs, past.epochs.count) - past.epochs.count
    let (count, isEndless) = stepsPerEpoch.multipliedReportingOverflow(by: left)
    let prefetcher = Prefetcher(stream, count: isEndless ? .max : count)
    defer { prefetcher.stop() }
    return try train(
      epochs, steps: stepsPerEpoch, after: past,
      held: validation.map { ([$0.samples], [$1.samples]) }, callbacks
    ) { { _ in try prefetcher.next() } }
  }

  /// Trains for some epochs.
  ///
  /// - Parameter makeBatches: called before each epoch; makes what hands out the epoch's batches by number.
  private func train(
    _ epochs: Int, steps: Int, after past: History, held: ([Samples], [Samples])?,
    _ callbacks: [any Callback], makeBatches: () -> (Int) throws -> Batch
  ) throws -> History {
    guard let training else { fail("Call compile(optimizer:loss:metrics:) before fit.") }
    let run = TrainingRun(
      model: self, training.optimizer, epochs: epochs, steps: steps, validation: held)
    run.history = past
    for callback in callbacks { try callback.trainingWillBegin(run) }
    do {
      var epoch = past.epochs.count
      while epoch < epochs && !run.shouldStop {
        epoch += 1
        run.epoch = epoch
        try trainEpoch(run, held, callbacks, makeBatches)
      }
    } catch {
      // Callbacks that keep the best weights put them back; the failure is what the caller hears of.
      for callback in callbacks { try? callback.trainingDidEnd(run) }
      throw error
    }
    for callback in callbacks { try callback.trainingDidEnd(run) }
    return run.history
  }

  private func trainEpoch(
    _ run: TrainingRun, _ held: ([Samples], [Samples])?, _ callbacks: [any Callback],
    _ makeBatches: () -> (Int) throws -> Batch
  ) throws {
    let start = ContinuousClock.now
    run.step = 0
    run.logs = Logs()
    for callback in callbacks { try callback.epochWillBegin(run) }
    try takeSteps(run, callbacks, makeBatches())
    if run.shouldStop && run.step < run.steps { return }
    if let held {
      let result = evaluate(held.0, held.1, batchSize: nil)
      for (name, value) in result.logs.entries { run.logs["val_" + name] = value }
    }
    // Part of both losses; subtract it to compare models.
    if let penalty = penalty() { run.logs["penalty"] = penalty.item }
    if run.recordsLearningRate { run.logs["lr"] = run.learningRate }
    run.history.append(run.logs, seconds: (ContinuousClock.now - start).seconds)
    for callback in callbacks { try callback.epochDidEnd(run) }
  }

  private func takeSteps(
    _ run: TrainingRun, _ callbacks: [any Callback], _ batch: (Int) throws -> Batch
  ) throws {
    guard let training else { fail("Call compile(optimizer:loss:metrics:) before fit.") }
    let names = training.names
    var sums = [Double](repeating: 0, count: names.count)
    var seen = 0
    let context = makeContext(training: true)
    let parameters = trainableWeights
    for step in 0..<run.steps {
      for callback in callbacks { try callback.stepWillBegin(run) }
      if run.shouldStop { return }
      let batch = try batch(step)
      require(
        batch.targets.count == training.goals.count,
        "The model has \(training.goals.count) outputs, but the batch has targets for \(batch.targets.count). Give one for each output."
      )
      var predictions: [Tensor] = []
      var parts: [Float] = []
      let (loss, gradients) = valueAndGradients(of: parameters) {
        let results = outputs(for: batch.inputs, context)
        predictions = results.map(\.detached)
        let sum = training.loss(results, batch.targets)
        parts = sum.parts
        let loss = context.total(sum.total)
        return penalty().map { loss + $0 } ?? loss
      }
      guard loss.item.isFinite else {
        throw TrainingError.notFinite(epoch: run.epoch, step: step + 1)
      }
      training.optimizer.apply(gradients)

      let count = batch.x.count
      seen += count
      let measured = [loss.item] + parts + training.metrics(predictions, batch.targets)
      for (index, value) in measured.enumerated() { sums[index] += Double(value) * Double(count) }
      run.step = step + 1
      if !callbacks.isEmpty || run.step == run.steps {
        for (name, sum) in zip(names, sums) { run.logs[name] = Float(sum / Double(seen)) }
        for callback in callbacks { try callback.stepDidEnd(run) }
      }
      if run.shouldStop { return }
    }
  }
}

extension Duration {
  /// The duration in seconds.
  var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
