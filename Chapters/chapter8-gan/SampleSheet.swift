import DeepLearning
import Foundation
import Images

/// What was measured on a sheet of samples.
struct SheetRecord: Codable {
  /// After how many steps.
  let step: Int
  /// How far a made picture is from the most similar other one, on average.
  let madeGap: Float
  /// The share that the discriminator takes for real.
  let deceptions: Float
}

/// Pictures of 32 x 32 pixels in rows, enlarged so that each pixel is a sharp square.
enum SampleSheet {
  /// How many pictures stand on a sheet of the training.
  static let count = 40
  static let columns = 10
  /// What a pixel becomes on each side.
  static let scale = 4
  /// White between the pictures.
  static let gap = 4

  private static var pitch: Int { 32 * scale + gap }

  /// The sheet with pictures `[count, 32, 32, 3]`, from 0 to 1.
  static func image(_ pictures: Tensor, columns: Int = columns) -> Image {
    let columns = min(columns, pictures.count)
    let rows = (pictures.count + columns - 1) / columns
    let (width, height) = (columns * pitch + gap, rows * pitch + gap)
    var pixels = [UInt8](repeating: 255, count: width * height * 3)
    let bytes = pictures.bytes
    for picture in 0..<pictures.count {
      let (top, left) = (picture / columns * pitch + gap, picture % columns * pitch + gap)
      for row in 0..<32 * scale {
        for column in 0..<32 * scale {
          let source = picture * 3072 + (row / scale * 32 + column / scale) * 3
          let target = ((top + row) * width + left + column) * 3
          for channel in 0..<3 { pixels[target + channel] = bytes[source + channel] }
        }
      }
    }
    return Image(width: width, height: height, pixels: pixels)
  }

  /// The first pictures of a sheet of the training, as bytes; nil if it is none.
  static func pictures(_ number: Int, in image: Image) -> [[UInt8]]? {
    guard image.width == columns * pitch + gap, image.height >= pitch + gap, number <= columns
    else { return nil }
    return (0..<number).map { picture in
      (0..<32 * 32).flatMap { pixel in
        let (row, column) = (pixel / 32 * scale + gap, pixel % 32 * scale + gap + picture * pitch)
        let source = (row * image.width + column) * 3
        return image.pixels[source..<source + 3]
      }
    }
  }

  /// Where the sheet after a step is kept.
  static func file(_ step: Int, in folder: URL) -> URL {
    let number = String(step)
    let name = "samples-" + String(repeating: "0", count: max(0, 5 - number.count)) + number
    return folder.appending(path: "samples/\(name).png")
  }

  /// The points that all sheets of a training show, so that one sees the same pictures grow.
  static func points(seed: UInt64) -> Tensor {
    var random = RandomGenerator(seed: seed ^ 0x5EED << 32)
    return .normal([count, Recipe.latentSize], using: &random)
  }
}

extension Tensor {
  /// Numbers from 0 to 1 as bytes.
  var bytes: [UInt8] {
    withUnsafeBuffer { $0.map { UInt8(Swift.min(Swift.max($0, 0), 1) * 255 + 0.5) } }
  }
}
