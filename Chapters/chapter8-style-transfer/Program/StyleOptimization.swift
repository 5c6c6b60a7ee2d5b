import DeepLearning

/// The parts of a loss as numbers, each times its weight.
struct LossValues: Equatable {
  var content, style, variation: Float
  var total: Float { content + style + variation }

  init(_ terms: StyleTransfer.Terms) {
    (content, style, variation) = (terms.content.item, terms.style.item, terms.variation.item)
  }
}

/// Changes an image until its loss is small, keeps the best one, and stops when it is told to.
final class StyleOptimization {
  /// How the image is changed.
  enum Method: String, CaseIterable, Sendable {
    /// The book's L-BFGS.
    case lbfgs
    /// Adam: along a running mean of the gradient, about the same distance for each number.
    case adam
  }

  /// How to go about it.
  struct Plan {
    var method = Method.lbfgs
    /// How often the loss may be computed in one iteration; a search that has begun is finished first.
    var evaluations = 20
    /// The distance of one step with Adam, in grey levels.
    var adamRate: Float = 4
  }

  /// Why an iteration could not be finished.
  enum StopReason: Error { case interrupted, notFinite }

  private let plan: Plan
  private let loss: (Tensor) -> StyleTransfer.Terms
  private let shouldGoOn: (LossValues) -> Bool
  private let image: Parameter
  private let adam: Adam
  /// The image with the lowest loss; nil if there was none yet whose loss is a number.
  private(set) var best: (image: Tensor, loss: LossValues)?
  /// How often the loss was computed.
  private(set) var evaluations = 0

  /// - Parameters:
  ///   - start: the first image.
  ///   - loss: what is to become small.
  ///   - shouldGoOn: asked after each evaluation.
  init(
    from start: Tensor, _ plan: Plan, loss: @escaping (Tensor) -> StyleTransfer.Terms,
    shouldGoOn: @escaping (LossValues) -> Bool = { _ in true }
  ) {
    (self.plan, self.loss, self.shouldGoOn) = (plan, loss, shouldGoOn)
    image = Parameter("image", shape: start.shape, initializer: .zeros)
    image.value = start
    adam = Adam(learningRate: plan.adamRate)
  }

  /// Goes on for one iteration.
  ///
  /// - Throws: ``StopReason``; the best image is that of before, or a better one.
  func iterate() throws {
    switch plan.method {
    case .lbfgs:
      let outcome = try StyleTransfer.iterate(from: image.value, evaluations: plan.evaluations) {
        image in
        var values: LossValues?
        let result = valueAndGradient(at: image) { total(of: $0, &values) }
        try judge(image, values)
        return result
      }
      if outcome.reason == .notFinite { throw StopReason.notFinite }
      image.value = outcome.place
    case .adam:
      for _ in 0..<plan.evaluations {
        var values: LossValues?
        let (loss, gradients) = valueAndGradients(of: [image]) { total(of: image.value, &values) }
        try judge(image.value.detached, values)
        guard loss.item.isFinite else { throw StopReason.notFinite }
        adam.apply(gradients)
      }
    }
  }

  private func total(of image: Tensor, _ values: inout LossValues?) -> Tensor {
    let terms = loss(image)
    values = LossValues(terms)
    return terms.total
  }

  /// Keeps an image if it is the best so far.
  private func judge(_ image: Tensor, _ loss: LossValues?) throws {
    guard let loss else { return }
    evaluations += 1
    if loss.total.isFinite, loss.total < best?.loss.total ?? .infinity { best = (image, loss) }
    if !shouldGoOn(loss) { throw StopReason.interrupted }
  }
}
