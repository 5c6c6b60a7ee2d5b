import Datasets
import DeepLearning
import Figures
import Foundation
import Gallery
import Images

/// The photograph that Grad-CAM explains.
struct Photograph {
  let image: Image
  /// The name of its file.
  let name: String
  /// Whether it is the book's: two African elephants.
  let isBooks: Bool

  private static let names = ["elephant.jpg", "creative_commons_elephant.jpg"]
  /// The longest side of what is shown; larger photographs are scaled down.
  private static let longestSide = 1000

  /// The user's picture, else the book's, else one of the cats.
  ///
  /// - Throws: `ImageError` or `DataError` if it cannot be read.
  init(_ path: String?, _ options: RunOptions) throws {
    let location = try options.location
    let found = Self.names.flatMap { [$0, "images/" + $0] }.lazy.compactMap(location.find).first
    if let path = path ?? found {
      image = try Image(contentsOf: path).limited(to: Self.longestSide)
      name = (path as NSString).lastPathComponent
      isBooks = path == found
    } else {
      let file = try CatsAndDogs.load(from: location, report: { _ in }).validation.files[0]
      image = try Image(decoding: file.data(), name: file.name).limited(to: Self.longestSide)
      name = (file.name as NSString).lastPathComponent
      isBooks = false
    }
  }

  /// The photograph with a map of heat on top: 0.4 of the colours of the heat are added.
  func overlaid(with map: GradCAM.Map) -> Image {
    let heat = Image(
      width: map.width, height: map.height,
      pixels: map.rectified.flatMap { value in
        let grey = UInt8(min(value, 1) * 255)
        return [grey, grey, grey]
      }
    ).resized(width: image.width, height: image.height, filter: .bilinear)
    let colors = ColorMap.jet.pixels(
      stride(from: 0, to: heat.pixels.count, by: 3).lazy.map { Float(heat.pixels[$0]) / 255 })
    return Image(
      width: image.width, height: image.height,
      pixels: zip(image.pixels, colors).map { photo, color in
        UInt8(min(Float(photo) + 0.4 * Float(color), 255))
      })
  }
}
