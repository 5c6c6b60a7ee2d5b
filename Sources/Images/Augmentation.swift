import DeepLearning

/// Random changes that leave a picture what it is: a cat, a little turned, moved, slanted or nearer.
///
/// The random transform of Keras 2.0.8's `ImageDataGenerator`, which the book uses. Two things were
/// different then: the shear is in radians (since Keras 2.1.3 it is in degrees, so that the book's 0.2
/// does next to nothing), and pictures are turned about a point one pixel beyond their centre.
///
/// ```swift
/// let augmentation = Augmentation(rotation: 40, shear: 0.2, horizontalFlip: true)
/// let variant = augmentation.apply(to: cat, using: &random)
/// ```
public struct Augmentation: Sendable, Equatable {
  /// What is seen beyond the border of a picture.
  public enum Fill: Sendable, Equatable {
    /// The nearest pixel of the border: aaaa|abcd|dddd.
    case nearest
    /// One value, from 0 to 255, for red, green and blue: kkkk|abcd|kkkk.
    case constant(UInt8)
    /// The picture mirrored: dcba|abcd|dcba.
    case reflect
    /// The picture again: abcd|abcd|abcd.
    case wrap
  }

  /// The largest angle of rotation to either side, in degrees.
  public var rotation: Double
  /// The largest move to the left or right, as a share of the width.
  public var widthShift: Double
  /// The largest move up or down, as a share of the height.
  public var heightShift: Double
  /// The largest slant to either side, in radians.
  public var shear: Double
  /// The largest change of size: 0.2 draws factors from 0.8 to 1.2, for rows and columns independently.
  public var zoom: Double
  /// Whether every other picture is mirrored left to right.
  public var horizontalFlip: Bool
  /// What is seen beyond the border.
  public var fill: Fill

  /// Describes the changes; what is not given does not happen.
  ///
  /// - Parameters:
  ///   - rotation: the largest angle of rotation to either side, in degrees.
  ///   - widthShift: the largest move to the left or right, as a share of the width.
  ///   - heightShift: the largest move up or down, as a share of the height.
  ///   - shear: the largest slant to either side, in radians.
  ///   - zoom: the largest change of size, from 0 up to, not including, 1.
  ///   - horizontalFlip: whether every other picture is mirrored left to right.
  ///   - fill: what is seen beyond the border.
  public init(
    rotation: Double = 0, widthShift: Double = 0, heightShift: Double = 0, shear: Double = 0,
    zoom: Double = 0, horizontalFlip: Bool = false, fill: Fill = .nearest
  ) {
    require(
      [rotation, widthShift, heightShift, shear, zoom].allSatisfy { $0 >= 0 && $0 <= 1e6 },
      "The ranges of an augmentation are numbers from 0 on; the changes go to both sides.")
    require(zoom < 1, "A zoom of \(zoom) would shrink a picture to nothing: give less than 1.")
    self.rotation = rotation
    self.widthShift = widthShift
    self.heightShift = heightShift
    self.shear = shear
    self.zoom = zoom
    self.horizontalFlip = horizontalFlip
    self.fill = fill
  }

  /// The changes of the book's sections 5.2 and 5.3; its shear of 0.2 meant radians then.
  public static let book = Augmentation(
    rotation: 40, widthShift: 0.2, heightShift: 0.2, shear: 0.2, zoom: 0.2, horizontalFlip: true)

  /// Draws one change from the ranges, evenly.
  public func draw(using random: inout RandomGenerator) -> PictureTransform {
    func upTo(_ bound: Double, _ random: inout RandomGenerator) -> Double {
      bound == 0 ? 0 : (2 * Double(random.uniform()) - 1) * bound
    }
    return PictureTransform(
      rotation: upTo(rotation, &random) * .pi / 180,
      down: upTo(heightShift, &random),
      right: upTo(widthShift, &random),
      shear: upTo(shear, &random),
      zoomDown: 1 + upTo(zoom, &random),
      zoomRight: 1 + upTo(zoom, &random),
      isMirrored: horizontalFlip && random.uniform() < 0.5)
  }

  /// A random variant of a picture.
  public func apply(to image: Image, using random: inout RandomGenerator) -> Image {
    image.transformed(draw(using: &random), fill: fill)
  }
}
