import DeepLearning
import Foundation

/// The files from which TensorBoard's projector shows vectors in space, each with its word.
///
/// `NAME.tsv` holds a vector a line, `NAME-words.tsv` its word, and `projector_config.pbtxt` names both. The first two
/// can also be loaded at projector.tensorflow.org.
public enum Projector {
  /// A set of vectors, and what each stands for.
  public typealias Embedding = (name: String, vectors: Tensor, words: [String])

  /// Writes the files, each whole or not at all.
  ///
  /// - Parameters:
  ///   - embeddings: vectors `[rows, dimensions]` with as many words as rows, or none.
  ///   - folder: the folder that TensorBoard is pointed at, or one inside.
  public static func write(_ embeddings: [Embedding], to folder: URL) throws {
    var config = ""
    for (name, vectors, words) in embeddings {
      let rows = vectors.shape.rank == 2 ? vectors.shape[0] : -1
      guard rows >= 0, words.isEmpty || words.count == rows else {
        fail(
          "\(name): \(words.count) words cannot name vectors of shape \(vectors.shape); give one for each row."
        )
      }
      let file = name.map { $0.isLetter || $0.isNumber || "-_.".contains($0) ? String($0) : "-" }
        .joined()
      try Data(table(vectors).utf8).write(atomicallyTo: folder.appending(path: file + ".tsv"))
      config += "embeddings {\n  tensor_name: \"\(file)\"\n  tensor_path: \"\(file).tsv\"\n"
      if !words.isEmpty {
        let lines = words.map { word in
          // A blank line would be skipped, and words and vectors would part company.
          let word = word.filter { !$0.isNewline && $0 != "\t" }
          return word.allSatisfy(\.isWhitespace) ? "(blank)" : word
        }
        try Data((lines.joined(separator: "\n") + "\n").utf8)
          .write(atomicallyTo: folder.appending(path: file + "-words.tsv"))
        config += "  metadata_path: \"\(file)-words.tsv\"\n"
      }
      config += "}\n"
    }
    try Data(config.utf8).write(atomicallyTo: folder.appending(path: "projector_config.pbtxt"))
  }

  private static func table(_ vectors: Tensor) -> String {
    let values = vectors.scalars
    let width = vectors.shape[1]
    return (0..<vectors.shape[0]).map { row in
      values[row * width..<(row + 1) * width].map { "\($0)" }.joined(separator: "\t") + "\n"
    }.joined()
  }
}
