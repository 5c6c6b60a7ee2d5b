import Foundation
import Testing

@testable import Images

@Suite("Reading pictures")
struct ReadingTests {
  static let png = GoldenPicture.all("png.json")
  static let jpeg = GoldenPicture.all("jpeg.json")

  @Test("The fixtures are there")
  func fixtures() {
    #expect(Self.png.count == 44)
    #expect(Self.jpeg.count == 27)
  }

  @Test("Every kind of PNG gives its known pixels", arguments: png)
  func everyPNG(golden: GoldenPicture) throws {
    guard !golden.name.hasSuffix("16-interlaced") else {
      let refusal = sentence { _ = try Image(decoding: golden.file, name: golden.name) }
      #expect(refusal.hasPrefix("\(golden.name) is an interlaced PNG picture of 16 bits, which"))
      return
    }
    let image = try Image(decoding: golden.file, name: golden.name)
    // Sixteen bits are cut to eight before they are laid on white; the golden value does it after.
    #expect(difference(image, golden.image) <= (golden.name.contains("a-16") ? 1 : 0))
  }

  @Test("Every kind of JPEG gives Pillow's pixels, upright", arguments: jpeg)
  func everyJPEG(golden: GoldenPicture) throws {
    let image = try Image(decoding: golden.file, name: golden.name)
    #expect(difference(image, golden.image) <= (golden.name.contains("adobe") ? 1 : 0))
  }

  @Test("Content counts, not the ending of the name")
  func wrongEnding() throws {
    let folder = try TemporaryFolder()
    let golden = try #require(Self.png.first { $0.name == "rgb-8" })
    let path = try folder.write(golden.file, as: "photo.jpg")
    #expect(try Image(contentsOf: path) == golden.image)
    #expect(try Image(decoding: [UInt8](golden.file), name: "bytes") == golden.image)
  }

  @Test("What is not a picture is named for what it seems to be")
  func otherKinds() throws {
    func refusal(_ text: String) -> String {
      sentence { _ = try Image(decoding: Array(text.utf8), name: "cat.jpg") }
    }
    #expect(
      refusal("GIF89a...") == """
        cat.jpg is not a PNG or JPEG picture but a GIF picture: convert it, or choose another file.
        """)
    #expect(refusal("RIFF\0\0\0\0WEBPVP8 ").contains("but a WebP picture"))
    #expect(refusal("\0\0\0\u{18}ftypheic").contains("HEIC"))
    #expect(refusal("II*\0").contains("TIFF") && refusal("MM\0*").contains("TIFF"))
    #expect(refusal("BM....").contains("BMP"))
    #expect(refusal("%PDF-1.7").contains("PDF"))
    #expect(refusal("PK\u{3}\u{4}").contains("ZIP"))
    #expect(refusal("\n<!DOCTYPE html><html>").contains("but a web page"))
    #expect(refusal("<?xml version='1.0'?><svg/>").contains("an SVG drawing"))
    #expect(refusal("Grüße").contains("but a text"))
    #expect(refusal("\0\u{1}\u{2}").contains("but no picture at all"))
    let gzip = sentence { _ = try Image(decoding: [0x1F, 0x8B, 8, 0], name: "cat.jpg") }
    #expect(gzip.contains("but a gzip file"))
  }

  @Test("Missing, empty, folder, device: a sentence each")
  func files() throws {
    let folder = try TemporaryFolder()
    func refusal(_ path: String) -> String { sentence { _ = try Image(contentsOf: path) } }
    let missing = folder.path + "/none.png"
    #expect(refusal(missing) == "There is no file \(missing): check the name and the folder.")
    let empty = try folder.write([], as: "empty.png")
    #expect(
      refusal(empty) == "\(empty) is empty: replace it by a whole copy, or remove it.")
    #expect(
      refusal(folder.path) == "\(folder.path) is a folder, not a picture: name a file in it.")
    #expect(refusal("/dev/zero") == "/dev/zero is a device, not a picture: name a file.")
  }

  @Test("A file too large for a picture is not read")
  func largeFile() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write([], as: "large.png")
    // A hole: it takes no room on the disk.
    try #require(truncate(path, 600 << 20) == 0)
    let refusal = sentence { _ = try Image(contentsOf: path) }
    #expect(refusal.hasPrefix("\(path) has 600 MB, more than the 512"))
  }
}
