import DataFiles
import DeepLearning
import Foundation

/// The 1,000 classes of ImageNet, which pretrained classifiers tell apart.
///
///     let classes = try ImageNetClasses.load()
///     for guess in classes.best(3, of: network(picture)) { print(guess.name, guess.probability) }
public struct ImageNetClasses: Sendable {
  /// What a network takes a picture for.
  public struct Guess: Equatable, Sendable {
    /// The number of the class.
    public let index: Int
    /// Its name, in English.
    public let name: String
    /// How sure the network is, from 0 to 1.
    public let probability: Float
  }

  /// How many there are.
  public static let count = 1000
  /// Their names by number: 386 is the African elephant.
  public let names: [String]
  /// Where the names come from; a stand-in has only numbers.
  public let kind: DataOrigin.Kind

  /// What Keras calls its file; the package of the mirror and what is of use in it.
  static let file = "imagenet_class_index.json"
  static let packageFile = "timm-1.0.31-py3-none-any.whl"
  static let orderMember = "timm/data/_info/imagenet_synsets.txt"
  static let wordsMember = "timm/data/_info/imagenet_synset_to_lemma.txt"

  /// Loads the names: from Keras' file, else from the mirror, which are fetched if they are not there;
  /// failing both the classes have only their numbers, `class 386`.
  ///
  /// - Parameters:
  ///   - location: where data lies; by default as `DLWP_DATA` or the checkout tell.
  ///   - offline: whether to do without the network.
  ///   - report: receives a line about what was fetched or is missing; standard error by default.
  /// - Throws: `DataError` if a file is there but cannot be used; `FetchInterrupted` after Ctrl-C.
  public static func load(
    from location: DataLocation? = nil, offline: Bool = false,
    report: @escaping @Sendable (String) -> Void = standardErrorLine
  ) throws -> ImageNetClasses {
    let location = try location ?? DataLocation()
    let (path, reason) = try location.obtain("imagenet-classes", offline: offline, report: report) {
      Self.path(in: location)
    }
    guard let path else {
      report("The classes of ImageNet have only numbers here. \(reason)")
      return ImageNetClasses(names: (0..<count).map { "class \($0)" }, kind: .standIn)
    }
    return try path.hasSuffix(packageFile)
      ? ImageNetClasses(names: names(inPackage: path), kind: .mirror)
      : ImageNetClasses(names: names(inFile: path), kind: .official)
  }

  /// The file with the names, if it is there.
  package static func path(in location: DataLocation) -> String? {
    location.find(file) ?? location.find(packageFile)
  }

  /// The classes of the largest probabilities, the largest first.
  ///
  /// - Parameters:
  ///   - number: how many.
  ///   - probabilities: what a classifier made of one picture, `[1, 1000]`.
  public func best(_ number: Int, of probabilities: Tensor) -> [Guess] {
    require(
      probabilities.elementCount == Self.count,
      "A classifier of ImageNet gives \(Self.count) probabilities for a picture, not "
        + "\(probabilities.elementCount).")
    return zip(names, probabilities.scalars).enumerated()
      .map { Guess(index: $0.offset, name: $0.element.0, probability: $0.element.1) }
      .sorted { ($0.probability, $1.index) > ($1.probability, $0.index) }
      .prefix(number).map { $0 }
  }

  /// Reads Keras' file: `{"0": ["n01440764", "tench"], ...}`.
  private static func names(inFile path: String) throws -> [String] {
    let text = try InputFile(path: path).readAll(limit: 1 << 20)
    let table = try? JSONDecoder().decode([String: [String]].self, from: Data(text))
    let names = (0..<count).compactMap { number -> String? in
      guard let entry = table?[String(number)], entry.count == 2, !entry[1].isEmpty else {
        return nil
      }
      return entry[1].replacing("_", with: " ")
    }
    guard table?.count == count, names.count == count else {
      throw DataError("\(path) is not the list of ImageNet's 1,000 classes; fetch it again.")
    }
    return names
  }

  /// Reads the package `timm`: the classes in their order, and the words for each, of which the first
  /// is the usual one.
  private static func names(inPackage path: String) throws -> [String] {
    let archive = try ZipArchive(path: path)
    func lines(_ member: String) throws -> [Substring] {
      String(decoding: try archive.contents(of: member, limit: 1 << 22), as: UTF8.self)
        .split(whereSeparator: \.isNewline)
    }
    var words: [Substring: Substring] = [:]
    for line in try lines(wordsMember) {
      guard let tab = line.firstIndex(of: "\t") else { continue }
      words[line[..<tab]] = line[line.index(after: tab)...].prefix { $0 != "," }
    }
    let names = try lines(orderMember).compactMap { words[$0].map(String.init) }
    guard names.count == count, names.allSatisfy({ !$0.isEmpty }) else {
      throw DataError("\(path) does not hold ImageNet's 1,000 classes; fetch it again.")
    }
    return names
  }
}
