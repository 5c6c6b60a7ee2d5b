import Synchronization

/// The order in which memory holds the elements of a tensor.
enum Layout: Hashable {
  /// The last axis varies fastest.
  case rowMajor
  /// A batch of images in blocks of 16 channels: `[batch, channels / 16, height, width, 16]`.
  ///
  /// The order in which convolutions read and write fastest. The shape is `[batch, height, width,
  /// channels]`; only multiples of the block are stored like this, so that there is no padding, and an image
  /// takes as much room as in row-major order.
  case channelBlocks(Shape)

  /// The number of channels in a block: what a vector of the processor holds.
  static let block = SIMD16<Float>.scalarCount

  /// The order in which convolutions write an image batch of this shape.
  static func ofConvolutions(_ shape: Shape) -> Layout {
    let isBlocked = shape.rank == 4 && shape[3] > 0 && shape[3] % block == 0
    return isBlocked ? .channelBlocks(shape) : .rowMajor
  }
}

/// The memory behind one or more tensors; counted by reference, recycled when the last one goes.
///
/// The numbers lie in one order; whoever needs another gets a copy, which is made once and kept until the
/// numbers change.
final class Storage: @unchecked Sendable {
  /// The numbers, in the order of ``layout``.
  let buffer: UnsafeMutablePointer<Float>
  let count: Int
  let layout: Layout
  private let sizeClass: Int

  // Three facts about the numbers let operations take a short cut; ``Node/activation`` is the fourth. Whoever changes the
  // numbers calls ``willChange()``, which drops them.

  /// The rows of a row-sparse gradient.
  ///
  /// Written by the gradients of `lookingUp` and of convolutions over looked up vectors. Read by `Optimizer`, which
  /// updates only these rows, and by its clipping.
  private(set) var nonZeroRows: NonZeroRows?
  /// Which table the vectors here were looked up in, if they were.
  ///
  /// Written by `lookingUp` (the layer `Embedding`). Read by `convolvedOverTime` (`Conv1D`), which multiplies each word's
  /// vector once instead of each occurrence, and sends the gradient to the table.
  var lookup: Lookup?
  /// Which time steps of the sequences here count, `[batch, time]` with 0 for those that do not; nil if all do.
  ///
  /// Keras' masks. Written by `Embedding` and `Masking`, handed on by recurrent layers that return sequences and, in
  /// `Model.outputs`, by layers that say ``Layer/passesMask``. Read by recurrent layers, which skip the others.
  var timeMask: Tensor?

  private let cachedLayouts = Mutex(CachedLayouts())
  private struct CachedLayouts: @unchecked Sendable {
    var rowMajor: Storage?
    var others: [(order: AnyHashable, copy: Storage)] = []
  }

  /// Memory for `count` numbers, not initialised.
  init(count: Int, layout: Layout = .rowMajor) {
    self.count = count
    self.layout = layout
    let (block, sizeClass) = BufferPool.shared.take(bytes: count * 4)
    buffer = block.assumingMemoryBound(to: Float.self)
    self.sizeClass = sizeClass
  }

  /// Zeros in all rows but some, which are about to be added to.
  init(zeros count: Int, nonZeroRows rows: NonZeroRows) {
    (self.count, layout) = (count, .rowMajor)
    let (block, sizeClass) = ZeroedMemory.take(count: count)
    buffer = block.assumingMemoryBound(to: Float.self)
    self.sizeClass = sizeClass
    nonZeroRows = rows
  }

  deinit {
    guard let nonZeroRows else { return BufferPool.shared.give(buffer, sizeClass: sizeClass) }
    for row in nonZeroRows.rows {
      (buffer + Int(row) * nonZeroRows.width).update(repeating: 0, count: nonZeroRows.width)
    }
    ZeroedMemory.give(buffer, count: count, sizeClass: sizeClass)
  }

  /// The numbers in row-major order.
  var pointer: UnsafeMutablePointer<Float> {
    guard case .channelBlocks(let shape) = layout else { return buffer }
    return cachedLayouts.withLock { cachedLayouts in
      if let copy = cachedLayouts.rowMajor { return copy.buffer }
      let copy = Storage(count: count)
      ChannelBlocks.toRowMajor(buffer, copy.buffer, shape)
      cachedLayouts.rowMajor = copy
      return copy.buffer
    }
  }

  /// How many copies are kept: training needs one order forward and one backward, evaluation another; cores may need
  /// a part each.
  private static let keptCopies = 3 * Parallel.cores

  /// The numbers in an order that only `make` knows, kept under the given name for it.
  func copy(_ order: AnyHashable, make: () -> Storage) -> Storage {
    cachedLayouts.withLock { cachedLayouts in
      if let known = cachedLayouts.others.first(where: { $0.order == order }) { return known.copy }
      if cachedLayouts.others.count == Storage.keptCopies { cachedLayouts.others.removeFirst() }
      let made = make()
      cachedLayouts.others.append((order, made))
      return made
    }
  }

  /// Forgets copies, because the numbers are about to change.
  func willChange() {
    nonZeroRows = nil
    timeMask = nil
    lookup = nil
    cachedLayouts.withLock { $0 = CachedLayouts() }
  }
}
