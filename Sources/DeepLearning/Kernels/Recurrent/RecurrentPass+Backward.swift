import CVector

/// What the backward pass of a piece of the batch adds up, padded as the kernels want it.
struct RecurrentSums {
  /// `[features, gateWidth]`
  let kernel: Tensor
  /// `[units, gateWidth]`
  let recurrentKernel: Tensor
  /// `[1, gateWidth]`
  let bias: Tensor
  /// Of a GRU that resets after the product.
  let recurrentBias: Tensor

  init(_ plan: RecurrentPlan) {
    kernel = .zeros([plan.features, plan.gateWidth])
    recurrentKernel = .zeros([plan.units, plan.gateWidth])
    bias = .zeros([1, plan.gateWidth])
    recurrentBias = .zeros([1, plan.gateWidth])
  }

  var all: [Tensor] { [kernel, recurrentKernel, bias, recurrentBias] }
}

/// The weights for the way back.
struct TransposedWeights {
  let input: [RecurrentWeights.Group]
  let recurrent: [RecurrentWeights.Group]

  init(_ weights: RecurrentWeights, _ plan: RecurrentPlan, needsInput: Bool) {
    input =
      needsInput
      ? RecurrentWeights.transposed(weights.inputGroups, of: weights.kernel, plan) : []
    recurrent = RecurrentWeights.transposed(
      weights.recurrentGroups, of: weights.recurrentKernel, plan)
  }
}

/// Matrices of one step on the way back, a row for each sample.
private struct StepMemory {
  /// The gradient of the state after the step, then of that before it.
  let state: Tensor
  let cell: Tensor
  /// The part of the state's gradient that goes past all products.
  let direct: Tensor
  /// What a GRU left of the state, and the gradient of that.
  let reset: Tensor
  let resetGradient: Tensor
  /// A product before dropout's factors.
  let product: Tensor
  let zeros: Tensor

  init(_ plan: RecurrentPlan, rows: Int) {
    let shape: Shape = [rows, plan.width]
    (state, cell, direct) = (.zeros(shape), .zeros(shape), .zeros(shape))
    (reset, resetGradient) = (.zeros(shape), .zeros(shape))
    product = Tensor(uninitialized: [rows, max(plan.width, plan.featureWidth)])
    zeros = .zeros([max(plan.width, plan.featureWidth)])
  }
}

extension RecurrentPass {
  /// Goes back through the sequence; the gates' values become their gradients on the way.
  ///
  /// - Parameters:
  ///   - upstream: the gradient of the whole batch's output.
  ///   - sums: receives the gradients of the weights.
  ///   - inputGradient: `[batch, time, features]`, of which these samples' rows are written; nil if not needed.
  ///   - initialGradients: `[batch, units]` each, likewise.
  func backward(
    _ upstream: Source, _ transposed: TransposedWeights, sums: RecurrentSums,
    inputGradient: Target?, initialGradients: [Tensor]
  ) {
    let memory = StepMemory(plan, rows: rows)
    for step in (0..<plan.time).reversed() {
      receive(upstream, step, into: memory.state.pointer)
      closeGates(step, memory)
      let g = gates(step)
      if case .gru = plan.cell { goBackThroughReset(step, g, memory, transposed, sums) }
      goBackThroughProducts(step, g, memory, transposed, sums)
      addInputs(step, g, sums)
      if let inputGradient {
        writeInputGradient(step, g, memory, transposed, inputGradient)
      }
    }
    for (target, source) in zip(initialGradients, [memory.state, memory.cell]) {
      write(source.pointer, to: target.pointer, stride: 1)
    }
  }

  /// Adds what the output of a step has to answer for.
  private func receive(_ upstream: Source, _ step: Int, into target: Target) {
    guard plan.returnsSequences || step == plan.time - 1 else { return }
    let (stride, place) = plan.returnsSequences ? (plan.time, plan.place(step)) : (1, 0)
    for row in 0..<rows {
      CellKernels.addProduct(
        upstream + ((samples.lowerBound + row) * stride + place) * plan.units, nil, plan.units,
        to: target + row * width)
    }
  }

  /// From the gradient of the state, that of what went into the gates.
  private func closeGates(_ step: Int, _ memory: StepMemory) {
    let (g, dh, direct) = (gates(step), memory.state.pointer, memory.direct.pointer)
    forEachRun(step) { run in
      switch plan.cell {
      case .simple: kernels.simpleGradient(run, g, h: state(step + 1), dh: dh)
      case .lstm:
        kernels.lstmGradient(
          run, g, cell: cell(step), nextCell: cell(step + 1), dh: dh, dc: memory.cell.pointer)
      case .gru:
        kernels.gruBlendGradient(
          run, g, h: state(step), masked: candidateState(step), dh: dh, direct: direct,
          reset: memory.reset.pointer)
        return
      }
      if inputs.timeMask != nil {
        (direct + run.lowerBound * width).update(repeating: 0, count: run.count * width)
      }
    } skipped: { row in
      (g + row * plan.gateWidth).update(repeating: 0, count: plan.gateWidth)
      (direct + row * width).update(from: dh + row * width, count: width)
      (memory.reset.pointer + row * width).update(repeating: 0, count: width)
    }
  }

  /// The state as a GRU's candidate sees it.
  private func candidateState(_ step: Int) -> Source {
    guard let candidate = weights.recurrentGroups.last else { return Source(state(step)) }
    return state(state(step), for: candidate)
  }

  /// The candidate's product and the gate r of a GRU; what they say of the state is added to `direct`.
  private func goBackThroughReset(
    _ step: Int, _ g: Target, _ memory: StepMemory, _ transposed: TransposedWeights,
    _ sums: RecurrentSums
  ) {
    guard let candidate = transposed.recurrent.last else { return }
    let (reset, gradient) = (memory.reset.pointer, memory.resetGradient.pointer)
    let masked = candidateState(step)
    let target = sums.recurrentKernel.pointer + candidate.column
    if let inner = inner(step) {
      kernels.gruInnerGradient(0..<rows, g, inner: inner, dInner: reset)
      TileProduct.accumulateTransposed(
        masked, aStride: width, rows: plan.units, reset, bStride: width, columns: width,
        steps: rows, into: target, cStride: plan.gateWidth)
      CellKernels.addRows(
        reset, stride: width, rows: rows, columns: width,
        to: sums.recurrentBias.pointer + candidate.column)
      multiply(reset, stride: width, candidate, into: gradient, memory)
    } else {
      TileProduct.accumulateTransposed(
        reset, aStride: width, rows: plan.units, g + candidate.column, bStride: plan.gateWidth,
        columns: width, steps: rows, into: target, cStride: plan.gateWidth)
      multiply(g + candidate.column, stride: plan.gateWidth, candidate, into: gradient, memory)
      kernels.gruResetGradient(0..<rows, g, masked: masked, dReset: gradient)
    }
    if let all = inputs.stateFactors {
      CellKernels.addProduct(
        gradient, factors(all, gate: candidate.gates.lowerBound), rows * width,
        to: memory.direct.pointer)
    } else {
      Elementwise.accumulate(gradient, into: memory.direct.pointer, rows * width)
    }
  }

  /// All other products with the state: their kernel's gradient, and the gradient of the state before the step.
  private func goBackThroughProducts(
    _ step: Int, _ g: Target, _ memory: StepMemory, _ transposed: TransposedWeights,
    _ sums: RecurrentSums
  ) {
    let isGRU = plan.cell.recurrentGroups.count > 1
    let dh = memory.state.pointer
    var start = Source(memory.direct.pointer)
    for group in transposed.recurrent.dropLast(isGRU ? 1 : 0) {
      let left = g + group.column
      TileProduct.accumulateTransposed(
        state(state(step), for: group), aStride: width, rows: plan.units, left,
        bStride: plan.gateWidth, columns: group.gates.count * width, steps: rows,
        into: sums.recurrentKernel.pointer + group.column, cStride: plan.gateWidth)
      if let all = inputs.stateFactors {
        if start != Source(dh) { dh.update(from: start, count: rows * width) }
        multiply(left, stride: plan.gateWidth, group, into: memory.product.pointer, memory)
        CellKernels.addProduct(
          memory.product.pointer, factors(all, gate: group.gates.lowerBound), rows * width, to: dh)
      } else {
        TileProduct.multiply(
          left, aStride: plan.gateWidth, rows: rows, group.packed, start: start,
          startStride: width, into: dh, cStride: width)
      }
      start = Source(dh)
    }
  }

  /// The gradients of kernel and bias.
  private func addInputs(_ step: Int, _ g: Target, _ sums: RecurrentSums) {
    CellKernels.addRows(
      g, stride: plan.gateWidth, rows: rows, columns: plan.gateWidth, to: sums.bias.pointer)
    if let characters = inputs.characters {
      for row in 0..<rows {
        let id = character(characters, row, plan.timeStep(step))
        CellKernels.addRows(
          g + row * plan.gateWidth, stride: 0, rows: 1, columns: plan.gateWidth,
          to: sums.kernel.pointer + id * plan.gateWidth)
      }
      return
    }
    guard let x = inputs.x else { return }
    for group in weights.inputGroups {
      let (left, stride) = input(x, step, for: group)
      TileProduct.accumulateTransposed(
        left, aStride: stride, rows: plan.features, g + group.column, bStride: plan.gateWidth,
        columns: group.gates.count * width, steps: rows,
        into: sums.kernel.pointer + group.column, cStride: plan.gateWidth)
    }
  }

  private func writeInputGradient(
    _ step: Int, _ g: Target, _ memory: StepMemory, _ transposed: TransposedWeights,
    _ gradient: Target
  ) {
    let (features, padded) = (plan.features, plan.featureWidth)
    let target =
      gradient + (samples.lowerBound * plan.time + plan.timeStep(step)) * features
    if inputs.inputFactors == nil, features == padded, let group = transposed.input.first {
      return TileProduct.multiply(
        g, aStride: plan.gateWidth, rows: rows, group.packed, start: memory.zeros.pointer,
        startStride: 0, into: target, cStride: inputStride)
    }
    let (product, stride) = (memory.product.pointer, inputStride)
    for row in 0..<rows { (target + row * stride).update(repeating: 0, count: features) }
    for group in transposed.input {
      TileProduct.multiply(
        g + group.column, aStride: plan.gateWidth, rows: rows, group.packed,
        start: memory.zeros.pointer, startStride: 0, into: product, cStride: padded)
      let kept = inputs.inputFactors.map { factors($0, gate: group.gates.lowerBound) }
      for row in 0..<rows {
        CellKernels.addProduct(
          product + row * padded, kept.map { $0 + row * features }, features,
          to: target + row * stride)
      }
    }
  }

  /// A gradient of some gates times their transposed recurrent kernel.
  private func multiply(
    _ left: Target, stride: Int, _ group: RecurrentWeights.Group, into target: Target,
    _ memory: StepMemory
  ) {
    TileProduct.multiply(
      left, aStride: stride, rows: rows, group.packed, start: memory.zeros.pointer,
      startStride: 0, into: target, cStride: width)
  }
}
