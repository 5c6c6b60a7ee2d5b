/// Review texts on their way to numbers: words are numbered as they come, and ranked once it is
/// known which reviews are for training.
struct ReviewTexts {
  private let counter = WordCounter()
  /// The word numbers of all reviews, and where each ends.
  private var numbers = [Int32]()
  private var ends = [Int]()
  /// 0 or 1 for each review.
  private(set) var labels = [Int32]()

  var count: Int { labels.count }

  /// Adds a review in UTF-8.
  mutating func append(_ text: [UInt8], label: Int32, name: String) throws {
    counter.number(text, into: &numbers)
    guard numbers.count < Int(Int32.max) / 2 else {
      throw DataError("\(name) holds more text than can be accepted.")
    }
    ends.append(numbers.count)
    labels.append(label)
  }

  /// The reviews cut into halves, in these orders. Words are counted in the training half alone;
  /// words that only the test half has are left out, as Keras does.
  func corpus(
    train: [Int32], test: [Int32], kind: DataOrigin.Kind, detail: String, name: String
  ) throws -> ReviewCorpus {
    let (ranks, ranking) = ranked(train.map { numbers[range($0)] }, count: counter.count)
    func half(_ order: [Int32]) throws -> ReviewSet {
      var lists = IntegerLists(values: [], starts: [0])
      lists.values.reserveCapacity(order.reduce(0) { $0 + range($1).count })
      for review in order {
        for number in numbers[range(review)] where ranks[Int(number)] > 0 {
          lists.values.append(ranks[Int(number)])
        }
        lists.starts.append(lists.values.count)
      }
      return try ReviewSet(
        ranks: lists, labels: order.map { labels[Int($0)] },
        order: (0..<Int32(order.count)).map { $0 },
        name: name)
    }
    var words = WordList()
    for number in ranking { words.append(counter.word(Int(number))) }
    return ReviewCorpus(
      train: try half(train), test: try half(test), words: words,
      origin: DataOrigin(
        name: IMDB.name, kind: kind, detail: detail, trainSamples: train.count,
        testSamples: test.count))
  }

  private func range(_ review: Int32) -> Range<Int> {
    (review == 0 ? 0 : ends[Int(review) - 1])..<ends[Int(review)]
  }
}
