import DataFiles
import DeepLearning
import Foundation

extension NumPyArray {
  /// Takes elements in row-major order.
  ///
  /// - Parameters:
  ///   - shape: the lengths of the dimensions; empty for a single number.
  ///   - elements: as many as the shape has room for.
  public init(shape: [Int], _ elements: Elements) {
    require(
      shape.allSatisfy { $0 >= 0 } && elements.count == shape.reduce(1, *),
      "An array of shape \(shape) cannot be made of \(elements.count) elements.")
    self.init(unchecked: shape, elements)
  }

  /// The numbers of a tensor.
  public init(_ tensor: Tensor) {
    self.init(shape: Array(tensor.shape), .float(tensor.scalars))
  }

  /// The bytes of a `.npy` file of version 1.
  public var file: [UInt8] {
    let sizes = shape.map { "\($0)," }.joined(separator: " ")
    // One element in a tuple has a comma behind it, the last of several has none.
    let tuple = shape.count == 1 ? "(\(sizes))" : "(\(sizes.dropLast()))"
    var header = "{'descr': '\(elements.type)', 'fortran_order': False, 'shape': \(tuple), }"
    // The elements start at a multiple of 64.
    header += String(repeating: " ", count: 63 - (10 + header.utf8.count) % 64) + "\n"
    let length = header.utf8.count
    return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(length & 0xff), UInt8(length >> 8)]
      + Array(header.utf8) + elements.bytes
  }
}

extension NumPyArray.Elements {
  /// The number of elements.
  public var count: Int {
    switch self {
    case .float(let values): values.count
    case .double(let values): values.count
    case .int32(let values): values.count
    case .int64(let values): values.count
    case .byte(let values): values.count
    case .bool(let values): values.count
    }
  }

  /// The type as NumPy writes it.
  fileprivate var type: String {
    switch self {
    case .float: "<f4"
    case .double: "<f8"
    case .int32: "<i4"
    case .int64: "<i8"
    case .byte: "|u1"
    case .bool: "|b1"
    }
  }

  /// The elements as they lie in memory, which on all machines that this package runs on is little-endian.
  fileprivate var bytes: [UInt8] {
    switch self {
    case .float(let values): values.withUnsafeBytes { Array($0) }
    case .double(let values): values.withUnsafeBytes { Array($0) }
    case .int32(let values): values.withUnsafeBytes { Array($0) }
    case .int64(let values): values.withUnsafeBytes { Array($0) }
    case .byte(let values): values
    case .bool(let values): values.map { $0 ? 1 : 0 }
    }
  }
}

extension NumPyArchive {
  /// Writes arrays into a `.npz` file as `numpy.savez` does, not compressed; whole or not at all.
  ///
  /// - Parameters:
  ///   - arrays: the arrays with the names under which `numpy.load` finds them; names must differ, and `a/b` is allowed.
  ///   - url: the file.
  /// - Throws: `DataError` if the file would be larger than 4 GB; the system's reason if it cannot be written.
  public static func write(_ arrays: [(name: String, array: NumPyArray)], to url: URL) throws {
    require(
      Set(arrays.map(\.name)).count == arrays.count,
      "Two arrays of \(url.lastPathComponent) have the same name; names must differ.")
    var file: [UInt8] = []
    var directory: [UInt8] = []
    for (name, array) in arrays {
      let member = array.file
      let path = Array((name + ".npy").utf8)
      guard file.count + member.count + directory.count + 1_000 < Int(UInt32.max),
        path.count <= 0xffff, arrays.count < 0xffff
      else {
        throw DataError(
          "\(url.path) would be larger than 4 GB, more than an .npz file of ours holds: write fewer arrays into it."
        )
      }
      let check = UInt32(truncatingIfNeeded: member.withUnsafeBytes { extendedCRC32(0, over: $0) })
      // Version 2.0, names in UTF-8, stored, the first day that the format knows.
      let facts =
        number(20, 2) + number(0x800, 2) + number(0, 2) + number(0, 2) + number(0x21, 2)
        + number(Int(check), 4) + number(member.count, 4) + number(member.count, 4)
        + number(path.count, 2) + number(0, 2)
      directory += [0x50, 0x4b, 1, 2] + number(20, 2) + facts + number(0, 2) + number(0, 2)
      directory += number(0, 2) + number(0, 4) + number(file.count, 4) + path
      file += [0x50, 0x4b, 3, 4] + facts + path + member
    }
    let end =
      [0x50, 0x4b, 5, 6] + number(0, 2) + number(0, 2) + number(arrays.count, 2)
      + number(arrays.count, 2) + number(directory.count, 4) + number(file.count, 4) + number(0, 2)
    try Data(file + directory + end).write(atomicallyTo: url)
  }

  /// The lowest bytes of a number, the lowest first.
  private static func number(_ value: Int, _ bytes: Int) -> [UInt8] {
    (0..<bytes).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
}
