import DataFiles
import Foundation

/// Generated newswires for machines that have neither the data nor a network.
///
/// A few topics make up most of the newswires, as in the real data. Every topic has words of its
/// own, which a newswire mixes with the background; a part of them comes from a related topic, in
/// some newswires so large a part that no model can get all of them right.
enum StandInNewswires {
  private static let topicCount = 40
  /// The number of words that belong to a topic.
  private static let ownWords = 40
  /// The number of different words.
  private static let vocabulary = 12_000
  /// The rank of the first word of a topic, and how far apart such words stand.
  private static let (firstRank, spacing) = (60, 4)
  /// The share of words that belong to a topic.
  private static let topicShare = 0.11

  /// So many newswires for training and for testing. Fewer newswires are the first of more.
  static func corpus(train: Int, test: Int) -> Reuters.Corpus {
    var words = WordList()
    for rank in 1...vocabulary {
      let isCommon = rank < firstRank && rank <= commonWords.count
      words.append((isCommon ? commonWords[rank - 1] : madeUpWord(rank)).utf8)
    }
    let background = AliasTable.zipf(vocabulary)
    let topics = AliasTable(weights: (1...topicCount).map { pow(Double($0), -1.2) })
    func half(_ count: Int, stream: UInt64) -> TokenSet {
      var (tokens, starts, labels) = ([Int32](), [Int32(0)], [UInt8]())
      for newswire in 0..<count {
        var random = SplitMix(state: stream << 32 | UInt64(newswire))
        _ = random.next()
        let topic = topics.draw(&random)
        labels.append(UInt8(topic))
        write(topic, background, &random, to: &tokens)
        starts.append(Int32(tokens.count))
      }
      let set = TokenSet(tokens: tokens, starts: starts, labels: labels, classes: topicCount)
      guard let set else { fatalError("The generated newswires do not fit together.") }
      return set
    }
    return Reuters.Corpus(
      texts: TextCorpus(
        train: half(train, stream: 5), test: half(test, stream: 6), words: words,
        origin: DataOrigin(
          name: Reuters.name, kind: .standIn,
          detail: "Newswires generated from a word model with \(topicCount) made-up topics, not "
            + "the Reuters data.",
          trainSamples: train, testSamples: test)),
      topics: (0..<topicCount).map { madeUpWord(rank(ofWord: 0, in: $0)) })
  }

  private static func rank(ofWord word: Int, in topic: Int) -> Int {
    firstRank + (word * topicCount + topic) * spacing
  }

  /// Writes one newswire.
  private static func write(
    _ topic: Int, _ background: AliasTable, _ random: inout SplitMix, to tokens: inout [Int32]
  ) {
    tokens.append(TokenSet.startID)
    // Most newswires are about one thing; some are nearly as much about a related one.
    let agreement = 0.5 + 0.5 * random.fraction()
    let related = random.fraction() < 0.7 ? topic ^ 1 : Int(random.fraction() * 40) % topicCount
    let length = min(400, 20 + Int(-log(1 - random.fraction()) * 100))
    for _ in 0..<length {
      var rank = background.draw(&random) + 1
      if random.fraction() < topicShare {
        let source = random.fraction() < agreement ? topic : related
        // The square makes some of a topic's words more frequent than others.
        let place = random.fraction()
        rank = self.rank(ofWord: Int(place * place * Double(ownWords)), in: source)
      }
      tokens.append(Int32(rank) + TokenSet.offset)
    }
  }
}
