import DataFiles
import Foundation

/// Drawn frogs for machines that have neither the data nor a network.
///
/// A round body with a belly, two bulging eyes and four feet, in greens and browns, sits before a plain or a meadow,
/// somewhere in the picture, large or small, facing left or right.
enum StandInPictures {
  /// So many pictures. Fewer pictures are the first of more.
  static func make(label: Int, count: Int) throws -> ClassPictures {
    var bytes = [UInt8]()
    bytes.reserveCapacity(count * ClassPictures.size)
    for number in 0..<count {
      // Every frog has a random generator of its own, so that it is the same among few and many.
      var random = SplitMix(state: 9 << 32 | UInt64(number))
      _ = random.next()
      bytes += Frog(&random).pixels()
    }
    let wanted = CIFAR10.classNames[label]
    let remark =
      wanted == "frog" ? "" : " Nothing but frogs can be drawn, though \(wanted) was asked for."
    return try ClassPictures(
      bytes, className: "frog",
      origin: DataOrigin(
        name: CIFAR10.name, kind: .standIn,
        detail: "Frogs drawn by the program, not the CIFAR-10 data.\(remark)",
        trainSamples: 0, testSamples: 0))
  }
}

/// A frog, given by its measures; lengths are in picture widths.
private struct Frog {
  private typealias Spot = SIMD2<Float>
  private typealias Colour = SIMD3<Float>

  /// An ellipse of one colour.
  private struct Ellipse {
    let centre: Spot
    let radii: Spot
    let colour: Colour
  }

  private let sky: Colour
  private let ground: Colour
  private let horizon: Float
  /// From back to front.
  private var parts: [Ellipse] = []
  private let light: Float

  init(_ random: inout SplitMix) {
    func between(_ low: Float, _ high: Float) -> Float {
      low + Float(random.fraction()) * (high - low)
    }
    let shade = between(0.15, 0.95)
    sky = Colour(
      shade + between(-0.1, 0.1), shade + between(-0.1, 0.1), shade + between(-0.15, 0.15))
    ground = Colour(between(0.25, 0.6), between(0.3, 0.6), between(0.1, 0.4))
    horizon = between(0, 1) < 0.4 ? 2 : between(0.4, 0.8)
    light = between(-0.25, 0.25)
    let size = between(0.55, 1.05)
    let centre = Spot(between(0.42, 0.58), between(0.5, 0.62))
    let side: Float = between(0, 1) < 0.5 ? -1 : 1
    let green = between(0, 1)
    let skin = Colour(0.2 + 0.4 * green, 0.5 + between(-0.15, 0.2), 0.1 + 0.15 * (1 - green))
    let dark = skin * between(0.55, 0.75)
    let belly = skin * 0.4 + Colour(0.55, 0.52, 0.4)
    func add(_ x: Float, _ y: Float, _ width: Float, _ height: Float, _ colour: Colour) {
      let offset = Spot(side * x, y) * size
      parts.append(
        Ellipse(centre: centre + offset, radii: Spot(width, height) * size, colour: colour))
    }
    add(-0.22, 0.2, 0.2, 0.1, dark)
    add(0.2, 0.24, 0.16, 0.06, dark)
    add(0, 0.05, 0.33, 0.23, skin)
    add(-0.25, 0.1, 0.14, 0.16, dark)
    add(0.06, 0.14, 0.22, 0.12, belly)
    add(0.18, -0.1, 0.2, 0.15, skin)
    add(0.14, -0.02, 0.17, 0.03, dark)
    for x: Float in [0.08, 0.3] {
      add(x, -0.23, 0.08, 0.08, skin)
      add(x, -0.24, 0.055, 0.055, Colour(0.85, 0.75, 0.25))
      add(x, -0.24, 0.025, 0.045, Colour(0.05, 0.05, 0.05))
    }
  }

  /// The picture, row by row, channels last.
  func pixels() -> [UInt8] {
    var bytes = [UInt8]()
    bytes.reserveCapacity(ClassPictures.size)
    let side = CIFAR10.side
    for row in 0..<side {
      for column in 0..<side {
        let spot = Spot(Float(column) + 0.5, Float(row) + 0.5) / Float(side)
        var colour = spot.y > horizon ? ground : sky
        for part in parts {
          let gap = (spot - part.centre) / part.radii
          // Edges fade over about a pixel.
          let distance = (gap * gap).sum().squareRoot()
          let cover = max(0, min(1, (1 - distance) * part.radii.min() * Float(side) + 0.5))
          let shade = 1 - 0.25 * max(0, gap.y)
          colour += (part.colour * shade - colour) * cover
        }
        colour *= 1 + light * (spot.x - spot.y)
        for channel in 0..<3 {
          bytes.append(UInt8(max(0, min(1, colour[channel])) * 255))
        }
      }
    }
    return bytes
  }
}
