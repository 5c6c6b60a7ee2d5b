extension Node {
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
