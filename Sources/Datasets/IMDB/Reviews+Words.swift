/// The reviews by the words' ranks, as Keras' `Tokenizer` numbers them: without the three ids for padding, start and
/// unknown words that the packaged reviews put in front.
extension Reviews {
  /// How many different words the training reviews of the source have; 0 if the source does not tell its words.
  public var distinctWords: Int { texts.vocabulary.count }

  /// The word of a rank, 1 for the most frequent; nil if there is none or it is not known.
  public func word(ofRank rank: Int) -> String? { texts.vocabulary[rank] }

  /// What the ids 4, 5, ... below ``words`` stand for, in this order: an empty text where it is not known, and no texts at
  /// all if the source does not tell its words.
  public var inputWords: [String] {
    if distinctWords == 0 { return [] }
    return (1..<max(1, words - Int(TokenSet.offset))).map { rank in
      let word = word(ofRank: rank) ?? ""
      // Files are untrusted; each word has a line of its own where they are kept.
      return word.contains(where: \.isNewline) ? "" : word
    }
  }

  /// The ranks of a review's words in order, as a `Tokenizer(num_words=words)` that was fitted on the training reviews
  /// gives them: words of rank `words` and beyond are left out.
  public func ranks(_ review: Int, below words: Int) -> [Int32] {
    let limit = Int32(clamping: words)
    return texts.unlimitedTokens(review).compactMap { id in
      let rank = id - TokenSet.offset
      return rank >= 1 && rank < limit ? rank : nil
    }
  }
}
