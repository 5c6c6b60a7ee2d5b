import DeepLearning
import Foundation
import Gallery

extension Chapter5Pretrained {
  /// (a) Computes what the base makes of every picture once, and trains a classifier on that.
  func trainOnFeatures(
    _ plan: Plan, _ pictures: Pictures, _ base: PretrainedBase, _ run: ChapterRun
  ) throws -> History {
    fflush(nil)
    let clock = ContinuousClock.now
    let train = features(of: pictures.train, base, "training pictures")
    let validation = features(of: pictures.validation, base, "validation pictures")
    let seconds = (ContinuousClock.now - clock) / .seconds(1)
    print(
      "\(train.count + validation.count) pictures through VGG16 in \(Int(seconds.rounded())) s")

    let model = Classifier.model(seed: options.seed, learningRate: plan.learningRate)
    print("\n" + model.summary())
    let history = try model.fit(
      train, pictures.train.y, epochs: options.epochs(book: plan.epochs, quick: 4),
      batchSize: options.batchSize(book: 20), validation: (validation, pictures.validation.y),
      callbacks: run.callbacks())
    if !run.isInterrupted, let test = pictures.test {
      let x = features(of: test, base, "test pictures")
      report(test: model.evaluate(x, test.y), of: plan, run)
    }
    return history
  }

  private func features(of part: Pictures.Part, _ base: PretrainedBase, _ title: String) -> Tensor {
    base.features(of: part, "\(title) through VGG16", isShown: !options.noProgress)
  }
}

extension PretrainedBase {
  /// What the base makes of pictures: `[count, 8192]`.
  ///
  /// - Parameters:
  ///   - title: what is going on, for the line of progress.
  ///   - isShown: whether there is one.
  func features(of part: Pictures.Part, _ title: String, isShown: Bool) -> Tensor {
    let model = model()
    let size = Classifier.inputs
    let batches = stride(from: 0, to: part.count, by: 20)
    let progress = ExperimentProgress(
      title, total: Array(batches).count, unit: "batches", isShown: isShown)
    defer { progress.finish() }
    return Tensor(shape: [part.count, size]) { target in
      for start in batches {
        let end = min(start + 20, part.count)
        model(part.x[start..<end]).withUnsafeBuffer { source in
          let place = UnsafeMutableBufferPointer(rebasing: target[start * size..<end * size])
          _ = place.update(from: source)
        }
        progress.advance()
      }
    }
  }
}

/// The book's classifier for ready-made features.
enum Classifier {
  /// 4 x 4 x 512 numbers are all that is left of a picture.
  static let inputs = 8192

  /// 2,097,665 parameters.
  static func model(seed: UInt64, learningRate: Float) -> Sequential {
    let model = Sequential(input: [inputs], seed: seed) {
      Dense(256, activation: .relu)
      Dropout(0.5)
      Dense(1, activation: .sigmoid)
    }
    model.compile(
      optimizer: RMSprop(learningRate: learningRate), loss: .binaryCrossEntropy,
      metrics: [.accuracy])
    return model
  }
}
