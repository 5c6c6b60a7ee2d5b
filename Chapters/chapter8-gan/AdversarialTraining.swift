import DeepLearning
import Foundation

/// A generator and a discriminator that learn from each other, step by step.
final class AdversarialTraining {
  /// What a training is about, as far as another can only go on from it if it is about the same.
  struct Plan: Codable, Equatable {
    let recipe: Recipe
    let seed: UInt64
    /// What is on the pictures.
    let className: String
    let pictureCount: Int
    /// A number that other pictures would hardly have (Fowler, Noll and Vo).
    let pictureHash: UInt64
  }

  /// All that a later run needs in order to go on, besides what the networks have learned.
  struct State: Codable {
    let plan: Plan
    var random: RandomGenerator
    /// The first of the next real pictures.
    var start = 0
    /// Each step's losses.
    var discriminatorLosses: [Float] = []
    var adversarialLosses: [Float] = []
    var sheets: [SheetRecord] = []

    /// Whether a training can have come to this; a damaged file might say anything.
    var isPossible: Bool {
      let (steps, recipe) = (discriminatorLosses.count, plan.recipe)
      let places = sheets.map(\.step)
      return recipe.isPossible && adversarialLosses.count == steps
        && (recipe.batchSize...1 << 20).contains(plan.pictureCount)
        && (0...plan.pictureCount - recipe.batchSize).contains(start)
        // Logarithms of what is cut off near 0 and 1.
        && (discriminatorLosses + adversarialLosses).allSatisfy { $0.magnitude < 100 }
        // Each sheet comes after the one before.
        && zip([0] + places, places).allSatisfy { $0 < $1 } && places.last ?? 0 <= steps
        && sheets.allSatisfy {
          (0...1).contains($0.deceptions) && (0...1_000).contains($0.madeGap)
        }
    }
  }

  /// The numbers stopped being numbers.
  struct NotFinite: Error { let step: Int }

  let plan: Plan
  let generator: Sequential
  let discriminator: Sequential
  private(set) var state: State
  private let generatorOptimizer: RMSprop
  private let discriminatorOptimizer: RMSprop

  /// How many steps have been made.
  var steps: Int { state.discriminatorLosses.count }

  init(_ plan: Plan) {
    self.plan = plan
    var random = RandomGenerator(seed: plan.seed)
    generator = plan.recipe.generator(seed: random.next())
    discriminator = plan.recipe.discriminator(seed: random.next())
    discriminatorOptimizer = plan.recipe.optimizer(learningRate: 0.0008)
    generatorOptimizer = plan.recipe.optimizer(learningRate: 0.0004)
    state = State(plan: plan, random: random)
  }

  /// One step: the discriminator learns to tell made pictures from real ones, then the generator to deceive it.
  ///
  /// - Returns: the losses of the discriminator and of the generator.
  /// - Throws: `NotFinite`.
  func step(_ pictures: Pixels) throws -> (discriminator: Float, adversarial: Float) {
    let recipe = plan.recipe
    let size = recipe.batchSize
    let made = generator(latentPoints(size))
    let real = recipe.dataRange.encoded(pictures[state.start..<state.start + size].tensor)
    var loss: Float
    if recipe.mixesBatches {
      // Made pictures are labelled 1, real ones 0.
      let labels = Tensor((0..<2 * size).map { noisy($0 < size ? 1 : 0) }, shape: [2 * size, 1])
      loss = learn(.concatenated([made, real], axis: 0), labels)
    } else {
      let ones = Tensor((0..<size).map { _ in noisy(1) }, shape: [size, 1])
      let zeros = Tensor((0..<size).map { _ in noisy(0) }, shape: [size, 1])
      loss = (learn(made, ones) + learn(real, zeros)) / 2
    }

    let points = latentPoints(size)
    // Only the generator's weights are asked for, so the discriminator's stay as they are; its dropout is on.
    let (adversarial, gradients) = valueAndGradients(of: generator.trainableWeights) {
      binaryCrossEntropy(
        discriminator(generator(points, training: true), training: true), .zeros([size, 1]))
    }
    generatorOptimizer.apply(gradients)

    // The real ones are walked through in order; what does not fill a batch at the end is left out.
    state.start += size
    if state.start > pictures.count - size { state.start = 0 }
    state.discriminatorLosses.append(loss)
    state.adversarialLosses.append(adversarial.item)
    guard loss.isFinite, adversarial.item.isFinite else { throw NotFinite(step: steps) }
    return (loss, adversarial.item)
  }

  private func learn(_ pictures: Tensor, _ labels: Tensor) -> Float {
    let (loss, gradients) = valueAndGradients(of: discriminator.trainableWeights) {
      binaryCrossEntropy(discriminator(pictures, training: true), labels)
    }
    discriminatorOptimizer.apply(gradients)
    return loss.item
  }

  private func noisy(_ label: Float) -> Float {
    label + plan.recipe.labelNoise * state.random.uniform()
  }

  private func latentPoints(_ count: Int) -> Tensor {
    .normal([count, Recipe.latentSize], using: &state.random)
  }

  /// What the generator makes of points, as pictures `[count, 32, 32, 3]` from 0 to 1.
  func pictures(at points: Tensor) -> Tensor {
    let (count, width) = (points.count, points.shape[1])
    // In batches of the training's size: more at a time would take more memory than training does.
    return Tensor(shape: [count, 32, 32, 3]) { target in
      for start in stride(from: 0, to: count, by: plan.recipe.batchSize) {
        let end = min(start + plan.recipe.batchSize, count)
        let some = points.withUnsafeBuffer { Tensor(Array($0[start * width..<end * width])) }
        let made = plan.recipe.dataRange.decoded(
          generator(some.reshaped([end - start, width])))
        let place = UnsafeMutableBufferPointer(rebasing: target[(start * 3072)...])
        made.withUnsafeBuffer { source in
          for index in source.indices { place[index] = min(max(source[index], 0), 1) }
        }
      }
    }
  }

  /// What there is to say about pictures that the generator has made.
  ///
  /// - Throws: `NotFinite`.
  func measured(_ pictures: Tensor) throws -> SheetRecord {
    let verdicts = discriminator(plan.recipe.dataRange.encoded(pictures)).scalars
    let gap = Neighbours(within: pictures).mean
    guard gap.isFinite, verdicts.allSatisfy(\.isFinite) else { throw NotFinite(step: steps) }
    return SheetRecord(
      step: steps, madeGap: gap,
      deceptions: Float(verdicts.count { $0 < 0.5 }) / Float(verdicts.count))
  }

  /// Notes what a sheet of samples has shown.
  func add(_ sheet: SheetRecord) { state.sheets.append(sheet) }

  // MARK: Going on later

  private func checkpoint(_ file: URL) -> TrainingState {
    TrainingState(
      file,
      [
        ("generator", generator, generatorOptimizer),
        ("discriminator", discriminator, discriminatorOptimizer),
      ])
  }

  /// Writes all that is needed to go on.
  func save(to file: URL) throws {
    let encoder = JSONEncoder()
    // The same state is to be the same file.
    encoder.outputFormatting = .sortedKeys
    let json = String(decoding: try encoder.encode(state), as: UTF8.self)
    try checkpoint(file).save(remark: json)
  }

  /// Puts everything back to where a file left it.
  func restore(from file: URL) throws {
    let state = try Self.state(in: file)
    _ = try checkpoint(file).restore()
    self.state = state
    guard generatorOptimizer.iterations == steps else {
      throw Self.notOurs(file)
    }
  }

  /// How far the training in a file has come.
  ///
  /// - Throws: `WeightsError`.
  static func state(in file: URL) throws -> State {
    let json = try TrainingState.remark(in: file)
    guard let state = try? JSONDecoder().decode(State.self, from: Data(json.utf8)),
      state.isPossible
    else { throw notOurs(file) }
    return state
  }

  private static func notOurs(_ file: URL) -> WeightsError {
    WeightsError(
      file,
      reason: "it is no checkpoint of this program; remove it, or start anew without --resume.")
  }
}
