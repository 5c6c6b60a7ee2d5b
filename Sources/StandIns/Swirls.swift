import DeepLearning
import Foundation
import Images

/// A painting made by the program: thousands of thick brush strokes that flow around glowing eddies.
struct Swirls {
  /// Where the stream turns in a circle.
  private struct Eddy {
    let x, y, radius, spin: Float
    let core: [PaintColor]
  }

  private static let side: Float = 1024
  private static let night: [PaintColor] = [
    0x0B1440, 0x122064, 0x16327F, 0x1D4FA3, 0x2A6DBE, 0x3F93C8, 0x57B3BF, 0x8FCFC0, 0x2C5E6E,
    0x163B4F,
  ].map { PaintColor($0) }
  /// Fields of evening light between the blues.
  private static let evening: [PaintColor] = [
    0x6B1F2A, 0xA8322B, 0xD9562B, 0xEE8A2E, 0xF6B93F, 0xFBE08A,
  ].map { PaintColor($0) }
  private static let warm: [[PaintColor]] = [
    [0xFFF6D0, 0xFBE27A, 0xF6BE33, 0xE8892B, 0xC25A2A],
    [0xFFF9E0, 0xF9EFA0, 0xE9D25A, 0xB9B847, 0x5E9C68],
    [0xFFE9C4, 0xF7B267, 0xEE7A4B, 0xC8452F, 0x7C2A3C],
  ].map { $0.map { PaintColor($0) } }

  private var random: RandomGenerator
  private let noise: ValueNoise
  private var eddies: [Eddy] = []

  /// How many pixels of the canvas lie along one unit of length.
  private let scale: Float

  /// Draws the painting of a seed.
  ///
  /// - Parameter side: its width and height.
  static func picture(seed: UInt64, side: Int = 512) -> Image {
    var swirls = Swirls(seed: seed, scale: 2 * Float(side) / Self.side)
    return swirls.paint()
  }

  private init(seed: UInt64, scale: Float) {
    random = RandomGenerator(seed: seed)
    self.scale = scale
    noise = ValueNoise(using: &random)
    placeEddies()
  }

  /// Eddies of all sizes that keep apart from each other.
  private mutating func placeEddies() {
    for attempt in 0..<400 where eddies.count < 15 {
      let radius = attempt < 60 ? 95 + 75 * random.uniform() : 38 + 50 * random.uniform()
      let (x, y) = (random.uniform() * Self.side, random.uniform() * Self.side)
      let isFree = eddies.allSatisfy {
        hypot($0.x - x, $0.y - y) > 1.12 * ($0.radius + radius)
      }
      guard isFree else { continue }
      eddies.append(
        Eddy(
          x: x, y: y, radius: radius, spin: random.uniform() < 0.5 ? -1 : 1,
          core: Self.warm[random.below(Self.warm.count)]))
    }
  }

  /// The direction of the stream, a unit vector.
  private func flow(_ x: Float, _ y: Float) -> SIMD2<Float> {
    let tilt = 0.35 + 1.1 * noise.layered(x / 330, y / 330, 2)
    var stream = SIMD2(cos(tilt), sin(tilt)) * 0.55
    for eddy in eddies {
      let (dx, dy) = (x - eddy.x, y - eddy.y)
      let distance = hypot(dx, dy) + 1e-3
      let ratio = distance / eddy.radius
      let strength = 2.6 * exp(-ratio * ratio * 0.75)
      stream += SIMD2(-dy, dx) / distance * eddy.spin * strength
    }
    let length = (stream * stream).sum().squareRoot()
    return length > 1e-4 ? stream / length : SIMD2(1, 0)
  }

  /// The colour at a place: warm in the eddies, ring by ring, and the blues of the night around them.
  private mutating func color(_ x: Float, _ y: Float) -> PaintColor {
    let clouds = noise.layered(x / 190 + 40, y / 190 + 11, 3)
    let bands = 0.5 + 0.5 * sin(9 * noise.layered(x / 420 + 7, y / 300 + 23, 2) + y / 90)
    let place = (0.62 * bands + 0.38 * (clouds + 0.5) + 0.22 * (random.uniform() - 0.5)) * 9
    var paint = Self.blend(Self.night, place)
    let field = noise.layered(x / 520 + 3, y / 380 + 45, 2) + 0.1 * (random.uniform() - 0.5)
    if field > 0.1 {
      let light = Self.blend(Self.evening, 6 * (field - 0.1) + 3.4 * bands + 0.8 * random.uniform())
      paint = paint.mixed(light, min((field - 0.1) * 14, 0.95))
    }
    for eddy in eddies {
      let ratio = hypot(x - eddy.x, y - eddy.y) / eddy.radius + 0.16 * (random.uniform() - 0.5)
      guard ratio < 1.25 else { continue }
      let glow = Self.blend(eddy.core, ratio * 4.2)
      // Dark rings between the bright ones.
      let wave = 0.5 + 0.5 * cos(ratio * 17)
      let share = ratio < 0.3 ? 1 : max(0, 1.2 - ratio) * (0.25 + 0.75 * wave)
      paint = paint.mixed(glow, min(share, 1))
    }
    // Now and then the brush has been in another pot.
    if random.uniform() < 0.03 { paint = paint.mixed(Self.warm[0][random.below(4)], 0.75) }
    let brightness = 1 + 0.26 * (random.uniform() - 0.5)
    return paint * brightness
  }

  /// A colour between two neighbours of a row.
  private static func blend(_ row: [PaintColor], _ place: Float) -> PaintColor {
    let place = min(max(place, 0), Float(row.count) - 1.01)
    return row[Int(place)].mixed(row[Int(place) + 1], place - place.rounded(.down))
  }

  private mutating func paint() -> Image {
    var canvas = Canvas(side: Int(Self.side * scale), Self.night[1])
    // From the broad brush to the fine one.
    for (width, length, count) in [
      (46, 190, 1200), (28, 150, 2600), (19, 110, 4200), (13, 70, 2600),
    ]
      as [(Float, Float, Int)]
    {
      for _ in 0..<count {
        let start = SIMD2(random.uniform() * Self.side, random.uniform() * Self.side)
        stroke(
          from: start, width: width * (0.75 + 0.5 * random.uniform()),
          length: length * (0.6 + 0.8 * random.uniform()), on: &canvas)
      }
    }
    return canvas.picture(relief: 0.5)
  }

  /// One stroke along the stream; each bristle leaves a streak of its own.
  private mutating func stroke(
    from start: SIMD2<Float>, width: Float, length: Float, on canvas: inout Canvas
  ) {
    let color = color(start.x, start.y)
    let bristles = (0..<max(Int(width / 3), 3)).map { _ in random.uniform() }
    let thickness = 0.5 + 0.5 * random.uniform()
    let half = width / 2
    var place = start
    // Half of it lies before its middle, so that its colour is that of the middle.
    for _ in 0..<Int(length * scale / 2) { place -= flow(place.x, place.y) / scale }
    for step in 0..<Int(length * scale) {
      let direction = flow(place.x, place.y)
      let across = SIMD2(-direction.y, direction.x)
      let along = Float(step) / (length * scale)
      // Narrow where the brush sets down and lifts off.
      let taper = min(1, 5 * along, 3 * (1 - along)).squareRoot()
      for offset in stride(from: -half * taper, through: half * taper, by: 0.7 / scale) {
        let spot = place + across * offset
        let position = (offset / half + 1) / 2 * Float(bristles.count - 1)
        let bristle = bristles[min(Int(position + 0.5), bristles.count - 1)]
        let edge = 1 - abs(offset) / (half * taper + 0.01)
        // Towards its end the brush runs dry.
        let cover =
          min(1, 3 * edge + 0.35) * (along > 0.7 && bristle < (along - 0.7) * 2.6 ? 0.1 : 0.92)
        canvas.lay(
          color * (0.82 + 0.36 * bristle),
          height: thickness * (0.55 + 0.75 * bristle) * min(1, 2.5 * edge + 0.3),
          at: Int(spot.x * scale), Int(spot.y * scale), cover: cover)
      }
      place += direction / scale
    }
  }
}
