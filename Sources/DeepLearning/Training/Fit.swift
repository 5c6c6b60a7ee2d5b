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
    var (x, y) = (x.samples, y.samples)
    require(batchSize > 0, "A batch has at least one sample, not \(batchSize).")
    require(
      x.count == y.count,
      "There are \(x.count) samples but \(y.count) targets; x and y need the same number of samples."
    )
    var held = validation.map { ($0.samples, $1.samples) }
    if validationSplit > 0 {
      let cut = Int(Double(x.count) * (1 - validationSplit))
      held = (x[cut..<x.count], y[cut..<y.count])
      (x, y) = (x[0..<cut], y[0..<cut])
    }
    require(x.count > 0, "There are no samples to train on.")
    check([x])

    // No batch is larger than what there is, however large it may be.
    let batchSize = min(batchSize, x.count)
    let steps = (x.count - 1) / batchSize + 1
    return try train(epochs, steps: steps, after: past, held: held, callbacks) { [self] in
      let order = shuffle ? random.permutation(x.count) : Array(0..<x.count)
      return { step in
        let rows = order[step * batchSize..<min((step + 1) * batchSize, order.count)]
        return Batch(x: x.gathering(rows), y: y.gathering(rows))
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
      held: validation.map { ($0.samples, $1.samples) }, callbacks
    ) { { _ in try prefetcher.next() } }
  }

  /// Trains for some epochs.
  ///
  /// - Parameter makeBatches: called before each epoch; makes what hands out the epoch's batches by number.
  private func train(
    _ epochs: Int, steps: Int, after past: History, held: (Samples, Samples)?,
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
    _ run: TrainingRun, _ held: (Samples, Samples)?, _ callbacks: [any Callback],
    _ makeBatches: () -> (Int) throws -> Batch
  ) throws {
    let start = ContinuousClock.now
    run.step = 0
    run.logs = Logs()
    for callback in callbacks { try callback.epochWillBegin(run) }
    try takeSteps(run, callbacks, makeBatches())
    if run.shouldStop && run.step < run.steps { return }
    if let held {
      let result = evaluate(held.0, held.1)
      run.logs["val_loss"] = result.loss
      for (metric, value) in result.metrics { run.logs["val_" + metric.key] = value }
    }
    // Part of both losses; who compares models may want to subtract it.
    if let penalty = penalty() { run.logs["penalty"] = penalty.item }
    if run.recordsLearningRate { run.logs["lr"] = run.learningRate }
    run.history.append(run.logs, seconds: (ContinuousClock.now - start).seconds)
    for callback in callbacks { try callback.epochDidEnd(run) }
  }

  private func takeSteps(
    _ run: TrainingRun, _ callbacks: [any Callback], _ batch: (Int) throws -> Batch
  ) throws {
    guard let training else { fail("Call compile(optimizer:loss:metrics:) before fit.") }
    let names = ["loss"] + training.metrics.map(\.key)
    var sums = [Double](repeating: 0, count: names.count)
    var seen = 0
    let context = makeContext(training: true)
    let parameters = trainableWeights
    for step in 0..<run.steps {
      for callback in callbacks { try callback.stepWillBegin(run) }
      if run.shouldStop { return }
      let (inputs, targets) = try { ($0.x, $0.y) }(batch(step))
      var predictions: Tensor?
      let (loss, gradients) = valueAndGradients(of: parameters) {
        let output = outputs(for: [inputs], context)[0]
        predictions = output.detached
        let loss = context.total(training.loss(output, targets))
        return penalty().map { loss + $0 } ?? loss
      }
      guard loss.item.isFinite else {
        throw TrainingError.notFinite(epoch: run.epoch, step: step + 1)
      }
      training.optimizer.apply(gradients)

      let count = inputs.count
      seen += count
      sums[0] += Double(loss.item) * Double(count)
      if let predictions {
        for (index, metric) in training.metrics.enumerated() {
          sums[index + 1] += Double(metric(predictions, targets)) * Double(count)
        }
      }
      run.step = step + 1
      if !callbacks.isEmpty || run.step == run.steps {
        for (name, sum) in zip(names, sums) { run.logs[name] = Float(sum / Double(seen)) }
        for callback in callbacks { try callback.stepDidEnd(run) }
      }
      if run.shouldStop { return }
    }
  }

  /// Measures loss and metrics on samples, without changing anything.
  ///
  /// - Parameters:
  ///   - x: the samples.
  ///   - y: their targets.
  ///   - batchSize: how many samples are computed at once; by default as many as use memory and cores well.
  public func evaluate(
    _ x: any SamplesConvertible, _ y: any SamplesConvertible, batchSize: Int? = nil
  ) -> Evaluation {
    guard let training else { fail("Call compile(optimizer:loss:metrics:) before evaluate.") }
    let (x, y) = (x.samples, y.samples)
    require(
      x.count == y.count && x.count > 0,
      "There are \(x.count) samples and \(y.count) targets; x and y need the same number of samples, at least one."
    )
    let penalty = penalty()?.item ?? 0
    var loss: Double = 0
    var metrics = [Double](repeating: 0, count: training.metrics.count)
    let context = makeContext(training: false)
    forEachBatch(of: x, batchSize, context) { range, output in
      let targets = y[range]
      loss +=
        Double(context.total(training.loss(output, targets)).item) * Double(range.count)
      for (index, metric) in training.metrics.enumerated() {
        metrics[index] += Double(metric(output, targets)) * Double(range.count)
      }
    }
    let count = Double(x.count)
    return Evaluation(
      loss: Float(loss / count) + penalty, penalty: penalty,
      metrics: zip(training.metrics, metrics).map { ($0, Float($1 / count)) })
  }

  /// Computes the output for many samples, batch by batch.
  ///
  /// - Returns: `[samples, ...]`
  public func predict(_ x: any SamplesConvertible, batchSize: Int? = nil) -> Tensor {
    let x = x.samples
    let result = Tensor(uninitialized: outputShapes[0].prepending(x.count))
    let size = outputShapes[0].elementCount
    forEachBatch(of: x, batchSize, makeContext(training: false)) { range, output in
      (result.pointer + range.lowerBound * size)
        .update(from: output.pointer, count: output.elementCount)
      withExtendedLifetime(output) {}
    }
    return result
  }

  /// As many samples as keep the largest layer's output within 64 MB, at most 1024; but so many that deep layers,
  /// whose pictures are small, do not spend their time on loading weights.
  private var ownBatchSize: Int {
    let largest = layers.map(\.outputShape.elementCount).max() ?? 1
    return min(max((64 << 20) / (max(largest, 1) * 4), 10), 1024)
  }

  private func forEachBatch(
    of x: Samples, _ batchSize: Int?, _ context: ForwardContext,
    _ body: (Range<Int>, Tensor) -> Void
  ) {
    require(batchSize ?? 1 > 0, "A batch has at least one sample, not \(batchSize ?? 1).")
    let batchSize = min(batchSize ?? ownBatchSize, max(x.count, 1))
    for start in stride(from: 0, to: x.count, by: batchSize) {
      let range = start..<min(start + batchSize, x.count)
      body(range, outputs(for: [x[range]], context)[0])
    }
  }
}

extension Duration {
  /// The duration in seconds.
  var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
