import Foundation
import Testing

@testable import Images

@Suite("Damaged and hostile pictures")
struct HostileTests {
  static let png = ReadingTests.png.filter { !$0.name.contains("single") }
  static let jpeg = ReadingTests.jpeg

  private func isRefused(_ bytes: some Sequence<UInt8>) -> Bool {
    do {
      _ = try Image(decoding: Array(bytes), name: "photo")
      return false
    } catch let error as ImageError {
      return error.description.hasPrefix("photo ")
    } catch { return false }
  }

  @Test("A PNG file without its last pixels is refused", arguments: png)
  func cutPNG(golden: GoldenPicture) {
    // Behind the pixels stand the check sum of the last chunk and the empty one that ends the file.
    let pixelsEnd = golden.file.count - 12 - 4 - 4
    for length in stride(from: 0, to: pixelsEnd, by: 3) {
      #expect(isRefused(golden.file.prefix(length)), "of \(golden.file.count) bytes only \(length)")
    }
    for length in pixelsEnd..<golden.file.count {
      _ = try? Image(decoding: golden.file.prefix(length), name: "photo")
    }
  }

  @Test("A JPEG file without its end is refused", arguments: jpeg)
  func cutJPEG(golden: GoldenPicture) throws {
    // Each scan ends with a marker; what follows the last one is left over.
    let end = try #require(golden.file.range(of: Data([0xFF, 0xD9]), options: .backwards))
    let scan = try #require(golden.file.range(of: Data([0xFF, 0xDA])))
    for length in 0..<end.lowerBound where length < scan.lowerBound || length % 7 == 0 {
      #expect(isRefused(golden.file.prefix(length)), "of \(golden.file.count) bytes only \(length)")
    }
  }

  @Test("The sentence for a cut file names it and the way out")
  func cutSentence() throws {
    let golden = try #require(Self.jpeg.first { $0.name == "420" })
    let half = golden.file.prefix(golden.file.count - 100)
    #expect(
      sentence { _ = try Image(decoding: half, name: "cats/cat.5.jpg") }
        .hasPrefix("cats/cat.5.jpg is cut off or damaged ("))
  }

  @Test("Flipped bits never do worse than a wrong picture", arguments: png + jpeg)
  func flippedBits(golden: GoldenPicture) {
    var random = RandomBytes(state: 5)
    var refusals = 0
    for _ in 0..<150 {
      var bytes = [UInt8](golden.file)
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        bytes[Int.random(in: bytes.indices, using: &random)] ^= 1 << UInt8.random(in: 0..<8)
      }
      do {
        let image = try Image(decoding: bytes, name: "photo")
        #expect(image.pixels.count == image.width * image.height * 3)
      } catch {
        refusals += 1
        #expect(error is ImageError)
      }
    }
    #expect(refusals > 10, "damage should be noticed now and then")
  }

  @Test("Sizes that no memory holds are refused before any is asked for")
  func absurdSizes() throws {
    let png = try #require(Self.png.first { $0.name == "rgb-8" })
    /// The file with another size, `high` in the upper byte of both numbers, and a check sum that fits.
    func square(_ high: UInt8) -> [UInt8] {
      var header = [UInt8](png.file[12..<29])
      header.replaceSubrange(4..<12, with: [0, 0, high, 0x50, 0, 0, high, 0x50])
      return [UInt8](png.file[..<12]) + header + crc(header) + [UInt8](png.file[33...])
    }
    #expect(
      sentence { _ = try Image(decoding: square(0xC3), name: "bomb.png") } == """
        bomb.png claims 50000 x 50000 pixels, more than the 100 million that are read here: \
        scale it down first.
        """)

    let jpeg = try #require(Self.jpeg.first { $0.name == "444" })
    var photo = [UInt8](jpeg.file)
    let start = try #require(jpeg.file.range(of: Data([0xFF, 0xC0]))).lowerBound
    photo.replaceSubrange(start + 5..<start + 9, with: [0xFF, 0, 0xFF, 0])
    #expect(
      sentence { _ = try Image(decoding: photo, name: "bomb.jpg") }
        .hasPrefix("bomb.jpg claims 65280 x 65280 pixels"))
    photo.replaceSubrange(start + 5..<start + 9, with: [0, 0, 0, 0])
    #expect(isRefused(photo))
    // Sizes that could be true, but the pixels are not there.
    #expect(isRefused(square(0x20)))
    photo.replaceSubrange(start + 5..<start + 9, with: [0x20, 0, 0x20, 0])
    #expect(isRefused(photo))
  }

  @Test("A camera's notes that point anywhere are as good as none")
  func strangeNotes() {
    func orientation(_ notes: [UInt8]) -> Int { JPEGMarkers.orientation(in: notes) }
    let entry: [UInt8] = [0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0]
    let notes: [UInt8] = [0x4D, 0x4D, 0, 42, 0, 0, 0, 8, 0, 1] + entry
    #expect(orientation(notes) == 6)
    for length in 0..<notes.count - 2 { #expect(orientation(Array(notes.prefix(length))) == 1) }
    for (position, value) in [
      (0, 0x49), (3, 43), (4, 0xFF), (7, 0xFF), (11, 0x13), (13, 2), (17, 2),
    ] {
      var changed = notes
      changed[position] = UInt8(value)
      #expect(orientation(changed) == 1)
    }
    for value in [0, 9, 255] {
      var changed = notes
      changed[19] = UInt8(value)
      #expect(orientation(changed) == 1)
    }
    var many = notes
    (many[8], many[9]) = (0xFF, 0xFF)
    many[11] = 0x13
    #expect(orientation(many) == 1)
  }

  /// The check sum of a PNG chunk.
  private func crc(_ bytes: [UInt8]) -> [UInt8] {
    var sum: UInt32 = 0xFFFF_FFFF
    for byte in bytes {
      sum ^= UInt32(byte)
      for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
    }
    return (0..<4).map { UInt8(truncatingIfNeeded: ~sum >> (24 - 8 * $0)) }
  }
}
