import ArgumentParser
import DeepLearning
import Foundation
import Gallery

/// What the images' darkest and brightest become for the networks.
enum DataRange: String, Codable, CaseIterable, ExpressibleByArgument {
  /// 0 and 1, as printed.
  case unit
  /// -1 and 1, all that a tanh can reach.
  case tanh

  /// Images from 0 to 1 as the networks are to see them.
  func encoded(_ images: Tensor) -> Tensor { self == .unit ? images : images * 2 - 1 }

  /// What the generator makes, as images; numbers below 0 and above 1 are cut off.
  func decoded(_ generated: Tensor) -> Tensor {
    (self == .unit ? generated : generated * 0.5 + 0.5).clipped(0, 1)
  }
}

/// A GAN in training that can be saved, restored and looked at.
final class GANTraining {
  /// What of the section a flag can change.
  struct Recipe: Codable, Equatable {
    var dataRange = DataRange.unit
    /// The channels of the generator's convolutions.
    var channels = 256
    /// How many generated and how many real images there are in a step.
    var batchSize = 20

    /// Whether the values describe a valid network; checkpoints are untrusted.
    var isPossible: Bool {
      (2...1024).contains(channels) && (1...1 << 20).contains(batchSize)
    }
  }

  /// What a training is about, as far as another can only go on from it if it is about the same.
  struct Plan: Codable, Equatable {
    let recipe: Recipe
    let seed: UInt64
    /// What is on the images.
    let className: String
    let pictureCount: Int
    let pictureHash: UInt64
  }

  /// All that a later run needs in order to go on, besides what the networks have learned.
  struct State: Codable {
    let plan: Plan
    var random: RandomGenerator
    /// The first of the next real images.
    var start = 0
    /// Each step's losses.
    var discriminatorLosses: [Float] = []
    var adversarialLosses: [Float] = []
    var sheets: [SheetRecord] = []

    /// Whether a training can have come to this; checkpoints are untrusted.
    var isPossible: Bool {
      let (steps, recipe) = (discriminatorLosses.count, plan.recipe)
      let sheetSteps = sheets.map(\.step)
      return recipe.isPossible && adversarialLosses.count == steps
        && (recipe.batchSize...1 << 20).contains(plan.pictureCount)
        && (0...plan.pictureCount - recipe.batchSize).contains(start)
        // Logarithms of what is cut off near 0 and 1.
        && (discriminatorLosses + adversarialLosses).allSatisfy { $0.magnitude < 100 }
        // Each sheet comes after the one before.
        && zip([0] + sheetSteps, sheetSteps).allSatisfy { $0 < $1 }
        && sheetSteps.last ?? 0 <= steps
        && sheets.allSatisfy {
          (0...1).contains($0.deceptions) && (0...1_000).contains($0.madeGap)
        }
    }
  }

  /// A sheet of samples, measured.
  struct SheetRecord: Codable {
    /// After how many steps.
    let step: Int
    /// How far a generated image is from the most similar other one, on average.
    let madeGap: Float
    /// The share that the discriminator takes for real.
    let deceptions: Float
  }

  /// A loss or an image became NaN or infinite.
  struct NotFinite: Error { let step: Int }

  let plan: Plan
  let gan: GAN
  private(set) var state: State

  /// How many steps have been made.
  var steps: Int { state.discriminatorLosses.count }

  /// - Parameter gan: another than the book's.
  init(_ plan: Plan, gan: GAN? = nil) {
    self.plan = plan
    self.gan = gan ?? GAN(channels: plan.recipe.channels, seed: plan.seed)
    state = State(plan: plan, random: self.gan.random)
  }

  /// A step with the next real images.
  ///
  /// - Throws: `NotFinite`.
  func step(_ images: Pixels) throws -> (discriminator: Float, adversarial: Float) {
    let real = gan.nextBatch(of: images, size: plan.recipe.batchSize)
    let losses = gan.step(real: plan.recipe.dataRange.encoded(real))
    (state.random, state.start) = (gan.random, gan.start)
    state.discriminatorLosses.append(losses.discriminator)
    state.adversarialLosses.append(losses.adversarial)
    guard losses.discriminator.isFinite, losses.adversarial.isFinite else {
      throw NotFinite(step: steps)
    }
    return losses
  }

  /// What the generator makes of points, `[count, 32, 32, 3]` from 0 to 1.
  func images(at points: Tensor) -> Tensor {
    // More at a time than in training would take more memory than training does.
    plan.recipe.dataRange.decoded(
      gan.generator.predict(points, batchSize: plan.recipe.batchSize))
  }

  /// Measures images that the generator has made.
  ///
  /// - Throws: `NotFinite`.
  func measured(_ images: Tensor) throws -> SheetRecord {
    let verdicts = gan.discriminator(plan.recipe.dataRange.encoded(images)).scalars
    let gap = NearestNeighbors(within: images).meanDistance
    guard gap.isFinite, verdicts.allSatisfy(\.isFinite) else { throw NotFinite(step: steps) }
    return SheetRecord(
      step: steps, madeGap: gap,
      deceptions: Float(verdicts.count { $0 < 0.5 }) / Float(verdicts.count))
  }

  /// Adds a sheet of samples to the record.
  func add(_ sheet: SheetRecord) { state.sheets.append(sheet) }

  // MARK: Going on later

  private func checkpoint(_ file: URL) -> TrainingState {
    TrainingState(
      file,
      [
        ("generator", gan.generator, gan.generatorOptimizer),
        ("discriminator", gan.discriminator, gan.discriminatorOptimizer),
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
    (gan.random, gan.start) = (state.random, state.start)
    guard gan.generatorOptimizer.iterations == steps else { throw Self.notOurs(file) }
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
      reason: "it is not a checkpoint of this program; remove it, or start over without --resume.")
  }
}
