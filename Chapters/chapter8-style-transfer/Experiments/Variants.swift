/// A way to transfer style that is compared with others.
struct Variant {
  let name: String
  var weights: StyleTransfer.Weights
  var contentLayer = StyleTransfer.contentLayer
  var summary = VariantLoss.Summary.gram
  var usesMeans = false
  /// Whether weights are changed so that each part of the loss is as large as the section's.
  var isMatched = false
  var plan = StyleOptimization.Plan()
  /// Whether L-BFGS remembers the curvature all the way.
  var remembers = false
  var startsFromNoise = false
}

/// What readers ask about the method.
enum Experiment: String, CaseIterable {
  case texture, variation, sums, layer, weight, optimizer, start

  var title: String {
    switch self {
    case .texture: "Gram matrix, mean and deviation, or the features themselves"
    case .variation: "Weights of the total variation"
    case .sums: "Sums and means"
    case .layer: "Layers for the content"
    case .weight: "Weights of the content"
    case .optimizer: "L-BFGS and Adam, with equal numbers of evaluations"
    case .start: "From the content image and from noise"
    }
  }

  /// The variants that are compared.
  func variants(_ weights: StyleTransfer.Weights) -> [Variant] {
    func variant(_ name: String, _ change: (inout Variant) -> Void = { _ in }) -> Variant {
      var variant = Variant(name: name, weights: weights)
      change(&variant)
      return variant
    }
    switch self {
    case .texture:
      return [
        variant("Gram matrix"),
        variant("mean and deviation") { ($0.summary, $0.isMatched) = (.moments, true) },
        variant("features") { ($0.summary, $0.isMatched) = (.features, true) },
      ]
    case .variation:
      return [0, 1, 10, 100].map { factor in
        variant("\(weights.variation * factor)") { $0.weights.variation *= factor }
      }
    case .sums:
      return [
        variant("sums"), variant("means, same weights") { $0.usesMeans = true },
        variant("means, weights matched") { ($0.usesMeans, $0.isMatched) = (true, true) },
      ]
    case .layer:
      return (2...5).map { block in
        variant("block\(block)_conv2") {
          ($0.contentLayer, $0.isMatched) = ("block\(block)_conv2", true)
        }
      }
    case .weight:
      return [0, 0.1, 1, 10, 100].map { factor in
        variant("\(weights.content * factor)") { $0.weights.content *= factor }
      }
    case .optimizer:
      return [
        variant("L-BFGS, starting over"), variant("L-BFGS, remembering") { $0.remembers = true },
      ]
        + [1, 4, 16].map { rate in
          variant("Adam, steps of \(Int(rate))") {
            ($0.plan.method, $0.plan.adamRate) = (.adam, rate)
          }
        }
    case .start:
      return [
        variant("from the content"), variant("from noise") { $0.startsFromNoise = true },
        variant("from noise, ten times the content") {
          $0.startsFromNoise = true
          $0.weights.content *= 10
        },
      ]
    }
  }
}
