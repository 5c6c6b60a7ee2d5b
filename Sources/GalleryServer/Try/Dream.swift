import Foundation
import PretrainedModels

/// A dream that the page asks for: what `chapter8-deepdream` is started with.
struct Dream: Sendable, Equatable {
  /// What is chosen on the page.
  struct Choice: Sendable, Equatable {
    /// One of the layers to choose from; nil for the mix that suits the network.
    var layer: Layer?
    var octaves = 3
    var steps = 20
    /// The longest side of the picture.
    var size = 350
  }

  /// A layer, with the network that has it.
  struct Layer: Sendable, Equatable, Encodable {
    let network: String
    let name: String
  }

  let choice: Choice
  /// The photograph as PNG, and where the program is to find it.
  let picture: Data
  let file: URL

  /// What a dream is.
  static let sentence =
    "The photograph is changed, step by step, so that the layer answers more strongly: it shows more of what the "
    + "network believes to see. First in a small size, then in larger ones."

  /// The layers to choose from: those of the book's network if it is there, else EfficientNet-Lite0's.
  static func layers(hasBooksNetwork: Bool) -> [Layer] {
    hasBooksNetwork
      ? (0...7).map { Layer(network: "inception-v3", name: "mixed\($0)") }
      : ["block2b_add", "block3b_add", "block4c_add", "block5c_add", "block6d_add"]
        .map { Layer(network: "efficientnet", name: $0) }
  }

  /// What the program is started with.
  var flags: [String] {
    var flags = [
      "--image", file.path, "--size", "\(choice.size)", "--octaves", "\(choice.octaves)",
      "--steps", "\(choice.steps)", "--live",
    ]
    if let layer = choice.layer {
      // How much a single layer counts changes no step, so that its loss has no limit that would mean anything.
      flags += ["--network", layer.network, "--layers", layer.name + "=1", "--max-loss", "inf"]
    }
    return flags
  }
}

extension Dream.Choice {
  /// Reads what stands behind the address: `layer=block4c_add&octaves=3&steps=20&size=350`.
  ///
  /// - Throws: `Refusal` if it makes no sense.
  init(_ query: [String: String]) throws {
    if let name = query["layer"], !name.isEmpty {
      let layers = [true, false].flatMap { Dream.layers(hasBooksNetwork: $0) }
      guard let known = layers.first(where: { $0.name == name }) else {
        throw Refusal(400, "There is no such layer to choose.")
      }
      layer = known
    }
    func number(_ name: String, _ range: ClosedRange<Int>, else usual: Int) throws -> Int {
      guard let text = query[name] else { return usual }
      guard let number = Int(text), range.contains(number) else {
        throw Refusal(
          400, "For \(name) choose a number from \(range.lowerBound) to \(range.upperBound).")
      }
      return number
    }
    octaves = try number("octaves", 1...5, else: octaves)
    steps = try number("steps", 1...50, else: steps)
    size = try number("size", 100...640, else: size)
  }
}

extension Studio {
  /// What the page has to know to ask for a dream.
  var dreamLayers: [Dream.Layer] {
    Dream.layers(
      hasBooksNetwork: (try? location()).map { InceptionV3.isHere(in: $0) } ?? false)
  }

  /// A photograph made ready for a dream.
  ///
  /// - Throws: `Refusal` if it is no photograph.
  func dream(_ choice: Dream.Choice, about bytes: Data, in places: Places) throws -> Dream {
    let image = try SentPhotograph.read(bytes, side: choice.size)
    let file = places.output.appending(path: "gallery/photograph.png")
    do {
      return Dream(choice: choice, picture: try image.png(name: "The photograph"), file: file)
    } catch {
      throw Refusal(400, "\(error)")
    }
  }
}
