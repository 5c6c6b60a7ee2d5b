import DeepLearning

/// What is tried beside the section's recipe.
enum Experiment: String, CaseIterable {
  case layers, detail, octaves, measure, ceiling, start

  var title: String {
    switch self {
    case .layers: "Single layers and the mix"
    case .detail: "With and without the detail that smaller sizes have lost"
    case .octaves: "Numbers of sizes, and factors between them"
    case .measure: "Losses: border, division by size, mean activation"
    case .ceiling: "Maximum losses, at one size with four times the steps"
    case .start: "From the picture and from noise"
    }
  }

  /// The dreams to compare.
  ///
  /// - Parameter usual: the recipe that each of them changes.
  func variants(of usual: DreamPlan, by network: DreamNetwork) -> [Variant] {
    func variant(
      _ name: String, fromNoise: Bool = false, _ change: (inout DreamPlan) -> Void = { _ in }
    ) -> Variant {
      var plan = usual
      change(&plan)
      return Variant(name: name, plan: plan, startsFromNoise: fromNoise)
    }
    switch self {
    case .layers:
      return network.kind.singleLayers.map { layer in
        variant(layer) { $0.dream.contributions = [.init(layer: layer, weight: 1)] }
      } + [variant("the mix")]
    case .detail:
      return [
        variant("with lost detail"), variant("without") { $0.reinjectsDetail = false },
        variant("sizes 2 apart, with") { $0.dream.octaveScale = 2 },
        variant("sizes 2 apart, without") {
          ($0.dream.octaveScale, $0.reinjectsDetail) = (2, false)
        },
      ]
    case .octaves:
      return [1, 2, 3, 5].map { count in
        variant("\(count) \(count == 1 ? "size" : "sizes"), 1.4 apart") {
          $0.dream.octaves = count
        }
      }
        + [1.2, 1.8].map { scale in
          variant("3 sizes, \(scale) apart") { $0.dream.octaveScale = scale }
        }
    case .measure:
      return [
        variant("squares, without a border of 2"),
        variant("squares, with it") {
          $0.setLoss { $0.squared().sum() * ($1 / Float($0.elementCount)) }
        },
        variant("squares, not divided by size") {
          $0.setLoss { $0.withoutBorder.squared().sum() * $1 }
        },
        variant("mean activation") {
          $0.setLoss { $0.withoutBorder.sum() * ($1 / Float($0.elementCount)) }
        },
      ]
    case .ceiling:
      return [2.5, 5, 10, Float.infinity].map { maximum in
        variant(maximum.isFinite ? "until a loss of \(maximum)" : "all steps") {
          $0.dream.maxLoss = maximum
          $0.dream.octaves = 1
          $0.dream.iterations *= 4
        }
      }
    case .start:
      return [
        variant("the picture"), variant("noise", fromNoise: true),
        variant("noise, 5 sizes", fromNoise: true) { $0.dream.octaves = 5 },
      ]
    }
  }
}

/// A way to dream, with a name.
struct Variant {
  let name: String
  let plan: DreamPlan
  let startsFromNoise: Bool
}

extension DreamPlan {
  /// Maximises another loss than the section's: the sum of a layer's term, given its activations and its weight.
  fileprivate mutating func setLoss(_ term: @escaping (Tensor, Float) -> Tensor) {
    loss = { dream, activations in
      zip(activations, dream.contributions).map { term($0, $1.weight) }.reduce(.scalar(0), +)
    }
  }
}

extension DreamNetwork.Kind {
  /// Layers from shallow to deep.
  fileprivate var singleLayers: [String] {
    switch self {
    case .inception:
      ["mixed0", "mixed2", "mixed3", "mixed4", "mixed5", "mixed7", "mixed9", "mixed10"]
    case .efficientnet:
      [
        "block1a_project_conv", "block2b_add", "block3b_add", "block4b_expand_activation",
        "block4c_add", "block5c_add", "block6d_add", "top_activation",
      ]
    case .vgg16:
      [
        "block1_conv2", "block2_conv2", "block3_conv1", "block3_conv3", "block4_conv1",
        "block4_conv3", "block5_conv1", "block5_conv3",
      ]
    }
  }
}
