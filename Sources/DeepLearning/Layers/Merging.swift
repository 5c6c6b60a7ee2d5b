/// The sum of several tensors of one shape, as in residual connections.
public final class Add: Layer {
  /// Creates a layer.
  public init(name: String? = nil) { super.init(name: name) }

  /// All inputs have the same shape.
  public override func build(_ inputs: [Shape]) -> Shape {
    require(
      inputs.allSatisfy { $0 == inputs[0] },
      "\(name) adds tensors of one shape, but got \(inputs.map(\.description).joined(separator: ", ")). Give them the same number of units or filters, and the same stride."
    )
    return inputs[0]
  }

  /// What all operands skip stays so.
  public override var passesMask: Bool { true }

  public override func forward(_ inputs: [Samples], _ context: ForwardContext) -> Tensor {
    let tensors = inputs.map { $0.tensor(for: name) }
    return tensors.dropFirst().reduce(tensors[0], +)
  }
}

/// Several tensors side by side along the last axis, such as channels.
public final class Concatenate: Layer {
  /// Creates a layer.
  public init(name: String? = nil) { super.init(name: name) }

  /// All axes but the last agree.
  public override func build(_ inputs: [Shape]) -> Shape {
    require(
      inputs.allSatisfy { $0.rank > 0 && $0.dropLast().elementsEqual(inputs[0].dropLast()) },
      "\(name) joins tensors along the last axis; all others must agree, but the shapes are \(inputs.map(\.description).joined(separator: ", ")). Put Flatten or Reshape before those that differ."
    )
    return Shape(inputs[0].dropLast() + [inputs.map { $0[$0.rank - 1] }.reduce(0, +)])
  }

  /// What all operands skip stays so.
  public override var passesMask: Bool { true }

  public override func forward(_ inputs: [Samples], _ context: ForwardContext) -> Tensor {
    Tensor.concatenated(inputs.map { $0.tensor(for: name) })
  }
}

extension Tensor {
  /// Marks the time steps that are skipped in all of `inputs` as skipped.
  ///
  /// An input without a mask counts as one where every time step counts. The rule of Keras 3 for sums, and for tensors side
  /// by side along the last axis.
  func passMask(of inputs: [Samples]) {
    var mask: Tensor?
    for input in inputs {
      // A layer that changes nothing returns its input, mask and all.
      guard case .dense(let tensor) = input, tensor.storage !== storage,
        let other = tensor.storage.timeMask
      else { return }
      mask = mask.map { .maximum($0, other) } ?? other
    }
    storage.timeMask = mask
  }
}
