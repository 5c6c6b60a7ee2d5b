import DeepLearning

extension Workload {
  /// Chapter 6 and section 8.1. Weather and text are held once, as the chapters hold them, and read in windows; the
  /// peers hold the windows written out.
  static let sequential = [
    Workload(
      name: "imdb_embedding", batchSize: 32, samples: 20_000, megaflops: 0.0307,
      data: { random in (words(20, &random), labels(20_000, &random)) },
      model: {
        compiled(.binaryCrossEntropy, .accuracy, input: [20]) {
          Embedding(10_000, 8)
          Flatten()
          Dense(1, activation: .sigmoid)
        }
      }),
    reviews("imdb_simplernn", megaflops: 786.46) {
      Embedding(10_000, 32)
      SimpleRNN(32)
    },
    reviews("imdb_lstm", megaflops: 3145.75) {
      Embedding(10_000, 32)
      LSTM(32)
    },
    weather("jena_gru", megaflops: 731.41) { GRU(32) },
    weather("jena_gru_dropout", megaflops: 731.41) {
      GRU(32, dropout: 0.2, recurrentDropout: 0.2)
    },
    weather("jena_stacked_gru", megaflops: 4128.82) {
      GRU(32, returnsSequences: true, dropout: 0.1, recurrentDropout: 0.5)
      GRU(64, activation: .relu, dropout: 0.1, recurrentDropout: 0.5)
    },
    reviews(
      "imdb_conv1d", megaflops: 11_384.41, needsFewerOperations: true, learningRate: 1e-4
    ) {
      Embedding(10_000, 128)
      Conv1D(32, kernel: 7, activation: .relu)
      MaxPooling1D(5)
      Conv1D(32, kernel: 7, activation: .relu)
      GlobalMaxPooling1D()
    },
    weather("jena_conv_gru", megaflops: 910.84) {
      Conv1D(32, kernel: 5, activation: .relu)
      MaxPooling1D(3)
      Conv1D(32, kernel: 5, activation: .relu)
      GRU(32, dropout: 0.1, recurrentDropout: 0.5)
    },
    Workload(
      name: "textgen_lstm", batchSize: 128, samples: 200_000, megaflops: 3922.03,
      needsFewerOperations: true,
      data: { random in
        let text = (0..<600_000).map { _ in Int32(random.below(57)) }
        let windows = OneHotWindows(
          text, starts: (0..<200_000).map { $0 * 599_940 / 200_000 }, length: 60, depth: 57)
        let next = (0..<200_000).map { _ in Int32(random.below(57)) }
        return (.oneHot(windows), .integers(next, shape: [200_000]))
      },
      model: {
        compiled(.categoricalCrossEntropy, nil, input: [60, 57], learningRate: 0.01) {
          LSTM(128)
          Dense(57, activation: .softmax)
        }
      }),
  ]

  /// Reviews of 500 words, good or bad.
  private static func reviews(
    _ name: String, megaflops: Double, needsFewerOperations: Bool = false,
    learningRate: Float = 0.001, @LayerBuilder layers: @escaping @Sendable () -> [Layer]
  ) -> Workload {
    Workload(
      name: name, batchSize: 128, samples: 20_000, megaflops: megaflops,
      needsFewerOperations: needsFewerOperations,
      data: { random in (words(500, &random), labels(20_000, &random)) },
      model: {
        compiled(.binaryCrossEntropy, .accuracy, input: [500], learningRate: learningRate) {
          for layer in layers() { layer }
          Dense(1, activation: .sigmoid)
        }
      })
  }

  /// Ten days of weather at every hour, and the temperature of the day after.
  private static func weather(
    _ name: String, megaflops: Double, @LayerBuilder layers: @escaping @Sendable () -> [Layer]
  ) -> Workload {
    Workload(
      name: name, batchSize: 128, samples: 64_000, megaflops: megaflops,
      data: { random in
        let rows = 200_000
        let table = Tensor.normal([rows, 14], using: &random)
        let ends = (0..<64_000).map { _ in 1440 + random.below(rows - 1440) }
        return (
          .windows(TimeSeriesWindows(table, ends: ends, length: 240, step: 6)),
          .dense(.normal([64_000, 1], using: &random))
        )
      },
      model: {
        compiled(.meanAbsoluteError, nil, input: [240, 14]) {
          for layer in layers() { layer }
          Dense(1)
        }
      })
  }

  /// 20,000 texts of words numbered from 1.
  private static func words(_ length: Int, _ random: inout RandomGenerator) -> Samples {
    .integers(
      (0..<20_000 * length).map { _ in Int32(1 + random.below(9999)) }, shape: [20_000, length])
  }
}
