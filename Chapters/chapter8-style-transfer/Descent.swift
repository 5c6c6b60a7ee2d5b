import DeepLearning

/// Changes a picture step by step until its loss is small.
final class Descent {
  /// How the way down is found.
  enum Method: String, CaseIterable, Sendable {
    /// Along the gradient, corrected by how it changed on the last steps; a search along each line.
    case lbfgs
    /// Along a running mean of the gradient, about the same distance for each number.
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

  /// The best picture so far.
  struct Best {
    let picture: Tensor
    let parts: StyleLoss.Parts
  }

  /// Why an iteration could not be finished.
  enum Obstacle: Error { case interrupted, notFinite }

  private let plan: Plan
  private let loss: StyleLoss
  private let watch: (StyleLoss.Parts) -> Bool
  private let picture: Parameter
  private let adam: Adam
  private var parts = StyleLoss.Parts.zero
  /// The picture with the lowest loss; nil if there was none yet whose loss is a number.
  private(set) var best: Best?
  /// How often the loss was computed.
  private(set) var evaluations = 0

  /// - Parameters:
  ///   - start: the first picture.
  ///   - loss: what is to become small.
  ///   - watch: receives what the loss was made of, after each evaluation; returns whether to go on.
  init(
    from start: Tensor, _ loss: StyleLoss, _ plan: Plan,
    watch: @escaping (StyleLoss.Parts) -> Bool
  ) {
    (self.plan, self.loss, self.watch) = (plan, loss, watch)
    picture = Parameter("picture", shape: start.shape, initializer: .zeros)
    picture.value = start
    adam = Adam(learningRate: plan.adamRate)
  }

  /// Goes on for one iteration.
  ///
  /// - Throws: ``Obstacle``; the best picture is that of before, or a better one.
  func iterate() throws {
    switch plan.method {
    case .lbfgs:
      // A new one each time: what it remembers of the curvature is thrown away, as in the book.
      let outcome = try LBFGS().minimize(picture.value, evaluations: plan.evaluations) { picture in
        let result = valueAndGradient(at: picture) { loss($0) { parts = $0 } }
        try judge(picture, result.value.item)
        return result
      }
      if outcome.reason == .notFinite { throw Obstacle.notFinite }
      picture.value = outcome.place
    case .adam:
      for _ in 0..<plan.evaluations {
        let (value, gradients) = valueAndGradients(of: [picture]) {
          loss(picture.value) { parts = $0 }
        }
        try judge(picture.value.detached, value.item)
        guard value.item.isFinite else { throw Obstacle.notFinite }
        adam.apply(gradients)
      }
    }
  }

  /// Notes a picture and its loss.
  private func judge(_ picture: Tensor, _ value: Float) throws {
    evaluations += 1
    if value.isFinite, value < best?.parts.total ?? .infinity {
      best = Best(picture: picture, parts: parts)
    }
    if !watch(parts) { throw Obstacle.interrupted }
  }
}
