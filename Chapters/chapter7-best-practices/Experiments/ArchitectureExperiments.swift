import DeepLearning
import Figures
import Gallery

/// Questions about section 7.3.1.
extension SeedRuns {
  /// No normalization, after and before the activation, with the usual and with ten times the usual learning rate.
  func compareNormalization() throws {
    let cases = [Float(1e-3), Float(1e-2)].flatMap { (rate: Float) in
      Normalization.allCases.map { (place: $0, rate: rate) }
    }
    let values = try measure("Normalization", cases) { [train] configuration, seed, watch in
      let model = convnet(configuration.place, learningRate: configuration.rate, seed: seed)
      try train(model, watch)
      return train.testAccuracy(of: model)
    }
    report(
      "Batch normalization and learning rate", of: "test accuracy",
      zip(cases, values).map { ("\($0.place.rawValue), \($0.rate)", $1) }, as: "normalization")
  }

  /// Small batches: the statistics of two digits are not those of all, by which the trained network is judged.
  func compareBatchSizes() throws {
    let cases = [64, 8, 2].flatMap { size in
      [Normalization.none, .afterActivation].map { (place: $0, size: size) }
    }
    let (test, labels) = (digits.test.pictures.samples, digits.test.labels)
    let count = min(2_000, digits.test.count)
    let outcomes = try measure("Batch sizes", cases) { [train] configuration, seed, watch in
      let model = convnet(configuration.place, seed: seed)
      try train(model, batchSize: configuration.size, watch)
      let usual = train.testAccuracy(of: model)
      // As in training, by the statistics of each batch. This moves the averages, so it comes last.
      var hits = 0.0
      for start in stride(from: 0, to: count, by: configuration.size) {
        let rows = start..<min(start + configuration.size, count)
        let output = model(test[rows], training: true)
        hits += Double(zip(output.argmax(), labels[rows]).count { $0 == Int($1) })
      }
      return (usual: usual, asInTraining: hits / Double(count))
    }
    let names = cases.map { "\($0.place == .none ? "none" : "normalized"), \($0.size)" }
    report(
      "Batch normalization and batch size", of: "test accuracy",
      zip(names, outcomes).map { ($0, $1.map(\.usual)) }, as: "batch-size")
    report(
      "The same networks, normalized by each batch of test digits as in training",
      of: "test accuracy", zip(names, outcomes).map { ($0, $1.map(\.asInTraining)) },
      as: "batch-size-training")
  }

  /// The separable layers beside plain convolutions of the same and of smaller widths, all normalized.
  func compareSeparable() throws {
    let separable = SectionRun.separableNetwork(.afterActivation, seed: 0)
    // The widest that has no more parameters.
    let share =
      (1...32).last {
        Self.network(share: Double($0) / 32, seed: 0).parameterCount <= separable.parameterCount
      } ?? 1
    let shares: [Double?] = [nil, Double(share) / 32, 0.5, 1]
    let names = shares.map { share in
      share.map { "plain, \(Int(32 * $0)) to \(Int(128 * $0)) filters" } ?? "separable"
    }
    let outcomes = try measure("Separable and plain", shares) { [train] share, seed, watch in
      let model = Self.network(share: share, seed: seed)
      let history = try train(model, watch)
      return (
        accuracy: train.testAccuracy(of: model),
        seconds: Statistics.mean(history.seconds)
      )
    }
    report(
      "Separable and plain convolutions", of: "test accuracy",
      zip(names, outcomes).map { ($0, $1.map(\.accuracy)) }, as: "separable")
    for (index, name) in names.enumerated() {
      let seconds = Statistics.mean(outcomes[index].map(\.seconds))
      run.note(
        "\(name): \(Self.network(share: shares[index], seed: 0).parameterCount) parameters, \(ResultTable.number(seconds)) s per epoch on one core"
      )
    }
  }

  /// The section's separable network for digits; with plain convolutions of a share of its widths if one is given.
  private static func network(share: Double?, seed: UInt64) -> Model {
    guard let share else { return SectionRun.separableNetwork(.afterActivation, seed: seed) }
    func plain(_ filters: Int) -> [Layer] {
      Normalization.afterActivation {
        Conv2D(max(1, Int(Double(filters) * share)), kernel: 3, activation: $0)
      }
    }
    let first = [ZeroPadding2D(2)] + plain(32) + plain(64) + [MaxPooling2D(2)]
    let second = plain(64) + plain(128) + [MaxPooling2D(2)]
    let last = plain(64) + plain(128) + [GlobalAveragePooling2D(), Dense(32, activation: .relu)]
    return classifier([28, 28, 1], first + second + last, seed: seed)
  }

  /// Plain, normalized and residual networks of growing depth.
  func compareDepths() throws {
    struct Kind: Sendable {
      let name: String
      let hasShortcuts: Bool
      let normalized: Normalization
    }
    let kinds = [
      Kind(name: "plain", hasShortcuts: false, normalized: .none),
      Kind(name: "residual", hasShortcuts: true, normalized: .none),
      Kind(name: "normalized", hasShortcuts: false, normalized: .beforeActivation),
      Kind(name: "both", hasShortcuts: true, normalized: .beforeActivation),
    ]
    for depth in options.quick ? [20] : [8, 20, 44] {
      let outcomes = try measure("\(depth) layers", kinds) { [train] kind, seed, watch in
        let model = deepNetwork(
          depth: depth, hasShortcuts: kind.hasShortcuts, normalized: kind.normalized, seed: seed)
        let norms = gradientNorms(of: model, on: train.digits)
        try train(model, watch)
        return (
          accuracy: train.testAccuracy(of: model), norms: norms
        )
      }
      report(
        "\(depth) layers", of: "test accuracy",
        zip(kinds, outcomes).map { ($0.name, $1.map(\.accuracy)) }, as: "depth-\(depth)")
      run.add(
        Figure(
          title:
            "Gradient norm in each of \(depth) layers before training, means of \(seeds) seeds",
          x: "Layer", y: "Gradient norm", yScale: .logarithmic
        ) {
          for (kind, some) in zip(kinds, outcomes) {
            Line(
              some[0].norms.indices.map { layer in Statistics.mean(some.map { $0.norms[layer] }) },
              kind.name)
          }
        }, as: "gradient-norms-\(depth)")
    }
  }
}
