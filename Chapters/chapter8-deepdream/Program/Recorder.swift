import DeepLearning
import Foundation
import Gallery
import Images

/// Takes images while a network dreams, says how far it is, and passes on that the user wants an end.
final class Recorder {
  /// One size of the dream in images.
  struct OctaveImages {
    var start: Image
    var ascended: Image
    /// With the lost detail of the original.
    var withDetail: Image
  }

  private(set) var animation: Animation
  private(set) var octaves: [OctaveImages] = []
  private(set) var seconds: [Double] = []
  private let run: ChapterRun
  /// The picture as it is now; nil if nobody watches.
  private let now: URL?
  private let steps: Int
  private let octaveCount: Int
  private var beginning = ContinuousClock.now
  private var left: ExperimentProgress?

  /// The longest side of the images that are taken.
  private static let side = 640

  init(_ original: Tensor, _ recipe: DeepDream, isLive: Bool = false, _ run: ChapterRun) {
    let small = Image(dream: original).limited(to: Self.side)
    animation = Animation(size: (small.width, small.height))
    (steps, octaveCount) = (recipe.iterations, recipe.sizes(of: original).count)
    self.run = run
    now = isLive ? run.folder.appending(path: "now.png") : nil
  }

  /// Receives an event of the dream.
  ///
  /// - Parameter octave: the number of the size, from 0.
  func observe(_ event: DreamRun.Event, octave: Int, tensor: Tensor) {
    // Not every image is looked at, and a large one takes its time.
    lazy var image = Image(dream: tensor)
    let number = octave + 1
    switch event {
    case .octaveBegan:
      beginning = .now
      left = ExperimentProgress(
        "the dream", total: steps, unit: "steps at size \(number) of \(octaveCount)",
        isShown: !run.options.noProgress)
      let small = image.limited(to: Self.side)
      octaves.append(OctaveImages(start: small, ascended: small, withDetail: small))
      if octave == 0 { animation.add(image, caption: "the start") }
    case .step(let step):
      // Before the step is told: whoever hears of it will look. A full disk spoils no dream.
      if let now { try? image.limited(to: Self.side).write(to: now.path) }
      left?.advance()
      animation.add(image, caption: "size \(number), step \(step)")
      Interruption.pointReached()
    case .ascentEnded(let result):
      left?.finish()
      octaves[octave].ascended = image.limited(to: Self.side)
      seconds.append((ContinuousClock.now - beginning) / .seconds(1))
      run.note("size \(number), \(result.summary), \(ResultTable.number(seconds[octave])) s")
    case .octaveEnded:
      octaves[octave].withDetail = image.limited(to: Self.side)
      animation.add(image, caption: "the dream", isLast: octave == octaveCount - 1)
    }
  }
}

extension DreamRun.Octave {
  /// What happened, in a line.
  fileprivate var summary: String {
    let count = "\(losses.count) \(losses.count == 1 ? "step" : "steps")"
    let end =
      switch stopReason {
      case .allSteps: count
      case .maxLoss: "\(count), then the loss was above its maximum"
      case .notFinite: "\(count), then NaN or infinity"
      case .interrupted: "\(count), then interrupted"
      }
    guard let first = losses.first, let last = losses.last else {
      return "\(width) x \(height): \(end)"
    }
    let (from, to) = (ResultTable.number(Double(first)), ResultTable.number(Double(last)))
    return "\(width) x \(height): loss \(from) to \(to), \(end)"
  }
}
