import Testing

@testable import DataFiles

@Suite("IDX files")
struct IDXTests {
  private func read(_ bytes: [UInt8], dimensions: Int = 3, limit: Int = 1 << 20) throws -> IDXArray
  {
    let folder = try TemporaryFolder()
    return try IDXArray(
      path: folder.write(bytes, as: "digits"), dimensions: dimensions, limit: limit)
  }

  @Test("Shape and elements come out, compressed or not")
  func whole() throws {
    let array = try read(idxFile([2, 1, 3], [1, 2, 3, 4, 5, 255]))
    #expect(array.shape == [2, 1, 3] && array.bytes == [1, 2, 3, 4, 5, 255])
    let packed = try IDXArray(path: fixture("t10k-labels-idx1-ubyte.gz"), dimensions: 1)
    #expect(packed.bytes == [0, 3, 6, 9, 2, 5, 8])
    #expect(try read(idxFile([0, 28, 28], [])).bytes.isEmpty)
  }

  @Test("A file cut off anywhere is refused by name")
  func truncated() throws {
    let whole = idxFile([2, 3, 2], Array(1...12))
    for length in 0..<whole.count {
      let text = sentence { _ = try read(Array(whole[..<length])) }
      #expect(text.contains("/digits is "), "length \(length)")
    }
    let packed = try bytes(of: "train-images-idx3-ubyte.gz")
    for length in sampledLengths(packed.count) {
      let text = sentence { _ = try read(Array(packed[..<length])) }
      #expect(text.contains("/digits is "), "length \(length)")
    }
  }

  @Test("A flipped bit in a compressed file is an error or changes nothing")
  func flipped() throws {
    let packed = try bytes(of: "t10k-images-idx3-ubyte.gz")
    let original = try read(packed)
    var errors = 0
    for position in packed.indices {
      var copy = packed
      copy[position] ^= 1 << UInt8(position % 8)
      do {
        #expect(try read(copy) == original, "byte \(position)")
      } catch is DataError {
        errors += 1
      }
    }
    // In long runs of zeros, and in the date, a bit may go wrong without consequence.
    #expect(errors > packed.count * 9 / 10)
  }

  @Test("Surplus bytes are refused")
  func surplus() {
    #expect(
      sentence { _ = try read(idxFile([1, 1, 2], [1, 2, 3])) }.contains("more in it than its shape")
    )
  }

  @Test(
    "Another type, another number of dimensions, another kind of file", arguments: [0, 1, 2, 3])
  func magic(position: Int) {
    var bytes = idxFile([1, 1, 2], [1, 2])
    bytes[position] = 13
    let expected = ["two zeros", "two zeros", "element type 13", "13 dimensions"][position]
    #expect(sentence { _ = try read(bytes) }.contains(expected))
    let labels = idxFile([2], [1, 2])
    #expect(sentence { _ = try read(labels) }.contains("mixed up"))
  }

  @Test(
    "Sizes beyond the limit are refused before memory is taken",
    arguments: [
      [0xffff_ffff, 28, 28], [0xffff_ffff, 0xffff_ffff, 0xffff_ffff], [1 << 31, 1 << 31, 4],
      [1 << 20, 1, 2], [1, 0xffff_ffff, 0],
    ])
  func huge(shape: [Int]) {
    #expect(
      sentence { _ = try read(idxFile(shape, [1, 2])) }.contains("more than the 1048576 bytes"))
  }
}
