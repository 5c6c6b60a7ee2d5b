import DeepLearning

/// Gradient ascent in a picture of one size.
struct Ascent {
  /// Why an ascent ended.
  enum End: Equatable {
    case steps, ceiling, notANumber, interruption
  }

  /// What is to be changed: `[1, height, width, 3]`, colours from -1 to 1.
  private(set) var picture: Tensor
  /// The last picture whose loss was a number, which shows only in the step after it.
  private(set) var lastGood: Tensor?
  /// The loss before each step that was taken.
  private(set) var losses: [Float] = []
  private(set) var end = End.steps

  private let excitement: Excitement
  private let recipe: DreamRecipe
  private var random: RandomGenerator

  init(_ picture: Tensor, _ network: DreamNetwork, _ recipe: DreamRecipe, random: RandomGenerator) {
    (self.picture, self.recipe, self.random) = (picture, recipe, random)
    excitement = Excitement(
      network, recipe, height: min(picture.shape[1], recipe.tile),
      width: min(picture.shape[2], recipe.tile))
  }

  /// Climbs until all steps are taken, the loss is above its ceiling or no number, or the user wants an end.
  ///
  /// - Parameters:
  ///   - shouldStop: asked after each piece of the picture.
  ///   - stepDidEnd: called after each step.
  mutating func climb(shouldStop: () -> Bool, stepDidEnd: (Ascent) throws -> Void) rethrows {
    for _ in 0..<recipe.steps {
      guard let (loss, gradient) = slope(shouldStop: shouldStop) else {
        end = .interruption
        return
      }
      let strength = gradient.meanMagnitude
      guard loss.isFinite, strength.isFinite else {
        end = .notANumber
        return
      }
      lastGood = picture
      if loss > recipe.maxLoss {
        end = .ceiling
        return
      }
      losses.append(loss)
      picture.add(gradient, times: recipe.stepSize / max(strength, 1e-7))
      // Layers that are bounded would hide it from the loss.
      guard picture.meanMagnitude.isFinite else {
        end = .notANumber
        return
      }
      try stepDidEnd(self)
    }
  }

  /// The loss and the gradient of the whole picture; nil if the user wants an end.
  private mutating func slope(shouldStop: () -> Bool) -> (Float, Tensor)? {
    let (height, width) = (picture.shape[1], picture.shape[2])
    let pieces = Piece.cut(height: height, width: width, tile: recipe.tile, using: &random)
    if pieces.count == 1 {
      let shift = (random.below(2 * recipe.jitter + 1), random.below(2 * recipe.jitter + 1))
      let (down, across) = (shift.0 - recipe.jitter, shift.1 - recipe.jitter)
      let (loss, gradient) = excitement.valueAndGradient(
        at: picture.rolled(down: down, across: across))
      return shouldStop() ? nil : (loss, gradient.rolled(down: -down, across: -across))
    }
    var loss: Float = 0
    var whole = Tensor.zeros(picture.shape)
    for piece in pieces {
      let part = picture[.all, .range(piece.rows), .range(piece.columns)]
      let (value, gradient) = excitement.valueAndGradient(at: part)
      if shouldStop() { return nil }
      whole.paste(gradient, from: piece)
      // Of each piece as much counts as it is used for.
      let share = Float(piece.cellRows.count * piece.cellColumns.count) / Float(height * width)
      loss += value * share
    }
    return (loss, whole)
  }
}

extension Tensor {
  /// The mean of the absolute values, summed up in double precision as a large picture has many.
  fileprivate var meanMagnitude: Float {
    withUnsafeBuffer { values in
      Float(values.reduce(0.0) { $0 + Double(abs($1)) } / Double(values.count))
    }
  }

  /// Adds a multiple of another tensor of the same shape.
  mutating func add(_ other: Tensor, times factor: Float) {
    withUnsafeMutableBuffer { values in
      other.withUnsafeBuffer { others in
        for index in values.indices { values[index] += factor * others[index] }
      }
    }
  }

  /// Takes over the cell of a piece.
  fileprivate mutating func paste(_ part: Tensor, from piece: Piece) {
    let width = shape[2]
    withUnsafeMutableBuffer { target in
      part.withUnsafeBuffer { source in
        for row in piece.cellRows {
          let to = (row * width + piece.cellColumns.lowerBound) * 3
          let from =
            ((row - piece.rows.lowerBound) * piece.columns.count
              + piece.cellColumns.lowerBound - piece.columns.lowerBound) * 3
          for index in 0..<piece.cellColumns.count * 3 { target[to + index] = source[from + index] }
        }
      }
    }
  }

  /// The picture shifted down and right; what leaves at one side comes in at the other.
  func rolled(down: Int, across: Int) -> Tensor {
    if down == 0 && across == 0 { return self }
    let (height, width) = (shape[1], shape[2])
    func wrapped(_ place: Int, _ extent: Int) -> Int { (place % extent + extent) % extent }
    return Tensor(shape: shape) { target in
      withUnsafeBuffer { source in
        for row in 0..<height {
          for column in 0..<width {
            let to = (wrapped(row + down, height) * width + wrapped(column + across, width)) * 3
            let from = (row * width + column) * 3
            for color in 0..<3 { target[to + color] = source[from + color] }
          }
        }
      }
    }
  }
}
