import Foundation
import Testing

@testable import Images

@Suite("Resizing")
struct ResizingTests {
  struct Golden: Decodable {
    struct Nearest: Decodable, CustomTestStringConvertible {
      let old: Int
      let new: Int
      let indices: [Int]
      var testDescription: String { "\(old) to \(new)" }
    }
    struct Mixed: Decodable, CustomTestStringConvertible {
      let width: Int
      let height: Int
      let bilinear: Data
      let area: Data
      var testDescription: String { "to \(width) x \(height)" }
    }
    let nearest: [Nearest]
    let width: Int
    let height: Int
    let rgb: Data
    let mixed: [Mixed]

    var image: Image { Image(width: width, height: height, pixels: Array(rgb)) }
  }

  static let golden = try? decoded("resizing.json", as: Golden.self)

  @Test("Nearest takes the pixels that Pillow takes", arguments: golden?.nearest ?? [])
  func nearest(golden: Golden.Nearest) {
    let ramp = (0..<golden.old).flatMap { index -> [UInt8] in
      [UInt8(index & 255), UInt8(index >> 8), 0]
    }
    func positions(_ image: Image) -> [Int] {
      stride(from: 0, to: image.pixels.count, by: 3).map {
        Int(image.pixels[$0]) | Int(image.pixels[$0 + 1]) << 8
      }
    }
    let row = Image(width: golden.old, height: 1, pixels: ramp).resized(
      width: golden.new, height: 1)
    #expect(positions(row) == golden.indices)
    let column = Image(width: 1, height: golden.old, pixels: ramp).resized(
      width: 1, height: golden.new)
    #expect(positions(column) == golden.indices)
  }

  @Test("Bilinear agrees with TensorFlow, area with exact means", arguments: golden?.mixed ?? [])
  func mixed(golden: Golden.Mixed) throws {
    let image = try #require(Self.golden).image
    for (filter, expected) in [
      (Image.ResizingFilter.bilinear, golden.bilinear), (.area, golden.area),
    ] {
      let result = image.resized(width: golden.width, height: golden.height, filter: filter)
      let wanted = Image(width: golden.width, height: golden.height, pixels: Array(expected))
      // Halves may be rounded either way, seldom.
      #expect(difference(result, wanted) <= 1)
      let differing = zip(result.pixels, wanted.pixels).count { $0 != $1 }
      #expect(differing * 50 <= wanted.pixels.count)
    }
  }

  @Test(
    "The same size changes nothing; one pixel becomes a plane",
    arguments: Image.ResizingFilter.allCases)
  func invariants(filter: Image.ResizingFilter) {
    let image = noise(width: 5, height: 4)
    #expect(image.resized(width: 5, height: 4, filter: filter) == image)
    let dot = Image(width: 1, height: 1, pixels: [10, 20, 30])
    #expect(
      dot.resized(width: 3, height: 2, filter: filter).pixels
        == (0..<6).flatMap { _ in [UInt8(10), 20, 30] })
    let white = Image(width: 17, height: 13, pixels: .init(repeating: 255, count: 17 * 13 * 3))
    #expect(
      white.resized(width: 29, height: 3, filter: filter).pixels.allSatisfy { $0 == 255 })
  }
}
