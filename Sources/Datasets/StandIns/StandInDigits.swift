import DataFiles
import Dispatch

/// Drawn digits for machines that have neither the data nor a network.
///
/// Each digit is a few strokes of a pen. Its size, slant, place, thickness and every bend vary from
/// one to the next, some hands are shakier than others, strokes break off and specks lie about, so
/// that no network can get all of them right.
enum StandInDigits {
  /// So many digits for training and for testing. Fewer digits are the first of more.
  static func corpus(train: Int, test: Int) -> DigitCorpus {
    DigitCorpus(
      train: digits(train, stream: 3), test: digits(test, stream: 4),
      origin: DataOrigin(
        name: MNIST.name, kind: .standIn,
        detail: "Digits drawn by the program with a shaky pen, not the MNIST data.",
        trainSamples: train, testSamples: test))
  }

  private static func digits(_ count: Int, stream: UInt64) -> DigitSet {
    var labels = [Int32](repeating: 0, count: count)
    let pixels = [UInt8](unsafeUninitializedCapacity: count * DigitSet.area) { pixels, filled in
      pixels.initialize(repeating: 0)
      labels.withUnsafeMutableBufferPointer { labels in
        nonisolated(unsafe) let (pixels, labels) = (pixels, labels)
        DispatchQueue.concurrentPerform(iterations: 4) { part in
          for digit in (count * part / 4)..<(count * (part + 1) / 4) {
            // Every digit has a generator of its own, so that they can be drawn in parallel.
            var random = SplitMix(state: stream << 32 | UInt64(digit))
            _ = random.next()
            let label = Int(random.fraction() * Double(DigitSet.classes))
            labels[digit] = Int32(label)
            let area = (digit * DigitSet.area)..<((digit + 1) * DigitSet.area)
            let canvas = Pen(pixels: UnsafeMutableBufferPointer(rebasing: pixels[area]))
            canvas.draw(strokes[label], &random)
          }
        }
      }
      filled = count * DigitSet.area
    }
    let shape = [count, DigitSet.side, DigitSet.side]
    guard let set = try? DigitSet(pixels: pixels, shape: shape, labels: labels, name: "") else {
      fatalError("The drawn digits do not fit together.")
    }
    return set
  }

  /// The bends of each digit's stroke, right and down from the upper left corner of its box, in
  /// hundredths of the box.
  private static let bends: [[(Float, Float)]] = [
    [
      (50, 5), (30, 13), (19, 35), (19, 65), (30, 87), (50, 95), (70, 87), (81, 65), (81, 35),
      (70, 13), (50, 5),
    ],
    [(36, 24), (54, 6), (53, 50), (52, 95)],
    [(20, 25), (30, 10), (50, 5), (70, 12), (78, 30), (65, 50), (40, 72), (20, 93), (82, 93)],
    [(22, 12), (50, 5), (75, 18), (72, 36), (48, 47), (75, 58), (80, 78), (60, 93), (20, 88)],
    [(62, 95), (62, 5), (18, 65), (85, 65)],
    [(75, 6), (30, 6), (25, 45), (55, 42), (78, 58), (75, 82), (50, 95), (20, 87)],
    [
      (68, 6), (40, 25), (25, 55), (28, 82), (50, 95), (74, 82), (74, 62), (50, 50), (27, 66),
    ],
    [(20, 7), (80, 7), (57, 50), (42, 95)],
    [
      (50, 48), (26, 30), (34, 10), (50, 5), (66, 10), (74, 30), (50, 48), (22, 72), (32, 92),
      (50, 96), (68, 92), (78, 72), (50, 48),
    ],
    [(73, 34), (50, 50), (27, 38), (27, 18), (50, 5), (72, 16), (73, 34), (68, 65), (50, 95)],
  ]

  /// The bends as fractions of the box.
  private static let strokes = bends.map { bends in
    bends.map { right, down -> SIMD2<Float> in SIMD2(right, down) / 100 }
  }
}

/// A pen over one picture.
private struct Pen {
  let pixels: UnsafeMutableBufferPointer<UInt8>

  func draw(_ stroke: [SIMD2<Float>], _ random: inout SplitMix) {
    func between(_ low: Float, _ high: Float) -> Float {
      low + Float(random.fraction()) * (high - low)
    }
    let shakiness = between(0, 0.13)
    let (width, height) = (between(11, 18), between(15, 21))
    let slant = between(-0.35, 0.35)
    let tilt = between(-0.25, 0.25)
    let place = SIMD2(between(11, 17), between(11.5, 16.5))
    let radius = between(0.5, 1.6)
    var last: SIMD2<Float>?
    // A pen that runs dry leaves out a piece.
    let dry = between(0, 1) < 0.25 ? Int(between(0, Float(stroke.count))) : -1
    for (index, bend) in stroke.enumerated() {
      let shake = SIMD2(between(-shakiness, shakiness), between(-shakiness, shakiness))
      let spot = bend + shake - SIMD2(0.5, 0.5)
      let plain = SIMD2((spot.x - slant * spot.y) * width, spot.y * height)
      let point = place + SIMD2(plain.x - tilt * plain.y, plain.y + tilt * plain.x)
      if let last, index != dry { line(from: last, to: point, radius: radius) }
      last = point
    }
    for _ in 0..<Int(between(0, 14)) {
      pixels[Int(between(0, Float(pixels.count) - 1))] = UInt8(between(30, 220))
    }
  }

  /// Inks what lies within the radius of a line, fading over one pixel.
  private func line(from start: SIMD2<Float>, to end: SIMD2<Float>, radius: Float) {
    let side = DigitSet.side
    let way = end - start
    let length = max((way * way).sum(), 1e-6)
    let reach = radius + 1
    func range(_ a: Float, _ b: Float) -> Range<Int> {
      let low = max(0, Int(min(a, b) - reach))
      return low..<max(low, min(side, Int(max(a, b) + reach) + 1))
    }
    for row in range(start.y, end.y) {
      for column in range(start.x, end.x) {
        let offset = SIMD2(Float(column), Float(row)) - start
        let along = max(0, min(1, (offset * way).sum() / length))
        let gap = offset - way * along
        let ink = max(0, min(1, reach - (gap * gap).sum().squareRoot()))
        let index = row * side + column
        pixels[index] = max(pixels[index], UInt8(ink * 255))
      }
    }
  }
}
