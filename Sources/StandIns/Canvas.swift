import DeepLearning
import Foundation
import Images

/// A colour in the making: red, green and blue from 0 to 1.
typealias PaintColor = SIMD3<Float>

extension SIMD3 where Scalar == Float {
  /// As in the notation of web pages, 0xE0A030.
  init(_ hex: UInt32) {
    self.init(Float(hex >> 16 & 255) / 255, Float(hex >> 8 & 255) / 255, Float(hex & 255) / 255)
  }

  /// On the way to another colour; 1 is that colour.
  func mixed(_ other: Self, _ share: Float) -> Self { self + (other - self) * share }
}

/// A canvas of paint that lies in ridges and furrows, as thick oil paint does.
struct Canvas {
  let side: Int
  private(set) var colors: [PaintColor]
  /// How thick the paint is.
  private(set) var heights: [Float]

  init(side: Int, _ color: PaintColor) {
    self.side = side
    colors = [PaintColor](repeating: color, count: side * side)
    heights = [Float](repeating: 0, count: side * side)
  }

  /// Lays paint on a pixel.
  ///
  /// - Parameter cover: how much of what was there is hidden.
  mutating func lay(_ color: PaintColor, height: Float, at x: Int, _ y: Int, cover: Float) {
    guard x >= 0, y >= 0, x < side, y < side else { return }
    let place = y * side + x
    colors[place] = colors[place].mixed(color, cover)
    heights[place] += (height - heights[place]) * cover
  }

  /// The picture in light from the upper left, at half the size, so that edges are soft.
  ///
  /// - Parameter relief: how strongly ridges show.
  func picture(relief: Float) -> Image {
    let half = side / 2
    func height(_ x: Int, _ y: Int) -> Float {
      heights[min(max(y, 0), side - 1) * side + min(max(x, 0), side - 1)]
    }
    let pixels = [UInt8](unsafeUninitializedCapacity: half * half * 3) { target, count in
      for row in 0..<half {
        for column in 0..<half {
          var sum = PaintColor.zero
          for (x, y) in [(0, 0), (1, 0), (0, 1), (1, 1)].map({
            (2 * column + $0.0, 2 * row + $0.1)
          }) {
            let slope = height(x + 1, y + 1) - height(x - 1, y - 1)
            let light = min(max(1 - relief * slope, 0.45), 1.6)
            // Where light falls straight on it, paint shines.
            let shine = max(light - 1.25, 0) * 0.5
            sum += colors[y * side + x] * light + shine
          }
          for channel in 0..<3 {
            let value = min(max(sum[channel] / 4, 0), 1)
            target[(row * half + column) * 3 + channel] = UInt8(value * 255 + 0.5)
          }
        }
      }
      count = half * half * 3
    }
    return Image(width: half, height: half, pixels: pixels)
  }
}
