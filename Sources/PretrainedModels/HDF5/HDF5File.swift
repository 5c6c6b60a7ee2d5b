import DataFiles
import DeepLearning

/// A weight file in the HDF5 format, as Keras writes them (`.h5`), open for reading.
///
/// Reads what Keras writes, and not with the format's own library: that follows links to other files,
/// loads plug-ins and stumbles over damaged files. Here a file can do nothing but hold tensors; links
/// out of it, tensors stored outside of it and unknown compression are refused, and sizes are compared
/// with what is really there.
public struct HDF5File: Sendable {
  /// A tensor in the file.
  public struct Dataset: Sendable {
    /// The names of the groups that lead to it and its own, with slashes between.
    public let path: String
    /// The layer that it belongs to: the name that Keras 3 wrote beside it, else that of the
    /// outermost group.
    public let layer: String
    /// Its extents.
    public let shape: [Int]
    let address: Int
  }

  /// What the file is called in error messages.
  public var name: String { bytes.name }
  /// The tensors, group by group.
  public let datasets: [Dataset]
  private let bytes: HDF5Bytes

  /// Opens a file.
  ///
  /// - Throws: `DataError` unless the file is whole, in the format and holds nothing else but
  ///   groups and tensors.
  public init(path: String) throws {
    try self.init(HDF5Bytes(InputFile(path: path)))
  }

  /// Opens a file that lies in memory.
  ///
  /// - Parameters:
  ///   - bytes: the contents of the file.
  ///   - name: what the file is called in error messages.
  public init(bytes: [UInt8], name: String) throws {
    try self.init(HDF5Bytes(bytes, name: name))
  }

  private init(_ bytes: HDF5Bytes) throws {
    self.bytes = bytes
    var catalog = HDF5Catalog(bytes)
    datasets = try catalog.datasets(root: Self.root(of: bytes))
  }

  /// Where the outermost group lies, from the first bytes of the file.
  private static func root(of bytes: HDF5Bytes) throws -> Int {
    let mark: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a]
    guard bytes.count >= 8, try bytes.read(8, at: 0) == mark else {
      throw DataError("\(bytes.name) is not an HDF5 file, which is what Keras' weight files are.")
    }
    var cursor = try bytes.cursor(at: 8, count: min(96, bytes.count - 8))
    let version = try cursor.byte()
    guard version <= 3 else { throw bytes.damaged("it is of an unknown version \(version)") }
    if version < 2 { try cursor.skip(4) }
    let widths = (try cursor.byte(), try cursor.byte())
    try cursor.skip([9, 13, 1, 1][version])
    let start = try cursor.address()
    guard widths == (8, 8), start == 0 else {
      throw DataError("\(bytes.name) is an HDF5 file of a form that Keras does not write.")
    }
    try cursor.skip(8)
    let end = try cursor.number(8)
    guard end <= bytes.count else { throw bytes.damaged("it should have \(end) bytes") }
    // The older versions have an entry as in groups, which starts with the place of an empty name.
    if version < 2 { try cursor.skip(16) }
    return try cursor.address()
  }

  /// The most bytes that one tensor may have; the largest of VGG16 has 411 million.
  private static let sizeLimit = 1 << 30

  /// Reads a tensor.
  ///
  /// - Throws: `DataError` if it is not made of floating-point numbers or not all there.
  public func tensor(_ dataset: Dataset) throws -> Tensor {
    let owner = "\(name): \(dataset.path)"
    let layout = try HDF5Layout(HDF5Header(bytes, at: dataset.address), owner: owner)
    let width = layout.element.width
    let tooLarge = DataError(
      "\(owner) claims the shape \(dataset.shape), more numbers than the file holds.")
    guard let size = Self.size(of: dataset.shape, width: width) else { throw tooLarge }
    let shape = Shape(dataset.shape)
    switch layout.place {
    case .header(let contents):
      guard contents.count == size else { throw tooLarge }
      return layout.element.tensor(contents, shape: shape)
    case .piece(let offset, let count):
      guard count == size, layout.filters.isEmpty, offset <= bytes.count,
        count <= bytes.count - offset
      else { throw tooLarge }
      guard layout.element == .init(width: 4, isBigEndian: false) else {
        return layout.element.tensor(try bytes.read(count, at: offset), shape: shape)
      }
      // The usual case: the numbers in the file are those of this machine.
      return try Tensor(shape: shape) {
        try bytes.read(into: UnsafeMutableRawBufferPointer($0), at: offset)
      }
    case .blocks(let tree, let blockShape):
      guard !blockShape.isEmpty, blockShape.count == dataset.shape.count,
        let blockSize = Self.size(of: blockShape, width: width)
      else { throw tooLarge }
      let blocks = HDF5Blocks(
        bytes: bytes, owner: owner, layout: layout, shape: dataset.shape, blockShape: blockShape)
      return layout.element.tensor(
        try blocks.assembled(tree: tree, size: size, blockSize: blockSize), shape: shape)
    }
  }

  /// The bytes of an array of that shape; nil if that is more than can be accepted.
  private static func size(of shape: [Int], width: Int) -> Int? {
    var size = width
    for length in shape {
      let (product, overflow) = size.multipliedReportingOverflow(by: length)
      guard length > 0, !overflow, product <= sizeLimit else { return nil }
      size = product
    }
    return size
  }
}

extension HDF5Layout.Element {
  /// Numbers as they are written become those of this machine; there are as many as the shape wants.
  fileprivate func tensor(_ bytes: [UInt8], shape: Shape) -> Tensor {
    Tensor(shape: shape) { buffer in
      for index in buffer.indices {
        var bits: UInt64 = 0
        for place in 0..<width {
          let byte = bytes[index * width + (isBigEndian ? place : width - 1 - place)]
          bits = bits << 8 | UInt64(byte)
        }
        buffer[index] =
          switch width {
          case 2: Float(half: UInt16(truncatingIfNeeded: bits))
          case 4: Float(bitPattern: UInt32(truncatingIfNeeded: bits))
          default: Float(Double(bitPattern: bits))
          }
      }
    }
  }
}
