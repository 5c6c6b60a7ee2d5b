import DeepLearning
import Foundation
import Testing

@testable import Images

@Suite("Augmentation")
struct AugmentationTests {
  struct Golden: Decodable {
    struct Case: Decodable {
      let fill: String
      let parameters: [Double]
      let isMirrored: Bool
      let rgb: Data

      var transform: PictureTransform {
        PictureTransform(
          rotation: parameters[0], down: parameters[1], right: parameters[2],
          shear: parameters[3], zoomDown: parameters[4], zoomRight: parameters[5],
          isMirrored: isMirrored)
      }
    }
    let width: Int
    let height: Int
    let rgb: Data
    let cases: [Case]
    var image: Image { Image(width: width, height: height, pixels: Array(rgb)) }
  }

  static let golden = try? decoded("affine.json", as: Golden.self)
  static let fills: [String: Augmentation.Fill] = [
    "nearest": .nearest, "constant": .constant(90), "reflect": .reflect, "wrap": .wrap,
  ]
  static let book = Augmentation(
    rotation: 40, widthShift: 0.2, heightShift: 0.2, shear: 0.2, zoom: 0.2, horizontalFlip: true)

  @Test("Changes agree with SciPy's, pixel for pixel", arguments: 0..<18)
  func golden(number: Int) throws {
    let golden = try #require(Self.golden)
    try #require(golden.cases.count == 18)
    let example = golden.cases[number]
    let fill = try #require(Self.fills[example.fill])
    let result = golden.image.transformed(example.transform, fill: fill)
    let differing = zip(result.pixels, example.rgb).count { $0 != $1 }
    #expect(differing == 0, "\(example.fill) \(example.parameters)")
  }

  @Test("Numbers are the bytes times the scale, for any number of channels", arguments: [1, 3, 4])
  func numbers(channels: Int) {
    let (height, width) = (6, 5)
    let bytes = (0..<height * width * channels).map { UInt8($0 * 2) }
    let values = (0...255).map { Float($0) / 2 }
    let transform = PictureTransform(rotation: 0.4, down: 0.1, isMirrored: true)
    for fill in Self.fills.values {
      let sampler = PictureSampler(height: height, width: width, channels: channels, fill: fill)
      var asBytes = bytes
      var asNumbers = [Float](repeating: -1, count: bytes.count)
      sampler.sample(transform, from: bytes, to: &asBytes)
      sampler.sample(transform, from: bytes, to: &asNumbers, values: values)
      #expect(asNumbers == asBytes.map { Float($0) / 2 })
      #expect(asBytes != bytes)
    }
  }

  @Test("A change of nothing changes nothing, mirroring twice neither")
  func identity() {
    let image = noise(width: 9, height: 6)
    var random = RandomGenerator(seed: 1)
    for fill in Self.fills.values {
      #expect(image.transformed(PictureTransform(), fill: fill) == image)
      let mirror = PictureTransform(isMirrored: true)
      let mirrored = image.transformed(mirror, fill: fill)
      #expect(mirrored != image && mirrored.transformed(mirror, fill: fill) == image)
      #expect(Augmentation(fill: fill).apply(to: image, using: &random) == image)
    }
  }

  @Test("Extreme changes stay inside the picture", arguments: [1, 2, 50])
  func extremes(size: Int) {
    let image = noise(width: size, height: 51 - size)
    for fill in Self.fills.values {
      for transform in [
        PictureTransform(down: 1e6, right: -1e6), PictureTransform(zoomDown: 1e6, zoomRight: 1e6),
        PictureTransform(zoomDown: 0, zoomRight: 0),
        PictureTransform(rotation: 1e6, down: -1e6, shear: 1.57, zoomDown: -3),
      ] {
        #expect(image.transformed(transform, fill: fill).pixels.count == image.pixels.count)
      }
    }
  }

  @Test("Drawn changes fill their ranges evenly and independently")
  func ranges() {
    var random = RandomGenerator(seed: 3)
    let drawn = (0..<20_000).map { _ in Self.book.draw(using: &random) }
    func check(_ values: [Double], _ range: ClosedRange<Double>) {
      let width = range.upperBound - range.lowerBound
      #expect(values.allSatisfy { range.contains($0) })
      let mean = values.reduce(0, +) / Double(values.count)
      let middle = (range.lowerBound + range.upperBound) / 2
      #expect(abs(mean - middle) < 0.01 * width)
      // The variance of a uniform distribution is a twelfth of its width squared.
      let variance = values.map { ($0 - middle) * ($0 - middle) }.reduce(0, +)
      #expect(abs(variance / Double(values.count) * 12 / (width * width) - 1) < 0.03)
    }
    let angle = 40 * Double.pi / 180
    check(drawn.map(\.rotation), -angle...angle)
    check(drawn.map(\.down), -0.2...0.2)
    check(drawn.map(\.right), -0.2...0.2)
    check(drawn.map(\.shear), -0.2...0.2)
    check(drawn.map(\.zoomDown), 0.8...1.2)
    check(drawn.map(\.zoomRight), 0.8...1.2)
    let product = drawn.map { ($0.zoomDown - 1) * ($0.zoomRight - 1) }.reduce(0, +)
    #expect(abs(product / 20_000) < 0.04 * 0.02)
    #expect(abs(drawn.count { $0.isMirrored } - 10_000) < 300)
  }

  @Test("The same seed gives the same variant, another seed another one")
  func seeds() {
    let image = noise(width: 20, height: 20)
    func variant(_ seed: UInt64) -> Image {
      var random = RandomGenerator(seed: seed)
      return Self.book.apply(to: image, using: &random)
    }
    #expect(variant(1) == variant(1))
    #expect(variant(1) != variant(2))
  }
}
