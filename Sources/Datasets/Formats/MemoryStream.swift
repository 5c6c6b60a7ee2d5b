/// Bytes in memory from front to back.
final class MemoryStream: ByteStream {
  let name: String
  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8], name: String) {
    (self.bytes, self.name) = (bytes, name)
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    let count = min(buffer.count, bytes.count - position)
    bytes.withUnsafeBytes {
      buffer.copyMemory(from: .init(rebasing: $0[position..<(position + count)]))
    }
    position += count
    return count
  }
}
