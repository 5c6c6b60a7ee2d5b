import DataFiles

/// Puts together a tensor that is stored in blocks.
struct HDF5Blocks {
  let bytes: HDF5Bytes
  let owner: String
  let layout: HDF5Layout
  let shape: [Int]
  let blockShape: [Int]

  private struct Block {
    let corner: [Int]
    let offset: Int
    let count: Int
  }

  /// Deflate cannot compress better than 1032 to 1.
  private static let bestCompression = 1032

  private var width: Int { layout.element.width }
  private var damaged: DataError {
    DataError("\(owner) is truncated or damaged; fetch the file again.")
  }

  /// The numbers of the whole tensor, as they are written.
  ///
  /// - Parameters:
  ///   - tree: where the list of blocks starts.
  ///   - size: of the tensor, in bytes.
  ///   - blockSize: of a block, in bytes.
  func assembled(tree: Int, size: Int, blockSize: Int) throws -> [UInt8] {
    let blocks = try list(tree)
    let wanted = zip(shape, blockShape).map { ($0 + $1 - 1) / $1 }.reduce(1, *)
    let stored = blocks.reduce(0) { $0 + $1.count }
    let isPacked = layout.filters.contains(HDF5Layout.deflate)
    guard blocks.count == wanted, stored <= bytes.count,
      size <= stored * (isPacked ? Self.bestCompression : 1)
    else {
      throw DataError(
        "\(owner) claims the shape \(shape), more numbers than the file holds.")
    }
    var result = [UInt8](repeating: 0, count: size)
    for block in blocks {
      let plain = try unpacked(bytes.read(block.count, at: block.offset), size: blockSize)
      copy(plain, at: block.corner, into: &result)
    }
    return result
  }

  /// The blocks that a tree leads to.
  private func list(_ root: Int) throws -> [Block] {
    var blocks: [[Int]: Block] = [:]
    var waiting = root == .max ? [] : [root]
    var visited = Set(waiting)
    var steps = 0
    while let address = waiting.popLast() {
      var node = try bytes.cursor(at: address, count: 24)
      guard try node.isNext("TREE"), try node.byte() == 1 else {
        throw damaged
      }
      let level = try node.byte()
      let count = try node.number(2)
      steps += count
      guard steps <= 1 << 20 else { throw damaged }
      var keys = try bytes.cursor(at: address + 24, count: count * (24 + 8 * shape.count))
      for _ in 0..<count {
        let size = try keys.number(4)
        guard try keys.number(4) == 0 else { throw damaged }
        let corner = try shape.map { _ in try keys.number(8) }
        try keys.skip(8)
        let child = try keys.address()
        if level > 0 {
          if visited.insert(child).inserted { waiting.append(child) }
          continue
        }
        let fits = zip(corner, zip(shape, blockShape)).allSatisfy {
          $0 < $1.0 && $0.isMultiple(of: $1.1)
        }
        guard fits else { throw damaged }
        blocks[corner] = Block(corner: corner, offset: child, count: size)
      }
    }
    return Array(blocks.values)
  }

  private func unpacked(_ packed: [UInt8], size: Int) throws -> [UInt8] {
    var plain = packed
    for filter in layout.filters.reversed() {
      plain = try filter == HDF5Layout.deflate ? inflated(plain, size: size) : unshuffled(plain)
    }
    guard plain.count == size else { throw damaged }
    return plain
  }

  private func inflated(_ packed: [UInt8], size: Int) throws -> [UInt8] {
    let inflater = try Inflater(.zlib)
    return try [UInt8](unsafeUninitializedCapacity: size) { buffer, filled in
      let step = packed.withUnsafeBytes {
        inflater.decode($0, into: UnsafeMutableRawBufferPointer(buffer))
      }
      guard let step, step.given == size else { throw damaged }
      filled = size
    }
  }

  /// All first bytes of the numbers, then all second ones and so on become numbers again.
  private func unshuffled(_ bytes: [UInt8]) -> [UInt8] {
    let count = bytes.count / width
    var result = bytes
    for number in 0..<count {
      for byte in 0..<width { result[number * width + byte] = bytes[byte * count + number] }
    }
    return result
  }

  /// Copies the part of a block that lies within the tensor, row by row.
  private func copy(_ block: [UInt8], at corner: [Int], into result: inout [UInt8]) {
    let last = shape.count - 1
    let row = min(blockShape[last], shape[last] - corner[last]) * width
    let rows = blockShape.dropLast().reduce(1, *)
    for number in 0..<rows {
      // The row's place in the block, then in the tensor.
      var (rest, target, stride, isInside) = (number, corner[last], shape[last], true)
      for axis in (0..<last).reversed() {
        let place = corner[axis] + rest % blockShape[axis]
        rest /= blockShape[axis]
        isInside = isInside && place < shape[axis]
        target += place * stride
        stride *= shape[axis]
      }
      guard isInside else { continue }
      let source = number * blockShape[last] * width
      result.replaceSubrange(
        (target * width)..<(target * width + row), with: block[source..<(source + row)])
    }
  }
}
