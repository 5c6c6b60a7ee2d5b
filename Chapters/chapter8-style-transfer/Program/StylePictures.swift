import ArgumentParser
import DataFiles
import Datasets
import DeepLearning
import Foundation
import Gallery
import Images
import PretrainedModels
import StandIns

/// The two pictures, and what the flags about them say.
struct StylePictures: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      The picture whose content to keep: a PNG or JPEG file, or a photograph of scikit-image such as \
      astronaut, chelsea or coffee. Default: the book's portrait.png, else astronaut.
      """, valueName: "picture"))
  var content: String?

  @Option(
    help: ArgumentHelp(
      """
      The picture whose style to take: a PNG or JPEG file, or one that the program paints itself: \
      swirls or glass. Default: the book's popova.jpg, else swirls.
      """, valueName: "picture"))
  var style: String?

  @Option(
    number: "Rows of the result; it is as wide as the content picture asks for. Default: 400.")
  var height: Int?

  /// More would take longer than anyone waits, and more memory than most machines have.
  static let largestPixelCount = 2_000_000
  /// Five poolings halve the picture.
  static let smallestSide = 32

  func validate() throws {
    try check("--height", height, in: Self.smallestSide...4_096)
    if let content, !Self.isFile(content), !Photographs.names.contains(content) {
      throw ValidationError(Self.unknown(content, "--content", Photographs.names))
    }
    if let style, !Self.isFile(style), PaintedStyle(rawValue: style) == nil {
      throw ValidationError(Self.unknown(style, "--style", PaintedStyle.allCases.map(\.rawValue)))
    }
  }

  private static func isFile(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: path)
  }

  private static func unknown(_ name: String, _ flag: String, _ known: [String]) -> String {
    // Whoever types a path or an ending means a file.
    let isName = !name.contains("/") && !name.contains(".")
    let nearest = isName ? nearestName(to: name, in: known).map { "; did you mean \($0)?" } : nil
    return "\(flag) names \(name), but there is no such file" + (nearest ?? ".")
  }

  /// A picture and what is known about it.
  struct Source {
    let image: Image
    let name: String
    let detail: String
    var kind: DataOrigin.Kind
  }

  /// Both pictures in one size.
  struct Pair {
    let content, style: Image
    let origin: DataOrigin
    /// Whether both are named as the book's, which nobody distributes and nothing can be compared with.
    var isBooks: Bool { origin.kind == .otherContent }
    var height: Int { content.height }
    var width: Int { content.width }
  }

  /// Finds or paints both pictures and brings them to one size.
  ///
  /// - Parameter height: rows where the user did not say how many.
  /// - Throws: `ImageError` or `DataError` if one cannot be used.
  func load(_ options: RunOptions, height standard: Int) throws -> Pair {
    let content = try loadContent(options)
    let style = try loadStyle(options)
    let height = height ?? standard
    let width = try Self.width(of: content, height: height)
    // The one that is farther from the book's says what the pair is.
    let order: [DataOrigin.Kind] = [.otherContent, .own, .mirror, .drawn, .standIn]
    let kind = order.last { [content.kind, style.kind].contains($0) } ?? .otherContent
    return Pair(
      content: content.image.scaled(width: width, height: height),
      style: style.image.scaled(width: width, height: height),
      origin: DataOrigin(
        name: "\(content.name) in the style of \(style.name)",
        kind: kind,
        detail: "Content (\(content.kind.rawValue)): \(content.detail) "
          + "Style (\(style.kind.rawValue)): \(style.detail)",
        trainSamples: 2, testSamples: 0))
  }

  /// Columns of the result, in the proportions of the content picture.
  static func width(of content: Source, height: Int) throws -> Int {
    let image = content.image
    let width = Int((Double(image.width) * Double(height) / Double(image.height)).rounded())
    guard width >= smallestSide else {
      throw ImageError(
        "\(content.name) has \(image.width) x \(image.height) pixels and would be \(width) wide at a "
          + "height of \(height), but the network needs \(smallestSide): crop it, or give a larger "
          + "--height.")
    }
    guard width * height <= largestPixelCount else {
      throw ImageError(
        "\(content.name) would have \(width) x \(height) pixels, more than the "
          + "\(largestPixelCount / 1_000_000) million that are worked on here: give a smaller --height."
      )
    }
    return width
  }

  private func loadContent(_ options: RunOptions) throws -> Source {
    let location = try options.location
    if let content, Self.isFile(content) { return try Self.file(content, kind: .own) }
    if content == nil, let path = Self.find("portrait", location) {
      return try Self.file(path, kind: .otherContent)
    }
    let name = content ?? "astronaut"
    if let photograph = try Photographs.load(name, from: location, offline: options.offline) {
      return Source(
        image: try Image(decoding: photograph.bytes, name: name), name: name,
        detail: photograph.detail, kind: .mirror)
    }
    return Source(
      image: SunsetLake.picture(seed: options.seed), name: "landscape",
      detail: "A landscape drawn by the program, as there is no photograph here.", kind: .standIn)
  }

  private func loadStyle(_ options: RunOptions) throws -> Source {
    if let style, Self.isFile(style) { return try Self.file(style, kind: .own) }
    if style == nil, let path = Self.find("popova", try options.location) {
      return try Self.file(path, kind: .otherContent)
    }
    let own = style.flatMap(PaintedStyle.init) ?? .swirls
    return Source(
      image: own.picture(seed: options.seed, side: options.quick ? 128 : 512), name: own.rawValue,
      detail: "Painted by the program, seed \(options.seed).", kind: .drawn)
  }

  private static func file(_ path: String, kind: DataOrigin.Kind) throws -> Source {
    Source(
      image: try Image(contentsOf: path), name: (path as NSString).lastPathComponent,
      detail: "Read from \(path).", kind: kind)
  }

  /// One of the book's pictures, which it does not distribute.
  private static func find(_ name: String, _ location: DataLocation) -> String? {
    ["png", "jpg"].flatMap { ["\(name).\($0)", "images/\(name).\($0)"] }.lazy
      .compactMap(location.find).first
  }
}

extension Image {
  /// Shrunk without jagged lines, or enlarged softly.
  func scaled(width: Int, height: Int) -> Image {
    let shrinks = width <= self.width && height <= self.height
    return resized(width: width, height: height, filter: shrinks ? .area : .bilinear)
  }

  /// As the network takes it: `[1, height, width, 3]`, blue first, without ImageNet's mean colour.
  var networkInput: Tensor {
    VGG16.preprocess(tensor(scale: 1).reshaped([1, height, width, 3]))
  }

  /// The picture of such a tensor.
  init(networkInput tensor: Tensor) {
    let blueFirst = tensor + Tensor(VGG16.meanColor)
    let redFirst = [2, 1, 0].map { blueFirst[.all, .all, .all, .range($0..<$0 + 1)] }
    self.init(Tensor.concatenated(redFirst, axis: 3), scale: 1)
  }
}
