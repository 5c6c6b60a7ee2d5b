import DeepLearning

/// A dream under way: records what happens, and saves what has come about when it ends early.
final class DreamRun {
  /// Why gradient ascent at a size ended.
  enum StopReason: Error {
    case allSteps, maxLoss, notFinite, interrupted
  }

  /// What happened at one size.
  struct Octave {
    let height, width: Int
    /// The loss before each step.
    var losses: [Float] = []
    var stopReason = StopReason.allSteps
  }

  /// Something that has just happened.
  enum Event {
    /// The image has been brought to this size.
    case octaveBegan
    /// So many steps have been taken.
    case step(Int)
    /// All of them have been taken.
    case ascentEnded(Octave)
    /// What smaller sizes had lost of the original is back.
    case octaveEnded
  }

  private let plan: DreamPlan
  private let network: DreamNetwork
  private let shouldStop: () -> Bool
  private let observe: (_ event: Event, _ octave: Int, _ image: Tensor) -> Void
  private var random: RandomGenerator
  /// The last image with a finite loss, which shows only in the step after it.
  private var lastGood: Tensor?
  /// `[1, height, width, 3]`, colours from -1 to 1; during the dream at its present size.
  private(set) var image = Tensor.scalar(0)
  private(set) var octaves: [Octave] = []

  /// - Parameters:
  ///   - shouldStop: asked again and again.
  ///   - observe: receives every event, with the number of the size from 0, and the image.
  init(
    _ plan: DreamPlan, by network: DreamNetwork, seed: UInt64, shouldStop: @escaping () -> Bool,
    observe: @escaping (_ event: Event, _ octave: Int, _ image: Tensor) -> Void = { _, _, _ in }
  ) {
    (self.plan, self.network, self.shouldStop, self.observe) = (plan, network, shouldStop, observe)
    random = RandomGenerator(seed: seed)
  }

  /// Dreams; what ends early is brought to its full size.
  ///
  /// - Parameter original: `[1, height, width, 3]`, colours from -1 to 1.
  func dream(about original: Tensor) throws {
    do {
      image = try plan.octaves(of: original, ascend: ascend) {
        image = $0
        report(.octaveEnded)
      }
    } catch is StopReason {
      finishEarly(original)
    }
  }

  private func report(_ event: Event) { observe(event, octaves.count - 1, image) }

  /// The section's gradient ascent, which ends early where it leads to nothing.
  private func ascend(from start: Tensor) throws -> Tensor {
    image = start
    octaves.append(Octave(height: start.shape[1], width: start.shape[2]))
    report(.octaveBegan)
    var gradient = plan.gradient(by: network, at: start.shape, random: random.split())
    let octave = octaves.count - 1
    func end(_ reason: StopReason) {
      octaves[octave].stopReason = reason
      report(.ascentEnded(octaves[octave]))
    }
    do {
      image = try plan.dream.ascend(from: start) { image in
        let result = try gradient(at: image) { if shouldStop() { throw StopReason.interrupted } }
        guard result.value.item.isFinite, result.gradient.meanMagnitude.isFinite else {
          throw StopReason.notFinite
        }
        lastGood = image
        return result
      } stepDidEnd: { image, loss in
        octaves[octave].losses.append(loss)
        // Layers that are bounded would hide it from the loss.
        guard image.meanMagnitude.isFinite else { throw StopReason.notFinite }
        self.image = image
        report(.step(octaves[octave].losses.count))
      }
      end(octaves[octave].losses.count < plan.dream.iterations ? .maxLoss : .allSteps)
    } catch let reason as StopReason {
      if reason == .notFinite { image = lastGood ?? image }
      end(reason)
      throw reason
    }
    return image
  }

  /// Brings the image to its full size, and puts back what it has lost.
  private func finishEarly(_ original: Tensor) {
    let (height, width) = (original.shape[1], original.shape[2])
    image = image.resized(height: height, width: width)
    if plan.reinjectsDetail {
      let last = octaves[max(octaves.count - 2, 0)]
      let shrunk = original.resized(height: last.height, width: last.width)
      image = image + original - shrunk.resized(height: height, width: width)
    }
    report(.octaveEnded)
  }
}
