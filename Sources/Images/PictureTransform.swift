import DeepLearning
import Foundation

/// One change of a picture, as Keras 2.0.8 composes it: zoom, then shear, shift and rotation, then
/// mirrored.
///
/// All of them say where in the old picture a pixel of the new one comes from: a zoom of 2 makes
/// things half as large, a shift to the right moves them left.
public struct PictureTransform: Sendable, Equatable {
  /// The angle, in radians.
  public var rotation: Double
  /// How far below a pixel comes from, as a share of the height.
  public var down: Double
  /// How far right of it a pixel comes from, as a share of the width.
  public var right: Double
  /// The slant, in radians.
  public var shear: Double
  /// How many old rows a new one steps over.
  public var zoomDown: Double
  /// How many old columns a new one steps over.
  public var zoomRight: Double
  /// Whether the result is mirrored left to right.
  public var isMirrored: Bool

  /// A change of a picture; what is not given does not happen.
  ///
  /// - Parameters:
  ///   - rotation: the angle, in radians.
  ///   - down: how far below a pixel comes from, as a share of the height.
  ///   - right: how far right of it a pixel comes from, as a share of the width.
  ///   - shear: the slant, in radians.
  ///   - zoomDown: how many old rows a new one steps over.
  ///   - zoomRight: how many old columns a new one steps over.
  ///   - isMirrored: whether the result is mirrored left to right.
  public init(
    rotation: Double = 0, down: Double = 0, right: Double = 0, shear: Double = 0,
    zoomDown: Double = 1, zoomRight: Double = 1, isMirrored: Bool = false
  ) {
    self.rotation = rotation
    self.down = down
    self.right = right
    self.shear = shear
    self.zoomDown = zoomDown
    self.zoomRight = zoomRight
    self.isMirrored = isMirrored
  }

  /// From the row and column of a new pixel to those of the old one.
  struct Map {
    var rowByRow: Double
    var rowByColumn: Double
    var rowStart: Double
    var columnByRow: Double
    var columnByColumn: Double
    var columnStart: Double
  }

  /// rotation · shift · shear · zoom, with the origin in the middle of the picture.
  func map(height: Int, width: Int) -> Map {
    require(
      [rotation, down, right, shear, zoomDown, zoomRight].allSatisfy { abs($0) <= 1e6 },
      "A change of a picture is made of numbers up to a million, not of \(self).")
    let (cosine, sine) = (cos(rotation), sin(rotation))
    // shear · zoom = [[1, -sin s], [0, cos s]] · [[zoomDown, 0], [0, zoomRight]]
    let slant = -sin(shear) * zoomRight
    let stretch = cos(shear) * zoomRight
    let (a, b) = (cosine * zoomDown, cosine * slant - sine * stretch)
    let (c, d) = (sine * zoomDown, sine * slant + cosine * stretch)
    // The shift comes before the rotation, so it is turned along.
    let (moveDown, moveRight) = (down * Double(height), right * Double(width))
    let rowShift = cosine * moveDown - sine * moveRight
    let columnShift = sine * moveDown + cosine * moveRight
    // Keras 2.0.8 took the middle of pixels counted from 1, one pixel too far on both axes.
    let (middleRow, middleColumn) = (Double(height) / 2 + 0.5, Double(width) / 2 + 0.5)
    return Map(
      rowByRow: a, rowByColumn: b,
      rowStart: middleRow + rowShift - a * middleRow - b * middleColumn,
      columnByRow: c, columnByColumn: d,
      columnStart: middleColumn + columnShift - c * middleRow - d * middleColumn)
  }
}
