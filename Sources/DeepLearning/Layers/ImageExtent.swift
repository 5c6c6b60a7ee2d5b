/// How many rows and columns are added to or taken off each side of an image.
public struct Margins: Hashable, Sendable, ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral {
  /// Rows above and below.
  public let top, bottom: Int
  /// Columns left and right.
  public let left, right: Int

  /// Creates margins.
  public init(top: Int, bottom: Int, left: Int, right: Int) {
    require(
      min(top, bottom, left, right) >= 0,
      "Margins are not negative, as \([[top, bottom], [left, right]]) are.")
    (self.top, self.bottom, self.left, self.right) = (top, bottom, left, right)
  }

  /// Creates equal margins on all sides.
  public init(integerLiteral margin: Int) {
    self.init(top: margin, bottom: margin, left: margin, right: margin)
  }

  /// Creates margins from `[[top, bottom], [left, right]]`.
  public init(arrayLiteral margins: [Int]...) {
    require(
      margins.count == 2 && margins.allSatisfy { $0.count == 2 },
      "Margins are written [[top, bottom], [left, right]], not \(margins).")
    self.init(
      top: margins[0][0], bottom: margins[0][1], left: margins[1][0], right: margins[1][1])
  }
}

/// Zeros around images: `[batch, height, width, channels]`, larger by the margins.
public final class ZeroPadding2D: Layer {
  private let margins: Margins

  /// Creates a layer.
  public init(_ margins: Margins, name: String? = nil) {
    self.margins = margins
    super.init(name: name)
  }

  /// Larger by the margins.
  public override func build(_ inputs: [Shape]) -> Shape {
    let (height, width, channels) = imageExtents(inputs[0])
    return [
      height + margins.top + margins.bottom, width + margins.left + margins.right, channels,
    ]
  }

  /// Adds zeros.
  public override func forward(_ inputs: [Samples], _ context: ForwardContext) -> Tensor {
    let x = inputs[0].tensor(for: name)
    return x.zeroPadded([
      (0, 0), (margins.top, margins.bottom), (margins.left, margins.right), (0, 0),
    ])
  }
}

/// Images without their margins: `[batch, height, width, channels]`, smaller.
public final class Cropping2D: Layer {
  private let margins: Margins

  /// Creates a layer.
  public init(_ margins: Margins, name: String? = nil) {
    self.margins = margins
    super.init(name: name)
  }

  /// Smaller by the margins.
  public override func build(_ inputs: [Shape]) -> Shape {
    let (height, width, channels) = imageExtents(inputs[0])
    require(
      margins.top + margins.bottom < height && margins.left + margins.right < width,
      "\(name): nothing is left of images of \(height) x \(width).")
    return [
      height - margins.top - margins.bottom, width - margins.left - margins.right, channels,
    ]
  }

  /// Cuts the margins off.
  public override func forward(_ inputs: [Samples], _ context: ForwardContext) -> Tensor {
    let x = inputs[0].tensor(for: name)
    return x[
      .all, .range(margins.top..<x.shape[1] - margins.bottom),
      .range(margins.left..<x.shape[2] - margins.right)]
  }
}

/// Images enlarged by whole factors: `[batch, height · factor, width · factor, channels]`.
public final class UpSampling2D: Layer {
  private let factor: Extent2D
  private let interpolation: Interpolation

  /// Creates a layer.
  ///
  /// - Parameters:
  ///   - factor: how often each row and column is repeated.
  ///   - interpolation: how new pixels follow from old ones.
  ///   - name: a name of your choice.
  public init(_ factor: Extent2D, interpolation: Interpolation = .nearest, name: String? = nil) {
    require(
      factor.height > 0 && factor.width > 0, "Images are enlarged by 1 or more, not by \(factor).")
    self.factor = factor
    self.interpolation = interpolation
    super.init(name: name)
  }

  /// Larger by the factors.
  public override func build(_ inputs: [Shape]) -> Shape {
    let (height, width, channels) = imageExtents(inputs[0])
    return [height * factor.height, width * factor.width, channels]
  }

  /// Enlarges.
  public override func forward(_ inputs: [Samples], _ context: ForwardContext) -> Tensor {
    let x = inputs[0].tensor(for: name)
    return x.resized(
      height: x.shape[1] * factor.height, width: x.shape[2] * factor.width, interpolation)
  }
}

extension Layer {
  /// The extents of a sample that must be an image.
  fileprivate func imageExtents(_ shape: Shape) -> (height: Int, width: Int, channels: Int) {
    require(
      shape.rank == 3,
      "\(name) takes images [height, width, channels], but got samples of shape \(shape).")
    return (shape[0], shape[1], shape[2])
  }
}
