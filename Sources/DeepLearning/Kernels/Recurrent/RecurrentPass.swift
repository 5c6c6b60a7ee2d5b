import CVector

/// What a recurrent layer reads, apart from its weights.
struct RecurrentInputs {
  /// `[batch, time, features]`; nil if characters pick rows of the kernel instead.
  let x: Tensor?
  let characters: OneHotWindows?
  /// The states before the first time step, `[batch, units]` each; empty for zeros.
  let initialStates: [Tensor]
  /// `[batch, time]`, 0 where a time step is skipped.
  let timeMask: Tensor?
  /// What inputs are multiplied with, `[gates, batch, features]`; nil without dropout.
  let inputFactors: Tensor?
  /// What states are multiplied with, `[gates, batch, width]`; nil without dropout.
  let stateFactors: Tensor?
}

/// The way of some samples of a batch through a whole sequence, on one core.
///
/// The weights stay in the core's cache from one time step to the next. Matrices of a step lie row after row, a
/// row for each sample.
final class RecurrentPass: @unchecked Sendable {
  typealias Source = UnsafePointer<Float>
  typealias Target = UnsafeMutablePointer<Float>

  let plan: RecurrentPlan
  let weights: RecurrentWeights
  let inputs: RecurrentInputs
  /// The samples.
  let samples: Range<Int>
  let kernels: CellKernels
  /// Whether all time steps are kept, for the gradient.
  private let keepsHistory: Bool
  private let states: Tensor
  private let cells: Tensor?
  private let gates: Tensor
  private let inner: Tensor?
  /// Room for left operands: a state or an input after dropout or reset.
  let scratch: Tensor

  /// The number of samples.
  var rows: Int { samples.count }
  var width: Int { plan.width }

  init(
    _ plan: RecurrentPlan, _ weights: RecurrentWeights, _ inputs: RecurrentInputs,
    samples: Range<Int>, keepsHistory: Bool
  ) {
    (self.plan, self.weights, self.inputs, self.samples) = (plan, weights, inputs, samples)
    self.keepsHistory = keepsHistory
    kernels = CellKernels(activation: plan.activation, gates: plan.gates, width: plan.width)
    let (n, steps) = (samples.count, keepsHistory ? plan.time : 1)
    states = Tensor(uninitialized: [steps + 1, n, plan.width])
    cells = plan.cell == .lstm ? Tensor(uninitialized: [steps + 1, n, plan.width]) : nil
    gates = Tensor(uninitialized: [steps, n, plan.gateWidth])
    inner = plan.cell.resetsAfter ? Tensor(uninitialized: [steps, n, plan.width]) : nil
    scratch = Tensor(uninitialized: [n, max(plan.width, plan.featureWidth)])
    start(states, inputs.initialStates.first)
    if let cells { start(cells, inputs.initialStates.last) }
  }

  private func start(_ target: Tensor, _ initial: Tensor?) {
    target.pointer.update(repeating: 0, count: rows * width)
    guard let initial else { return }
    for row in 0..<rows {
      (target.pointer + row * width)
        .update(from: initial.pointer + (samples.lowerBound + row) * plan.units, count: plan.units)
    }
  }

  // MARK: Places in memory

  /// The state before a step.
  func state(_ step: Int) -> Target { place(states, step, width) }
  /// The cell of an LSTM before a step.
  func cell(_ step: Int) -> Target { place(cells ?? states, step, width) }

  private func place(_ history: Tensor, _ step: Int, _ width: Int) -> Target {
    history.pointer + (keepsHistory ? step : step & 1) * rows * width
  }

  func gates(_ step: Int) -> Target {
    gates.pointer + (keepsHistory ? step : 0) * rows * plan.gateWidth
  }

  func inner(_ step: Int) -> Target? {
    inner.map { $0.pointer + (keepsHistory ? step : 0) * rows * width }
  }

  /// The inputs of a time step; rows lie `time · features` apart.
  func input(_ x: Tensor, _ timeStep: Int) -> Target {
    x.pointer + (samples.lowerBound * plan.time + timeStep) * plan.features
  }

  var inputStride: Int { plan.time * plan.features }

  func character(_ windows: OneHotWindows, _ row: Int, _ timeStep: Int) -> Int {
    Int(windows.ids[windows.starts[samples.lowerBound + row] + timeStep])
  }

  /// The factors of one gate's inputs or states, from the first of these samples on.
  func factors(_ all: Tensor, gate: Int) -> Source {
    let length = all.shape[2]
    return Source(all.pointer) + (gate * plan.batch + samples.lowerBound) * length
  }

  /// Calls `body` with the rows that a step changes, and `skipped` with each that it leaves as it was.
  func forEachRun(_ step: Int, _ body: (Range<Int>) -> Void, skipped: (Int) -> Void) {
    guard let mask = inputs.timeMask else { return body(0..<rows) }
    for row in 0..<rows {
      if mask.pointer[(samples.lowerBound + row) * plan.time + plan.timeStep(step)] == 0 {
        skipped(row)
      } else {
        body(row..<row + 1)
      }
    }
  }

  // MARK: Forward

  /// Goes through the sequence.
  ///
  /// - Parameter output: `[batch, time, units]` or `[batch, units]`, of which these samples' rows are written.
  func forward(into output: Target) {
    for step in 0..<plan.time {
      project(step)
      let (g, h) = (gates(step), state(step))
      switch plan.cell {
      case .simple, .lstm:
        for group in weights.recurrentGroups { add(group, of: state(h, for: group), to: g) }
      case .gru:
        for group in weights.recurrentGroups.dropLast() {
          add(group, of: state(h, for: group), to: g)
        }
        finishReset(step, g, h)
      }
      forEachRun(step, { finish($0, step, g, h) }) { row in
        copyRow(row, from: h, to: state(step + 1))
        if cells != nil { copyRow(row, from: cell(step), to: cell(step + 1)) }
      }
      if plan.returnsSequences {
        write(state(step + 1), to: output + plan.place(step) * plan.units, stride: plan.time)
      }
    }
    if !plan.returnsSequences { write(state(plan.time), to: output, stride: 1) }
  }

  /// Puts bias and products of the inputs into the gates.
  private func project(_ step: Int) {
    let g = gates(step)
    if let characters = inputs.characters {
      let (bias, kernel) = (weights.bias.pointer, weights.kernel.pointer)
      for row in 0..<rows {
        let picked = kernel + character(characters, row, plan.timeStep(step)) * plan.gateWidth
        let target = g + row * plan.gateWidth
        for column in stride(from: 0, to: plan.gateWidth, by: 16) {
          vector_store(vector_load(bias + column) + vector_load(picked + column), target + column)
        }
      }
      return
    }
    guard let x = inputs.x else { return }
    for group in weights.inputGroups {
      let (left, stride) = input(x, step, for: group)
      TileProduct.multiply(
        left, aStride: stride, rows: rows, group.packed,
        start: weights.bias.pointer + group.column, startStride: 0, into: g + group.column,
        cStride: plan.gateWidth)
    }
  }

  /// The inputs that a group of gates sees, and how far their rows lie apart.
  func input(_ x: Tensor, _ step: Int, for group: RecurrentWeights.Group) -> (Source, Int) {
    let left = input(x, plan.timeStep(step))
    guard let all = inputs.inputFactors else { return (Source(left), inputStride) }
    CellKernels.multiply(
      left, aStride: inputStride, factors(all, gate: group.gates.lowerBound), rows: rows,
      columns: plan.features, into: scratch.pointer)
    return (Source(scratch.pointer), plan.features)
  }

  /// The state that a group of gates sees; in scratch memory if some of it is dropped.
  func state(_ h: Target, for group: RecurrentWeights.Group) -> Source {
    guard let all = inputs.stateFactors else { return Source(h) }
    CellKernels.multiply(
      h, aStride: width, factors(all, gate: group.gates.lowerBound), rows: rows, columns: width,
      into: scratch.pointer)
    return Source(scratch.pointer)
  }

  private func add(_ group: RecurrentWeights.Group, of left: Source, to g: Target) {
    TileProduct.multiply(
      left, aStride: width, rows: rows, group.packed, start: g + group.column,
      startStride: plan.gateWidth, into: g + group.column, cStride: plan.gateWidth)
  }

  /// Opens a GRU's gates and adds the product of the state to its candidate.
  private func finishReset(_ step: Int, _ g: Target, _ h: Target) {
    guard let candidate = weights.recurrentGroups.last else { return }
    let seen = state(h, for: candidate)
    if let inner = inner(step) {
      TileProduct.multiply(
        seen, aStride: width, rows: rows, candidate.packed,
        start: weights.recurrentBias.pointer + candidate.column, startStride: 0, into: inner,
        cStride: width)
      kernels.gruGates(0..<rows, g, h: h, reset: scratch.pointer)
    } else {
      kernels.gruGates(0..<rows, g, h: seen, reset: scratch.pointer)
      add(candidate, of: Source(scratch.pointer), to: g)
    }
  }

  private func finish(_ run: Range<Int>, _ step: Int, _ g: Target, _ h: Target) {
    let next = state(step + 1)
    switch plan.cell {
    case .simple: kernels.simple(run, g, next: next)
    case .lstm: kernels.lstm(run, g, cell: cell(step), nextCell: cell(step + 1), next: next)
    case .gru: kernels.gruBlend(run, g, h: h, inner: inner(step).map { Source($0) }, next: next)
    }
  }

  private func copyRow(_ row: Int, from source: Target, to target: Target) {
    (target + row * width).update(from: source + row * width, count: width)
  }

  /// Writes these samples' rows of a matrix whose rows are `stride · units` apart.
  func write(_ source: Target, to target: Target, stride: Int) {
    for row in 0..<rows {
      (target + (samples.lowerBound + row) * stride * plan.units)
        .update(from: source + row * width, count: plan.units)
    }
  }

  /// Writes the state after the last time step, `[batch, units]`, and the cell of an LSTM.
  func writeFinalStates(to targets: [Tensor]) {
    for (target, source) in zip(targets, [state(plan.time), cell(plan.time)]) {
      write(source, to: target.pointer, stride: 1)
    }
  }
}
