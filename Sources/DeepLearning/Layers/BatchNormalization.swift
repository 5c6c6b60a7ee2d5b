/// Keeps each channel around mean 0 and variance 1, then scales and shifts it by learned amounts.
///
/// In training by the statistics of the batch, otherwise by their moving averages (Ioffe and Szegedy, 2015). As in
/// Keras 3 the moving variance averages the biased variance, and a layer that is not trainable uses and keeps its moving
/// averages also in training. Takes and returns `[batch, ..., channels]`.
public final class BatchNormalization: Layer {
  private let momentum: Float
  let epsilon: Float
  private let scales: Bool

  private(set) var gamma: Parameter?
  private(set) var beta: Parameter?
  private(set) var mean: Parameter?
  private(set) var variance: Parameter?

  /// Creates a layer.
  ///
  /// - Parameters:
  ///   - momentum: how much of the moving averages each step keeps.
  ///   - epsilon: added to the variance, to keep the division away from zero.
  ///   - scales: whether channels are scaled by learned amounts; weights after a relu can do that as well.
  ///   - name: a name of your choice.
  public init(
    momentum: Float = 0.99, epsilon: Float = 1e-3, scales: Bool = true, name: String? = nil
  ) {
    self.momentum = momentum
    self.scales = scales
    self.epsilon = epsilon
    super.init(name: name)
  }

  /// Four numbers per channel, of which two are trained; three and one without scaling.
  public override func build(_ inputs: [Shape]) -> Shape {
    let channels: Shape = [inputs[0].last ?? 1]
    if scales { gamma = addWeight("gamma", shape: channels, initializer: .ones) }
    beta = addWeight("beta", shape: channels, initializer: .zeros)
    mean = addWeight("moving_mean", shape: channels, initializer: .zeros)
    variance = addWeight("moving_variance", shape: channels, initializer: .ones)
    mean?.isTrainable = false
    variance?.isTrainable = false
    return inputs[0]
  }

  public override var passesMask: Bool { true }

  /// Normalises; in training also moves the averages.
  public override func forward(_ inputs: [Samples], _ context: ForwardContext) -> Tensor {
    guard let beta, let mean, let variance else {
      fail(
        "\(name) is used before it is part of a model. Put it into a Sequential or a Model first.")
    }
    let x = inputs[0].tensor(for: name)
    let gamma = gamma?.value ?? .ones(beta.shape)
    guard context.training, isTrainable else {
      return x.normalized(
        gamma: gamma, beta: beta.value, epsilon: epsilon,
        statistics: (mean.value, variance.value)
      ).result
    }
    let (result, batchMean, batchVariance) = x.normalized(
      gamma: gamma, beta: beta.value, epsilon: epsilon)
    mean.value = momentum * mean.value + (1 - momentum) * batchMean
    variance.value = momentum * variance.value + (1 - momentum) * batchVariance
    return result
  }
}
