import DeepLearning

/// A picture of 8-bit red, green and blue pixels.
///
/// ```swift
/// let photo = try Image(contentsOf: "elephant.jpg").resized(width: 224, height: 224)
/// let x = photo.tensor()  // [224, 224, 3], from 0 to 1
/// try Image(x).write(to: "small.png")
/// ```
public struct Image: Sendable, Equatable {
  /// The largest number of pixels that a file may hold: 100 million. A file of a few hundred bytes
  /// can claim billions, and a reader that believes it runs out of memory.
  public static let largestPixelCount = 100_000_000

  /// The number of columns.
  public let width: Int
  /// The number of rows.
  public let height: Int
  /// `height` x `width` x 3 values from 0 to 255, row by row: red, green, blue.
  public var pixels: [UInt8] {
    // The C libraries trust this count.
    didSet { Image.check(width, height, pixels.count) }
  }

  /// A picture of the given pixels.
  ///
  /// - Parameters:
  ///   - width: the number of columns, at least 1.
  ///   - height: the number of rows, at least 1.
  ///   - pixels: `height` x `width` x 3 values, row by row: red, green, blue.
  public init(width: Int, height: Int, pixels: [UInt8]) {
    Image.check(width, height, pixels.count)
    self.width = width
    self.height = height
    self.pixels = pixels
  }

  private static func check(_ width: Int, _ height: Int, _ count: Int) {
    let (area, isLarge) = width.multipliedReportingOverflow(by: height)
    require(
      width > 0 && height > 0 && !isLarge && count % 3 == 0 && count / 3 == area,
      "A picture of \(width) x \(height) pixels needs height x width x 3 bytes, not \(count).")
  }
}
