import DeepLearning

/// Puts zeros in front of sequences: a convolution that follows then sees, at each moment, only the past.
///
/// Takes `[batch, time, channels]`, returns `[batch, count + time, channels]`.
final class LeadingZeros: Layer {
  private let count: Int

  /// Creates a layer that puts so many moments in front.
  init(_ count: Int) {
    self.count = count
    super.init()
  }

  override func build(_ inputs: [Shape]) -> Shape { [inputs[0][0] + count, inputs[0][1]] }

  override func forward(_ inputs: [Samples], _ context: ForwardContext) -> Tensor {
    let x = sequences(inputs[0])
    let (batch, time, channels) = (x.shape[0], x.shape[1], x.shape[2])
    let zeros = Tensor.zeros([batch, count * channels])
    return .concatenated([zeros, x.reshaped([batch, time * channels])])
      .reshaped([batch, count + time, channels])
  }
}

/// The last moment of sequences: `[batch, time, channels]` to `[batch, channels]`.
final class LastMoment: Layer {
  /// Creates a layer.
  init() { super.init() }

  override func build(_ inputs: [Shape]) -> Shape { [inputs[0][1]] }

  override func forward(_ inputs: [Samples], _ context: ForwardContext) -> Tensor {
    let x = sequences(inputs[0])
    let last = x[.all, .index(x.shape[1] - 1), .all]
    return last.reshaped([x.shape[0], x.shape[2]])
  }
}

/// What a layer is fed, written out.
private func sequences(_ samples: Samples) -> Tensor {
  switch samples {
  case .dense(let tensor): return tensor
  case .windows(let windows): return windows.tensor
  default: fail("Sequences of numbers are needed here, not samples of shape \(samples.shape).")
  }
}
