import DataFiles
import Datasets
import DeepLearning
import Foundation
import Gallery

/// The network of section 5.2, with the weights that chapter5-cats-dogs left, else trained for a short time.
struct PetNetwork {
  /// Pixels along a side of its pictures.
  static let side = PetPhotographs.side
  /// The layers to look into: four convolutions, each with its pooling.
  static let depth = 8

  let model: Sequential
  /// What every figure says about it.
  let label: String

  /// Loads the weights or, if there are none, trains.
  ///
  /// - Parameters:
  ///   - file: the file of weights, if the user named one.
  ///   - pets: the pictures to learn from.
  /// - Throws: `WeightsError` if the file holds the weights of another network.
  static func loadOrTrain(
    weights file: String?, _ pets: PetPictures, _ run: ChapterRun
  ) throws -> PetNetwork {
    let options = run.options
    let model = network(seed: options.seed)
    let name = "cats_and_dogs_small_2.safetensors"
    let usual = options.output + "/chapter5-cats-dogs/" + name
    let found = file ?? (FileManager.default.fileExists(atPath: usual) ? usual : nil)
    if let found {
      try model.loadWeights(from: URL(fileURLWithPath: found))
      run.note("The cats-and-dogs network has the weights of \(found).")
      return PetNetwork(
        model: model,
        label: "Network of section 5.2, weights \((found as NSString).lastPathComponent).")
    }
    let epochs = options.epochs(book: 6, quick: 1)
    let pictures = evenly(options.quick ? 40 : pets.train.count, of: pets.train)
    run.note(
      """
      There is no \(name) in the output folder (`swift run chapter5-cats-dogs` makes it): a network \
      is trained for \(passes(epochs)) on \(pictures.count) pictures instead of the book's 100 epochs.
      """)
    guard pictures.count > 1 else {
      throw DataError(
        "Too few pictures can be read to train with, the first failure being: "
          + (pictures.failures.first ?? "none"))
    }
    let history = try model.fit(
      pictures.x, pictures.y, epochs: epochs, batchSize: options.batchSize(book: 20),
      callbacks: run.callbacks())
    let accuracy = history["acc"].last.map { ResultTable.number(Double($0)) } ?? "–"
    let label =
      "Network of section 5.2, trained for \(passes(history.epochs.count)) only (accuracy \(accuracy) "
      + "on \(pictures.count) pictures it learned from), not the book's 100."
    run.note(label)
    return PetNetwork(model: model, label: label)
  }

  private static func passes(_ epochs: Int) -> String {
    epochs == 1 ? "1 epoch" : "\(epochs) epochs"
  }

  /// At most this many pictures of a part, evenly spread over cats and dogs.
  static func evenly(_ count: Int, of part: PetPictures.Part) -> PetPhotographs.Part {
    let chosen = stride(from: 0, to: part.count, by: max(part.count / count, 1)).prefix(count)
    return .decoded(chosen.map { part.files[$0] }, labels: chosen.map { part.labels[$0] })
  }

  /// The network of section 5.2: 3,453,121 parameters.
  static func network(seed: UInt64) -> Sequential {
    let model = Sequential(input: [side, side, 3], seed: seed) {
      for filters in [32, 64, 128, 128] {
        Conv2D(filters, kernel: 3, activation: .relu)
        MaxPooling2D(2)
      }
      Flatten()
      Dense(512, activation: .relu)
      Dense(1, activation: .sigmoid)
    }
    model.compile(
      optimizer: RMSprop(learningRate: 3e-4), loss: .binaryCrossEntropy, metrics: [.accuracy])
    return model
  }
}
