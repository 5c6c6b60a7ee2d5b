import DeepLearning

/// One of the two ends of a sequence.
public enum SequenceEnd: String, Sendable {
  /// The first places.
  case start
  /// The last places.
  case end
}

extension Samples {
  /// Sequences of any length as rows of one length, by the rules of Keras' `pad_sequences`: short ones get zeros,
  /// long ones are cut.
  ///
  /// ```swift
  /// let rows = Samples.padded([[7, 8], [1, 2, 3, 4]], to: 3)  // 0 7 8 and 2 3 4
  /// ```
  ///
  /// - Parameters:
  ///   - sequences: token ids.
  ///   - length: the length of the rows, at least 1.
  ///   - padding: the end at which zeros are put; the start if not said.
  ///   - truncating: the end at which ids are cut off; if not said the start, which keeps the *last* ids.
  /// - Returns: token ids of shape [sequences.count, length].
  public static func padded(
    _ sequences: [[Int32]], to length: Int, padding: SequenceEnd = .start,
    truncating: SequenceEnd = .start
  ) -> Samples {
    padded(count: sequences.count, to: length, padding: padding, truncating: truncating) {
      sequences[$0][...]
    }
  }

  /// Pads sequences that are asked for one by one.
  ///
  /// - Parameters:
  ///   - isReversed: whether sequences are turned around before they are cut and padded.
  ///   - limit: ids from here on become 2, the unknown word.
  static func padded(
    count: Int, to length: Int, padding: SequenceEnd, truncating: SequenceEnd,
    isReversed: Bool = false, limit: Int32 = .max, sequence: (Int) -> ArraySlice<Int32>
  ) -> Samples {
    require(length >= 1, "Sequences are padded to a length of at least 1, not \(length).")
    let keepsLast = (truncating == .start) != isReversed
    let ids = [Int32](unsafeUninitializedCapacity: count * length) { rows, filled in
      rows.initialize(repeating: 0)
      filled = count * length
      for row in 0..<count {
        let whole = sequence(row)
        let kept = keepsLast ? whole.suffix(length) : whole.prefix(length)
        let first = row * length + (padding == .start ? length - kept.count : 0)
        kept.withUnsafeBufferPointer { kept in
          for index in 0..<kept.count {
            let id = kept[isReversed ? kept.count - 1 - index : index]
            rows[first + index] = id < limit ? id : TokenSet.unknownID
          }
        }
      }
    }
    return .integers(ids, shape: [count, length])
  }
}

extension Reviews {
  /// The reviews as rows of token ids of one length, for a model that begins with an embedding.
  ///
  /// - Parameters:
  ///   - length: the length of the rows, at least 1: shorter reviews get zeros, longer ones are cut.
  ///   - padding: the end at which zeros are put.
  ///   - truncating: the end at which ids are cut off; if not said the start, which keeps the *last* words.
  ///   - isReversed: whether reviews are turned around first. `truncating` then speaks of the turned review: if not
  ///     said, its start is cut, and the *first* words are kept.
  /// - Returns: token ids of shape [count, length].
  public func sequences(
    length: Int, padding: SequenceEnd = .start, truncating: SequenceEnd = .start,
    isReversed: Bool = false
  ) -> Samples {
    texts.padded(to: length, padding: padding, truncating: truncating, isReversed: isReversed)
  }
}

extension EncodedTexts {
  /// The texts as rows of one length; see `Reviews.sequences`.
  func padded(
    to length: Int, padding: SequenceEnd, truncating: SequenceEnd, isReversed: Bool
  ) -> Samples {
    .padded(
      count: count, to: length, padding: padding, truncating: truncating, isReversed: isReversed,
      limit: Int32(clamping: words), sequence: unlimitedTokens)
  }
}
