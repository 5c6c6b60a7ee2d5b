import DeepLearning
import Foundation
import Gallery

extension Chapter5Pretrained {
  /// (b) and (c): trains the base and a new classifier as one network, on pictures changed at random.
  ///
  /// - Parameter start: the weights to begin with, in fine-tuning; by default the base's and a new
  ///   classifier's.
  func trainExtended(
    _ plan: Plan, _ pictures: Pictures, _ base: PretrainedBase, from start: [Tensor]?,
    _ run: ChapterRun
  ) throws -> (Sequential, History) {
    let model = base.extended(seed: options.seed)
    if plan.name == .finetune, let start {
      for (weight, value) in zip(model.weights, start) { weight.value = value }
    }
    freeze(model, plan)
    model.compile(
      optimizer: RMSprop(learningRate: plan.learningRate), loss: .binaryCrossEntropy,
      metrics: [.accuracy])
    let files = TrainingFiles(of: "\(plan.name)", in: run.folder)
    var past = History()
    if resume, files.exist {
      past = try model.restoreTraining(from: files.state)
      run.note("Run \(plan.name) goes on after epoch \(past.epochs.count).")
    } else if resume {
      run.note("Run \(plan.name) has left nothing to go on from and starts anew.")
    }

    let epochs = options.epochs(book: plan.epochs, quick: 2)
    let batchSize = options.batchSize(book: 20)
    let steps = options.quick ? 1 : 100
    let batches = pictures.train.augmentedBatches(of: batchSize, seed: options.seed &+ 1)
    batches.skip(steps * past.epochs.count)
    let left = max(epochs - past.epochs.count, 0)
    print("\(left) epochs of \(steps) batches of \(batchSize), each changed at random")
    if !options.quick, left > 0 {
      let passes = plan.cost * Double(steps * batchSize) + Double(pictures.validation.count)
      let seconds = secondsPerPicture(base, pictures) * passes * Double(left)
      print("Takes about \(Self.duration(seconds)); after Ctrl-C --resume goes on.")
    }
    print()
    fflush(nil)

    let best = BestWeights(files.best, past: past)
    let history = try model.fit(
      batches, stepsPerEpoch: steps, epochs: epochs,
      validation: (pictures.validation.x, pictures.validation.y), resuming: past,
      callbacks: [best, TrainingCheckpoint(files.state)] + run.callbacks())
    try best.putBack(into: model)
    if let epoch = best.epoch {
      run.note("Run \(plan.name): the weights kept are those of epoch \(epoch), the best one.")
    }
    return (model, history)
  }

  /// Freezes what is not to learn, and counts the tensors as the book does.
  private func freeze(_ model: Sequential, _ plan: Plan) {
    print("tensors that training changes, before freezing: \(model.trainableWeights.count)")
    model.unfreeze(blocks: 0)
    print("with VGG16 frozen: \(model.trainableWeights.count)")
    guard plan.blocks > 0 else { return }
    model.unfreeze(blocks: plan.blocks)
    let reason =
      plan.name == .trainable
      ? "in truth, with the book's Keras 2.0.8" : "with the convolutions of block 5 set free again"
    print("\(reason): \(model.trainableWeights.count)")
  }

  /// How long a picture takes through the base.
  private func secondsPerPicture(_ base: PretrainedBase, _ pictures: Pictures) -> Double {
    let model = base.model()
    let sample = pictures.train.x[0..<min(20, pictures.train.count)]
    // The first time includes the choice of kernels.
    _ = model(sample)
    let clock = ContinuousClock.now
    _ = model(sample)
    return (ContinuousClock.now - clock) / .seconds(Double(sample.count))
  }

  private static func duration(_ seconds: Double) -> String {
    let minutes = max(Int((seconds / 60).rounded()), 1)
    return minutes < 100 ? "\(minutes) min" : "\(minutes / 60) h \(minutes % 60) min"
  }
}
