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
  static let block = 16

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
  let own: UnsafeMutablePointer<Float>
  let count: Int
  let layout: Layout
  private let sizeClass: Int
  /// The only rows that are not zero, if that is known: of an embedding's gradient.
  private(set) var touchedRows: TouchedRows?
  /// Which table the vectors here were looked up in, if they were.
  var lookup: Lookup?
  /// Which moments of the sequences here count, `[batch, time]` with 0 for those that do not; nil if all do.
  var timeMask: Tensor?

  private let copies = Mutex(Copies())
  private struct Copies: @unchecked Sendable {
    var rowMajor: Storage?
    var others: [(order: AnyHashable, copy: Storage)] = []
  }

  /// Memory for `count` numbers, not initialised.
  init(count: Int, layout: Layout = .rowMajor) {
    self.count = count
    self.layout = layout
    let (block, sizeClass) = BufferPool.shared.take(bytes: count * 4)
    own = block.assumingMemoryBound(to: Float.self)
    self.sizeClass = sizeClass
  }

  /// Zeros in all rows but some, which are about to be added to.
  init(zeros count: Int, touching rows: TouchedRows) {
    (self.count, layout) = (count, .rowMajor)
    let (block, sizeClass) = ZeroedMemory.take(count: count)
    own = block.assumingMemoryBound(to: Float.self)
    self.sizeClass = sizeClass
    touchedRows = rows
  }

  deinit {
    guard let touchedRows else { return BufferPool.shared.give(own, sizeClass: sizeClass) }
    for row in touchedRows.rows {
      (own + Int(row) * touchedRows.width).update(repeating: 0, count: touchedRows.width)
    }
    ZeroedMemory.give(own, count: count, sizeClass: sizeClass)
  }

  /// The numbers in row-major order.
  var pointer: UnsafeMutablePointer<Float> {
    guard case .channelBlocks(let shape) = layout else { return own }
    return copies.withLock { copies in
      if let copy = copies.rowMajor { return copy.own }
      let copy = Storage(count: count)
      ChannelBlocks.toRowMajor(own, copy.own, shape)
      copies.rowMajor = copy
      return copy.own
    }
  }

  /// How many copies are kept: training needs one order forward and one backward, evaluation another; cores may need
  /// a part each.
  private static let keptCopies = 3 * Parallel.cores

  /// The numbers in an order that only `make` knows, kept under the given name for it.
  func copy(_ order: AnyHashable, make: () -> Storage) -> Storage {
    copies.withLock { copies in
      if let known = copies.others.first(where: { $0.order == order }) { return known.copy }
      if copies.others.count == Storage.keptCopies { copies.others.removeFirst() }
      let made = make()
      copies.others.append((order, made))
      return made
    }
  }

  /// Forgets copies, because the numbers are about to change.
  func willChange() {
    touchedRows = nil
    timeMask = nil
    lookup = nil
    copies.withLock { $0 = Copies() }
  }
}
