/// The gradients of one loss, each with the weight that it belongs to.
public struct Gradients {
  /// The weights, in the order in which they were asked for.
  public let parameters: [Parameter]
  /// The gradient of each weight; nil where the loss does not depend on it.
  public let values: [Tensor?]

  /// The gradient of one weight; nil if the loss does not depend on it.
  public subscript(parameter: Parameter) -> Tensor? {
    parameters.firstIndex { $0 === parameter }.flatMap { values[$0] }
  }
}

/// Computes a loss and its gradients with respect to weights.
///
///     let (loss, gradients) = valueAndGradients(of: model.trainableWeights) {
///       meanSquaredError(model(x, training: true), y)
///     }
///     optimizer.apply(gradients)
///
/// Operations are recorded only while `loss` runs and only as far as they depend on `parameters`.
///
/// - Parameters:
///   - parameters: what to differentiate with respect to.
///   - loss: computes one number from the parameters' current values.
/// - Returns: the loss, and one gradient per parameter.
public func valueAndGradients(
  of parameters: [Parameter], _ loss: () throws -> Tensor
) rethrows -> (loss: Tensor, gradients: Gradients) {
  for parameter in parameters {
    require(
      parameter.value.node == nil,
      "The gradient of \(parameter.name) is already being recorded: one recording inside another. Take one gradient after the other."
    )
    parameter.value.node = Node()
  }
  let leaves = parameters.map(\.value.node)
  defer { for parameter in parameters { parameter.value.node = nil } }
  let value = try loss()
  differentiate(value)
  return (value.detached, Gradients(parameters: parameters, values: leaves.map { $0?.gradient }))
}

/// Computes a function of a tensor and its gradient with respect to that tensor.
///
/// - Parameters:
///   - input: where to differentiate, for example an image.
///   - function: computes one number from the tensor it is given.
/// - Returns: the function's value, and the gradient in the shape of `input`.
public func valueAndGradient(
  at input: Tensor, of function: (Tensor) throws -> Tensor
) rethrows -> (value: Tensor, gradient: Tensor) {
  let (value, gradients) = try valueAndGradients(at: [input]) { try function($0[0]) }
  return (value, gradients[0])
}

/// Computes a function of several tensors and its gradient with respect to each of them.
public func valueAndGradients(
  at inputs: [Tensor], of function: ([Tensor]) throws -> Tensor
) rethrows -> (value: Tensor, gradients: [Tensor]) {
  let leaves = inputs.map { _ in Node() }
  let watched = zip(inputs, leaves).map { input, leaf in
    Tensor(shape: input.shape, storage: input.storage, offset: input.offset, node: leaf)
  }
  let value = try function(watched)
  differentiate(value)
  let gradients = zip(inputs, leaves).map { input, leaf in leaf.gradient ?? .zeros(input.shape) }
  return (value.detached, gradients)
}

private func differentiate(_ value: Tensor) {
  require(
    value.elementCount == 1,
    "A gradient is taken of one number, but the loss has shape \(value.shape). Use mean() or sum()."
  )
  value.node?.backpropagate(seed: .ones(value.shape))
}
