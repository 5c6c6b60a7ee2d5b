import DeepLearning
import Gallery
import Images

/// One way to transfer style, to be compared with others.
struct Trial {
  let name: String
  var weights: StyleLoss.Weights
  var contentLayer = StyleNetwork.contentLayer
  var texture = StyleLoss.Texture.gram
  var usesMeans = false
  /// Whether weights are changed so that each part of the loss is as large as the standard way's: the style's part
  /// for the content picture, the other two for the style picture.
  var isMatched = false
  var plan = Descent.Plan()
  /// Whether L-BFGS remembers the curvature all the way.
  var remembers = false
  var startsFromNoise = false

  /// What came of it.
  struct Outcome {
    let trial: Trial
    let image: Image
    /// What the standard loss says of it.
    let judgement: StyleLoss.Parts
    /// The loss at each evaluation, its own.
    let course: [Float]
  }
}

/// Runs trials on the same two pictures with the same network.
struct Laboratory {
  let content, style: Tensor
  let network: StyleNetwork
  let iterations: Int
  let evaluations: Int
  let seed: UInt64
  let run: ChapterRun
  /// The way of the book, which the others are compared with.
  let standard: StyleLoss

  init(
    _ pair: StylePictures.Pair, _ network: StyleNetwork, iterations: Int, evaluations: Int,
    _ run: ChapterRun
  ) {
    (content, style) = (pair.content.networkInput, pair.style.networkInput)
    (self.network, self.iterations, self.evaluations) = (network, iterations, evaluations)
    (seed, self.run) = (run.options.seed, run)
    standard = StyleLoss(network, content: content, style: style, weights: network.weights)
  }

  /// Runs a trial; nil if the user does not want to wait for its end.
  func run(_ trial: Trial) throws -> Trial.Outcome? {
    var random = RandomGenerator(seed: seed)
    let start =
      trial.startsFromNoise
      ? Tensor.uniform(content.shape, in: -100..<100, using: &random) : content
    var plan = trial.plan
    plan.evaluations = trial.remembers ? iterations * evaluations : evaluations
    let left = ExperimentProgress(
      trial.name, total: iterations * evaluations, unit: "evaluations",
      isShown: !run.options.noProgress)
    defer { left.finish() }
    var course: [Float] = []
    let descent = Descent(from: start, loss(of: trial), plan) { parts in
      course.append(parts.total)
      left.advance()
      Interruption.pointReached()
      return !run.isInterrupted
    }
    do {
      for _ in 0..<(trial.remembers ? 1 : iterations) { try descent.iterate() }
    } catch Descent.Obstacle.interrupted {
      return nil
    } catch Descent.Obstacle.notFinite {
      run.note("\(trial.name): the loss was no longer a number.")
    }
    let picture = descent.best?.picture ?? start
    var judgement = StyleLoss.Parts.zero
    _ = standard(picture) { judgement = $0 }
    return Trial.Outcome(
      trial: trial, image: Image(networkInput: picture), judgement: judgement, course: course)
  }

  private func loss(of trial: Trial) -> StyleLoss {
    func loss(_ weights: StyleLoss.Weights) -> StyleLoss {
      StyleLoss(
        network, content: content, style: style, weights: weights,
        contentLayer: trial.contentLayer, texture: trial.texture, usesMeans: trial.usesMeans)
    }
    guard trial.isMatched else { return loss(trial.weights) }
    func parts(_ loss: StyleLoss) -> StyleLoss.Parts {
      var (atContent, atStyle) = (StyleLoss.Parts.zero, StyleLoss.Parts.zero)
      _ = loss(content) { atContent = $0 }
      _ = loss(style) { atStyle = $0 }
      return StyleLoss.Parts(
        content: atStyle.content, style: atContent.style, variation: atStyle.variation)
    }
    let (wanted, have) = (parts(standard), parts(loss(trial.weights)))
    func factor(_ wanted: Float, _ have: Float) -> Float { have > 0 ? wanted / have : 1 }
    var weights = trial.weights
    weights.content *= factor(wanted.content, have.content)
    weights.style *= factor(wanted.style, have.style)
    weights.variation *= factor(wanted.variation, have.variation)
    return loss(weights)
  }
}
