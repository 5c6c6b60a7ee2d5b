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
