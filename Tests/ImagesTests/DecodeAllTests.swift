import Testing

@testable import Images

@Suite("Reading many pictures")
struct DecodeAllTests {
  @Test("Good ones are kept in order with their labels, bad ones are listed")
  func mixed() throws {
    struct NoFile: Error {}
    let images = (0..<20).map { noise(width: 6 + $0, height: 9, seed: UInt64($0)) }
    var files: [Image.Source] = []
    for (number, image) in images.enumerated() {
      let bytes = try [UInt8](image.png(name: "test"))
      files.append(
        (
          "cat.\(number).png",
          { @Sendable in
            switch number {
            case 0, 19: return Array(bytes.prefix(70))
            case 7: return Array("not a picture".utf8)
            case 8: throw ImageError("There is no cat.8.png.")
            default: return bytes
            }
          }
        ))
    }
    let result = Image.decodeAll(files, width: 5, height: 4)
    let kept = (0..<20).filter { ![0, 7, 8, 19].contains($0) }
    #expect(result.kept == kept && result.count == 16)
    #expect(result.pixels.count == 16 * 5 * 4 * 3)
    #expect(result.keeping(Array(100..<120)) == kept.map { $0 + 100 })
    for (place, number) in kept.enumerated() {
      #expect(result[place] == images[number].resized(width: 5, height: 4))
    }
    #expect(
      result.skipped.map(\.name) == ["cat.0.png", "cat.7.png", "cat.8.png", "cat.19.png"])
    #expect(result.skipped[0].reason.hasPrefix("cat.0.png is cut off or damaged ("))
    #expect(result.skipped[1].reason.contains("but a text"))
    #expect(result.skipped[2].reason == "There is no cat.8.png.")
  }

  @Test("No file, no picture")
  func none() {
    let result = Image.decodeAll([], width: 5, height: 4)
    #expect(result.count == 0 && result.pixels.isEmpty && result.skipped.isEmpty)
  }
}
