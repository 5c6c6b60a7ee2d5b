import DeepLearning

/// How a training went, epoch by epoch.
struct Course: Sendable {
  let losses: [Float]
  let testAccuracies: [Double]

  /// In which epoch early stopping would have ended it, and which epoch's weights were the best until then.
  func stop(patience: Int) -> (last: Int, best: Int) {
    var best = 0
    for epoch in losses.indices {
      if losses[epoch] < losses[best] { best = epoch }
      if epoch - best > patience { return (epoch + 1, best + 1) }
    }
    return (losses.count, best + 1)
  }
}

/// Tests a network after each epoch.
final class TestWatch: Callback {
  private let test: ReviewSet.Part
  private(set) var accuracies: [Double] = []

  init(_ test: ReviewSet.Part) { self.test = test }

  func epochDidEnd(_ run: TrainingRun) {
    accuracies.append(Double(run.model.evaluate(test.x, test.y).accuracy))
  }
}

/// What a learning rate does over the epochs.
enum Schedule: String, CaseIterable, Sendable {
  case constant = "0.001 throughout"
  case plateau = "a tenth after 1 epoch without progress"
  case halved = "half of it from epoch to epoch"

  var callbacks: [any Callback] {
    switch self {
    case .constant: []
    case .plateau: [ReduceLROnPlateau(factor: 0.1, patience: 1)]
    case .halved: [LearningRateScheduler { epoch, rate in epoch > 1 ? rate / 2 : rate }]
    }
  }
}
