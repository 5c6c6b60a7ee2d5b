import DataFiles

/// Labelled texts on their way to numbers: words are numbered as they come, and ranked once it is
/// known which texts are for training.
struct LabelledTexts {
  /// What is accepted, well beyond what the data sets hold: the film reviews are 50,000 texts of together about 66
  /// million bytes and 12 million words, some hundred thousand of them different.
  struct Limits {
    var texts = 1 << 18
    var bytes = 1 << 28
    var words = 1 << 25
    var differentWords = 1 << 22
  }

  private let limits: Limits
  private var bytes = 0
  private let counter: WordCounter
  /// The word numbers of all texts, and where each ends.
  private var numbers = [Int32]()
  private var ends = [Int]()
  /// The class of each text.
  private(set) var labels = [Int32]()

  /// - Parameter isBytewise: whether only ASCII letters are made small, as by Python 2.
  init(limits: Limits = Limits(), isBytewise: Bool = false) {
    self.limits = limits
    counter = WordCounter(isBytewise: isBytewise)
  }

  var count: Int { labels.count }

  /// Adds a text in UTF-8.
  mutating func append(_ text: [UInt8], label: Int32, name: String) throws {
    bytes += text.count
    guard labels.count < limits.texts, bytes <= limits.bytes else {
      throw DataError(
        "\(name) holds more than the \(limits.texts) texts or \(limits.bytes) bytes of text expected "
          + "at most.")
    }
    counter.number(text, into: &numbers)
    guard numbers.count <= limits.words, counter.count <= limits.differentWords else {
      throw DataError(
        "\(name) holds more than the \(limits.words) words, \(limits.differentWords) of them "
          + "different, expected at most.")
    }
    ends.append(numbers.count)
    labels.append(label)
  }

  /// The texts cut into halves, in these orders. Words are counted in the training half alone;
  /// words that only the test half has are left out, as Keras does.
  ///
  /// - Parameter reading: the training half in the order in which Keras' file was made from it, if that is to be
  ///   followed: equally frequent words then come in the order of a dictionary of Python 2.7, else by first appearance.
  func corpus(
    train: [Int32], test: [Int32], reading: [Int32]? = nil, classes: Int, origin: DataOrigin,
    name: String
  ) throws -> TextCorpus {
    let texts = (reading ?? train).map { numbers[range($0)] }
    let (ranks, ranking) = ranked(texts, count: counter.count) { words in
      reading == nil ? words : inDictionaryOrder(words)
    }
    func half(_ order: [Int32]) throws -> TokenSet {
      var lists = IntegerLists(values: [], starts: [0])
      lists.values.reserveCapacity(order.reduce(0) { $0 + range($1).count })
      for text in order {
        for number in numbers[range(text)] where ranks[Int(number)] > 0 {
          lists.values.append(ranks[Int(number)])
        }
        lists.starts.append(lists.values.count)
      }
      return try TokenSet(
        ranks: lists, labels: order.map { labels[Int($0)] }, classes: classes,
        order: (0..<Int32(order.count)).map { $0 },
        name: name)
    }
    var words = WordList()
    for number in ranking { words.append(counter.word(Int(number))) }
    return TextCorpus(
      train: try half(train), test: try half(test), words: words, origin: origin)
  }

  private func inDictionaryOrder(_ words: [Int32]) -> [Int32] {
    var dictionary = Python2Dictionary()
    for word in words {
      dictionary.insert(hash: Python2Dictionary.hash(of: counter.word(Int(word))))
    }
    return dictionary.order.map { words[$0] }
  }

  private func range(_ text: Int32) -> Range<Int> {
    (text == 0 ? 0 : ends[Int(text) - 1])..<ends[Int(text)]
  }
}
