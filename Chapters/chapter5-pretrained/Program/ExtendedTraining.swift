import DeepLearning
import Foundation
import Gallery

extension Chapter5Pretrained {
  /// (a) Computes what the base makes of every picture once, and trains a classifier on that.
  func trainOnFeatures(
    _ plan: Plan, _ pictures: PetPhotographs, _ base: PretrainedBase, _ run: ChapterRun
  ) throws -> History {
    fflush(nil)
    func features(_ part: PetPhotographs.Part, _ title: String) -> Tensor {
      base.features(of: part, "\(title) through VGG16", isShown: !options.noProgress)
    }
    let clock = ContinuousClock.now
    let train = features(pictures.train, "training pictures")
    let validation = features(pictures.validation, "validation pictures")
    let seconds = (ContinuousClock.now - clock) / .seconds(1)
    print(
      "\(train.count + validation.count) pictures through VGG16 in \(Int(seconds.rounded())) s")

    let model = classifier(seed: options.seed)
    print("\n" + model.summary())
    let history = try model.fit(
      train, pictures.train.y, epochs: options.epochs(book: plan.training.epochs, quick: 4),
      batchSize: options.batchSize(book: 20), validation: (validation, pictures.validation.y),
      callbacks: run.callbacks())
    if !run.isInterrupted, let test = pictures.test {
      let x = features(test, "test pictures")
      report(test: model.evaluate(x, test.y), of: plan, run)
    }
    return history
  }

  /// (b) and (c): trains the base and a new classifier as one network, on pictures changed at random.
  ///
  /// - Parameter start: the weights to begin with, in fine-tuning; by default the base's and a new
  ///   classifier's.
  func trainExtended(
    _ plan: Plan, _ pictures: PetPhotographs, _ base: PretrainedBase, from start: [Tensor]?,
    _ resumable: ResumableTraining
  ) throws -> (Sequential, History) {
    let model = base.extended(seed: options.seed)
    if plan.name == .finetune, let start {
      for (weight, value) in zip(model.weights, start) { weight.value = value }
    }
    freeze(model, plan)
    plan.training.compile(model)
    let epochs = options.epochs(book: plan.training.epochs, quick: 2)
    let past = try resumable.restore(model, epochs: epochs)

    let batchSize = options.batchSize(book: 20)
    let steps = options.quick ? 1 : 100
    let batches = augmentedBatches(
      of: pictures.train.x, pictures.train.labels, batchSize: batchSize, seed: options.seed &+ 1)
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

    let history = try model.fit(
      batches, stepsPerEpoch: steps, epochs: epochs,
      validation: (pictures.validation.x, pictures.validation.y), resuming: past,
      callbacks: resumable.callbacks())
    try resumable.loadBest(into: model)
    resumable.noteBest()
    return (model, history)
  }

  /// Freezes what is not to learn, and counts the tensors as the book does.
  private func freeze(_ model: Sequential, _ plan: Plan) {
    print("tensors that training changes, before freezing: \(model.trainableWeights.count)")
    model.unfreeze(blocks: 0)
    print("with VGG16 frozen: \(model.trainableWeights.count)")
    guard plan.training.blocks > 0 else { return }
    model.unfreeze(blocks: plan.training.blocks)
    let reason =
      plan.name == .trainable
      ? "in truth, with the book's Keras 2.0.8" : "with the convolutions of block 5 set free again"
    print("\(reason): \(model.trainableWeights.count)")
  }

  /// How long a picture takes through the base.
  private func secondsPerPicture(_ base: PretrainedBase, _ pictures: PetPhotographs) -> Double {
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
