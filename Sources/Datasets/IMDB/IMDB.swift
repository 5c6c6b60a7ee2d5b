import Foundation

/// The IMDB data set: film reviews and whether they are for or against the film (book section 3.4).
public enum IMDB {
  static let name = "IMDB"

  /// A place that reviews can be read from.
  enum Source {
    /// `imdb.npz` and the word index, if it is there.
    case archive(String, wordIndex: String?)
    /// `aclImdb_v1.tar.gz`
    case tape(String)
    /// `aclImdb/`
    case folder(String)
    /// The package that carries the labelled training reviews.
    case package(String)
  }

  /// The best source in the folders of a location.
  static func source(in location: DataLocation) -> Source? {
    if let path = location.find("imdb.npz") {
      return .archive(path, wordIndex: location.find("imdb_word_index.json"))
    }
    return nil
  }

  /// Reads a source, from its cache if there is one.
  static func corpus(of source: Source, caches: [String]) throws -> ReviewCorpus {
    switch source {
    case .archive(let path, let wordIndex):
      return try corpus(ofArchive: path, wordIndex: wordIndex)
    default: throw DataError("soon")
    }
  }
}
