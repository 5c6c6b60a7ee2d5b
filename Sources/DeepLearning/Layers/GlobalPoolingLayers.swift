/// What the four layers that pool whole images or sequences have in common.
public class GlobalPoolingLayer: Layer {
  private let pooling: Pooling.Kind
  private let isSequence: Bool

  fileprivate init(_ pooling: Pooling.Kind, isSequence: Bool, _ name: String?) {
    self.pooling = pooling
    self.isSequence = isSequence
    super.init(name: name)
  }

  public override func build(_ inputs: [Shape]) -> Shape {
    let images = isSequence ? inputs[0].asImages(for: name) : inputs[0]
    require(
      images.rank == 3,
      "\(name) takes images [height, width, channels], but got samples of shape \(inputs[0]). Put Reshape([height, width, channels]) first."
    )
    return [images[2]]
  }

  /// `[batch, channels]`
  public override func forward(_ inputs: [Samples], _ context: ForwardContext) -> Tensor {
    var x = inputs[0].tensor(for: name)
    if isSequence { x = x.asImages(for: name) }
    return pooling == .max ? x.globalMaximum() : x.globalMean()
  }
}

/// The largest of each channel of an image: `[batch, height, width, channels]` to `[batch, channels]`.
public final class GlobalMaxPooling2D: GlobalPoolingLayer {
  /// Creates a layer.
  public init(name: String? = nil) { super.init(.max, isSequence: false, name) }
}

/// The mean of each channel of an image: `[batch, height, width, channels]` to `[batch, channels]`.
public final class GlobalAveragePooling2D: GlobalPoolingLayer {
  /// Creates a layer.
  public init(name: String? = nil) { super.init(.average, isSequence: false, name) }
}

/// The largest of each channel of a sequence: `[batch, time, channels]` to `[batch, channels]`.
public final class GlobalMaxPooling1D: GlobalPoolingLayer {
  /// Creates a layer.
  public init(name: String? = nil) { super.init(.max, isSequence: true, name) }
}

/// The mean of each channel of a sequence: `[batch, time, channels]` to `[batch, channels]`.
public final class GlobalAveragePooling1D: GlobalPoolingLayer {
  /// Creates a layer.
  public init(name: String? = nil) { super.init(.average, isSequence: true, name) }
}
