/// One recorded operation: where its inputs came from and how gradients flow back to them.
///
/// A node exists only while a gradient is being recorded and only for results that depend on what the
/// gradient is taken with respect to. The pullback captures *detached* tensors, so that `inputs` are
/// the only references from one node to another, and both walks over the graph are loops.
final class Node {
  /// The nodes of the operation's inputs; nil where no gradient is needed. Empty for a leaf.
  private(set) var inputs: [Node?]
  /// From the gradient of the result, the gradient of each input; nil for inputs without a node.
  private var pullback: ((Tensor) -> [Tensor?])?

  /// How the result is an activation of another recorded tensor, for losses that fuse with it.
  var activation: (kind: Activation, input: Node)?

  /// The number of operations on the longest way here from a leaf.
  private let depth: Int
  private var uses = 0
  private(set) var gradient: Tensor?

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

  /// Sends `seed` back through all operations that this node depends on.
  ///
  /// Each operation runs its pullback once, when all uses of its result have reported; then it is
  /// dismantled, so that the memory of its tensors serves the rest of the walk.
  func backpropagate(seed: Tensor) {
    var stack = [self]
    uses = 1
    while let node = stack.popLast() {
      for case let input? in node.inputs {
        if input.uses == 0 { stack.append(input) }
        input.uses += 1
      }
    }
    receive(seed)
    var ready = [self]
    // The deepest first: what its pullback makes is needed soonest. A gradient that leads straight to an early
    // layer, such as that of a style, does not lie in memory until the walk arrives there.
    while let next = ready.indices.max(by: { ready[$0].depth < ready[$1].depth }) {
      let node = ready.remove(at: next)
      guard let pullback = node.pullback else { continue }
      let inputs = node.inputs
      // A use that contributes nothing still counts down.
      let gradients = node.gradient.map(pullback) ?? [Tensor?](repeating: nil, count: inputs.count)
      for (input, gradient) in zip(inputs, gradients) {
        guard let input else { continue }
        input.receive(gradient)
        if input.uses == 0 { ready.append(input) }
      }
      node.dismantle()
    }
  }

  private func receive(_ more: Tensor?) {
    uses -= 1
    guard let more else { return }
    guard var sum = gradient else {
      gradient = more
      return
    }
    gradient = nil
    // In whatever order they lie, if it is the same one.
    let layout = sum.layout == more.layout ? sum.layout : .rowMajor
    sum.makeUnique(keeping: layout)
    Elementwise.accumulate(
      more.pointer(in: layout), into: sum.pointer(in: layout), more.elementCount)
    withExtendedLifetime(more) {}
    gradient = sum
  }

  private func dismantle() {
    gradient = nil
    pullback = nil
    inputs = []
    activation = nil
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
