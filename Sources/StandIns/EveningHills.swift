import Foundation
import Images

/// A landscape for where there is no photograph: hills in the evening, one behind the other, under clouds.
public enum EveningHills {
  /// Draws it in any size.
  public static func picture(width: Int, height: Int) -> Image {
    var pixels: [UInt8] = []
    pixels.reserveCapacity(width * height * 3)
    for row in 0..<height {
      for column in 0..<width {
        let x = Double(column) / Double(width) * 3
        let y = Double(row) / Double(height)
        let color = color(x, y)
        for channel in 0..<3 { pixels.append(UInt8(max(0, min(255, color[channel])))) }
      }
    }
    return Image(width: width, height: height, pixels: pixels)
  }

  private static func color(_ x: Double, _ y: Double) -> SIMD3<Double> {
    // The nearest hill that reaches up to here.
    for hill in (0..<5).reversed() {
      let number = Double(hill)
      let ridge = 0.4 + 0.13 * number - 0.16 * cloud(x * (1 + 0.3 * number) + 7 * number, number)
      guard y > ridge else { continue }
      let nearness = number / 4
      let grain = 60 * (cloud(x * 14, y * 40 + number) - 0.5) * (0.3 + nearness)
      let far = SIMD3(150.0, 140, 170)
      let near = SIMD3(40.0, 70, 35)
      return far * (1 - nearness) + near * nearness + grain - 60 * (y - ridge)
    }
    let sky = SIMD3(240.0, 170, 110) * y * 2 + SIMD3(70.0, 110, 180) * (1 - y * 2)
    let white = max(0, cloud(x * 2, y * 9 + 3) - 0.5)
    return sky + white * SIMD3(330.0, 290, 280)
  }

  /// Smooth noise between 0 and 1: four layers, each finer and weaker.
  private static func cloud(_ x: Double, _ y: Double) -> Double {
    (0..<4).reduce(0) { sum, octave in
      let scale = Double(1 << octave)
      return sum + smooth(x * scale, y * scale) / scale
    } / 1.875
  }

  private static func smooth(_ x: Double, _ y: Double) -> Double {
    let (column, row) = (x.rounded(.down), y.rounded(.down))
    func ease(_ t: Double) -> Double { t * t * (3 - 2 * t) }
    let (across, down) = (ease(x - column), ease(y - row))
    func corner(_ i: Double, _ j: Double) -> Double { hash(Int(column + i), Int(row + j)) }
    let upper = corner(0, 0) * (1 - across) + corner(1, 0) * across
    let lower = corner(0, 1) * (1 - across) + corner(1, 1) * across
    return upper * (1 - down) + lower * down
  }

  /// A hash of a point of the grid, from 0 to 1.
  private static func hash(_ column: Int, _ row: Int) -> Double {
    var bits = UInt64(bitPattern: Int64(column &* 73_856_093 ^ row &* 19_349_663))
    bits = (bits ^ bits >> 30) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ bits >> 27) &* 0x94D0_49BB_1331_11EB
    return Double((bits ^ bits >> 31) >> 40) / Double(1 << 24)
  }
}
