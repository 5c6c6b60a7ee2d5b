import DeepLearning

/// One of the book's training loops, on random data of the book's shapes.
struct Workload: Sendable {
  let name: String
  let batchSize: Int
  /// The samples of one of the book's epochs.
  let samples: Int
  /// Additions and multiplications of one step's matrix products, inputs counted as if they were dense.
  let megaflops: Double
  /// Whether we need fewer operations than are counted: zeros of the inputs are skipped, or convolutions go
  /// Winograd's way.
  let needsFewerOperations: Bool
  /// What is timed.
  let task: Task

  enum Task: Sendable {
    /// `fit` on random data.
    case training(data: MakeData, model: @Sendable () -> Model)
    /// `predict`, nothing is trained.
    case prediction(data: MakeData, model: @Sendable () -> Model)
    /// A loop of the chapter's own: makes the function that takes one step.
    case steps(@Sendable (inout RandomGenerator) -> () -> Void)
  }
  typealias MakeData = @Sendable (inout RandomGenerator) -> (x: Samples, y: Samples)

  init(
    name: String, batchSize: Int, samples: Int, megaflops: Double,
    needsFewerOperations: Bool = false, isPrediction: Bool = false,
    data: @escaping MakeData, model: @escaping @Sendable () -> Model
  ) {
    self.init(
      name: name, batchSize: batchSize, samples: samples, megaflops: megaflops,
      needsFewerOperations: needsFewerOperations,
      task: isPrediction
        ? .prediction(data: data, model: model) : .training(data: data, model: model))
  }

  init(
    name: String, batchSize: Int, samples: Int, megaflops: Double,
    needsFewerOperations: Bool = false, task: Task
  ) {
    (self.name, self.batchSize, self.samples) = (name, batchSize, samples)
    (self.megaflops, self.needsFewerOperations) = (megaflops, needsFewerOperations)
    self.task = task
  }

  static let all = dense + convolutional + sequential + generative

  /// Sections 2.1 and 3.4 to 3.6.
  private static let dense = [
    Workload(
      name: "imdb_dense", batchSize: 512, samples: 15_000, megaflops: 328.52,
      needsFewerOperations: true,
      data: { random in (multiHot(15_000, &random), labels(15_000, &random)) },
      model: {
        compiled(.binaryCrossEntropy, .accuracy, input: [10_000]) {
          Dense(16, activation: .relu)
          Dense(16, activation: .relu)
          Dense(1, activation: .sigmoid)
        }
      }),
    Workload(
      name: "reuters_dense", batchSize: 512, samples: 7982, megaflops: 1332.35,
      needsFewerOperations: true,
      data: { random in (multiHot(7982, &random), oneHot(7982, classes: 46, &random)) },
      model: {
        compiled(.categoricalCrossEntropy, .accuracy, input: [10_000]) {
          Dense(64, activation: .relu)
          Dense(64, activation: .relu)
          Dense(46, activation: .softmax)
        }
      }),
    Workload(
      name: "boston_kfold", batchSize: 1, samples: 303, megaflops: 0.0283,
      data: { random in
        (.dense(.normal([303, 13], using: &random)), .dense(.normal([303, 1], using: &random)))
      },
      model: {
        compiled(.meanSquaredError, .meanAbsoluteError, input: [13]) {
          Dense(64, activation: .relu)
          Dense(64, activation: .relu)
          Dense(1)
        }
      }),
    Workload(
      name: "mnist_dense", batchSize: 128, samples: 60_000, megaflops: 209.45,
      data: { random in
        (.dense(.uniform([60_000, 784], using: &random)), oneHot(60_000, classes: 10, &random))
      },
      model: {
        compiled(.categoricalCrossEntropy, .accuracy, input: [784]) {
          Dense(512, activation: .relu)
          Dense(10, activation: .softmax)
        }
      }),
  ]

  static func compiled(
    _ loss: Loss, _ metric: Metric?, input: Shape, learningRate: Float = 0.001,
    @LayerBuilder layers: () -> [Layer]
  ) -> Model {
    let model = Sequential(input: input, layers: layers)
    model.compile(
      optimizer: RMSprop(learningRate: learningRate), loss: loss,
      metrics: metric.map { [$0] } ?? [])
    return model
  }

  /// Rows with 150 to 250 of 10,000 words each.
  private static func multiHot(_ count: Int, _ random: inout RandomGenerator) -> Samples {
    var (starts, indices): ([Int32], [Int32]) = ([0], [])
    for _ in 0..<count {
      let words = (0..<150 + random.below(101)).map { _ in Int32(random.below(10_000)) }
      indices += Set(words).sorted()
      starts.append(Int32(indices.count))
    }
    return .sparse(SparseRows(columns: 10_000, starts: starts, indices: indices))
  }

  static func labels(_ count: Int, _ random: inout RandomGenerator) -> Samples {
    .dense(Tensor((0..<count).map { _ in Float(random.below(2)) }, shape: [count, 1]))
  }

  static func oneHot(
    _ count: Int, classes: Int, _ random: inout RandomGenerator
  ) -> Samples {
    var scalars = [Float](repeating: 0, count: count * classes)
    for row in 0..<count { scalars[row * classes + random.below(classes)] = 1 }
    return .dense(Tensor(scalars, shape: [count, classes]))
  }
}
