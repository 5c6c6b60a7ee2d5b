import DeepLearning
import Foundation
import Images

/// A window made by the program: pieces of coloured glass, lead between them, in curved bands around a few centres.
struct StainedGlass {
  /// A piece of glass.
  private struct Piece {
    let x, y: Float
    let paint: PaintColor
    /// Along which its streaks run.
    let grain: SIMD2<Float>
    let phase: Float
  }

  private static let side = 1024
  /// From the deep to the bright, one family for each region of the window.
  private static let families: [[PaintColor]] = [
    [0x10226E, 0x1B3FA6, 0x2F6AD0, 0x59A0E8],
    [0x0C5A5E, 0x138A86, 0x35B5A0, 0x9BE0C0],
    [0x7A0F2B, 0xB31B34, 0xDE3B3A, 0xF4775A],
    [0xB8640E, 0xE39A1C, 0xF7C843, 0xFCEBA0],
    [0x3E1A6A, 0x6A2FA0, 0x9C5CCB, 0xD3A5E8],
    [0x1B5A24, 0x3C8A2E, 0x86BC3C, 0xD5E282],
  ].map { $0.map { PaintColor($0) } }

  private var random: RandomGenerator
  private let noise: ValueNoise
  private var centers: [SIMD2<Float>] = []
  private var pieces: [Piece] = []
  /// The pieces in each square of 32 pixels, so that neighbours are found at once.
  private var cells: [[Int]] = []
  private static let cell = 32
  private static let cellsPerSide = side / cell

  /// Makes the window of a seed.
  ///
  /// - Parameter side: its width and height.
  static func picture(seed: UInt64, side: Int = 512) -> Image {
    var window = StainedGlass(seed: seed)
    return window.window(side: 2 * side)
  }

  private init(seed: UInt64) {
    random = RandomGenerator(seed: seed ^ 0x61A55)
    noise = ValueNoise(using: &random)
    let extent = Float(Self.side)
    while centers.count < 5 {
      let place = SIMD2(random.uniform() * extent, random.uniform() * extent)
      if centers.allSatisfy({ distance($0, place) > 330 }) { centers.append(place) }
    }
    cut()
  }

  private func distance(_ a: SIMD2<Float>, _ b: SIMD2<Float>) -> Float {
    hypot(a.x - b.x, a.y - b.y)
  }

  /// The nearest centre, how far it is, and in which direction.
  private func rose(_ place: SIMD2<Float>) -> (index: Int, radius: Float, angle: Float) {
    let nearest = centers.indices.min {
      distance(centers[$0], place) < distance(centers[$1], place)
    }
    let index = nearest ?? 0
    let offset = place - centers[index]
    return (index, hypot(offset.x, offset.y), atan2(offset.y, offset.x))
  }

  /// Cuts the window into pieces: dots thrown at random that keep a distance, small near the centres and along bands,
  /// large elsewhere.
  private mutating func cut() {
    cells = [[Int]](repeating: [], count: Self.cellsPerSide * Self.cellsPerSide)
    for _ in 0..<60_000 {
      let extent = Float(Self.side)
      let place = SIMD2(random.uniform() * extent, random.uniform() * extent)
      let (_, radius, angle) = rose(place)
      let band = 0.5 + 0.5 * sin(radius / 24 + 0.8 * sin(angle * 6))
      let gap = 17 + 22 * band + min(radius, 300) * 0.05
      let isFree = neighbors(of: place, within: gap).allSatisfy {
        hypot(pieces[$0].x - place.x, pieces[$0].y - place.y) > gap
      }
      guard isFree else { continue }
      let turn = random.uniform() * 2 * Float.pi
      pieces.append(
        Piece(
          x: place.x, y: place.y, paint: paint(place), grain: SIMD2(cos(turn), sin(turn)),
          phase: random.uniform() * 60))
      cells[cellIndex(place.x, place.y)].append(pieces.count - 1)
    }
  }

  private func cellIndex(_ x: Float, _ y: Float) -> Int {
    func clamped(_ value: Float) -> Int {
      min(max(Int(value) / Self.cell, 0), Self.cellsPerSide - 1)
    }
    return clamped(y) * Self.cellsPerSide + clamped(x)
  }

  private func neighbors(of place: SIMD2<Float>, within reach: Float) -> [Int] {
    let size = Float(Self.cell)
    let last = Self.cellsPerSide - 1
    func range(_ value: Float) -> ClosedRange<Int> {
      max(Int((value - reach) / size), 0)...max(min(Int((value + reach) / size), last), 0)
    }
    return range(place.y).flatMap { row in
      range(place.x).flatMap { cells[row * Self.cellsPerSide + $0] }
    }
  }

  /// Rings of one colour around each centre, and another family beyond.
  private mutating func paint(_ place: SIMD2<Float>) -> PaintColor {
    let (index, radius, angle) = rose(place)
    let ring = Int(
      radius / 75 + 0.35 * sin(angle * 5) + 0.5 * noise.layered(place.x / 260, place.y / 260, 2))
    let hot = [3, 2, 3, 4, 2][index % 5]
    let order = [hot, 0, 3, 1, 2, 0, 5, 4]
    var family = Self.families[order[min((ring + (ring > 1 ? index : 0)), 40) % order.count]]
    if random.uniform() < 0.14 { family = Self.families[random.below(Self.families.count)] }
    let tone = min(max(1.5 + 1.6 * (random.uniform() - 0.5) * 2, 0), 2.99)
    return family[Int(tone)].mixed(family[Int(tone) + 1], tone - tone.rounded(.down))
  }

  private mutating func window(side: Int) -> Image {
    let unit = Float(Self.side) / Float(side)
    var canvas = Canvas(side: side, PaintColor(0x0A0A0E))
    for row in 0..<side {
      for column in 0..<side {
        let (x, y) = (Float(column) * unit, Float(row) * unit)
        // Cuts are not quite straight.
        let bend = SIMD2(
          noise.layered(x / 46, y / 46, 2),
          noise.layered(x / 46 + 30, y / 46 + 50, 2))
        let place = SIMD2(x, y) + bend * 9
        var (first, second): ((Int, Float), (Int, Float)) = ((-1, 1e9), (-1, 1e9))
        for index in neighbors(of: place, within: 58) {
          let piece = pieces[index]
          let distance = hypot(piece.x - place.x, piece.y - place.y)
          if distance < first.1 {
            (second, first) = (first, (index, distance))
          } else if distance < second.1 {
            second = (index, distance)
          }
        }
        guard first.0 >= 0 else { continue }
        let gap = second.1 - first.1
        let lead: Float = 5.5
        if gap < lead {
          // A rounded bar.
          let round = 1 - (gap / lead) * (gap / lead)
          canvas.lay(
            PaintColor(0x14141C), height: 3.2 * round.squareRoot(), at: column, row, cover: 1)
        } else {
          canvas.lay(
            shade(pieces[first.0], x, y, edge: gap - lead),
            height: 0.5 * noise(x / 7, y / 7), at: column, row, cover: 1)
        }
      }
    }
    return canvas.picture(relief: 0.22)
  }

  /// Light through a piece of glass: streaks, a brighter middle, bubbles.
  private func shade(_ piece: Piece, _ x: Float, _ y: Float, edge: Float) -> PaintColor {
    let offset = SIMD2(x - piece.x, y - piece.y)
    let along = (offset * piece.grain).sum()
    let across = offset.x * -piece.grain.y + offset.y * piece.grain.x
    let streak = noise.layered(along / 60 + piece.phase, across / 7 + piece.phase, 3)
    let glow = min(edge / 16, 1)
    let brightness = 0.72 + 0.42 * glow + 0.34 * streak
    let bubble = noise(x / 4.5 + 9, y / 4.5)
    return piece.paint * brightness + (bubble > 0.82 ? 0.16 : 0)
  }
}
