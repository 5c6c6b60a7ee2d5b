/// The weights of a recurrent layer as the kernels want them: each gate padded to whole vectors.
///
/// A gate or a group of gates is packed for itself if it is multiplied by something else than the others are.
struct RecurrentWeights {
  /// Gates that share a left operand, with the columns of the padded matrix that they take.
  struct Group {
    let gates: Range<Int>
    let column: Int
    let packed: PackedMatrix
  }

  /// `[1, gateWidth]`; zeros if there is no bias.
  let bias: Tensor
  /// Of a GRU that resets after the product; else zeros.
  let recurrentBias: Tensor
  /// The kernel, `[features, gateWidth]`, for inputs that pick rows of it.
  let kernel: Tensor
  /// The recurrent kernel, `[units, gateWidth]`.
  let recurrentKernel: Tensor
  let inputGroups: [Group]
  let recurrentGroups: [Group]

  /// Prepares weights.
  ///
  /// - Parameters:
  ///   - kernel: `[features, gates · units]`
  ///   - recurrentKernel: `[units, gates · units]`
  ///   - bias: `[gates · units]`, or `[2, gates · units]`; nil for none.
  ///   - separate: whether each gate sees an input and a state of its own, as with dropout.
  init(
    _ plan: RecurrentPlan, kernel: Tensor, recurrentKernel: Tensor, bias: Tensor?,
    separateInputs: Bool, separateStates: Bool
  ) {
    self.kernel = plan.padded(kernel)
    self.recurrentKernel = plan.padded(recurrentKernel)
    let row: Shape = [1, plan.cell.gateCount * plan.units]
    let zeros = Tensor.zeros([1, plan.gateWidth])
    if let bias, bias.rank == 2 {
      recurrentBias = plan.padded(bias.rows(1..<2))
      // Of z and r only the sum of both biases counts.
      let candidate = 2 * plan.width..<3 * plan.width
      let (first, second) = (plan.padded(bias.rows(0..<1)).scalars, recurrentBias.scalars)
      self.bias = Tensor(
        first.indices.map { candidate.contains($0) ? first[$0] : first[$0] + second[$0] },
        shape: zeros.shape)
    } else {
      recurrentBias = zeros
      self.bias = bias.map { plan.padded($0.detached.reshaped(row)) } ?? zeros
    }
    let all = 0..<plan.cell.gateCount
    let single = all.map { $0..<$0 + 1 }
    inputGroups = (separateInputs ? single : [all]).map { [matrix = self.kernel] in
      plan.group($0, of: matrix)
    }
    recurrentGroups = (separateStates ? single : plan.cell.recurrentGroups).map {
      [matrix = self.recurrentKernel] in plan.group($0, of: matrix)
    }
  }

  /// The groups of a padded matrix, transposed: `[columns of the group, rows, rounded up to whole vectors]`.
  static func transposed(_ groups: [Group], of matrix: Tensor, _ plan: RecurrentPlan) -> [Group] {
    let rows = matrix.shape[0]
    let width = (rows + 15) & ~15
    return groups.map { group in
      let columns = group.gates.count * plan.width
      let turned = Tensor.zeros([columns, width])
      let (source, target) = (matrix.pointer + group.column, turned.pointer)
      for row in 0..<rows {
        for column in 0..<columns {
          target[column * width + row] = source[row * plan.gateWidth + column]
        }
      }
      let packed = PackedMatrix(target, stride: width, rows: columns, columns: width)
      withExtendedLifetime((matrix, turned)) {}
      return Group(gates: group.gates, column: group.column, packed: packed)
    }
  }
}

extension RecurrentPlan {
  /// Rows of all gates with each gate padded to whole vectors: `[rows, gateWidth]`.
  fileprivate func padded(_ matrix: Tensor) -> Tensor {
    if units == width { return matrix.detached }
    let (rows, gates) = (matrix.shape[0], cell.gateCount)
    let result = Tensor.zeros([rows, gateWidth])
    for block in 0..<rows * gates {
      (result.pointer + block * width).update(from: matrix.pointer + block * units, count: units)
    }
    withExtendedLifetime(matrix) {}
    return result
  }

  /// Undoes the padding.
  func unpadded(_ matrix: Tensor) -> Tensor {
    if units == width { return matrix }
    let (rows, gates) = (matrix.shape[0], cell.gateCount)
    let result = Tensor(uninitialized: [rows, gates * units])
    for block in 0..<rows * gates {
      (result.pointer + block * units).update(from: matrix.pointer + block * width, count: units)
    }
    withExtendedLifetime(matrix) {}
    return result
  }

  fileprivate func group(_ gates: Range<Int>, of matrix: Tensor) -> RecurrentWeights.Group {
    let column = gates.lowerBound * width
    defer { withExtendedLifetime(matrix) {} }
    return .init(
      gates: gates, column: column,
      packed: PackedMatrix(
        matrix.pointer + column, stride: gateWidth, rows: matrix.shape[0],
        columns: gates.count * width))
  }
}
