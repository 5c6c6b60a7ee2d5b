import DataFiles
import DeepLearning

/// The weights in an ONNX file (`.onnx`): its named initialisers.
///
/// An ONNX file is a protocol buffer of the type `ModelProto`, whose field 7 is the graph; the graph's field 5, repeated,
/// holds tensors. What the graph computes is not read, and a tensor that lies in another file is refused.
public struct ONNXFile: Sendable {
  /// What the file is called in error messages.
  public let name: String
  private let bytes: [UInt8]
  private let entries: [String: Entry]

  /// A tensor in the file.
  private struct Entry {
    var shape: [Int] = []
    var isFloat = false
    /// Where its numbers lie, four bytes each, the lowest first.
    var numbers = 0..<0
  }

  /// Opens a file.
  ///
  /// - Throws: `DataError` unless the file is whole and in the format.
  public init(path: String) throws {
    try self.init(bytes: InputFile(path: path).readAll(limit: 1 << 30), name: path)
  }

  /// Opens a file that lies in memory.
  ///
  /// - Parameters:
  ///   - bytes: the contents of the file.
  ///   - name: what the file is called in error messages.
  /// - Throws: `DataError` unless the bytes are whole and in the format.
  public init(bytes: [UInt8], name: String) throws {
    (self.bytes, self.name) = (bytes, name)
    var entries: [String: Entry] = [:]
    var graphs = 0
    var model = ProtocolBuffer(bytes, 0..<bytes.count, name: name)
    while let (number, value) = try model.next() {
      guard number == 7, case .bytes(let range) = value else { continue }
      graphs += 1
      var graph = ProtocolBuffer(bytes, range, name: name)
      while let (number, value) = try graph.next() {
        guard number == 5, case .bytes(let range) = value else { continue }
        let (title, entry) = try Self.entry(bytes, range, name)
        guard entries.updateValue(entry, forKey: title) == nil else {
          throw DataError("\(name) is damaged: it holds two tensors called \(title).")
        }
      }
    }
    guard graphs == 1 else {
      throw DataError("\(name) is not an ONNX file: it holds \(graphs) graphs and not one.")
    }
    self.entries = entries
  }

  /// The names of the tensors, in alphabetical order.
  public var names: [String] { entries.keys.sorted() }

  /// The shape of a tensor; nil if there is none of that name.
  public func shape(of tensor: String) -> [Int]? { entries[tensor]?.shape }

  /// Reads a tensor.
  ///
  /// - Parameters:
  ///   - tensor: its name.
  ///   - axes: for each axis of the result, the axis of the tensor that it is.
  /// - Throws: `DataError` if it is not there, or holds other numbers than 32-bit floating-point ones.
  public func tensor(_ tensor: String, axes: [Int]) throws -> Tensor {
    guard let entry = entries[tensor] else { throw DataError("\(name) has no \(tensor).") }
    guard entry.isFloat else {
      throw DataError("\(name): \(tensor) does not hold 32-bit floating-point numbers.")
    }
    require(
      axes.sorted() == Array(0..<entry.shape.count),
      "\(tensor) has \(entry.shape.count) axes, which \(axes) does not order.")
    var strides = [Int](repeating: 4, count: axes.count)
    for axis in strides.indices.dropLast().reversed() {
      strides[axis] = strides[axis + 1] * entry.shape[axis + 1]
    }
    return bytes.withUnsafeBytes { bytes in
      Tensor(
        axes.map { entry.shape[$0] }, strides: axes.map { strides[$0] },
        from: entry.numbers.lowerBound, number: bytes.float)
    }
  }

  /// Reads the description of a `TensorProto`.
  private static func entry(
    _ bytes: [UInt8], _ range: Range<Int>, _ file: String
  ) throws -> (name: String, entry: Entry) {
    var (title, entry, hasNumbers) = ("", Entry(), false)
    var message = ProtocolBuffer(bytes, range, name: file)
    func damaged(_ reason: String) -> DataError {
      DataError("\(file) is damaged: \(title.isEmpty ? "a tensor" : title) \(reason).")
    }
    while let (number, value) = try message.next() {
      switch (number, value) {
      case (1, .number(let extent)):
        guard let extent = Int(exactly: extent), entry.shape.count < 8 else {
          throw damaged("has an impossible shape")
        }
        entry.shape.append(extent)
      case (1, .bytes(let range)):
        var extents = ProtocolBuffer(bytes, range, name: file)
        while let extent = try extents.packedNumber() {
          guard let extent = Int(exactly: extent), entry.shape.count < 8 else {
            throw damaged("has an impossible shape")
          }
          entry.shape.append(extent)
        }
      case (2, .number(let type)): entry.isFloat = type == 1
      case (4, .bytes(let range)), (9, .bytes(let range)):
        guard !hasNumbers else { throw damaged("has its numbers twice") }
        (entry.numbers, hasNumbers) = (range, true)
      case (8, .bytes(let range)):
        guard let text = String(validating: bytes[range], as: UTF8.self) else {
          throw damaged("has a name that is not text")
        }
        title = text
      case (13, _), (14, .number(1)):
        throw DataError(
          "\(file): \(title) lies in another file, which is not read: give a file that holds its weights itself."
        )
      default: break
      }
    }
    if entry.isFloat {
      var count = 4
      for extent in entry.shape {
        let (product, overflows) = count.multipliedReportingOverflow(by: extent)
        guard !overflows else { throw damaged("has an impossible shape") }
        count = product
      }
      guard count == entry.numbers.count else {
        throw damaged("has \(entry.numbers.count) bytes for a shape of \(entry.shape)")
      }
    }
    return (title, entry)
  }
}
