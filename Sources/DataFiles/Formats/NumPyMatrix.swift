/// A matrix in a NumPy file of which only some rows are wanted: read from front to back without holding the others.
package struct NumPyMatrix {
  /// The number of rows.
  package let rows: Int
  /// The number of columns.
  package let columns: Int
  private let isFortranOrder: Bool
  private let stream: any ByteStream
  /// The bytes behind the header that were read with it.
  private let head: ArraySlice<UInt8>

  /// Reads the header of a file of 32-bit floating-point numbers.
  ///
  /// - Parameter limit: the most rows or columns accepted.
  package init(_ stream: any ByteStream, limit: Int = 1 << 22) throws {
    self.stream = stream
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let filled = try bytes.withUnsafeMutableBytes { try stream.fill($0) }
    bytes.removeLast(bytes.count - filled)
    let header = try NumPyHeader(bytes, name: stream.name)
    guard header.type == "<f4", header.shape.count == 2, header.shape.allSatisfy({ $0 <= limit })
    else { throw DataError("\(stream.name) should hold a matrix of the type <f4.") }
    (rows, columns) = (header.shape[0], header.shape[1])
    isFortranOrder = header.isFortranOrder
    head = bytes[header.length...]
  }

  /// Some rows end to end, in the order asked for; to be called once.
  ///
  /// - Throws: `DataError` if the file holds fewer or more numbers than its header says.
  package func values(ofRows wanted: [Int]) throws -> [Float] {
    var values = [Float](repeating: 0, count: wanted.count * columns)
    var places = [[Int]](repeating: [], count: isFortranOrder ? 0 : rows)
    if !isFortranOrder { for (place, row) in wanted.enumerated() { places[row].append(place) } }
    try forEachLine { line, numbers in
      if isFortranOrder {
        for (place, row) in wanted.enumerated() { values[place * columns + line] = numbers[row] }
      } else {
        for place in places[line] {
          for column in 0..<columns { values[place * columns + column] = numbers[column] }
        }
      }
    }
    return values
  }

  /// Goes through the numbers as they lie in the file: row by row or, in Fortran order, column by column.
  private func forEachLine(_ body: (Int, UnsafeBufferPointer<Float>) -> Void) throws {
    let (lines, length) = isFortranOrder ? (columns, rows) : (rows, columns)
    let buffer = UnsafeMutableRawBufferPointer.allocate(
      byteCount: max(4 * length, 1), alignment: 64)
    defer { buffer.deallocate() }
    let target = UnsafeMutableRawBufferPointer(rebasing: buffer[..<(4 * length)])
    var rest = head
    func fill(_ target: UnsafeMutableRawBufferPointer) throws -> Int {
      let ready = rest.prefix(target.count)
      target.copyBytes(from: ready)
      rest = rest.dropFirst(ready.count)
      return ready.count + (try stream.fill(.init(rebasing: target[ready.count...])))
    }
    for line in 0..<lines {
      guard try fill(target) == target.count else {
        throw DataError(
          "\(stream.name) is truncated: it ends before its \(rows) rows do; fetch it again.")
      }
      body(line, UnsafeRawBufferPointer(target).bindMemory(to: Float.self))
    }
    guard try fill(.init(rebasing: buffer[..<1])) == 0 else {
      throw DataError(
        "\(stream.name) is damaged: it is longer than its \(rows) rows; fetch it again.")
    }
  }
}
