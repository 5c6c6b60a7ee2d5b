import Gallery
import Images

/// Looks on while a network dreams: takes pictures, says how far it is, and passes on that the user wants an end.
final class DreamWatch {
  /// One size of the dream in pictures.
  struct Strip {
    var before: Image
    var dreamt: Image
    /// With the lost detail of the original.
    var final: Image
  }

  private(set) var film: Film
  private(set) var strips: [Strip] = []
  private(set) var seconds: [Double] = []
  private let run: ChapterRun
  private let steps: Int
  private let octaves: Int
  private var beginning = ContinuousClock.now
  private var left: ExperimentProgress?

  /// The longest side of the pictures that are taken.
  private static let side = 640

  init(_ subject: Subject, _ recipe: DreamRecipe, _ run: ChapterRun) {
    let small = subject.image.limited(to: Self.side)
    film = Film(size: (small.width, small.height))
    (steps, self.run) = (recipe.steps, run)
    octaves = recipe.sizes(height: subject.image.height, width: subject.image.width).count
  }

  /// Receives a moment of the dream.
  func see(_ moment: Dream.Moment) {
    // Not every moment is looked at, and a large picture takes its time.
    lazy var image = Image(dream: moment.picture)
    let number = moment.octave + 1
    switch moment.stage {
    case .start:
      beginning = .now
      left = ExperimentProgress(
        "size \(number) of \(octaves)", total: steps, unit: "steps",
        isShown: !run.options.noProgress)
      let small = image.limited(to: Self.side)
      strips.append(Strip(before: small, dreamt: small, final: small))
      if moment.octave == 0 { film.add(image, caption: "the start") }
    case .step(let step):
      left?.advance()
      film.add(image, caption: "size \(number), step \(step)")
      Interruption.pointReached()
    case .end(let octave):
      left?.finish()
      strips[moment.octave].dreamt = image.limited(to: Self.side)
      seconds.append((ContinuousClock.now - beginning) / .seconds(1))
      run.note("size \(number), \(octave.summary), \(ResultTable.number(seconds[moment.octave])) s")
    case .detail:
      strips[moment.octave].final = image.limited(to: Self.side)
      film.add(image, caption: "the dream", isLast: moment.octave == octaves - 1)
    }
  }

  /// Whether the user wants an end.
  func shouldStop() -> Bool { run.isInterrupted }
}

extension Dream.Octave {
  /// What happened, in a line.
  var summary: String {
    let size = "\(width) x \(height): "
    guard let first = losses.first, let last = losses.last else { return size + reason }
    let (from, to) = (ResultTable.number(Double(first)), ResultTable.number(Double(last)))
    return size + "loss \(from) to \(to), \(reason)"
  }

  private var reason: String {
    let count = "\(losses.count) \(losses.count == 1 ? "step" : "steps")"
    return switch end {
    case .steps: count
    case .ceiling: "\(count), then beyond the ceiling"
    case .notANumber: "\(count), then no number any more"
    case .interruption: "\(count), then interrupted"
    }
  }
}
