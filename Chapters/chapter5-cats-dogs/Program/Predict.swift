import ArgumentParser
import DataFiles
import DeepLearning
import Foundation
import Gallery
import Images

/// Asks a trained network about pictures of one's own.
struct Predict: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say of pictures (PNG or JPEG) whether they show a cat or a dog.",
    usage: "chapter5-cats-dogs predict <image> ... [--weights <file>]",
    discussion: """
      Pictures that cannot be read are named, and the others are answered. The network knows nothing \
      but cats and dogs: whatever it is shown, it answers with one of them.
      """)

  @Argument(help: ArgumentHelp("The pictures.", valueName: "image"))
  var images: [String]

  @Option(file: "The weights. Default: those of run B or, failing that, of run A in output/.")
  var weights: String?

  func run() throws {
    let file = try weightsFile()
    let model = network(dropout: 0, seed: 0)
    try model.loadWeights(from: URL(fileURLWithPath: file))
    print("weights: \(file)")
    var failures = 0
    for name in images {
      do {
        let image = try Image(contentsOf: name).resized(width: side, height: side)
        let dog = model(image.tensor().reshaped([1, side, side, 3])).item
        let (animal, share) = dog >= 0.5 ? ("dog", dog) : ("cat", 1 - dog)
        print("\(name): \(animal), \(ResultTable.number(Double(share)))")
      } catch let error as ImageError {
        failures += 1
        fflush(nil)
        StandardError.write("\(error)\n")
      }
    }
    if failures > 0 { throw ExitCode.failure }
  }

  private func weightsFile() throws -> String {
    if let weights { return weights }
    let names = Training.book.reversed().map {
      "output/chapter5-cats-dogs/\($0.weights).safetensors"
    }
    guard let found = names.first(where: FileManager.default.fileExists) else {
      throw DataError(
        "There are no weights in output/chapter5-cats-dogs: train the network with `swift run "
          + "chapter5-cats-dogs` first, or name a file with --weights.")
    }
    return found
  }
}
