import ArgumentParser
import Foundation
import Gallery

/// What a dream is about and how it is made, as the command line says.
struct DreamOptions: ParsableArguments {
  @Option(
    file:
      "The picture to dream about (PNG or JPEG). Default: a photograph of the package scikit-image."
  )
  var image: String?

  @Option(
    number:
      "The longest side in pixels; larger pictures are scaled down. Default: 1024, without --image 350.",
    "pixels")
  var size: Int?

  @Option(
    help:
      "Which network dreams: inception-v3 (the book's), efficientnet or vgg16. Default: the first that is here."
  )
  var network: DreamNetwork.Kind?

  @Option(
    file:
      "The weights of inception-v3 or vgg16, a file in Keras' form (.h5). Default: Keras' file, if it is with the data."
  )
  var weights: String?

  @Option(
    number: "Larger pictures are worked on in tiles of this many pixels along a side.", "pixels")
  var tile = 512

  func validate() throws {
    try check("--size", size, in: DreamNetwork.smallestSide...10_000)
    try check("--tile", tile, in: 128...4_096)
    for (flag, path) in [("--image", image), ("--weights", weights)] {
      if let path, !FileManager.default.fileExists(atPath: path) {
        throw ValidationError("\(flag) names \(path), but there is no such file.")
      }
    }
    if weights != nil, ![.inception, .vgg16].contains(network) {
      throw ValidationError("--weights needs --network inception-v3 or --network vgg16.")
    }
  }
}

/// The layers to activate, as the command line says: `mixed4=2`, or several with commas between.
enum LayerList {
  /// The layers with their weights; those that suit the network if none are given.
  ///
  /// - Throws: `ValidationError` if a weight is not a number, or the network has no such layer.
  static func contributions(
    _ list: [String], of network: DreamNetwork
  ) throws -> [DeepDream.Contribution] {
    if list.isEmpty { return network.contributions }
    return try list.flatMap { $0.split(separator: ",", omittingEmptySubsequences: false) }.map {
      let parts = $0.split(separator: "=", omittingEmptySubsequences: false)
      let layer = String(parts[0]).trimmingCharacters(in: .whitespaces)
      let weight = parts.count == 1 ? 1 : Float(parts[1])
      guard let weight, weight.isFinite, parts.count <= 2 else {
        throw ValidationError(
          "--layers needs a name and a number, such as \(network.contributions[0].layer)=1, not \"\($0)\"."
        )
      }
      guard network.layerNames.contains(layer) else {
        let nearest = nearestName(to: layer, in: network.layerNames) ?? ""
        throw ValidationError(
          "\(network.origin.name) has no layer \"\(layer)\" to activate; did you mean \(nearest)?")
      }
      return DeepDream.Contribution(layer: layer, weight: weight)
    }
  }
}
