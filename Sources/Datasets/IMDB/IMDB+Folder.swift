import DataFiles
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
    var texts = LabelledTexts(limits: limits, isBytewise: true)
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
    var texts = LabelledTexts(isBytewise: true)
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

  /// Orders and numbers the reviews as Keras' file has them, so that it does not matter how the files were found: those
  /// for the film first, by name, then shuffled as Keras does when it loads its file. Words are ranked by their count in
  /// the training half, read in the same order.
  private static func corpus(
    of texts: LabelledTexts, files: [ReviewFile], name path: String
  ) throws -> TextCorpus {
    func half(isTraining: Bool) throws -> [Int32] {
      let members = files.indices.filter { files[$0].isTraining == isTraining }
        .sorted { (-files[$0].label, files[$0].name) < (-files[$1].label, files[$1].name) }
      guard Set(members.map { files[$0].label }).count == 2 else {
        throw DataError(
          "\(path) should hold reviews in \(isTraining ? "train" : "test")/pos and /neg; "
            + "fetch it again."
        )
      }
      return members.map { Int32($0) }
    }
    func shuffled(_ members: [Int32], seed: UInt32) -> [Int32] {
      var random = LegacyNumPyRandom(seed: seed)
      return random.permutation(members.count).map { members[Int($0)] }
    }
    let (train, test) = (try half(isTraining: true), try half(isTraining: false))
    return try texts.corpus(
      train: shuffled(train, seed: shuffleSeed), test: shuffled(test, seed: 2 * shuffleSeed),
      reading: train, classes: 2,
      origin: DataOrigin(
        name: name, kind: .otherContent,
        detail:
          "The Large Movie Review Dataset (aclImdb), words numbered and reviews shuffled as in "
          + "Keras' imdb.npz.",
        trainSamples: train.count, testSamples: test.count),
      name: path)
  }
}
