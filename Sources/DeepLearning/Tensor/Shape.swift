/// The extents of a tensor, outermost axis first: `[batch, height, width, channels]`.
///
/// Up to eight axes are stored inline, so that passing a shape around never allocates.
public struct Shape: Hashable, Sendable, RandomAccessCollection, ExpressibleByArrayLiteral,
  CustomStringConvertible
{
  /// The largest number of axes a tensor can have.
  public static let maximumRank = 8

  private var extents = SIMD8<Int>(repeating: 1)

  /// The number of axes; 0 for a scalar.
  public private(set) var rank: Int

  /// Creates a shape from its extents.
  public init(_ extents: some Collection<Int>) {
    require(
      extents.count <= Shape.maximumRank,
      "A tensor has at most \(Shape.maximumRank) axes, not \(extents.count).")
    rank = extents.count
    for (axis, extent) in extents.enumerated() {
      require(extent >= 0, "The extent of axis \(axis) is negative: \(extent).")
      self.extents[axis] = extent
    }
  }

  /// Creates a shape from a literal such as `[28, 28, 1]`.
  public init(arrayLiteral extents: Int...) { self.init(extents) }

  /// The position of the first axis, 0.
  public var startIndex: Int { 0 }
  /// The position after the last axis, equal to ``rank``.
  public var endIndex: Int { rank }

  /// The extent of one axis.
  public subscript(axis: Int) -> Int {
    get {
      require(axis >= 0 && axis < rank, "Axis \(axis) does not exist in the shape \(self).")
      return extents[axis]
    }
    set {
      require(axis >= 0 && axis < rank, "Axis \(axis) does not exist in the shape \(self).")
      extents[axis] = newValue
    }
  }

  /// The number of elements: the product of all extents, 1 for a scalar.
  public var elementCount: Int {
    var product = 1
    for axis in 0..<rank {
      let (next, isTooLarge) = product.multipliedReportingOverflow(by: extents[axis])
      if isTooLarge || next > Shape.mostElements {
        failForMemory("a tensor of shape \(self) has more elements than any memory holds")
      }
      product = next
    }
    return product
  }

  /// So few that what is computed from them, such as bytes, does not overflow.
  private static let mostElements = Int.max >> 8

  /// The shape without its first axis, for example without the batch.
  public var droppingFirst: Shape { Shape(self[1..<rank]) }

  /// The shape with one more axis in front, for example the batch.
  public func prepending(_ extent: Int) -> Shape { Shape([extent] + self) }

  /// The shape as it is written in Swift, `[28, 28, 1]`.
  public var description: String { "[" + map(String.init).joined(separator: ", ") + "]" }
}
