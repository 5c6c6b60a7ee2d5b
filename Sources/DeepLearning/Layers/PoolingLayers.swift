/// What the four layers that pool windows have in common.
public class PoolingLayer: Layer {
  private let pooling: Pooling.Kind
  private let isSequence: Bool
  private let window: SlidingWindow

  fileprivate init(
    _ pooling: Pooling.Kind, isSequence: Bool = false, _ size: Extent2D, _ stride: Extent2D?,
    _ padding: Padding, _ name: String?
  ) {
    self.pooling = pooling
    self.isSequence = isSequence
    window = SlidingWindow(size, stride ?? size, 1, padding)
    super.init(name: name)
  }

  public override func build(_ inputs: [Shape]) -> Shape {
    let input = isSequence ? inputs[0].asImages(for: name) : inputs[0]
    let output = window.geometry(input.prepending(1), for: name).outputShape.droppingFirst
    return isSequence ? output.droppingFirst : output
  }

  public override func forward(_ inputs: [Samples], _ context: ForwardContext) -> Tensor {
    let x = inputs[0].tensor(for: name)
    if isSequence {
      let images = x.asImages(for: name)
      return images.pooled(pooling, window.geometry(images.shape, for: name)).asSequences()
    }
    return x.pooled(pooling, window.geometry(x.shape, for: name))
  }
}

/// The largest of each window of an image, channel by channel.
///
/// Takes and returns `[batch, height, width, channels]`.
public final class MaxPooling2D: PoolingLayer {
  /// Creates a layer.
  ///
  /// - Parameters:
  ///   - size: the extent of the window.
  ///   - stride: the step from one window to the next; by default windows do not overlap.
  ///   - padding: whether windows may reach over the border; what lies there does not count.
  ///   - name: a name of your choice.
  public init(
    _ size: Extent2D, stride: Extent2D? = nil, padding: Padding = .valid, name: String? = nil
  ) {
    super.init(.max, size, stride, padding, name)
  }
}

/// The mean of each window of an image, channel by channel.
///
/// Takes and returns `[batch, height, width, channels]`.
public final class AveragePooling2D: PoolingLayer {
  /// Creates a layer; see ``MaxPooling2D``.
  public init(
    _ size: Extent2D, stride: Extent2D? = nil, padding: Padding = .valid, name: String? = nil
  ) {
    super.init(.average, size, stride, padding, name)
  }
}

/// The largest of each stretch of a sequence, channel by channel.
///
/// Takes and returns `[batch, time, channels]`.
public final class MaxPooling1D: PoolingLayer {
  /// Creates a layer; see ``MaxPooling2D``.
  public init(
    _ size: Int, stride: Int? = nil, padding: Padding = .valid, name: String? = nil
  ) {
    super.init(.max, isSequence: true, [1, size], stride.map { [1, $0] }, padding, name)
  }
}

/// The mean of each stretch of a sequence, channel by channel.
///
/// Takes and returns `[batch, time, channels]`.
public final class AveragePooling1D: PoolingLayer {
  /// Creates a layer; see ``MaxPooling2D``.
  public init(
    _ size: Int, stride: Int? = nil, padding: Padding = .valid, name: String? = nil
  ) {
    super.init(.average, isSequence: true, [1, size], stride.map { [1, $0] }, padding, name)
  }
}
