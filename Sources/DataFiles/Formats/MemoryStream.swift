/// Bytes in memory from front to back.
package final class MemoryStream: ByteStream {
  package let name: String
  private let bytes: [UInt8]
  private var position = 0

  /// - Parameter name: what it is called in error messages.
  package init(_ bytes: [UInt8], name: String) {
    (self.bytes, self.name) = (bytes, name)
  }

  package func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    let count = min(buffer.count, bytes.count - position)
    bytes.withUnsafeBytes {
      buffer.copyMemory(from: .init(rebasing: $0[position..<(position + count)]))
    }
    position += count
    return count
  }
}
