import Datasets
import DeepLearning
import Figures

/// Where the encoder puts pictures whose classes are known.
struct LatentMap {
  /// Ten colours that can be told apart, one a class: red, green and blue.
  private static let colors: [[UInt8]] = [
    [0, 114, 178], [213, 94, 0], [0, 158, 115], [182, 87, 148], [230, 159, 0], [86, 180, 233],
    [90, 90, 90], [128, 64, 16], [160, 190, 30], [60, 30, 150],
  ]

  /// One point a picture.
  let points: [[Float]]
  private let digits: Digits

  init(_ vae: VariationalAutoencoder, _ digits: Digits) {
    self.digits = digits
    let means = vae.means(of: digits.pictures)
    let (scalars, latent) = (means.scalars, means.shape[1])
    points = (0..<digits.count).map { Array(scalars[$0 * latent..<($0 + 1) * latent]) }
  }

  /// The mean of all points along each axis.
  var center: [Float] {
    points[0].indices.map { axis in points.reduce(0) { $0 + $1[axis] } / Float(points.count) }
  }

  /// The standard deviation of all points along each axis.
  var spread: [Float] {
    zip(points[0].indices, center).map { axis, mean in
      (points.reduce(0) { $0 + ($1[axis] - mean) * ($1[axis] - mean) } / Float(points.count))
        .squareRoot()
    }
  }

  /// The first two numbers of all points, coloured by class, with a legend.
  func figure(title: String) -> Figure {
    Figure(title: title, x: "z[0]", y: "z[1]", width: 760, height: 680) {
      for (label, name) in digits.classNames.enumerated() {
        let members = points.indices.filter { Int(digits.labels[$0]) == label }
        let color = Self.colors[label]
        Dots(
          members.map { points[$0][1] }, name, at: members.map { Double(points[$0][0]) },
          color: Color(red: color[0], green: color[1], blue: color[2]))
      }
    }
  }

  /// The same as a small picture without axes, for a sheet of several: from -4 to 4 standard deviations.
  func picture(_ caption: String) -> Picture {
    let side = 400
    let (center, spread) = (center, spread)
    var pixels = [UInt8](repeating: 255, count: side * side * 3)
    for (point, label) in zip(points, digits.labels) {
      let place = (0..<2).map { axis in
        (point[axis] - center[axis]) / max(spread[axis], 1e-6) * Float(side) / 8 + Float(side) / 2
      }
      guard place.allSatisfy({ $0 >= 0 && $0 < Float(side - 1) }) else { continue }
      let color = Self.colors[Int(label)]
      for (dx, dy) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
        // Upwards, as on axes.
        let start = ((side - 1 - Int(place[1]) - dy) * side + Int(place[0]) + dx) * 3
        pixels.replaceSubrange(start..<start + 3, with: color)
      }
    }
    return Picture(pixels: pixels, width: side, height: side, channels: 3, caption: caption)
  }

  /// How far the distributions around the points are from the standard normal one: the divergence, in nats, averaged
  /// over the pictures.
  func divergence(logVariances: Tensor) -> Double {
    let latent = points[0].count
    let means = Tensor(points.flatMap { $0 }, shape: [points.count, latent])
    return Double(Sampling.divergence(mean: means, logVariance: logVariances).item)
      * Double(latent) / 2
  }
}

extension VariationalAutoencoder {
  /// Where images lie: the means, `[images, latent]`.
  func means(of images: Pixels) -> Tensor {
    whole.outputs(of: ["z_mean"]).predict(images, batchSize: 250)
  }

  /// The logarithms of the variances around the means, `[images, latent]`.
  func logVariances(of images: Pixels) -> Tensor {
    whole.outputs(of: ["z_log_var"]).predict(images, batchSize: 250)
  }
}
