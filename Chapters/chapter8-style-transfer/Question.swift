import ArgumentParser

/// What readers ask about the method.
enum Question: String, CaseIterable, ExpressibleByArgument {
  case texture, variation, sums, layer, weight, optimizer, start

  var title: String {
    switch self {
    case .texture: "Why a Gram matrix?"
    case .variation: "What does the total variation do?"
    case .sums: "Why sums?"
    case .layer: "Which layer for the content?"
    case .weight: "How much should the content count?"
    case .optimizer: "L-BFGS or Adam?"
    case .start: "Start from the content or from noise?"
    }
  }

  /// What is to be expected of a network that has learned something; the figures tell whether it is so.
  var answer: String {
    switch self {
    case .texture:
      "Mean and strength of each channel give the colours, not the strokes; the features themselves, "
        + "place by place, give a double exposure of both pictures. The Gram matrix keeps which "
        + "features occur together and forgets where."
    case .variation:
      "Without it the picture is grainy, as the gradient of so many layers is; a hundred times the "
        + "book's weight blurs the strokes away."
    case .sums:
      "They are only another choice of weights, but the book's weights belong to sums: with means "
        + "the content part all but vanishes beside the others, or the reverse. Matched again, means "
        + "differ from sums in how layers share: each counts alike, whatever its size."
    case .layer:
      "The lower the layer, the more it insists on each pixel; block5 cares for what is where, and "
        + "leaves the brush free."
    case .weight:
      "From all style to all photograph; the book's weight lies between."
    case .optimizer:
      "For the same number of evaluations L-BFGS arrives lower, and more so if its memory of the "
        + "curvature is not thrown away after each iteration; Adam needs its step chosen."
    case .start:
      "From noise style comes at once and content slowly: upper layers hardly say where edges "
        + "are. Started from the photograph, the picture has its content from the beginning."
    }
  }

  /// The ways that are compared.
  func trials(_ weights: StyleLoss.Weights) -> [Trial] {
    func trial(_ name: String, _ change: (inout Trial) -> Void = { _ in }) -> Trial {
      var trial = Trial(name: name, weights: weights)
      change(&trial)
      return trial
    }
    switch self {
    case .texture:
      return [
        trial("Gram matrix"),
        trial("mean and deviation") { ($0.texture, $0.isMatched) = (.moments, true) },
        trial("features") { ($0.texture, $0.isMatched) = (.features, true) },
      ]
    case .variation:
      return [0, 1, 10, 100].map { factor in
        trial("\(weights.variation * factor)") { $0.weights.variation *= factor }
      }
    case .sums:
      return [
        trial("sums"), trial("means, same weights") { $0.usesMeans = true },
        trial("means, weights matched") { ($0.usesMeans, $0.isMatched) = (true, true) },
      ]
    case .layer:
      return (2...5).map { block in
        trial("block\(block)_conv2") {
          ($0.contentLayer, $0.isMatched) = ("block\(block)_conv2", true)
        }
      }
    case .weight:
      return [0, 0.1, 1, 10, 100].map { factor in
        trial("\(weights.content * factor)") { $0.weights.content *= factor }
      }
    case .optimizer:
      return [
        trial("L-BFGS, starting anew"), trial("L-BFGS, remembering") { $0.remembers = true },
      ]
        + [1, 4, 16].map { rate in
          trial("Adam, steps of \(Int(rate))") {
            ($0.plan.method, $0.plan.adamRate) = (.adam, rate)
          }
        }
    case .start:
      return [
        trial("from the content"), trial("from noise") { $0.startsFromNoise = true },
        trial("from noise, ten times the content") {
          $0.startsFromNoise = true
          $0.weights.content *= 10
        },
      ]
    }
  }
}
