/// A matrix out of a NumPy file, row by row, for files of which only some rows are wanted.
final class NumPyRows {
  /// The number of rows.
  let count: Int
  /// The number of columns.
  let width: Int
  private let stream: any ByteStream
  /// The bytes behind the header that were read with it.
  private var head: ArraySlice<UInt8>

  /// Reads the header of a file of 32-bit floating-point numbers in row-major order.
  init(_ stream: any ByteStream) throws {
    self.stream = stream
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let filled = try bytes.withUnsafeMutableBytes { try stream.fill($0) }
    bytes.removeLast(bytes.count - filled)
    let header = try NumPyHeader(bytes, name: stream.name)
    guard header.type == "<f4", header.shape.count == 2, !header.isFortranOrder,
      header.shape[1] >= 1, header.shape[1] <= 1 << 16
    else {
      throw DataError("\(stream.name) should hold a matrix of type <f4 in row-major order.")
    }
    (count, width) = (header.shape[0], header.shape[1])
    head = bytes[header.length...]
  }

  /// Calls the body with each row; to be asked once.
  ///
  /// - Throws: `DataError` if the file holds fewer or more numbers than its header says.
  func forEach(_ body: (Int, UnsafeBufferPointer<Float>) throws -> Void) throws {
    let rowBytes = width * 4
    let rowsAtOnce = max(1, (1 << 18) / rowBytes)
    var row = 0
    let piece = UnsafeMutableRawBufferPointer.allocate(
      byteCount: rowsAtOnce * rowBytes, alignment: 64)
    defer { piece.deallocate() }
    while row < count {
      let rows = min(rowsAtOnce, count - row)
      let target = UnsafeMutableRawBufferPointer(rebasing: piece[..<(rows * rowBytes)])
      guard try fill(target) == target.count else {
        throw DataError("\(stream.name) is truncated: it ends before its \(count) rows do.")
      }
      let numbers = UnsafeRawBufferPointer(target).bindMemory(to: Float.self)
      for index in 0..<rows {
        try body(
          row + index, UnsafeBufferPointer(rebasing: numbers[index * width..<(index + 1) * width]))
      }
      row += rows
    }
    guard try fill(.init(rebasing: piece[..<1])) == 0 else {
      throw DataError("\(stream.name) is damaged: it is longer than its \(count) rows.")
    }
  }

  private func fill(_ target: UnsafeMutableRawBufferPointer) throws -> Int {
    let ready = head.prefix(target.count)
    target.copyBytes(from: ready)
    head = head.dropFirst(ready.count)
    return ready.count + (try stream.fill(.init(rebasing: target[ready.count...])))
  }
}
