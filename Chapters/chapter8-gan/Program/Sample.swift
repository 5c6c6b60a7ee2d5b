import ArgumentParser
import DataFiles
import DeepLearning
import Foundation
import Gallery
import Images

/// Draws with a generator that was trained before.
struct Sample: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Draw new pictures with a trained generator.",
    usage: "chapter8-gan sample [--count <number>] [--interpolate] [options]",
    discussion: """
      Draws with the last checkpoint of a training, also of an unfinished one. The same --seed <number> \
      (default: 42) draws the same again; --output <folder> names the folder in which the chapter's own is \
      looked for.
      """)

  @Option(number: "How many pictures, ten in a row.")
  var count = 40

  @Flag(help: "Each row leads in small steps from one picture to another.")
  var interpolate = false

  @Option(file: "The checkpoint. Default: that of the last training in output/.")
  var checkpoint: String?

  @Option(file: "Where the pictures go, a .png or .jpg. Default: made.png beside the checkpoint.")
  var to: String?

  /// Takes the flags that both have, such as --seed.
  @ParentCommand var chapter: Chapter8GAN

  func validate() throws {
    try check("--count", count, in: 1...1_000)
    if let to,
      !["png", "jpg", "jpeg"].contains(URL(fileURLWithPath: to).pathExtension.lowercased())
    {
      throw ValidationError("--to needs a name that ends in .png, .jpg or .jpeg, not \"\(to)\".")
    }
  }

  func run() throws {
    let folder = URL(fileURLWithPath: chapter.options.output).appending(path: "chapter8-gan")
    let file = checkpoint.map { URL(fileURLWithPath: $0) } ?? CheckpointStore.checkpoint(in: folder)
    guard FileManager.default.fileExists(atPath: file.path) else {
      throw DataError(
        "There is no checkpoint \(file.path): train with `swift run chapter8-gan` first, or name a file with "
          + "--checkpoint.")
    }
    let training = GANTraining(try GANTraining.state(in: file).plan)
    try training.restore(from: file)
    let pictures = training.images(at: points())
    guard pictures.withUnsafeBuffer({ $0.allSatisfy(\.isFinite) }) else {
      throw DataError(
        "The generator's images are NaN: \(file.path) is damaged. Train again, or name another --checkpoint."
      )
    }
    let target = to ?? file.deletingLastPathComponent().appending(path: "made.png").path
    try Image(CheckpointStore.grid.sheet(pictures)).write(to: target)
    print("\(count) pictures after \(training.steps) steps: \(target)")
  }

  /// What the generator makes pictures from.
  private func points() -> Tensor {
    var random = RandomGenerator(seed: chapter.options.seed)
    guard interpolate else { return .normal([count, GAN.latentSize], using: &random) }
    let columns = CheckpointStore.grid.columns
    var numbers: [Float] = []
    while numbers.count < count * GAN.latentSize {
      let ends = (0..<2).map { _ in (0..<GAN.latentSize).map { _ in random.normal() } }
      for column in 0..<columns {
        let share = Float(column) / Float(columns - 1)
        numbers += between(ends[0], ends[1], share)
      }
    }
    return Tensor(
      Array(numbers.prefix(count * GAN.latentSize)), shape: [count, GAN.latentSize])
  }

  /// A point on the way from one to another, along an arc: normal numbers lie about a sphere, and the generator has
  /// never seen the inside of it.
  private func between(_ a: [Float], _ b: [Float], _ share: Float) -> [Float] {
    func product(_ a: [Float], _ b: [Float]) -> Float { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
    let cosine = product(a, b) / (product(a, a) * product(b, b)).squareRoot()
    let angle = acos(min(max(cosine, -1), 1))
    guard angle > 1e-4 else { return a }
    let (first, second) = (sin((1 - share) * angle) / sin(angle), sin(share * angle) / sin(angle))
    return zip(a, b).map { first * $0 + second * $1 }
  }
}
