import DeepLearning
import Gallery
import Images

/// Tries variants on the same two images with the same network.
struct Comparison {
  /// What came of a variant.
  struct Outcome {
    let variant: Variant
    let image: Image
    /// What the section's loss says of it.
    let judgement: LossValues
    /// The loss at each evaluation, the variant's own.
    let losses: [Float]
  }

  let content, style: Tensor
  let network: StyleNetwork
  let iterations: Int
  let evaluations: Int
  let run: ChapterRun
  /// The section's loss, which the others are compared with.
  let standard: StyleTransfer

  init(
    _ pair: StylePictures.Pair, _ network: StyleNetwork, iterations: Int, evaluations: Int,
    _ run: ChapterRun
  ) {
    (content, style) = (pair.content.networkInput, pair.style.networkInput)
    (self.network, self.iterations, self.evaluations) = (network, iterations, evaluations)
    self.run = run
    standard = StyleTransfer(
      network.features(), content: content, style: style, weights: StyleTransfer.Weights())
  }

  /// Tries a variant; nil if the user does not want to wait for its end.
  func outcome(of variant: Variant) throws -> Outcome? {
    let start =
      variant.startsFromNoise
      ? StyleNetwork.noise(content.shape, seed: run.options.seed) : content
    var plan = variant.plan
    plan.evaluations = variant.remembers ? iterations * evaluations : evaluations
    let left = ExperimentProgress(
      variant.name, total: iterations * evaluations, unit: "evaluations",
      isShown: !run.options.noProgress)
    defer { left.finish() }
    var losses: [Float] = []
    let optimization = StyleOptimization(from: start, plan, loss: loss(of: variant).loss) {
      losses.append($0.total)
      left.advance()
      Interruption.pointReached()
      return !run.isInterrupted
    }
    do {
      for _ in 0..<(variant.remembers ? 1 : iterations) { try optimization.iterate() }
    } catch StyleOptimization.StopReason.interrupted {
      return nil
    } catch StyleOptimization.StopReason.notFinite {
      run.note("\(variant.name): the loss became NaN or infinite.")
    }
    let image = optimization.best?.image ?? start
    return Outcome(
      variant: variant, image: Image(networkInput: image),
      judgement: LossValues(standard.loss(of: image)), losses: losses)
  }

  private func loss(of variant: Variant) -> VariantLoss {
    let loss = VariantLoss(
      network.features(content: variant.contentLayer), content: content, style: style,
      weights: variant.weights, summary: variant.summary, usesMeans: variant.usesMeans)
    return variant.isMatched
      ? loss.matched(to: standard, content: content, style: style) : loss
  }
}
