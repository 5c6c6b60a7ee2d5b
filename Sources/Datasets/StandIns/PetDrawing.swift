/// One animal: what it looks like, and how it is drawn.
struct PetDrawing {
  private typealias Point = PetCanvas.Point

  /// How often a feature is that of its own kind.
  private static let typical = 0.92

  private let hasHangingEars: Bool
  private let hasLongSnout: Bool
  private let hasSlitEyes: Bool
  private let hasWhiskers: Bool
  private let hasLongTail: Bool
  private let isHeavy: Bool
  private let showsTongue: Bool
  private let coat: PetCanvas.Coat
  private let dark: PetCanvas.Color
  private let eye: PetCanvas.Color

  /// Draws the features of an animal.
  init(isDog: Bool, _ random: inout SplitMix) {
    func isDogLike() -> Bool { random.happens(Self.typical) == isDog }
    hasHangingEars = isDogLike()
    hasLongSnout = isDogLike()
    hasSlitEyes = !isDogLike()
    hasWhiskers = !isDogLike()
    hasLongTail = !isDogLike()
    isHeavy = isDogLike()
    showsTongue = isDogLike() && random.happens(0.4)
    let furs: [PetCanvas.Color] = [
      [205, 130, 60], [120, 85, 55], [90, 90, 95], [40, 38, 40], [225, 220, 210], [170, 150, 120],
    ]
    let shift = random.between(-20, 20)
    coat = PetCanvas.Coat(
      color: furs[random.whole(furs.indices)] + shift,
      second: furs[random.whole(furs.indices)] - shift,
      stripes: random.happens(0.35) ? random.between(6, 12) : 0,
      spots: random.happens(0.35) ? random.between(3, 8) : 0)
    dark = coat.color * 0.6
    eye = random.happens(0.5) ? [190, 200, 70] : [110, 75, 35]
  }

  /// Draws the animal somewhere on a canvas, from near or far.
  func draw(on canvas: inout PetCanvas, _ random: inout SplitMix) {
    let side = Float(canvas.side)
    let isPortrait = random.happens(0.45)
    let scale = side * (isPortrait ? random.between(0.26, 0.46) : random.between(0.28, 0.46))
    canvas.frame = PetCanvas.Frame(
      center: [side * random.between(0.36, 0.64), side * random.between(0.38, 0.62)],
      scale: scale, angle: random.between(-0.45, 0.45), isMirrored: random.happens(0.5))
    if isPortrait {
      head(at: [0, 0], size: 1, on: &canvas, &random)
    } else {
      body(on: &canvas, &random)
      head(
        at: [-0.55 + random.between(-0.08, 0.08), -0.35 + random.between(-0.1, 0.1)], size: 0.5,
        on: &canvas, &random)
    }
  }

  private func body(on canvas: inout PetCanvas, _ random: inout SplitMix) {
    let height: Float = isHeavy ? 0.36 : 0.26
    let legs: Float = isHeavy ? 0.17 : 0.11
    if hasLongTail {
      let bend = random.between(-0.25, 0.25)
      canvas.line(
        [[0.6, 0.1], [0.85, -0.1], [0.9 + bend, -0.4], [0.75 + bend, -0.7]], width: 0.09,
        coat.color)
    } else {
      canvas.line(
        [[0.6, 0.05], [0.8, -0.15 + random.between(-0.15, 0.15)]], width: 0.16, coat.color)
    }
    for foot in [-0.4, -0.18, 0.38, 0.58] as [Float] {
      let step = random.between(-0.12, 0.12)
      canvas.line([[foot, 0.25], [foot + step, 0.85]], width: legs, foot < 0 ? dark : coat.color)
    }
    canvas.ellipse([0.08, 0.15], [0.66, height], coat)
  }

  private func head(
    at center: Point, size: Float, on canvas: inout PetCanvas, _ random: inout SplitMix
  ) {
    let turn = random.between(-0.14, 0.14)
    func at(_ x: Float, _ y: Float) -> Point { center + Point(x, y) * size }
    ears(at, size, turn, on: &canvas, &random)
    canvas.ellipse(center, Point(0.62, isHeavy ? 0.66 : 0.56) * size, coat)
    if hasLongSnout {
      canvas.ellipse(at(turn * 2, 0.36), Point(0.3, 0.4) * size, coat.color * 0.85 + 35)
      if showsTongue {
        canvas.ellipse(at(turn * 2, 0.72), Point(0.11, 0.2) * size, [220, 90, 110])
      }
      canvas.ellipse(at(turn * 2, 0.24), Point(0.17, 0.12) * size, [25, 22, 22])
    } else {
      canvas.ellipse(at(turn - 0.12, 0.27), Point(0.16, 0.13) * size, coat.color * 0.85 + 35)
      canvas.ellipse(at(turn + 0.12, 0.27), Point(0.16, 0.13) * size, coat.color * 0.85 + 35)
      canvas.triangle(
        at(turn - 0.09, 0.12), at(turn + 0.09, 0.12), at(turn, 0.22), [200, 110, 115])
    }
    for x in [-0.25, 0.25] as [Float] {
      canvas.ellipse(at(x + turn, -0.1), Point(0.13, hasSlitEyes ? 0.13 : 0.11) * size, eye)
      canvas.ellipse(
        at(x + turn, -0.1), (hasSlitEyes ? Point(0.035, 0.12) : Point(0.08, 0.08)) * size,
        [15, 15, 15])
    }
    guard hasWhiskers else { return }
    for x in [-1, 1] as [Float] {
      for slope in [-0.1, 0.02, 0.14] as [Float] {
        canvas.line(
          [at(turn + x * 0.15, 0.28), at(turn + x * 0.75, 0.25 + slope)], width: 0.02 * size,
          [240, 240, 235])
      }
    }
  }

  private func ears(
    _ at: (Float, Float) -> Point, _ size: Float, _ turn: Float, on canvas: inout PetCanvas,
    _ random: inout SplitMix
  ) {
    let length = random.between(0.85, 1.15)
    for x in [-1, 1] as [Float] {
      if hasHangingEars {
        canvas.ellipse(
          at(x * 0.62, 0.05 + 0.1 * length), Point(0.18, 0.48 * length) * size, angle: -x * 0.25,
          dark)
      } else {
        let tip = at(x * 0.52 + turn, -0.98 * length)
        canvas.triangle(at(x * 0.12, -0.45), at(x * 0.62, -0.15), tip, dark)
        canvas.triangle(
          at(x * 0.26, -0.48), at(x * 0.54, -0.3), at(x * 0.48 + turn, -0.8 * length),
          [215, 150, 150])
      }
    }
  }
}
