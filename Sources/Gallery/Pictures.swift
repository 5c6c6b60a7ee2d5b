import Datasets
import DeepLearning
import Figures
import Images

extension Image {
  /// The image as a picture for a figure.
  public func picture(caption: String? = nil) -> Picture {
    Picture(pixels: pixels, width: width, height: height, channels: 3, caption: caption)
  }
}

extension Tensor {
  /// The images of a batch `[images, height, width, channels]`, from 0 to 1, as pictures for a figure.
  ///
  /// - Parameter captions: what is written below the first ones.
  public func pictures(captions: [String] = []) -> [Picture] {
    require(
      rank == 4, "Pictures need a tensor [images, height, width, channels]; this one is \(shape).")
    let size = shape.droppingFirst.elementCount
    return withUnsafeBuffer { numbers in
      (0..<count).map { index in
        Picture(
          pixels: Array(numbers[index * size..<(index + 1) * size]), width: shape[2],
          height: shape[1], channels: shape[3],
          caption: index < captions.count ? captions[index] : nil)
      }
    }
  }
}

extension Pixels {
  /// An image of those `[images, height, width, channels]` as a picture for a figure.
  public func picture(_ index: Int, caption: String? = nil) -> Picture {
    let size = shape.droppingFirst.elementCount
    return Picture(
      pixels: Array(bytes[index * size..<(index + 1) * size]), width: shape[2], height: shape[1],
      channels: shape[3], caption: caption)
  }
}

extension Digits {
  /// A digit as a picture for a figure.
  public func picture(_ index: Int, caption: String? = nil) -> Picture {
    Picture(pixels: pixels(index), width: 28, height: 28, caption: caption)
  }
}
