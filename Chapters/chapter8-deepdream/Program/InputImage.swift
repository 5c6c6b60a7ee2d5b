import DataFiles
import Datasets
import DeepLearning
import Foundation
import Gallery
import Images
import StandIns

/// The image that is dreamt about.
struct InputImage {
  let image: Image
  /// The name of its file.
  let name: String
  let origin: DataOrigin
  /// What was done to it, if it could not be taken as it is.
  let remark: String?

  /// The photograph of the package scikit-image that dreams best.
  private static let standard = "rocket"
  /// The width of the book's photograph; ours is scaled down to it.
  private static let bookSide = 350
  /// The longest side that the user's picture keeps without being asked.
  private static let standardLimit = 1024

  /// The user's picture, else a photograph, else a drawing.
  ///
  /// - Parameters:
  ///   - path: the user's picture.
  ///   - size: the longest side that a picture may have; larger ones are scaled down.
  /// - Throws: `ImageError` or `DataError` if a file cannot be used.
  init(_ path: String?, size: Int?, _ options: RunOptions) throws {
    let whole: Image
    let limit: Int
    if let path {
      whole = try Image(contentsOf: path)
      name = (path as NSString).lastPathComponent
      origin = Self.origin(name, .own, "The picture \(path).")
      limit = size ?? (options.quick ? 160 : Self.standardLimit)
    } else {
      limit = size ?? (options.quick ? 160 : Self.bookSide)
      let found = try Photographs.load(
        Self.standard, from: options.location, offline: options.offline)
      if let found {
        whole = try Image(decoding: found.bytes, name: found.name)
        (name, origin) = (found.name, Self.origin(found.name, .mirror, found.detail))
      } else {
        whole = EveningHills.picture(width: max(limit, 2), height: max(limit * 2 / 3, 1))
        name = "landscape"
        origin = Self.origin(name, .standIn, "Drawn by the program, as there is no photograph.")
      }
    }
    image = Self.fitted(whole, limit: limit)
    let (before, after) = ((whole.width, whole.height), (image.width, image.height))
    let sizes = "from \(before.0) x \(before.1) to \(after.0) x \(after.1) pixels"
    remark =
      before == after
      ? nil
      : after.0 * after.1 < before.0 * before.1
        ? "\(name) is scaled down \(sizes); --size \(max(before.0, before.1)) keeps it whole."
        : "\(name) is enlarged \(sizes), the least that the networks can see something in."
  }

  /// The picture as the dream works on it: `[1, height, width, 3]`, colours from -1 to 1.
  var tensor: Tensor {
    (image.tensor(scale: 1 / 127.5) - 1).reshaped([1, image.height, image.width, 3])
  }

  /// Noise around grey, of the picture's size.
  func noise(seed: UInt64) -> Tensor {
    var random = RandomGenerator(seed: seed)
    return .uniform([1, image.height, image.width, 3], in: -0.2..<0.2, using: &random)
  }

  private static func origin(_ name: String, _ kind: DataOrigin.Kind, _ detail: String)
    -> DataOrigin
  {
    DataOrigin(name: name, kind: kind, detail: detail, trainSamples: 0, testSamples: 1)
  }

  /// The picture with no side longer than the limit and none shorter than the networks need.
  private static func fitted(_ image: Image, limit: Int) -> Image {
    let factor = min(Double(limit) / Double(max(image.width, image.height)), 1)
    func length(_ side: Int) -> Int {
      max(Int((Double(side) * factor).rounded()), DreamNetwork.smallestSide)
    }
    let (width, height) = (length(image.width), length(image.height))
    let shrinks = width < image.width || height < image.height
    return image.resized(width: width, height: height, filter: shrinks ? .area : .bilinear)
  }
}

extension Image {
  /// The picture that a dream has come to.
  init(dream picture: Tensor) { self.init(picture + 1, scale: 127.5) }
}
