/// An n-dimensional array of 32-bit floating-point numbers.
///
/// Elements are stored row-major: the last axis varies fastest. Images are `[batch, height, width,
/// channels]`. A tensor is a value: assigning it copies nothing, and changing one never changes
/// another. Shared memory is copied when it is written.
///
///     let x: Tensor = Tensor([1, 2, 3, 4, 5, 6], shape: [2, 3])
///     print(x.sum(axis: 0).scalars)  // [5.0, 7.0, 9.0]
public struct Tensor: @unchecked Sendable {
  /// The extents of the axes, outermost first.
  public let shape: Shape

  var storage: Storage
  /// Where in `storage` the first element lies; slices of the first axis share their parent's memory.
  let offset: Int
  /// The operation that made this tensor, if a gradient is being recorded.
  var node: Node?

  init(shape: Shape, storage: Storage, offset: Int = 0, node: Node? = nil) {
    self.shape = shape
    self.storage = storage
    self.offset = offset
    self.node = node
  }

  /// A tensor whose elements the caller is about to write, in row-major order unless another is given.
  init(uninitialized shape: Shape, layout: Layout = .rowMajor) {
    self.init(shape: shape, storage: Storage(count: shape.elementCount, layout: layout))
  }

  /// Creates a tensor from its elements in row-major order.
  ///
  /// - Parameters:
  ///   - scalars: as many elements as `shape` asks for.
  ///   - shape: the extents; by default one axis.
  public init(_ scalars: [Float], shape: Shape? = nil) {
    let shape = shape ?? [scalars.count]
    require(
      scalars.count == shape.elementCount,
      "A tensor of shape \(shape) has \(shape.elementCount) elements, but \(scalars.count) were given. Give as many, or another shape."
    )
    self.init(uninitialized: shape)
    scalars.withUnsafeBufferPointer { source in
      if let base = source.baseAddress {
        pointer.update(from: base, count: source.count)
      }
    }
  }

  /// Creates a tensor and lets `body` write its elements, in row-major order, all of them.
  public init(
    shape: Shape, initializingWith body: (UnsafeMutableBufferPointer<Float>) throws -> Void
  )
    rethrows
  {
    self.init(uninitialized: shape)
    try body(UnsafeMutableBufferPointer(start: pointer, count: elementCount))
  }

  /// Creates a tensor whose elements are all `value`.
  public init(repeating value: Float, shape: Shape) {
    self.init(repeating: value, shape: shape, layout: .rowMajor)
  }

  /// A tensor whose elements are all `value`, ready to be met by others in the given order.
  init(repeating value: Float, shape: Shape, layout: Layout) {
    self.init(uninitialized: shape, layout: layout)
    let buffer = storage.buffer
    Parallel.ranges(elementCount, grain: 1 << 16) { range in
      (buffer + range.lowerBound).update(repeating: value, count: range.count)
    }
  }

  /// A tensor of zeros.
  public static func zeros(_ shape: Shape) -> Tensor { Tensor(repeating: 0, shape: shape) }
  /// A tensor of ones.
  public static func ones(_ shape: Shape) -> Tensor { Tensor(repeating: 1, shape: shape) }
  /// A tensor without axes, holding one number.
  public static func scalar(_ value: Float) -> Tensor { Tensor(repeating: value, shape: []) }

  /// The elements in row-major order.
  var pointer: UnsafeMutablePointer<Float> { storage.pointer + offset }

  /// The order in which the elements lie in memory.
  ///
  /// A tensor that shows an image batch in another shape counts as row-major, and has that order made.
  var layout: Layout {
    guard case .channelBlocks(let stored) = storage.layout, rank == 4,
      stored.droppingFirst == shape.droppingFirst,
      offset % Swift.max(shape.droppingFirst.elementCount, 1) == 0
    else { return .rowMajor }
    return .channelBlocks(shape)
  }

  /// The elements in `layout`, which is either this tensor's own or row-major.
  func pointer(in layout: Layout) -> UnsafeMutablePointer<Float> {
    layout == .rowMajor ? pointer : storage.buffer + offset
  }

  /// The order in which an operation can read two tensors of equal shape without copying either.
  static func commonLayout(_ a: Tensor, _ b: Tensor) -> Layout {
    a.layout == b.layout ? a.layout : .rowMajor
  }

  /// The number of axes.
  public var rank: Int { shape.rank }
  /// The number of elements.
  public var elementCount: Int { shape.elementCount }
  /// The extent of the first axis: the number of samples in a batch.
  public var count: Int { shape.rank == 0 ? 1 : shape[0] }

  /// The elements in row-major order, copied into an array.
  public var scalars: [Float] {
    [Float](unsafeUninitializedCapacity: elementCount) { buffer, count in
      count = elementCount
      if let base = buffer.baseAddress { base.initialize(from: pointer, count: count) }
    }
  }

  /// The elements as bytes, row-major, for pictures.
  ///
  /// Values are rounded to the nearest byte; beyond 0 to 255 they become the nearer end, NaN becomes 0.
  ///
  /// - Parameter scale: what each element is multiplied by to reach 0 to 255.
  public func bytes(scale: Float = 255) -> [UInt8] {
    withUnsafeBuffer { source in
      [UInt8](unsafeUninitializedCapacity: source.count) { target, count in
        for index in source.indices {
          let value = source[index] * scale
          target[index] = value > 0 ? UInt8(Swift.min(value, 255) + 0.5) : 0
        }
        count = source.count
      }
    }
  }

  /// The only element of a tensor that has just one.
  public var item: Float {
    require(
      elementCount == 1,
      "`item` needs a tensor with one element; this one has shape \(shape). Use `scalars`, or sum() or mean() first."
    )
    return pointer[0]
  }

  /// The same values, cut off from the gradient that is being recorded.
  public var detached: Tensor { Tensor(shape: shape, storage: storage, offset: offset) }

  /// Gives `body` read access to the elements in row-major order.
  public func withUnsafeBuffer<Result>(
    _ body: (UnsafeBufferPointer<Float>) throws -> Result
  ) rethrows -> Result {
    defer { withExtendedLifetime(storage) {} }
    return try body(UnsafeBufferPointer(start: pointer, count: elementCount))
  }

  /// Gives `body` write access to the elements, copying them first if another tensor shares them.
  public mutating func withUnsafeMutableBuffer<Result>(
    _ body: (UnsafeMutableBufferPointer<Float>) throws -> Result
  ) rethrows -> Result {
    makeUnique()
    defer { withExtendedLifetime(storage) {} }
    return try body(UnsafeMutableBufferPointer(start: pointer, count: elementCount))
  }

  /// Copies the elements into memory of their own unless they already have it, in the given order.
  mutating func makeUnique(keeping layout: Layout = .rowMajor) {
    if offset == 0, elementCount == storage.count, storage.layout == layout,
      isKnownUniquelyReferenced(&storage)
    {
      return storage.willChange()
    }
    let copy = Tensor(uninitialized: shape, layout: layout)
    Parallel.copy(1, elementCount, from: pointer(in: layout), 0, to: copy.storage.buffer, 0)
    self = Tensor(shape: shape, storage: copy.storage, node: node)
  }

  /// Samples `range` of the first axis, sharing this tensor's memory. Not differentiable.
  func rows(_ range: Range<Int>) -> Tensor {
    require(
      range.lowerBound >= 0 && range.upperBound <= count,
      "Rows \(range) do not exist in a tensor of shape \(shape).")
    let rowSize = shape.droppingFirst.elementCount
    return Tensor(
      shape: shape.droppingFirst.prepending(range.count), storage: storage,
      offset: offset + range.lowerBound * rowSize)
  }

  /// The rows with the given numbers, in that order, copied. Not differentiable.
  func gathering(rows: ArraySlice<Int>) -> Tensor {
    let sample = shape.droppingFirst
    let rowSize = sample.elementCount
    let result = Tensor(uninitialized: sample.prepending(rows.count))
    let (source, target, limit) = (pointer, result.pointer, count)
    rows.withUnsafeBufferPointer { rows in
      Parallel.ranges(rows.count, grain: Swift.max(32_768 / Swift.max(rowSize, 1), 1)) { range in
        for position in range {
          let row = rows[position]
          require(
            row >= 0 && row < limit, "Row \(row) does not exist in a tensor of shape \(shape).")
          if rowSize == 1 {
            target[position] = source[row]
          } else {
            (target + position * rowSize).update(from: source + row * rowSize, count: rowSize)
          }
        }
      }
    }
    return result
  }
}

extension Tensor: Equatable {
  /// Whether two tensors have the same shape and the same elements.
  public static func == (left: Tensor, right: Tensor) -> Bool {
    guard left.shape == right.shape else { return false }
    return left.withUnsafeBuffer { a in right.withUnsafeBuffer { b in a.elementsEqual(b) } }
  }
}
