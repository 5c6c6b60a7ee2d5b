import Foundation

/// Changes weights so that a loss becomes smaller.
///
/// Subclasses hold a rule of update; this class holds what all rules share in Keras 2.0: a learning rate that
/// decays as η/(1 + decay·t), and gradients clipped by value or by their common norm.
///
/// A row-sparse gradient, that of an embedding, updates only its rows (``Storage/nonZeroRows``). With plain SGD, Adagrad and RMSprop that comes to the
/// same as updating all; with momentum and Adam the others would go on moving without a gradient, and here rest.
open class Optimizer {
  /// The learning rate before decay.
  public var learningRate: Float
  /// How fast the learning rate falls with the number of updates.
  public var decay: Float
  /// If set, every component of a gradient is clipped to ±clipValue.
  public var clipValue: Float?
  /// If set, all gradients together are scaled down to this norm where they exceed it.
  public var clipNorm: Float?
  /// The number of updates so far.
  public private(set) var iterations = 0

  /// The state that a rule keeps of each weight, such as averages; keeps the weight, so that no other can take its address.
  private struct Slots {
    let parameter: Parameter
    let tensors: [Tensor]
  }
  private var slots: [ObjectIdentifier: Slots] = [:]
  /// How many tensors of state the rule keeps for each weight.
  let slotCount: Int

  init(learningRate: Float, decay: Float, slotCount: Int) {
    self.learningRate = learningRate
    self.decay = decay
    self.slotCount = slotCount
  }

  /// Changes each weight by its gradient.
  public func apply(_ gradients: Gradients) {
    iterations += 1
    let rate = scaledRate(learningRate / (1 + decay * Float(iterations - 1)))
    let shrink = norm(of: gradients)
    for (parameter, gradient) in zip(gradients.parameters, gradients.values) {
      guard var gradient else { continue }
      if let shrink { gradient = gradient.mappingNonZeroRows { $0 * shrink } }
      if let clipValue {
        gradient = gradient.mappingNonZeroRows { $0.clipped(-clipValue, clipValue) }
      }
      parameter.value.makeUnique()
      let rows = gradient.storage.nonZeroRows
      let state = slots(for: parameter, tracksLastUpdates: rows != nil)
      applyDeferredDecay(rows, state)
      update(
        parameter.value.pointer, UnsafePointer(gradient.pointer), state.map(\.pointer),
        UpdateRegion(count: parameter.value.elementCount, rows: rows), rate: rate)
      withExtendedLifetime((gradient, state)) {}
    }
  }

  /// The factor by which an update with a gradient of zero scales the rule's state, if that is all that it does.
  var decayWithoutGradient: Float? { nil }

  /// Makes up for the updates in which rows of an embedding had no gradient.
  ///
  /// Keras 2.0 updates all rows each time; without a gradient that only scales the state. Here it is done when a row has
  /// a gradient again, for all the updates that it has missed.
  private func applyDeferredDecay(_ nonZero: NonZeroRows?, _ slots: [Tensor]) {
    guard let decayWithoutGradient, slots.count > slotCount, let lastUpdates = slots.last else {
      return
    }
    defer { withExtendedLifetime(slots) {} }
    let rows =
      nonZero
      ?? NonZeroRows(
        Array(0..<Int32(lastUpdates.count)), width: slots[0].shape.droppingFirst.elementCount)
    OptimizerKernels.applyDeferredDecay(
      rows, slots[0].pointer, lastUpdates: lastUpdates.pointer, update: iterations,
      rate: decayWithoutGradient)
  }

  /// What the rule multiplies the learning rate with at this update.
  func scaledRate(_ rate: Float) -> Float { rate }

  /// The rule: changes the weights of a region, given their gradients and what is remembered of them.
  func update(
    _ weights: UnsafeMutablePointer<Float>, _ gradients: UnsafePointer<Float>,
    _ slots: [UnsafeMutablePointer<Float>], _ region: UpdateRegion, rate: Float
  ) {
    fail("\(type(of: self)) does not say how it updates weights.")
  }

  /// - Parameter keepsDates: whether the rule needs to know when each row was last updated; that is the last slot.
  private func slots(for parameter: Parameter, tracksLastUpdates: Bool) -> [Tensor] {
    if slotCount == 0 { return [] }
    var tensors =
      slots[ObjectIdentifier(parameter)]?.tensors
      ?? (0..<slotCount).map { _ in Tensor.zeros(parameter.shape) }
    if tracksLastUpdates, decayWithoutGradient != nil, tensors.count == slotCount {
      // Until now all rows were updated each time.
      tensors.append(Tensor(repeating: Float(iterations - 1), shape: [parameter.shape[0]]))
    } else if slots[ObjectIdentifier(parameter)] != nil {
      return tensors
    }
    slots[ObjectIdentifier(parameter)] = Slots(parameter: parameter, tensors: tensors)
    return tensors
  }

  /// The state kept of a weight; empty if it has not been updated.
  func state(of parameter: Parameter) -> [Tensor] {
    slots[ObjectIdentifier(parameter)]?.tensors ?? []
  }

  /// Continues where another optimizer of the same rule stopped.
  func restore(state: [(Parameter, [Tensor])], iterations: Int) {
    self.iterations = iterations
    slots = [:]
    for (parameter, tensors) in state {
      slots[ObjectIdentifier(parameter)] = Slots(parameter: parameter, tensors: tensors)
    }
  }

  /// What to scale all gradients with so that their common norm is at most ``clipNorm``.
  private func norm(of gradients: Gradients) -> Float? {
    guard let clipNorm else { return nil }
    let squares = gradients.values.compactMap { $0?.sumOfSquares }
    let norm = squares.reduce(0, +).squareRoot()
    return norm >= clipNorm ? clipNorm / norm : nil
  }
}

/// Divides each gradient by a moving average of its size (Hinton, 2012), as in Keras 2.0: ε outside the root.
public final class RMSprop: Optimizer {
  private let rho: Float
  private let epsilon: Float

  /// Creates an optimizer.
  ///
  /// - Parameters:
  ///   - learningRate: the size of a step.
  ///   - rho: how much of the average each update keeps.
  ///   - epsilon: keeps the division away from zero.
  ///   - decay: how fast the learning rate falls with the number of updates.
  public init(
    learningRate: Float = 0.001, rho: Float = 0.9, epsilon: Float = 1e-8, decay: Float = 0
  ) {
    self.rho = rho
    self.epsilon = epsilon
    super.init(learningRate: learningRate, decay: decay, slotCount: 1)
  }

  override var decayWithoutGradient: Float? { rho }

  override func update(
    _ weights: UnsafeMutablePointer<Float>, _ gradients: UnsafePointer<Float>,
    _ slots: [UnsafeMutablePointer<Float>], _ region: UpdateRegion, rate: Float
  ) {
    OptimizerKernels.rmsprop(
      weights, gradient: gradients, average: slots[0], region, rate: rate, rho: rho,
      epsilon: epsilon)
  }
}

/// Stochastic gradient descent, with momentum if wanted.
public final class SGD: Optimizer {
  private let momentum: Float
  private let nesterov: Bool

  /// Creates an optimizer.
  ///
  /// - Parameters:
  ///   - learningRate: the size of a step.
  ///   - momentum: how much of the last step goes into this one.
  ///   - nesterov: whether the gradient is taken as if the step had been made already.
  ///   - decay: how fast the learning rate falls with the number of updates.
  public init(
    learningRate: Float = 0.01, momentum: Float = 0, nesterov: Bool = false, decay: Float = 0
  ) {
    self.momentum = momentum
    self.nesterov = nesterov
    super.init(learningRate: learningRate, decay: decay, slotCount: momentum == 0 ? 0 : 1)
  }

  override func update(
    _ weights: UnsafeMutablePointer<Float>, _ gradients: UnsafePointer<Float>,
    _ slots: [UnsafeMutablePointer<Float>], _ region: UpdateRegion, rate: Float
  ) {
    if let velocity = slots.first {
      OptimizerKernels.momentum(
        weights, gradient: gradients, velocity: velocity, region, rate: rate, momentum: momentum,
        nesterov: nesterov)
    } else {
      OptimizerKernels.descend(weights, gradient: gradients, region, rate: rate)
    }
  }
}

/// Divides each gradient by the root of the sum of all its squares so far (Duchi et al., 2011).
public final class Adagrad: Optimizer {
  private let epsilon: Float

  /// Creates an optimizer.
  ///
  /// - Parameters:
  ///   - learningRate: the size of a step.
  ///   - epsilon: keeps the division away from zero.
  ///   - decay: how fast the learning rate falls with the number of updates.
  public init(learningRate: Float = 0.01, epsilon: Float = 1e-8, decay: Float = 0) {
    self.epsilon = epsilon
    super.init(learningRate: learningRate, decay: decay, slotCount: 1)
  }

  override func update(
    _ weights: UnsafeMutablePointer<Float>, _ gradients: UnsafePointer<Float>,
    _ slots: [UnsafeMutablePointer<Float>], _ region: UpdateRegion, rate: Float
  ) {
    OptimizerKernels.adagrad(
      weights, gradient: gradients, sum: slots[0], region, rate: rate, epsilon: epsilon)
  }
}

/// Averages of the gradient and of its square (Kingma and Ba, 2014), as in Keras 2.0.
public final class Adam: Optimizer {
  private let beta1: Float
  private let beta2: Float
  private let epsilon: Float

  /// Creates an optimizer.
  ///
  /// - Parameters:
  ///   - learningRate: the size of a step.
  ///   - beta1: how much of the average gradient each update keeps.
  ///   - beta2: how much of the average square each update keeps.
  ///   - epsilon: keeps the division away from zero.
  ///   - decay: how fast the learning rate falls with the number of updates.
  public init(
    learningRate: Float = 0.001, beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-8,
    decay: Float = 0
  ) {
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    super.init(learningRate: learningRate, decay: decay, slotCount: 2)
  }

  /// Makes up for the averages' start at zero.
  override func scaledRate(_ rate: Float) -> Float {
    let correction1 = Float(1 - pow(Double(beta1), Double(iterations)))
    let correction2 = Float(1 - pow(Double(beta2), Double(iterations)))
    return rate * correction2.squareRoot() / correction1
  }

  override func update(
    _ weights: UnsafeMutablePointer<Float>, _ gradients: UnsafePointer<Float>,
    _ slots: [UnsafeMutablePointer<Float>], _ region: UpdateRegion, rate: Float
  ) {
    OptimizerKernels.adam(
      weights, gradient: gradients, mean: slots[0], variance: slots[1], region, rate: rate,
      beta1: beta1, beta2: beta2, epsilon: epsilon)
  }
}
