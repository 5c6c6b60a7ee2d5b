/// One recorded operation: where its inputs came from and how gradients flow back to them.
///
/// A node exists only while a gradient is being recorded and only for results that depend on what the
/// gradient is taken with respect to. The pullback captures *detached* tensors, so that `inputs` are
/// the only references from one node to another, and both walks over the graph are loops.
final class Node {
  /// The nodes of the operation's inputs; nil where no gradient is needed. Empty for a leaf.
  var inputs: [Node?]
  /// From the gradient of the result, the gradient of each input; nil for inputs without a node.
  var pullback: ((Tensor) -> [Tensor?])?

  /// How the result is an activation of another recorded tensor.
  ///
  /// Written by `activated`, and by convolutions that rectify their results. Read by losses, whose gradient skips the
  /// sigmoid or softmax before them, and by max pooling, whose gradient skips the relu before it.
  var activation: (kind: Activation, input: Node)?

  /// The number of operations on the longest way here from a leaf.
  let depth: Int
  /// How many operations on the way of a walk back have yet to send their share of the gradient.
  var uses = 0
  /// The sum of the shares that have arrived.
  var gradient: Tensor?

  /// A leaf: something the gradient is taken with respect to.
  init() { (inputs, depth) = ([], 0) }

  init(inputs: [Node?], pullback: @escaping (Tensor) -> [Tensor?]) {
    self.inputs = inputs
    self.pullback = pullback
    depth = inputs.reduce(0) { max($0, $1?.depth ?? 0) } + 1
  }

  /// Frees long chains in a loop; the automatic way would recurse once per operation.
  deinit {
    guard !inputs.isEmpty || activation != nil else { return }
    var doomed = inputs
    doomed.append(activation?.input)
    inputs = []
    activation = nil
    while !doomed.isEmpty {
      guard var node = doomed.removeLast(), isKnownUniquelyReferenced(&node) else { continue }
      doomed += node.inputs
      doomed.append(node.activation?.input)
      node.inputs = []
      node.activation = nil
    }
  }
}

extension Tensor {
  /// This tensor as the result of an operation, recorded if any input is being differentiated.
  ///
  /// - Parameters:
  ///   - inputs: the operands whose gradient may be asked for.
  ///   - pullback: from the gradient of the result, the gradient of each operand, in order. It must
  ///     capture only detached tensors, and may return nil for operands whose `node` is nil.
  func recorded(from inputs: Tensor..., pullback: @escaping (Tensor) -> [Tensor?]) -> Tensor {
    recorded(from: inputs, pullback: pullback)
  }

  func recorded(from inputs: [Tensor], pullback: @escaping (Tensor) -> [Tensor?]) -> Tensor {
    guard inputs.contains(where: { $0.node != nil }) else { return self }
    var result = self
    result.node = Node(inputs: inputs.map(\.node), pullback: pullback)
    return result
  }
}
