import DeepLearning
import Foundation

/// A review that somebody has written.
struct ReviewQuestion: Decodable, Sendable {
  let text: String
}

/// What the network makes of a review.
struct ReviewAnswer: Encodable, Sendable {
  /// A piece of the text.
  struct Piece: Encodable, Sendable, Equatable {
    let text: String
    /// By how much the word moves the logarithm of the odds; nil for what the network does not see.
    let pull: Float?
  }

  /// How sure the network is that the review is positive.
  let probability: Float
  /// The text in order.
  let pieces: [Piece]
  let sentence: String
}

/// The network of section 3.4 with its words.
struct ReviewReader {
  private let model: Model
  /// Words and the columns that stand for them.
  private let columns: [String: Int]

  /// Reads what `chapter3-imdb` has saved.
  init(folder: URL) throws {
    // Without the sigmoid of the chapter's network: what words do to a sum can be told apart, what they do to a
    // probability near 1 cannot.
    model = Sequential(input: [10_000]) {
      Dense(16, activation: .relu)
      Dense(16, activation: .relu)
      Dense(1)
    }
    try model.loadWeights(from: folder.appending(path: "weights.safetensors"))
    guard let bytes = RunSummary.read(folder.appending(path: "words.txt"), limit: 1 << 22) else {
      throw Refusal(409, "There is no words.txt, which says what the network's inputs stand for.")
    }
    let words = String(decoding: bytes, as: UTF8.self).split(
      separator: "\n", omittingEmptySubsequences: false)
    var columns: [String: Int] = [:]
    for (index, word) in words.enumerated() where !word.isEmpty && index + 4 < 10_000 {
      columns[String(word)] = index + 4
    }
    guard !columns.isEmpty else {
      throw Refusal(409, "The words of its data are not known (Keras' imdb_word_index.json).")
    }
    self.columns = columns
  }

  func read(_ text: String) -> ReviewAnswer {
    let pieces = Self.pieces(of: String(text.prefix(20_000)))
    let numbers = pieces.map { $0.isWord ? column(of: $0.text) : nil }
    let all = Set(numbers.compactMap { $0 })
    // What a word does is what changes when it is left out. The start of a review, column 1, is in each.
    let order = all.sorted()
    let rows = [all] + order.map { all.subtracting([$0]) }
    let sums = model.predict(
      SparseRows(multiHot: rows.map { $0.union([1]) }, columns: 10_000), batchSize: 256
    ).scalars
    let pulls = Dictionary(uniqueKeysWithValues: zip(order, sums.dropFirst().map { sums[0] - $0 }))
    let probability = 1 / (1 + exp(-sums[0]))
    return ReviewAnswer(
      probability: probability,
      pieces: zip(pieces, numbers).map { .init(text: $0.text, pull: $1.flatMap { pulls[$0] }) },
      sentence: sentence(probability, order.map { ($0, pulls[$0] ?? 0) }, of: pieces, numbers))
  }

  private func sentence(
    _ probability: Float, _ pulls: [(column: Int, pull: Float)],
    of pieces: [(text: String, isWord: Bool)], _ numbers: [Int?]
  ) -> String {
    guard !pulls.isEmpty else {
      return "The network knows none of these words, and says what it says of an empty review."
    }
    func word(_ column: Int) -> String {
      numbers.firstIndex(of: column).map { pieces[$0].text } ?? ""
    }
    let percent = Int((100 * probability).rounded())
    var text = "The network is \(percent)% sure that this is praise."
    if let best = pulls.max(by: { $0.pull < $1.pull }), best.pull > 0 {
      text += " “\(word(best.column))” speaks most for it"
      if let worst = pulls.min(by: { $0.pull < $1.pull }), worst.pull < 0 {
        text += ", “\(word(worst.column))” most against it"
      }
      text += "."
    } else if let worst = pulls.min(by: { $0.pull < $1.pull }), worst.pull < 0 {
      text += " “\(word(worst.column))” speaks most against it."
    }
    return text + " It sees which words occur, not their order."
  }

  /// The column of a word; of one with an ending after an apostrophe, else that of the word before it.
  private func column(of word: String) -> Int? {
    let plain = word.lowercased().replacing("’", with: "'")
    if let column = columns[plain] { return column }
    return plain.firstIndex(of: "'").flatMap { columns[String(plain[..<$0])] }
  }

  /// Words and what is between them.
  static func pieces(of text: String) -> [(text: String, isWord: Bool)] {
    var pieces: [(text: String, isWord: Bool)] = []
    for character in text {
      let isWord = character.isLetter || character.isNumber || "'’".contains(character)
      if pieces.last?.isWord == isWord {
        pieces[pieces.count - 1].text.append(character)
      } else {
        pieces.append((String(character), isWord))
      }
    }
    return pieces
  }
}

extension Studio {
  func review(_ question: ReviewQuestion) throws -> ReviewAnswer {
    try network(.review, ReviewReader.init(folder:)).read(question.text)
  }
}
