import DataFiles
import Foundation

/// A photograph as it lies in its file, to be decoded by whoever wants its pixels.
public struct Photograph: Equatable, Sendable {
  /// What it is called, `astronaut` for instance.
  public let name: String
  /// The contents of its PNG or JPEG file.
  public let bytes: Data
  /// What it shows, whose it is, and which file it was read from.
  public let detail: String
}

/// Photographs to try programs on, out of the PyPI package `scikit-image`: all in the public domain or given away
/// under CC0.
///
///     if let cat = try Photographs.load("chelsea") {
///       let picture = try Image(decoding: cat.bytes, name: cat.name)
///     }
public enum Photographs {
  /// A photograph of the package.
  private struct Entry {
    let name: String
    let type: String
    let about: String

    var file: String { "\(name).\(type)" }
  }

  private static let entries = [
    Entry(
      name: "astronaut", type: "png", about: "The astronaut Eileen Collins; NASA, public domain"),
    Entry(name: "chelsea", type: "png", about: "Chelsea the cat; Stefan van der Walt, CC0"),
    Entry(name: "coffee", type: "png", about: "A cup of coffee; Rachel Michetti, CC0"),
    Entry(name: "rocket", type: "jpg", about: "A Falcon 9 taking off; SpaceX, public domain"),
    Entry(
      name: "hubble_deep_field", type: "jpg",
      about: "Galaxies, Hubble's farthest view; NASA, public domain"),
    Entry(
      name: "retina", type: "jpg", about: "The back of an eye; Mikael Häggström, CC0"),
    Entry(name: "camera", type: "png", about: "A photographer, in grey; Lav Varshney, CC0"),
    Entry(name: "brick", type: "png", about: "A brick wall, in grey; CC0Textures, CC0"),
    Entry(name: "grass", type: "png", about: "Grass, in grey; linolafett, CC0"),
    Entry(name: "gravel", type: "png", about: "Gravel, in grey; CC0Textures, CC0"),
  ]

  /// The names of the photographs.
  public static let names = entries.map(\.name)

  /// The package, as pip names its file. Built for one platform, but the photographs in it fit all.
  static let packageFile =
    "scikit_image-0.26.0-cp311-cp311-manylinux_2_24_x86_64.manylinux_2_28_x86_64.whl"
  /// The folder of the photographs inside the package.
  static let packageFolder = "skimage/data"
  /// The most bytes that a photograph may have; the largest of the package has 0.8 million.
  private static let sizeLimit = 1 << 24

  /// The file with a photograph, or the package of all of them, if it is there.
  package static func path(of name: String, in location: DataLocation) -> String? {
    ["png", "jpg", "jpeg"].lazy.compactMap { location.find("\(name).\($0)") }.first
      ?? location.find(packageFile)
  }

  /// Loads a photograph: from a PNG or JPEG file of that name (`astronaut.png`) where data lies, else out of the
  /// package, which is fetched if it is not there.
  ///
  /// - Parameters:
  ///   - name: one of the ``names``.
  ///   - location: where data lies; by default as `DLWP_DATA` or the checkout tell.
  ///   - offline: whether to do without the network.
  ///   - report: receives a line about what was fetched or is missing; standard error by default.
  /// - Returns: the photograph, or nil if it is neither there nor to be had.
  /// - Throws: `DataError` if there is no such name, or a file is there but cannot be used; `FetchInterrupted` after
  ///   Ctrl-C.
  public static func load(
    _ name: String = "astronaut", from location: DataLocation? = nil, offline: Bool = false,
    report: @escaping @Sendable (String) -> Void = standardErrorLine
  ) throws -> Photograph? {
    guard let entry = entries.first(where: { $0.name == name }) else {
      throw DataError(
        "There is no photograph \"\(name)\"; there are: \(names.joined(separator: ", ")).")
    }
    let location = try location ?? DataLocation()
    let (path, reason) = try location.obtain("photographs", offline: offline, report: report) {
      Self.path(of: name, in: location)
    }
    guard let path else {
      report("The photograph \(name) is not here. \(reason)")
      return nil
    }
    guard path.hasSuffix(packageFile) else {
      let bytes = try InputFile(path: path).readAll(limit: sizeLimit)
      return Photograph(name: name, bytes: Data(bytes), detail: "Read from \(path).")
    }
    let bytes = try ZipArchive(path: path)
      .contents(of: "\(packageFolder)/\(entry.file)", limit: sizeLimit)
    return Photograph(
      name: name, bytes: Data(bytes),
      detail: "\(entry.about); from the PyPI package scikit-image, read from \(path).")
  }
}
