import DataFiles

/// The file that Keras publishes.
extension IMDB {
  /// The seed of the shuffle of the training half; the test half takes twice that.
  static let shuffleSeed: UInt32 = 113

  /// Reads `imdb.npz` and, if there is one, the word index beside it.
  ///
  /// The reviews come out in the book's order, which Keras makes when it loads the file.
  static func corpus(ofArchive path: String, wordIndex: String?) throws -> TextCorpus {
    let archive = try NumPyArchive(path: path, limit: 1 << 27)
    @Sendable func half(_ name: String, seed: UInt32) throws -> TokenSet {
      let ranks = try archive.integerLists("x_" + name)
      let labels = try archive.array("y_" + name).integers(name: "\(path): array y_\(name)")
      var random = LegacyNumPyRandom(seed: seed)
      return try TokenSet(
        ranks: ranks, labels: labels, classes: 2, order: random.permutation(ranks.count),
        name: "\(path): x_\(name) and y_\(name)")
    }
    let (train, test) = try inParallel(
      { try half("train", seed: shuffleSeed) }, { try half("test", seed: 2 * shuffleSeed) })
    return TextCorpus(
      train: train, test: test, words: try wordIndex.map(WordList.init(jsonFile:)) ?? WordList(),
      origin: DataOrigin(
        name: name, kind: .otherContent,
        detail: "Keras' imdb.npz in the book's order (NumPy shuffle, seeds 113 and 226).",
        trainSamples: train.count, testSamples: test.count))
  }
}
