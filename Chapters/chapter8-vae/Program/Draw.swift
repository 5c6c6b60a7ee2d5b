import ArgumentParser
import DataFiles
import DeepLearning
import Foundation
import Gallery
import Images

/// Makes pictures of chosen points with a network that was trained before.
struct Draw: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Draw the picture at a point of your choice, or a large map.",
    usage: "chapter8-vae draw --z <x,y> | --map <number> [options]",
    discussion: """
      Decodes a point of the plane with saved weights, shows the picture in the terminal and writes it to \
      output/chapter8-vae/drawn.png; or with --map 40 a sheet of 40 x 40 pictures. --output <folder> names \
      the folder in which the chapter's own is looked for.
      """)

  @Option(
    name: .customLong("z"), parsing: .unconditional,
    help: ArgumentHelp("The point, two numbers such as 0.5,-1.2.", valueName: "x,y"))
  var point: Point?

  @Option(number: "Instead, how many pictures along a side of a map.")
  var map: Int?

  @Option(file: "The weights. Default: those of the last training in output/.")
  var weights: String?

  /// Takes the flags that both have, such as --output.
  @ParentCommand var chapter: Chapter8VAE

  /// A point of the plane.
  struct Point: ExpressibleByArgument {
    let place: [Float]

    init?(argument: String) {
      let numbers = argument.split(separator: ",", omittingEmptySubsequences: false)
        .map { Float($0.trimmingCharacters(in: .whitespaces)) }
      place = numbers.compactMap { $0 }
      guard numbers.count == 2, place.count == 2, place.allSatisfy(\.isFinite) else { return nil }
    }
  }

  func validate() throws {
    guard (point == nil) != (map == nil) else {
      throw ValidationError(
        "Say what to draw: a point, for example --z 0.5,-1.2, or a map, for example --map 40.")
    }
    try check("--map", map, in: 1...100)
  }

  func run() throws {
    let folder = URL(fileURLWithPath: chapter.options.output).appending(path: "chapter8-vae")
    let weights = weights ?? folder.appending(path: "weights.safetensors").path
    guard FileManager.default.fileExists(atPath: weights) else {
      throw DataError(
        "There are no weights \(weights): train the network with `swift run chapter8-vae` first, or name "
          + "a file with --weights.")
    }
    let vae = VariationalAutoencoder(seed: 0)
    try vae.whole.loadWeights(from: URL(fileURLWithPath: weights))
    let images = map.map { vae.manifold($0) } ?? vae.images(at: point.map { [$0.place] } ?? [])
    let sheet = SampleGrid(columns: map ?? 1).sheet(images)
    guard sheet.scalars.allSatisfy(\.isFinite) else {
      throw DataError("The network's images are NaN: \(weights) is damaged; train again.")
    }
    if point != nil { print(sheet.text) }
    let file = folder.appending(path: "drawn.png").path
    // Large enough to be looked at; poster size for a map.
    let factor = map == nil ? 12 : 3
    let (height, width) = (factor * sheet.shape[0], factor * sheet.shape[1])
    try Image(.concatenated([sheet, sheet, sheet], axis: 2))
      .resized(width: width, height: height, filter: .bilinear)
      .write(to: file)
    print("written: \(chapter.options.output)/chapter8-vae/drawn.png")
  }
}

extension Tensor {
  /// A grey image in characters, two for each pixel.
  fileprivate var text: String {
    let (pixels, width, shades) = (scalars, shape[1], Array(" ░▒▓█"))
    return stride(from: 0, to: pixels.count, by: width).map { start in
      pixels[start..<start + width].map { pixel in
        let shade = shades[Swift.min(Int(pixel * Float(shades.count)), shades.count - 1)]
        return "\(shade)\(shade)"
      }.joined()
    }.joined(separator: "\n")
  }
}
