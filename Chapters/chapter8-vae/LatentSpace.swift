import DeepLearning
import Figures
import Foundation

extension Autoencoder {
  /// Pixels along a side of a picture.
  static let side = 28

  /// A sheet of pictures at the points of a grid over the first two numbers of the latent space, like a map.
  ///
  /// The points stand where equal shares of a normal distribution lie between them: closest in the middle, as the
  /// pictures do. As in the book, the second number grows downwards.
  ///
  /// - Parameters:
  ///   - count: how many pictures along a side.
  ///   - center: the middle of the distribution; by default 0.
  ///   - spread: its standard deviation along each axis; by default 1.
  func manifold(_ count: Int, center: [Float]? = nil, spread: [Float]? = nil) -> TileSheet {
    let latent = decoder.inputShapes[0].elementCount
    let center = center ?? Array(repeating: 0, count: latent)
    let places = Self.places(count)
    let points = places.flatMap { y in
      places.map { x in
        var point = center
        for (axis, place) in zip(0..<latent, [x, y]) {
          point[axis] += Float(place) * (spread?[axis] ?? 1)
        }
        return point
      }
    }
    return TileSheet(pictures(at: points), columns: count)
  }

  /// The book's places along an axis: the inverse normal distribution of 0.05 to 0.95 in equal steps.
  static func places(_ count: Int) -> [Double] {
    (0..<count).map { normalQuantile(0.05 + 0.9 * Double($0) / Double(max(count - 1, 1))) }
  }

  /// The number below which a standard normal number lies with a probability: halving an interval finds it.
  static func normalQuantile(_ probability: Double) -> Double {
    var (low, high) = (-10.0, 10.0)
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if erfc(-middle / 2.0.squareRoot()) / 2 < probability {
        low = middle
      } else {
        high = middle
      }
    }
    return (low + high) / 2
  }
}

/// Pictures of 28 x 28 grey pixels without gaps between them, in rows.
struct TileSheet {
  let width: Int
  let height: Int
  /// From 0 to 1, row by row.
  let pixels: [Float]

  init(_ tiles: [[Float]], columns: Int) {
    let side = Autoencoder.side
    width = columns * side
    height = (tiles.count + columns - 1) / columns * side
    var pixels = [Float](repeating: 0, count: width * height)
    for (index, tile) in tiles.enumerated() {
      let start = index / columns * side * width + index % columns * side
      for row in 0..<side {
        let target = start + row * width
        pixels.replaceSubrange(target..<target + side, with: tile[row * side..<(row + 1) * side])
      }
    }
    self.pixels = pixels
  }

  /// The sheet as a picture for a figure.
  func picture(_ caption: String? = nil) -> Picture {
    Picture(pixels: pixels, width: width, height: height, caption: caption)
  }
}
