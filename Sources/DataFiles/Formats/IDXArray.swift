/// An array of bytes out of an IDX file, the form in which MNIST is published.
///
/// Four bytes say what follows: two zeros, the type of the elements (8 for bytes, the only one
/// known here) and the number of dimensions. Then come the lengths of the dimensions as big-endian
/// 32-bit numbers, and the elements, the last index running fastest.
public struct IDXArray: Sendable, Equatable {
  /// The lengths of the dimensions.
  public let shape: [Int]
  /// The elements.
  public let bytes: [UInt8]

  /// Reads an IDX file, compressed with gzip or not.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - dimensions: how many dimensions it must have.
  ///   - limit: the most elements accepted.
  public init(path: String, dimensions: Int, limit: Int = 1 << 28) throws {
    try self.init(GzipStream(path: path), dimensions: dimensions, limit: limit)
  }

  /// Reads a stream to its end.
  init(_ stream: any ByteStream, dimensions: Int, limit: Int) throws {
    var header = [UInt8](repeating: 0, count: 4 + 4 * dimensions)
    let count = try header.withUnsafeMutableBytes { try stream.fill($0) }
    guard count >= 4, header[0] == 0, header[1] == 0 else {
      throw DataError("\(stream.name) is not an IDX file: it does not start with two zeros.")
    }
    guard header[2] == 8 else {
      throw DataError(
        "\(stream.name) is an IDX file of element type \(header[2]); known is 8, bytes.")
    }
    guard header[3] == UInt8(clamping: dimensions) else {
      throw DataError(
        "\(stream.name) is an IDX file with \(header[3]) dimensions where \(dimensions) are "
          + "needed: are images and labels mixed up?")
    }
    guard count == header.count else {
      throw DataError("\(stream.name) is truncated: it ends inside its header; fetch it again.")
    }
    shape = (1...dimensions).map { axis in
      (0..<4).reduce(0) { $0 << 8 | Int(header[4 * axis + $1]) }
    }
    var total = 1
    for length in shape {
      let (product, overflow) = total.multipliedReportingOverflow(by: length)
      // Memory is taken only after this, so that no header can ask for more than the limit.
      guard !overflow, product <= limit else {
        throw DataError(
          "\(stream.name) claims the shape \(shape), more than the \(limit) bytes accepted.")
      }
      total = product
    }
    let (claimed, dimensionsText) = (total, "\(shape)")
    bytes = try [UInt8](unsafeUninitializedCapacity: claimed) { buffer, filled in
      filled = try stream.fill(UnsafeMutableRawBufferPointer(buffer))
      guard filled == claimed else {
        throw DataError(
          "\(stream.name) is truncated: its shape \(dimensionsText) needs \(claimed) bytes, and "
            + "there are \(filled); fetch it again.")
      }
    }
    // Looking for the end also verifies the check sum of the compression.
    var surplus: UInt8 = 0
    guard try withUnsafeMutableBytes(of: &surplus, { try stream.read(into: $0) }) == 0 else {
      throw DataError(
        "\(stream.name) is damaged: there is more in it than its shape \(shape) says; fetch it again."
      )
    }
  }
}
