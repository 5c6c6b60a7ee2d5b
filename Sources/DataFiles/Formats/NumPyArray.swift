/// An array out of a NumPy file (`.npy`), in row-major order whatever the order in the file.
public struct NumPyArray: Sendable {
  /// The elements, in the type that the file has.
  public enum Elements: Sendable {
    /// `<f4`
    case float([Float])
    /// `<f8`
    case double([Double])
    /// `<i4`
    case int32([Int32])
    /// `<i8`
    case int64([Int64])
    /// `|u1`
    case byte([UInt8])
    /// `|b1`
    case bool([Bool])
  }

  /// The lengths of the dimensions; empty for a single number.
  public let shape: [Int]
  /// The elements, the last index running fastest.
  public let elements: Elements

  /// Takes elements of which the caller knows that they fill the shape.
  package init(unchecked shape: [Int], _ elements: Elements) {
    (self.shape, self.elements) = (shape, elements)
  }

  /// Reads a `.npy` file.
  public init(path: String) throws {
    try self.init(InputFile(path: path).readAll(limit: 1 << 32), name: path)
  }

  /// Decodes the bytes of a `.npy` file.
  ///
  /// - Parameter name: what the file is called in error messages.
  public init(_ bytes: [UInt8], name: String) throws {
    let header = try NumPyHeader(bytes, name: name)
    let count = header.count
    shape = header.shape
    if header.isFortranOrder && shape.count > 2 {
      throw DataError("\(name) holds an array in Fortran order with more than two dimensions.")
    }
    func numbers<Number>(_ type: Number.Type, zero: Number) throws -> [Number] {
      let size = MemoryLayout<Number>.stride
      guard bytes.count - header.length == count * size else {
        throw DataError(
          "\(name) is damaged: its shape \(header.shape) needs \(count * size) bytes of elements, "
            + "and there are \(bytes.count - header.length).")
      }
      var result = [Number](repeating: zero, count: count)
      result.withUnsafeMutableBytes { target in
        bytes.withUnsafeBytes { target.copyMemory(from: .init(rebasing: $0[header.length...])) }
      }
      guard header.isFortranOrder, header.shape.count == 2 else { return result }
      let (rows, columns) = (header.shape[0], header.shape[1])
      var turned = result
      for row in 0..<rows {
        for column in 0..<columns {
          turned[row * columns + column] = result[column * rows + row]
        }
      }
      return turned
    }
    switch header.type {
    case "<f4": elements = .float(try numbers(Float.self, zero: 0))
    case "<f8": elements = .double(try numbers(Double.self, zero: 0))
    case "<i4": elements = .int32(try numbers(Int32.self, zero: 0))
    case "<i8": elements = .int64(try numbers(Int64.self, zero: 0))
    case "|u1": elements = .byte(try numbers(UInt8.self, zero: 0))
    case "|b1":
      // Any byte but 0 counts as true; copying bytes into Bool would be undefined for 2...255.
      elements = .bool(try numbers(UInt8.self, zero: 0).map { $0 != 0 })
    default:
      throw DataError(
        "\(name) holds elements of type \(header.type); known are <f4, <f8, <i4, <i8, |u1 and |b1.")
    }
  }

  /// The elements as whole numbers; throws if they are fractions or too large.
  ///
  /// - Parameter name: what the file is called in error messages.
  package func integers(name: String) throws -> [Int32] {
    switch elements {
    case .int32(let values): return values
    case .byte(let values): return values.map(Int32.init)
    case .bool(let values): return values.map { $0 ? 1 : 0 }
    case .int64(let values):
      let narrow = values.compactMap(Int32.init(exactly:))
      if narrow.count == values.count { return narrow }
    case .float, .double: break
    }
    throw DataError("\(name) should hold whole numbers of at most 32 bits.")
  }
}

/// Several NumPy arrays in one file (`.npz`, a ZIP archive).
public struct NumPyArchive: Sendable {
  /// The archive.
  private let archive: ZipArchive
  /// The most bytes that one array may unpack to.
  private let limit: Int

  /// Opens an archive; arrays are read when asked for.
  ///
  /// - Parameter limit: the most bytes accepted for one array.
  public init(path: String, limit: Int = 1 << 30) throws {
    archive = try ZipArchive(path: path)
    self.limit = limit
  }

  /// The names of the arrays.
  public var names: [String] {
    archive.members.map(\.name).filter { $0.hasSuffix(".npy") }.map { String($0.dropLast(4)) }
  }

  /// The array of numbers of that name.
  public func array(_ name: String) throws -> NumPyArray {
    try NumPyArray(archive.contents(of: name + ".npy", limit: limit), name: label(name))
  }

  /// The array of that name whose elements are lists of whole numbers (of type `|O`, stored by
  /// `pickle`).
  public func integerLists(_ name: String) throws -> IntegerLists {
    let bytes = try archive.contents(of: name + ".npy", limit: limit)
    let header = try NumPyHeader(bytes, name: label(name))
    guard header.type == "|O", header.shape.count == 1 else {
      throw DataError(
        "\(label(name)) should hold a one-dimensional array of lists (|O), "
          + "and is \(header.type) of shape \(header.shape).")
    }
    let lists = try Unpickler.integerLists(bytes, from: header.length, name: label(name))
    guard lists.count == header.shape[0] else {
      throw DataError(
        "\(label(name)) is damaged: it announces \(header.shape[0]) lists and holds \(lists.count); fetch it again."
      )
    }
    return lists
  }

  private func label(_ name: String) -> String { "\(archive.path): array \(name)" }
}

/// Lists of whole numbers of different lengths, end to end in one block of memory.
public struct IntegerLists: Sendable, Equatable {
  /// The numbers of all lists.
  public var values: [Int32]
  /// Where each list starts in `values`; one entry more than lists, the last is the end.
  public var starts: [Int]

  /// Takes the numbers of all lists, and where each starts.
  package init(values: [Int32], starts: [Int]) { (self.values, self.starts) = (values, starts) }

  /// The number of lists.
  public var count: Int { starts.count - 1 }

  /// One of the lists.
  public subscript(index: Int) -> ArraySlice<Int32> { values[starts[index]..<starts[index + 1]] }
}
