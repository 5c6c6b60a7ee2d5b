extension Model {
  /// Measures loss and metrics on samples, without changing anything.
  ///
  /// - Parameters:
  ///   - x: the samples.
  ///   - y: their targets.
  ///   - batchSize: how many samples are computed at once; by default as many as use memory and cores well.
  public func evaluate(
    _ x: any SamplesConvertible, _ y: any SamplesConvertible, batchSize: Int? = nil
  ) -> Evaluation {
    evaluate([x.samples], [y.samples], batchSize: batchSize)
  }

  /// Measures the losses and metrics of a model with several inputs or outputs, without changing anything.
  ///
  /// - Parameters:
  ///   - x: the samples for each input, in the order of the inputs or by their names.
  ///   - y: the targets of each output, likewise.
  ///   - batchSize: how many samples are computed at once; by default as many as use memory and cores well.
  public func evaluate(
    _ x: SampleGroup, _ y: SampleGroup, batchSize: Int? = nil
  ) -> Evaluation {
    let (x, y) = ordered(x, y)
    return evaluate(x, y, batchSize: batchSize)
  }

  func evaluate(_ x: [Samples], _ y: [Samples], batchSize: Int?) -> Evaluation {
    guard let training else { fail("Call compile(optimizer:loss:metrics:) before evaluate.") }
    let count = checkedCount(x, y)
    require(
      count > 0, "There are no samples to evaluate: x is empty. Check how it was loaded or split.")
    let penalty = penalty()?.item ?? 0
    let names = training.names
    var sums = [Double](repeating: 0, count: names.count)
    let context = makeContext(training: false)
    forEachBatch(of: x, batchSize, context) { range, outputs in
      let targets = y.map { $0[range] }
      let sum = training.loss(outputs, targets)
      let measured =
        [context.total(sum.total).item] + sum.parts + training.metrics(outputs, targets)
      for (index, value) in measured.enumerated() {
        sums[index] += Double(value) * Double(range.count)
      }
    }
    var means = sums.map { Float($0 / Double(count)) }
    means[0] += penalty
    var logs = Logs()
    for (name, mean) in zip(names, means) { logs[name] = mean }
    let metrics = training.metrics
    return Evaluation(
      loss: means[0], penalty: penalty,
      metrics: Array(zip(metrics, means.suffix(metrics.count))), logs: logs)
  }

  /// Computes the output for many samples, batch by batch.
  ///
  /// - Returns: `[samples, ...]`
  public func predict(_ x: any SamplesConvertible, batchSize: Int? = nil) -> Tensor {
    predict([x.samples], batchSize: batchSize)[0]
  }

  /// Computes the outputs of a model with several inputs or outputs for many samples, batch by batch.
  ///
  /// - Parameters:
  ///   - x: the samples for each input, in the order of the inputs or by their names.
  ///   - batchSize: how many samples go through the model at once; as many as suit it if nothing is given.
  /// - Returns: `[samples, ...]` for each output, in the order of the outputs.
  public func predict(_ x: SampleGroup, batchSize: Int? = nil) -> [Tensor] {
    predict(x.ordered(by: inputNames, of: "input"), batchSize: batchSize)
  }

  private func predict(_ x: [Samples], batchSize: Int?) -> [Tensor] {
    let count = checkedCount(x, [])
    let results = outputShapes.map { Tensor(uninitialized: $0.prepending(count)) }
    forEachBatch(of: x, batchSize, makeContext(training: false)) { range, outputs in
      for (result, output) in zip(results, outputs) {
        (result.pointer + range.lowerBound * output.elementCount / range.count)
          .update(from: output.pointer, count: output.elementCount)
        withExtendedLifetime(output) {}
      }
    }
    return results
  }

  func ordered(_ x: SampleGroup, _ y: SampleGroup) -> ([Samples], [Samples]) {
    (x.ordered(by: inputNames, of: "input"), y.ordered(by: outputNames, of: "output"))
  }

  /// The number of samples; stops with a sentence unless all inputs and targets have as many.
  func checkedCount(_ x: [Samples], _ y: [Samples]) -> Int {
    let count = x.first?.count ?? 0
    if x.count == 1 && y.count == 1 {
      require(
        count == y[0].count,
        "There are \(count) samples but \(y[0].count) targets; x and y need the same number of samples."
      )
    } else if (x + y).contains(where: { $0.count != count }) {
      let counts = zip(inputNames + outputNames, x + y).map { "\($0) \($1.count)" }
      fail(
        "All inputs and targets must have as many samples, but there are: \(counts.joined(separator: ", ")). Leave out what has no counterpart."
      )
    }
    for (index, targets) in y.enumerated() where y.count > 1 { check(targets, ofOutput: index) }
    return count
  }

  /// Stops with a sentence that names the output unless its targets have its shape, or are one class each.
  private func check(_ targets: Samples, ofOutput index: Int) {
    let shape = targets.shape.droppingFirst
    if case .integers = targets, shape.elementCount == 1 { return }
    require(
      shape.elementCount == outputShapes[index].elementCount,
      "The output \(outputNames[index]) has the shape \(outputShapes[index]), but its targets the shape \(shape). Give the targets in the order \(outputNames.joined(separator: ", ")), or by name."
    )
  }

  /// As many samples as keep the largest layer's output within 64 MB, at most 1024; but so many that deep layers,
  /// whose pictures are small, do not spend their time on loading weights.
  private var ownBatchSize: Int {
    return min(max((64 << 20) / (max(largestOutput, 1) * 4), 10), 1024)
  }

  /// The number of elements of the largest layer's output, layers of models within this one included.
  private var largestOutput: Int {
    layers.map { ($0 as? ModelLayer)?.model.largestOutput ?? $0.outputShape.elementCount }.max()
      ?? 1
  }

  private func forEachBatch(
    of x: [Samples], _ batchSize: Int?, _ context: ForwardContext,
    _ body: (Range<Int>, [Tensor]) -> Void
  ) {
    require(batchSize ?? 1 > 0, "A batch has at least one sample, not \(batchSize ?? 1).")
    let batchSize = min(batchSize ?? ownBatchSize, max(x[0].count, 1))
    for start in stride(from: 0, to: x[0].count, by: batchSize) {
      let range = start..<min(start + batchSize, x[0].count)
      body(range, outputs(for: x.map { $0[range] }, context))
    }
  }
}
