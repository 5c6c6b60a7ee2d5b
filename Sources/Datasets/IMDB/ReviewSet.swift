/// Reviews as numbers, all words end to end, with their labels.
struct ReviewSet: Sendable, Equatable {
  /// The ids that are no words (Keras' convention): padding, start of a review, unknown word.
  static let paddingID: Int32 = 0
  static let startID: Int32 = 1
  static let unknownID: Int32 = 2
  /// What is added to a rank to make an id.
  static let offset: Int32 = 3
  /// Ranks beyond this are taken for damage.
  static let highestRank: Int32 = 50_000_000

  /// The ids of all words of all reviews; each review begins with the start id.
  var tokens: [Int32]
  /// Where each review starts in `tokens`; the last entry is the end.
  var starts: [Int32]
  /// 1 for a positive review, 0 for a negative one.
  var labels: [UInt8]

  /// The number of reviews.
  var count: Int { labels.count }

  /// Puts reviews, given as lists of ranks, into an order and turns the ranks into ids.
  ///
  /// - Parameters:
  ///   - ranks: the reviews.
  ///   - labels: 0 or 1 for each of them.
  ///   - order: which review comes first, second, ...
  ///   - name: what the source is called in error messages.
  init(ranks: IntegerLists, labels: [Int32], order: [Int32], name: String) throws {
    guard ranks.count == labels.count, labels.allSatisfy({ $0 == 0 || $0 == 1 }) else {
      throw DataError("\(name) is damaged: it needs one label, 0 or 1, for each review.")
    }
    var total = 0
    for review in order {
      total += ranks.starts[Int(review) + 1] - ranks.starts[Int(review)] + 1
    }
    guard total <= Int(Int32.max) else { throw DataError("\(name) holds too many words.") }
    var starts: [Int32] = [0]
    starts.reserveCapacity(order.count + 1)
    var isSound = true
    tokens = [Int32](unsafeUninitializedCapacity: total) { target, count in
      ranks.values.withUnsafeBufferPointer { source in
        for review in order {
          target[count] = Self.startID
          count += 1
          for position in ranks.starts[Int(review)]..<ranks.starts[Int(review) + 1] {
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
  init?(tokens: [Int32], starts: [Int32], labels: [UInt8]) {
    guard starts.count == labels.count + 1, starts.first == 0,
      starts.last.map(Int.init) == tokens.count, zip(starts, starts.dropFirst()).allSatisfy(<=),
      labels.allSatisfy({ $0 <= 1 })
    else { return nil }
    (self.tokens, self.starts, self.labels) = (tokens, starts, labels)
  }
}

/// Everything a source of reviews gives.
struct ReviewCorpus: Sendable, Equatable {
  var train: ReviewSet
  var test: ReviewSet
  var words: WordList
  var origin: DataOrigin
}
