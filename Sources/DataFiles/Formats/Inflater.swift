import CZlib

/// The zlib decoder: feeds on compressed pieces, gives plain ones.
public final class Inflater {
  /// What is wrapped around the deflated data.
  public enum Wrapping: Int32, Sendable {
    /// Nothing, as inside a ZIP archive.
    case none = -15
    /// A gzip header and check sum.
    case gzip = 31
    /// A header and check sum of zlib's own.
    case zlib = 15
  }

  // zlib keeps the address of this block, so it must not move.
  private let state: UnsafeMutablePointer<z_stream>

  /// Prepares to decode.
  public init(_ wrapping: Wrapping) throws {
    state = .allocate(capacity: 1)
    state.initialize(to: z_stream())
    let size = Int32(MemoryLayout<z_stream>.size)
    guard inflateInit2_(state, wrapping.rawValue, ZLIB_VERSION, size) == Z_OK else {
      state.deallocate()
      throw DataError("zlib could not start: out of memory.")
    }
  }

  deinit {
    inflateEnd(state)
    state.deallocate()
  }

  /// Prepares for another piece of compressed data of the same wrapping.
  func restart() { inflateReset(state) }

  /// Decodes until the input is used up, the output is full or the data ends.
  ///
  /// - Returns: how many bytes were taken and given and whether the data has ended;
  ///   nil if it is damaged.
  public func decode(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  ) -> (taken: Int, given: Int, ended: Bool)? {
    let inputCount = min(input.count, Int(Int32.max))
    let outputCount = min(output.count, Int(Int32.max))
    state.pointee.next_in = UnsafeMutablePointer(
      mutating: input.baseAddress?.assumingMemoryBound(to: UInt8.self))
    state.pointee.avail_in = UInt32(inputCount)
    state.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
    state.pointee.avail_out = UInt32(outputCount)
    let status = inflate(state, Z_NO_FLUSH)
    guard status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR else { return nil }
    return (
      inputCount - Int(state.pointee.avail_in), outputCount - Int(state.pointee.avail_out),
      status == Z_STREAM_END
    )
  }
}

/// The CRC-32 of more bytes after those that gave `sum`; start with 0.
package func extendedCRC32(_ sum: UInt, over bytes: UnsafeRawBufferPointer) -> UInt {
  var sum = sum
  var start = 0
  while start < bytes.count {
    let count = min(bytes.count - start, 1 << 30)
    let piece = bytes.baseAddress?.advanced(by: start).assumingMemoryBound(to: UInt8.self)
    sum = crc32(sum, piece, UInt32(count))
    start += count
  }
  return sum
}
