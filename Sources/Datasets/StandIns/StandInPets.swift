/// Drawn cats and dogs for machines that have no photographs.
///
/// Ears, snout, eyes, whiskers, tail and build tell a cat from a dog, but each of them now and then
/// is that of the other. Fur, pose, size, place, light and background tell nothing. All pictures are
/// PNG files in memory, drawn when their bytes are asked for.
enum StandInPets {
  /// Pixels along a side, as the book scales photographs.
  static let side = 150

  /// So many pictures of each class for training, half as many for each other part. Fewer pictures
  /// are the first of more.
  static func files(perClass: Int) -> [PetFile] {
    PetPart.allCases.flatMap { part in
      PetFile.Place.classes.indices.flatMap { label in
        (0..<(part == .train ? perClass : perClass / 2)).map { index in
          let number = part.numbers.lowerBound + index
          let file = "\(PetFile.Place.classes[label]).\(number).png"
          return PetFile(
            place: .init(part: part, label: label, number: number, file: file),
            name: "drawn \(file)"
          ) {
            // Every picture has a generator of its own, so that they can be drawn in parallel.
            let stream = UInt64(part.rawValue * 2 + label + 5)
            var random = SplitMix(state: stream << 32 | UInt64(index))
            _ = random.next()
            return PNGWriter.file(
              width: side, height: side, pixels: pixels(isDog: label == 1, &random))
          }
        }
      }
    }
  }

  /// `side` x `side` x 3 bytes.
  static func pixels(isDog: Bool, _ random: inout SplitMix) -> [UInt8] {
    var canvas = Scene.background(&random)
    PetDrawing(isDog: isDog, &random).draw(on: &canvas, &random)
    Scene.clutter(in: front, on: &canvas, &random)
    let light = random.between(0.65, 1.15)
    let grain = random.between(4, 26)
    return canvas.pixels.flatMap { color in
      let noisy = color * light + grain * (Float(random.fraction()) - 0.5)
      return (0..<3).map { UInt8(max(0, min(255, noisy[$0]))) }
    }
  }

  /// How many things may lie in front of the animal.
  private static let front = 0..<3
}

/// What is around an animal.
private enum Scene {
  /// Two colours that run into each other, with things in them.
  static func background(_ random: inout SplitMix) -> PetCanvas {
    let (first, second) = (random.color(), random.color())
    let direction = random.between(0, 1)
    let side = Float(StandInPets.side)
    var canvas = PetCanvas(side: StandInPets.side) { x, y in
      let share = (x * direction + y * (1 - direction)) / side
      return first + (second - first) * share
    }
    clutter(in: 2..<7, on: &canvas, &random)
    return canvas
  }

  /// Balls, bars and corners in the colours of everything.
  static func clutter(
    in counts: Range<Int>, on canvas: inout PetCanvas, _ random: inout SplitMix
  ) {
    let side = Float(StandInPets.side)
    canvas.frame = .init()
    for _ in 0..<random.whole(counts) {
      let place = PetCanvas.Point(random.between(0, side), random.between(0, side))
      func near(_ reach: Float, _ random: inout SplitMix) -> PetCanvas.Point {
        place + .init(random.between(-reach, reach), random.between(-reach, reach))
      }
      let color = random.color()
      switch random.whole(0..<3) {
      case 0:
        canvas.ellipse(place, .init(random.between(3, 22), random.between(3, 22)), color)
      case 1:
        canvas.line([place, near(70, &random)], width: random.between(2, 9), color)
      default:
        canvas.triangle(place, near(30, &random), near(30, &random), color)
      }
    }
  }
}

extension SplitMix {
  /// An even draw.
  mutating func between(_ low: Float, _ high: Float) -> Float {
    low + Float(fraction()) * (high - low)
  }

  /// An even draw from whole numbers.
  mutating func whole(_ range: Range<Int>) -> Int {
    range.lowerBound + Int(fraction() * Double(range.count))
  }

  /// Whether something happens that has this chance.
  mutating func happens(_ chance: Double) -> Bool { fraction() < chance }

  /// Any colour.
  mutating func color() -> PetCanvas.Color {
    .init(between(20, 235), between(20, 235), between(20, 235))
  }
}
