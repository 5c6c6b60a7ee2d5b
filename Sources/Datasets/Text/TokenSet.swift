import DataFiles

/// Texts as numbers, all words end to end, with their labels.
struct TokenSet: Sendable, Equatable {
  /// The ids that are no words (Keras' convention): 0 is padding, then start of a text, unknown word.
  static let startID: Int32 = 1
  static let unknownID: Int32 = 2
  /// What is added to a rank to make an id.
  static let offset: Int32 = 3
  /// Ranks beyond this are taken for damage.
  static let highestRank: Int32 = 50_000_000

  /// The ids of all words of all texts; each text begins with the start id.
  var tokens: [Int32]
  /// Where each text starts in `tokens`; the last entry is the end.
  var starts: [Int32]
  /// The class of each text.
  var labels: [UInt8]

  /// The number of texts.
  var count: Int { labels.count }

  /// Refuses a size of the vocabulary that leaves no room for words or is out of all proportion.
  static func check(vocabulary words: Int) throws {
    guard words > Int(offset), words <= 1 << 24 else {
      throw DataError("A vocabulary has at least 4 words and at most 16777216, not \(words).")
    }
  }

  /// Puts texts, given as lists of ranks, into an order and turns the ranks into ids.
  ///
  /// - Parameters:
  ///   - ranks: the texts.
  ///   - labels: the class of each of them, below `classes`.
  ///   - classes: how many classes are possible, at most 256.
  ///   - order: which text comes first, second, ...
  ///   - name: what the source is called in error messages.
  init(
    ranks: IntegerLists, labels: [Int32], classes: Int, order: [Int32], name: String
  ) throws {
    guard ranks.count == labels.count,
      labels.allSatisfy({ $0 >= 0 && $0 < Int32(clamping: classes) })
    else {
      throw DataError(
        "\(name) is damaged: it needs one label, 0 to \(classes - 1), for each text.")
    }
    var total = 0
    for text in order {
      total += ranks.starts[Int(text) + 1] - ranks.starts[Int(text)] + 1
    }
    guard total <= Int(Int32.max) else { throw DataError("\(name) holds too many words.") }
    var starts: [Int32] = [0]
    starts.reserveCapacity(order.count + 1)
    var isSound = true
    tokens = [Int32](unsafeUninitializedCapacity: total) { target, count in
      ranks.values.withUnsafeBufferPointer { source in
        for text in order {
          target[count] = Self.startID
          count += 1
          for position in ranks.starts[Int(text)]..<ranks.starts[Int(text) + 1] {
            let rank = source[position]
            isSound = isSound && rank >= 0 && rank <= Self.highestRank
            target[count] = rank &+ Self.offset
            count += 1
          }
          starts.append(Int32(count))
        }
      }
    }
    guard isSound else { throw DataError("\(name) is damaged: it holds impossible word ranks.") }
    self.starts = starts
    self.labels = order.map { UInt8(labels[Int($0)]) }
  }

  /// Takes the parts as a cache holds them; nil if they do not fit together.
  init?(tokens: [Int32], starts: [Int32], labels: [UInt8], classes: Int) {
    guard starts.count == labels.count + 1, starts.first == 0,
      starts.last.map(Int.init) == tokens.count, zip(starts, starts.dropFirst()).allSatisfy(<=),
      labels.allSatisfy({ Int($0) < classes }), tokens.min() ?? 0 >= 0
    else { return nil }
    (self.tokens, self.starts, self.labels) = (tokens, starts, labels)
  }
}

/// Everything a source of texts gives.
struct TextCorpus: Sendable, Equatable {
  var train: TokenSet
  var test: TokenSet
  var words: WordList
  var origin: DataOrigin

  /// The SHA-256 of the two halves' sums, each of labels, starts and ids in the book's order. The words do not count:
  /// the official indices of words differ in odd ones, and the ids are what a network sees.
  var fingerprint: String {
    SHA256.ofHalves(train, test) { half, sum in
      sum.add(half.labels)
      sum.add(half.starts)
      sum.add(half.tokens)
    }
  }
}
