import DeepLearning
import Figures
import Images

/// How images of one size stand in rows on a sheet, which is itself one image.
public struct SampleGrid: Sendable {
  /// How many images stand in a row.
  public let columns: Int
  /// How many pixels of the sheet a pixel of an image takes along each side.
  public let scale: Int
  /// How many pixels stand between the images.
  public let gap: Int
  /// How many pixels stand around them all.
  public let frame: Int
  /// The brightness of both, from 0 to 1.
  public let background: Float

  /// Describes a sheet.
  ///
  /// - Parameters:
  ///   - columns: how many images stand in a row; fewer if there are not so many.
  ///   - scale: how many pixels of the sheet a pixel of an image takes along each side.
  ///   - gap: how many pixels stand between the images.
  ///   - frame: how many stand around them all; as many if nothing is given.
  ///   - background: the brightness of both, from 0 to 1.
  public init(
    columns: Int, scale: Int = 1, gap: Int = 0, frame: Int? = nil, background: Float = 1
  ) {
    (self.columns, self.scale, self.gap) = (columns, scale, gap)
    (self.frame, self.background) = (frame ?? gap, background)
  }

  /// A sheet with the images of a batch.
  ///
  /// - Parameter images: `[images, height, width, channels]`, from 0 to 1.
  /// - Returns: the sheet, `[height, width, channels]`.
  public func sheet(_ images: Tensor) -> Tensor {
    let (count, channels) = (images.count, images.shape[3])
    let (height, width) = (images.shape[1] * scale, images.shape[2] * scale)
    let columns = min(columns, count)
    let rows = (count + columns - 1) / columns
    let margin = 2 * frame - gap
    let (pitch, line) = (width + gap, columns * (width + gap) + margin)
    return Tensor(shape: [rows * (height + gap) + margin, line, channels]) { target in
      target.update(repeating: background)
      images.withUnsafeBuffer { source in
        for image in 0..<count {
          let top = image / columns * (height + gap) + frame
          let left = image % columns * pitch + frame
          for row in 0..<height {
            let from = (image * images.shape[1] + row / scale) * images.shape[2]
            let to = (top + row) * line + left
            for column in 0..<width {
              for channel in 0..<channels {
                target[(to + column) * channels + channel] =
                  source[(from + column / scale) * channels + channel]
              }
            }
          }
        }
      }
    }
  }

  /// The first images of a whole row of a sheet that was written before.
  ///
  /// - Parameters:
  ///   - count: how many.
  ///   - width: the pixels of each image along a row.
  ///   - height: those along a column.
  ///   - sheet: the sheet.
  /// - Returns: nil if it is no such sheet.
  public func images(_ count: Int, width: Int, height: Int, in sheet: Image) -> [Picture]? {
    let (pitch, margin) = (width * scale + gap, 2 * frame - gap)
    guard count <= columns, sheet.width == columns * pitch + margin,
      sheet.height >= height * scale + 2 * frame
    else { return nil }
    return (0..<count).map { image in
      let pixels = (0..<width * height).flatMap { pixel in
        let row = pixel / width * scale + frame
        let column = pixel % width * scale + frame + image * pitch
        let source = (row * sheet.width + column) * 3
        return sheet.pixels[source..<source + 3]
      }
      return Picture(pixels: pixels, width: width, height: height, channels: 3)
    }
  }
}
