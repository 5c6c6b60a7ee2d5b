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
  /// An image `[height, width, channels]`, from 0 to 1, as a picture for a figure.
  public func picture(caption: String? = nil) -> Picture {
    require(rank == 3, "A picture needs a tensor [height, width, channels]; this one is \(shape).")
    return Picture(
      pixels: scalars, width: shape[1], height: shape[0], channels: shape[2], caption: caption)
  }

  /// The images of a batch `[images, height, width, channels]`, from 0 to 1, as pictures for a figure.
  ///
  /// - Parameter caption: what is written below each of them.
  public func pictures(caption: String? = nil) -> [Picture] {
    require(
      rank == 4, "Pictures need a tensor [images, height, width, channels]; this one is \(shape).")
    return (0..<count).map {
      self[$0..<$0 + 1].reshaped(shape.droppingFirst).picture(caption: caption)
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
