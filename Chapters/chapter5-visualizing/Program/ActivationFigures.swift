import Datasets
import DeepLearning
import Figures
import Foundation
import Gallery
import Images

/// Part one: what the channels of the cats-and-dogs network make of a picture, and how many stay silent.
struct ActivationFigures {
  private let network: PetNetwork
  private let names: [String]
  private let picture: (name: String, image: Image)
  private let others: PetPhotographs.Part
  private let run: ChapterRun

  /// Finds picture and network.
  ///
  /// - Throws: `DataError`, `ImageError` or `WeightsError` if a file cannot be used.
  init(weights: String?, image: String?, _ run: ChapterRun) throws {
    // Before anything that takes time, so that a bad picture is known at once.
    let own = try image.map { (name: $0, image: try Image(contentsOf: $0)) }
    let pets = try CatsAndDogs.load(from: run.options.location)
    run.data = pets.origin
    let side = PetNetwork.side
    let chosen = try own ?? Self.cat(of: pets)
    picture = (
      (chosen.name as NSString).lastPathComponent, chosen.image.resized(width: side, height: side)
    )
    network = try .loadOrTrain(weights: weights, pets, run)
    names = network.model.layers.prefix(PetNetwork.depth).map(\.name)
    others = PetNetwork.evenly(run.options.quick ? 10 : 200, of: pets.validation)
    self.run = run
  }

  /// The book's cat of the test pictures or, if it is not there, the first cat to validate with.
  private static func cat(of pets: PetPictures) throws -> (name: String, image: Image) {
    let file =
      pets.test.files.first { $0.name.hasSuffix("cat.1700.jpg") } ?? pets.validation.files[0]
    return (file.name, try Image(decoding: file.data(), name: file.name))
  }

  /// Draws the channels, and measures how many of them are silent.
  func show() {
    let side = PetNetwork.side
    let outputs = activations(
      of: picture.image.tensor().reshaped([1, side, side, 3]), in: network.model,
      depth: PetNetwork.depth)
    add(
      "The picture that the network is shown", [picture.image.picture(caption: picture.name)],
      as: "cat", book: "5.24")
    // Numbers of channels as in the book; what they react to is another thing in every training.
    for (channel, book) in [(4, "5.25"), (7, "5.26")] {
      add(
        "Channel \(channel) of \(names[0])",
        [ChannelPicture(outputs[0], channel: channel).stretched], as: "channel-\(channel)",
        book: book)
    }
    for (index, (name, output)) in zip(names, outputs).enumerated() {
      let channels = (0..<output.shape[3]).map { ChannelPicture(output, channel: $0) }
      let silent = channels.count { $0.isSilent }
      let title =
        "\(name): \(channels.count) channels of \(output.shape[1]) x \(output.shape[2])"
        + (silent > 0 ? ", \(silent) of them silent" : "")
      add(
        title, columns: 16, channels.map(\.standardized),
        as: "layer-\(index + 1)-\(name.replacing("_", with: "-"))", book: "5.27")
    }
    measure(outputs)
  }

  /// Reader question: do deeper layers say less?
  private func measure(_ outputs: [Tensor]) {
    let here = outputs.map(Sparsity.init)
    var many = [Sparsity](repeating: Sparsity(), count: names.count)
    for start in stride(from: 0, to: others.count, by: 20) where !run.isInterrupted {
      let batch = others.x[start..<min(start + 20, others.count)]
      let outputs = activations(of: batch, in: network.model, depth: PetNetwork.depth)
      for (layer, output) in outputs.enumerated() { many[layer].add(Sparsity(output)) }
    }
    var table = ResultTable(
      "layer", "zeros", "silent channels", "zeros, \(others.count) pictures", "silent channels",
      "silent for all")
    for (index, name) in names.enumerated() {
      let facts = [
        here[index].zeros, here[index].silentChannels, many[index].zeros,
        many[index].silentChannels, many[index].neverActive,
      ]
      table.add([name] + facts.map { Self.percent($0) })
      run.result("\(name): share of zeros", here: many[index].zeros, better: .higher)
      run.result(
        "\(name): share of silent channels", here: many[index].silentChannels, better: .lower)
    }
    run.add(
      table, titled: "Does sparsity grow with depth? \(picture.name), then the mean over others")
    run.add(
      Figure(
        title: "How much of each layer is silent", x: "", y: "Share",
        names: names.map { $0.replacing("max_pooling2d", with: "pool") }, footnote: network.label,
        width: 800
      ) {
        Bars(many.map(\.zeros), "zeros among the outputs")
        Bars(many.map(\.silentChannels), "channels that are all zero for a picture")
      }, as: "sparsity")
  }

  private func add(
    _ title: String, columns: Int? = nil, _ pictures: [Picture], as name: String, book: String
  ) {
    run.add(
      PictureGrid(title: title, columns: columns, footnote: network.label, pictures: pictures),
      as: name, book: book)
  }

  private static func percent(_ share: Double) -> String {
    "\(Int((share * 1000).rounded()) / 10).\(Int((share * 1000).rounded()) % 10) %"
  }
}
