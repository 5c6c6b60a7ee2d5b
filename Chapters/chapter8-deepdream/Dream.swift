import DeepLearning

/// A picture that a network dreams itself into, size by size.
struct Dream {
  /// What happened in one size.
  struct Octave {
    let height, width: Int
    let losses: [Float]
    let end: Ascent.End
  }

  /// A moment of the dream.
  struct Moment {
    /// What has just happened.
    enum Stage {
      /// The picture has been brought to this size.
      case start
      /// So many steps have been taken in it.
      case step(Int)
      /// All of them have been taken.
      case end(Octave)
      /// What smaller sizes had lost of the original is back.
      case detail
    }

    /// The size, counted from 0.
    let octave: Int
    let stage: Stage
    let picture: Tensor
  }

  /// `[1, height, width, 3]`, colours from -1 to 1.
  private(set) var picture: Tensor
  private(set) var octaves: [Octave] = []
  /// The sizes that there were to be.
  let sizes: [(height: Int, width: Int)]

  /// Dreams.
  ///
  /// - Parameters:
  ///   - original: `[1, height, width, 3]`, colours from -1 to 1.
  ///   - network: who dreams.
  ///   - recipe: how.
  ///   - seed: where chance starts.
  ///   - shouldStop: asked again and again; what has come about so far is then the dream.
  ///   - watch: shown every moment.
  init(
    of original: Tensor, by network: DreamNetwork, _ recipe: DreamRecipe, seed: UInt64,
    shouldStop: () -> Bool, watch: (Moment) throws -> Void
  ) rethrows {
    sizes = recipe.sizes(height: original.shape[1], width: original.shape[2])
    var random = RandomGenerator(seed: seed)
    picture = original.sized(sizes[0])
    var shrunk = picture
    var lastGood = picture
    for (octave, size) in sizes.enumerated() {
      func show(_ stage: Moment.Stage) throws {
        try watch(Moment(octave: octave, stage: stage, picture: picture))
      }
      picture = picture.sized(size)
      try show(.start)
      var ascent = Ascent(picture, network, recipe, random: random.split())
      try ascent.climb(shouldStop: shouldStop) { ascent in
        picture = ascent.picture
        try show(.step(ascent.losses.count))
      }
      lastGood = ascent.lastGood ?? lastGood
      picture = ascent.end == .notANumber ? lastGood : ascent.picture
      octaves.append(
        Octave(height: size.height, width: size.width, losses: ascent.losses, end: ascent.end))
      try show(.end(octaves[octave]))
      let isLast = [.notANumber, .interruption].contains(ascent.end)
      // What ends early is still brought to the full size.
      let reached = isLast ? sizes[sizes.count - 1] : size
      picture = picture.sized(reached)
      let same = original.sized(reached)
      if recipe.reinjectsDetail {
        picture.add(same, times: 1)
        picture.add(shrunk.sized(reached), times: -1)
      }
      shrunk = same
      try show(.detail)
      if isLast { break }
    }
  }
}

extension Tensor {
  /// The picture in another size, interpolated as in the book.
  func sized(_ size: (height: Int, width: Int)) -> Tensor {
    size == (shape[1], shape[2]) ? self : resized(height: size.height, width: size.width)
  }
}
