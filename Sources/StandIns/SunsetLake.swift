import DeepLearning
import Foundation
import Images

/// A landscape for where there is no photograph: hills behind hills at sunset, and a lake.
public enum SunsetLake {
  private static let width = 512
  private static let height = 384

  /// Draws the landscape of a seed, 512 x 384 pixels.
  public static func picture(seed: UInt64) -> Image {
    var random = RandomGenerator(seed: seed)
    let noise = ValueNoise(using: &random)
    let shore = 285
    let pixels = (0..<height).flatMap { row in
      (0..<width).flatMap { column -> [UInt8] in
        // The lake shows what is above it, darker and in ripples.
        let isLake = row > shore
        let ripple = isLake ? 5 * noise(Float(column) / 40, Float(row) / 2.5) : 0
        let mirrored = isLake ? Float(2 * shore - row) + ripple : Float(row)
        var paint = color(Float(column) + ripple, mirrored, noise)
        if isLake { paint = paint.mixed(PaintColor(0x1B2A49), 0.35) }
        return (0..<3).map { UInt8(min(max(paint[$0], 0), 1) * 255 + 0.5) }
      }
    }
    return Image(width: width, height: height, pixels: pixels)
  }

  private static func color(_ x: Float, _ y: Float, _ noise: ValueNoise) -> PaintColor {
    var paint = PaintColor(0x2B3A78).mixed(PaintColor(0xF7A35C), min(max(y / 220, 0), 1))
    let sun = hypot(x - 350, y - 120)
    paint = paint.mixed(PaintColor(0xFFE9A8), sun < 34 ? 1 : 0.7 * exp(-(sun - 34) / 45))
    let cloud = noise.layered(x / 120, y / 22, 4)
    paint = paint.mixed(PaintColor(0xFFD2B0), min(max(cloud * 1.6, 0), 0.6))
    for (layer, hill) in [0x6D6A9C, 0x4B5482, 0x33446B, 0x22324E].enumerated() {
      let depth = Float(layer)
      let top = 150 + 32 * depth + 60 * noise.layered(x / (150 - 22 * depth), depth * 7.3 + 3, 4)
      if y > top {
        paint = PaintColor(UInt32(hill)).mixed(PaintColor(0xF2A87C), exp(-(y - top) / 9) * 0.25)
      }
    }
    return paint
  }
}
