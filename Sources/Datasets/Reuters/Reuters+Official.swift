import DataFiles
import Foundation

/// The file that Keras publishes.
extension Reuters {
  /// The topics of Keras' file by number. The file itself does not name them; readers have worked
  /// them out.
  static let kerasTopics = """
    cocoa grain veg-oil earn acq wheat copper housing money-supply coffee sugar trade reserves \
    ship cotton carcass crude nat-gas cpi money-fx interest gnp meal-feed alum oilseed gold tin \
    strategic-metal livestock retail ipi iron-steel rubber heat jobs lei bop zinc orange pet-chem \
    dlr gas silver wpi hog lead
    """.split(separator: " ").map(String.init)

  /// Labels lie below this, as they are kept in bytes; Keras' file has 46 topics.
  static let topicLimit = 256

  /// Reads `reuters.npz` and what lies beside it.
  ///
  /// The newswires come out in the book's order and cut, which Keras makes when it loads the file:
  /// everything is shuffled, the first four fifths are for training.
  static func corpus(ofArchive path: String, wordIndex: String?, topics: String?) throws -> Corpus {
    let archive = try NumPyArchive(path: path, limit: 1 << 27)
    let (ranks, words) = try inParallel(
      { try archive.integerLists("x") },
      { try wordIndex.map(WordList.init(jsonFile:)) ?? WordList() })
    let labels = try archive.array("y").integers(name: "\(path): array y")
    guard ranks.count == labels.count, labels.count >= 5 else {
      throw DataError(
        "\(path) is damaged: it holds \(ranks.count) newswires and \(labels.count) labels.")
    }
    var random = LegacyNumPyRandom(seed: shuffleSeed)
    let order = random.permutation(labels.count)
    let cut = Int(Double(labels.count) * 0.8)
    func half(_ order: ArraySlice<Int32>) throws -> TokenSet {
      try TokenSet(
        ranks: ranks, labels: labels, classes: topicLimit, order: Array(order),
        name: "\(path): x and y")
    }
    let (train, test) = (try half(order[..<cut]), try half(order[cut...]))
    let topicCount = Int(labels.max() ?? 0) + 1
    return Corpus(
      texts: TextCorpus(
        train: train, test: test, words: words,
        origin: DataOrigin(
          name: name, kind: .otherContent,
          detail: "Keras' reuters.npz in the book's order and cut (NumPy shuffle, seed "
            + "\(shuffleSeed)), \(topicCount) topics.",
          trainSamples: train.count, testSamples: test.count)),
      topics: try topics.map { try self.topics(inFile: $0, count: topicCount, of: path) }
        ?? names(ofTopics: topicCount))
  }

  /// Names for topics that come without.
  private static func names(ofTopics count: Int) -> [String] {
    count == kerasTopics.count ? kerasTopics : (0..<count).map { "topic \($0)" }
  }

  /// Reads a JSON list of names.
  private static func topics(inFile path: String, count: Int, of data: String) throws -> [String] {
    let text = try InputFile(path: path).readAll(limit: 1 << 20)
    guard let topics = try? JSONDecoder().decode([String].self, from: Data(text)) else {
      throw DataError(
        "\(path) is not a list of topics (a JSON array of names); delete it or mend it.")
    }
    guard topics.count >= count, topics.count <= topicLimit else {
      throw DataError(
        "\(path) names \(topics.count) topics, and \(data) has \(count): they do not belong "
          + "together; delete the one that is wrong.")
    }
    return topics
  }
}
