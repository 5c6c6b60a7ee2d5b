/// A height and a width, written as one number or as `[height, width]`.
public struct Extent2D: Hashable, Sendable, ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral,
  CustomStringConvertible
{
  /// The vertical extent.
  public let height: Int
  /// The horizontal extent.
  public let width: Int

  /// Creates an extent.
  public init(height: Int, width: Int) { (self.height, self.width) = (height, width) }

  /// Creates an extent of equal height and width.
  public init(integerLiteral side: Int) { self.init(height: side, width: side) }

  /// Creates an extent from `[height, width]`.
  public init(arrayLiteral extents: Int...) {
    require(extents.count == 2, "A height and a width are needed, not \(extents.count) numbers.")
    self.init(height: extents[0], width: extents[1])
  }

  /// The extent as it is written in Swift, `[3, 5]`.
  public var description: String { "[\(height), \(width)]" }
}
