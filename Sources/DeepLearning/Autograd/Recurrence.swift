extension Tensor {
  /// A recurrent layer's way through whole sequences, as one operation.
  ///
  /// Each core takes some samples through all time steps, forward and later backward.
  ///
  /// - Parameters:
  ///   - inputs: the sequences, initial states, masks.
  ///   - kernel: `[features, gates · units]`
  ///   - recurrentKernel: `[units, gates · units]`
  ///   - bias: `[gates · units]`, `[2, gates · units]` for a GRU that resets after the product, or nil.
  ///   - finalStates: receive the states after the last time step, `[batch, units]` each.
  /// - Returns: `[batch, time, units]` or `[batch, units]`
  static func recurrence(
    _ plan: RecurrentPlan, _ inputs: RecurrentInputs, kernel: Tensor, recurrentKernel: Tensor,
    bias: Tensor?, finalStates: [Tensor] = []
  ) -> Tensor {
    let operands =
      [inputs.x ?? .scalar(0), kernel, recurrentKernel, bias ?? .scalar(0)] + inputs.initialStates
    let isRecorded = operands.contains { $0.node != nil }
    let needsInput = inputs.x?.node != nil
    let weights = RecurrentWeights(
      plan, kernel: kernel, recurrentKernel: recurrentKernel, bias: bias,
      separateInputs: inputs.inputFactors != nil, separateStates: inputs.stateFactors != nil)
    let detached = inputs.detached
    let passes = plan.pieces.map {
      RecurrentPass(plan, weights, detached, samples: $0, keepsHistory: isRecorded)
    }
    let shape: Shape =
      plan.returnsSequences
      ? [plan.batch, plan.time, plan.units] : [plan.batch, plan.units]
    let result = Tensor(uninitialized: shape)
    Parallel.run(passes.count) {
      passes[$0].forward(into: result.pointer)
      passes[$0].writeFinalStates(to: finalStates)
    }
    let states = inputs.initialStates.count
    let biasShape = bias?.shape
    return result.recorded(from: operands) { upstream in
      let transposed = TransposedWeights(weights, plan, needsInput: needsInput)
      let inputGradient =
        needsInput ? Tensor(uninitialized: [plan.batch, plan.time, plan.features]) : nil
      let initialGradients = (0..<states).map { _ in
        Tensor(uninitialized: [plan.batch, plan.units])
      }
      let sums = passes.map { _ in RecurrentSums(plan) }
      Parallel.run(passes.count) {
        passes[$0].backward(
          upstream.pointer, transposed, sums: sums[$0], inputGradient: inputGradient?.pointer,
          initialGradients: initialGradients)
      }
      withExtendedLifetime((upstream, inputGradient)) {}
      let total = RecurrentSums.total(sums) ?? RecurrentSums(plan)
      return [
        inputGradient, plan.unpadded(total.kernel), plan.unpadded(total.recurrentKernel),
        biasShape.map { plan.biasGradient(total, shape: $0) },
      ] + initialGradients
    }
  }
}

extension RecurrentInputs {
  /// The same, cut off from the gradient that is being recorded.
  fileprivate var detached: RecurrentInputs {
    RecurrentInputs(
      x: x?.detached, characters: characters, initialStates: initialStates.map(\.detached),
      timeMask: timeMask, inputFactors: inputFactors, stateFactors: stateFactors)
  }
}

extension RecurrentSums {
  /// The sums of all pieces, in their order, in the memory of the first; nil if there is none.
  fileprivate static func total(_ sums: [RecurrentSums]) -> RecurrentSums? {
    guard let first = sums.first else { return nil }
    for more in sums.dropFirst() {
      for (target, source) in zip(first.all, more.all) {
        Elementwise.accumulate(source.pointer, into: target.pointer, target.elementCount)
      }
    }
    return first
  }
}

extension RecurrentPlan {
  /// The gradient of a bias of one row or two.
  fileprivate func biasGradient(_ sums: RecurrentSums, shape: Shape) -> Tensor {
    let first = unpadded(sums.bias)
    guard shape.rank == 2 else { return first.reshaped(shape) }
    // The gates z and r add both rows up; only the candidate's second row stands within the reset.
    let second = unpadded(sums.recurrentBias)
    let inner = 2 * units..<3 * units
    return Tensor(shape: shape) { target in
      for column in 0..<shape[1] {
        target[column] = first.pointer[column]
        target[shape[1] + column] =
          inner.contains(column) ? second.pointer[column] : first.pointer[column]
      }
    }
  }
}
