import Foundation

/// The data set as its authors publish it: one text file for each review.
extension IMDB {
  /// One review file, by what its path says.
  private struct ReviewFile {
    let isTraining: Bool
    let label: Int32
    let name: String

    /// Understands paths that end in `train/pos/NAME.txt` and the like; nil for every other.
    init?(path: String) {
      let parts = path.split(separator: "/").suffix(3).map(String.init)
      guard parts.count == 3, parts[0] == "train" || parts[0] == "test",
        parts[1] == "pos" || parts[1] == "neg", parts[2].hasSuffix(".txt")
      else { return nil }
      (isTraining, label, name) = (parts[0] == "train", parts[1] == "pos" ? 1 : 0, parts[2])
    }
  }

  /// The longest review accepted; the longest real one has 14,000 bytes.
  private static let reviewLimit = 1 << 20

  /// Reads `aclImdb_v1.tar.gz` without unpacking it to disk.
  static func corpus(
    ofTape path: String, limits: LabelledTexts.Limits = .init()
  ) throws -> TextCorpus {
    let tape = try TarReader(path: path)
    var texts = LabelledTexts(limits: limits)
    var files = [ReviewFile]()
    while let member = try tape.next() {
      guard let file = ReviewFile(path: member.path) else { continue }
      try texts.append(tape.contents(limit: reviewLimit), label: file.label, name: path)
      files.append(file)
    }
    return try corpus(of: texts, files: files, name: path)
  }

  /// Reads the unpacked folder `aclImdb/`.
  static func corpus(ofFolder path: String) throws -> TextCorpus {
    var texts = LabelledTexts()
    var files = [ReviewFile]()
    for folder in reviewFolders(in: path) {
      let names: [String]
      do {
        names = try FileManager.default.contentsOfDirectory(atPath: folder)
      } catch {
        throw DataError("\(folder) is missing or cannot be read; unpack aclImdb_v1.tar.gz again.")
      }
      for name in names {
        guard let file = ReviewFile(path: folder + "/" + name) else { continue }
        let text = try InputFile(path: folder + "/" + name).readAll(limit: reviewLimit)
        try texts.append(text, label: file.label, name: path)
        files.append(file)
      }
    }
    return try corpus(of: texts, files: files, name: path)
  }

  /// The four folders with labelled reviews.
  static func reviewFolders(in path: String) -> [String] {
    ["train/pos", "train/neg", "test/pos", "test/neg"].map { path + "/" + $0 }
  }

  /// Orders the reviews so that it does not matter how the files were found: by verdict and name,
  /// then shuffled with the seeds of Keras' file.
  private static func corpus(
    of texts: LabelledTexts, files: [ReviewFile], name path: String
  ) throws -> TextCorpus {
    func half(isTraining: Bool, seed: UInt32) throws -> [Int32] {
      let members = files.indices.filter { files[$0].isTraining == isTraining }
        .sorted { (files[$0].label, files[$0].name) < (files[$1].label, files[$1].name) }
      guard Set(members.map { files[$0].label }).count == 2 else {
        throw DataError(
          "\(path) should hold reviews in \(isTraining ? "train" : "test")/pos and /neg; "
            + "fetch it again."
        )
      }
      var random = LegacyNumPyRandom(seed: seed)
      return random.permutation(members.count).map { Int32(members[Int($0)]) }
    }
    let train = try half(isTraining: true, seed: shuffleSeed)
    let test = try half(isTraining: false, seed: 2 * shuffleSeed)
    return try texts.corpus(
      train: train, test: test, classes: 2,
      origin: DataOrigin(
        name: name, kind: .official,
        detail:
          "The Large Movie Review Dataset (aclImdb), tokenised as Keras' Tokenizer does, words "
          + "ranked by the training half, shuffled with seeds \(shuffleSeed) and \(2 * shuffleSeed).",
        trainSamples: train.count, testSamples: test.count),
      name: path)
  }
}
