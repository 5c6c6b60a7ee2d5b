import DataFiles
import DeepLearning

/// A weight file of PyTorch (`.pth`, `.pt`): the named tensors of a saved `state_dict`.
///
/// Knows both forms: pickles with the numbers behind them, as PyTorch wrote up to version 1.5, and
/// ZIP archives, as it writes since. Nothing in a file is run; see ``WeightPickle``.
public struct PyTorchFile: Sendable {
  /// What the file is called in error messages.
  public let name: String
  /// The names of the tensors, in the order of the file.
  public let names: [String]
  private let tensors: [String: StoredTensor]
  private let storages: [StorageRecord]
  private let source: Source

  /// Where the numbers of a storage are.
  enum Source: Sendable {
    /// From these bytes on, by storage.
    case bytes([UInt8], starts: [Int])
    /// In the members of a folder inside an archive.
    case archive(ZipArchive, folder: String)
  }

  /// The most bytes that a file may have.
  static let sizeLimit = 1 << 31

  /// Opens a file.
  ///
  /// - Throws: `DataError` unless the file is whole, in one of the two forms and holds nothing else
  ///   but named tensors.
  public init(path: String) throws {
    let file = try InputFile(path: path)
    if try file.read(min(4, file.size), at: 0) == [0x50, 0x4b, 3, 4] {
      try self.init(archive: ZipArchive(path: path))
    } else {
      try self.init(bytes: file.readAll(limit: Self.sizeLimit), name: path)
    }
  }

  init(_ pickle: UnpickledWeights, source: Source) throws {
    let entries = try pickle.policy.stateDictionary(pickle.value, in: pickle.machine)
    name = pickle.machine.name
    self.source = source
    storages = pickle.policy.storages
    names = entries.map(\.name)
    tensors = Dictionary(entries.map { ($0.name, $0.tensor) }, uniquingKeysWith: { $1 })
    guard tensors.count == names.count else {
      throw DataError("\(name) has two tensors of the same name.")
    }
  }

  /// The extents of a tensor; nil if there is none of that name.
  public func shape(of tensor: String) -> [Int]? { tensors[tensor]?.shape }

  /// Reads a tensor.
  ///
  /// - Parameters:
  ///   - tensor: its name.
  ///   - axes: which axis of the file each axis of the result is; nil leaves them as they are.
  /// - Throws: `DataError` if there is none of that name, or it is not made of floating-point numbers.
  public func tensor(_ tensor: String, axes: [Int]? = nil) throws -> Tensor {
    guard let stored = tensors[tensor] else { throw DataError("\(name) has no tensor \(tensor).") }
    let axes = axes ?? Array(stored.shape.indices)
    require(
      axes.sorted() == Array(stored.shape.indices),
      "\(tensor) has \(stored.shape.count) axes, which \(axes) does not order.")
    let storage = storages[stored.storage]
    let shape = axes.map { stored.shape[$0] }
    let strides = axes.map { stored.strides[$0] * storage.element.width }
    return try withBytes(of: stored.storage) { bytes in
      func copy(_ number: (Int) -> Float) -> Tensor {
        Tensor(
          shape, strides: strides, from: stored.offset * storage.element.width, number: number)
      }
      switch storage.element {
      case .float:
        return copy(bytes.float)
      case .half:
        return copy { position in
          Float(
            half: UInt16(
              littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt16.self)))
        }
      case .long:
        throw DataError("\(name): \(tensor) holds whole numbers, which no weight does.")
      }
    }
  }

  /// Gives `body` the bytes of a storage, as many as it claims.
  private func withBytes<Result>(
    of storage: Int, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) throws -> Result {
    let record = storages[storage]
    switch source {
    case .bytes(let bytes, let starts):
      return try bytes.withUnsafeBytes {
        try body(
          UnsafeRawBufferPointer(
            rebasing: $0[starts[storage]..<(starts[storage] + record.byteCount)]))
      }
    case .archive(let archive, let folder):
      let contents = try archive.contents(
        of: folder + "data/" + record.key, limit: record.byteCount)
      guard contents.count == record.byteCount else {
        throw DataError("\(name) is damaged: storage \(record.key) is shorter than it claims.")
      }
      return try contents.withUnsafeBytes(body)
    }
  }
}
