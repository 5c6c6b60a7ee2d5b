import DataFiles
import Dispatch
import Foundation

/// Generated reviews for machines that have neither the data nor a network.
///
/// Each review is for or against its film and draws its words from a common background, in which
/// rank r has a weight of about 1 / r as in real text, and from two topics: words of praise and
/// words of blame. How clearly a review speaks varies from one to the next, and some praise and
/// blame in equal measure, so that no model can get all of them right; names that occur once or
/// twice invite learning by heart.
enum StandInReviews {
  /// The share of words that are opinions.
  private static let opinionShare = 0.12
  /// The reviews' lengths: this many words and on average `meanTail` more, up to `longest`.
  private static let shortest = 30
  private static let meanTail = 90.0
  private static let longest = 500
  /// The number of different words.
  private static let vocabulary = 12_000

  /// So many reviews for training and for testing, half of each positive. Fewer reviews are the
  /// first of more.
  static func corpus(train: Int, test: Int) -> TextCorpus {
    let lexicon = StandInLexicon(count: vocabulary)
    return TextCorpus(
      train: reviews(train, stream: 1, lexicon), test: reviews(test, stream: 2, lexicon),
      words: lexicon.words,
      origin: DataOrigin(
        name: IMDB.name, kind: .standIn,
        detail: "Reviews generated from a two-topic word model, not the IMDB data.",
        trainSamples: train, testSamples: test))
  }

  private static func reviews(_ count: Int, stream: UInt64, _ lexicon: StandInLexicon) -> TokenSet {
    // Every review has a generator of its own, so that reviews can be made in parallel.
    @Sendable func generator(_ review: Int) -> SplitMix {
      SplitMix(state: stream << 32 | UInt64(review))
    }
    var starts: [Int32] = [0]
    for review in 0..<count {
      var random = generator(review)
      let tail = -log(1 - random.fraction()) * meanTail
      let length = min(longest, shortest + Int(tail))
      starts.append((starts.last ?? 0) + Int32(length) + 1)
    }
    var labels = [UInt8](repeating: 0, count: count)
    let total = Int(starts.last ?? 0)
    let tokens = [Int32](unsafeUninitializedCapacity: total) { tokens, filled in
      labels.withUnsafeMutableBufferPointer { labels in
        nonisolated(unsafe) let (tokens, labels) = (tokens, labels)
        let starts = starts
        DispatchQueue.concurrentPerform(iterations: 4) { part in
          for review in (count * part / 4)..<(count * (part + 1) / 4) {
            var random = generator(review)
            _ = random.next()
            let isPositive = random.fraction() < 0.5
            labels[review] = isPositive ? 1 : 0
            let range = Int(starts[review])..<Int(starts[review + 1])
            lexicon.fill(
              UnsafeMutableBufferPointer(rebasing: tokens[range]), isPositive: isPositive,
              opinionShare: opinionShare, &random)
          }
        }
      }
      filled = total
    }
    guard let set = TokenSet(tokens: tokens, starts: starts, labels: labels, classes: 2) else {
      fatalError("The generated reviews do not fit together.")
    }
    return set
  }
}
