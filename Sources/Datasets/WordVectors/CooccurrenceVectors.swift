import DeepLearning
import Foundation

extension WordVectors {
  /// Derives vectors from texts alone: words that stand beside the same words get similar vectors.
  ///
  /// For each word it is counted how often each of the most frequent words stands at most `window` places from it. By
  /// how much that is more than chance (positive pointwise mutual information, Church and Hanks 1990) makes a row of a
  /// matrix, of which the directions of greatest spread are kept. No label is looked at.
  ///
  /// - Parameters:
  ///   - texts: word indices, from 1 for the most frequent word.
  ///   - words: the words by index; index 0, which is no word, has nil.
  ///   - dimension: the length of the vectors.
  ///   - contexts: how many of the most frequent words to count.
  ///   - window: how far to look, in words.
  public init(
    cooccurrencesIn texts: [[Int32]], words: [String?], dimension: Int = 50, contexts: Int = 300,
    window: Int = 4
  ) {
    let contexts = min(contexts, words.count)
    let counts = Self.counts(texts, words: words.count, contexts: contexts, window: window)
    let information = Tensor(
      Self.information(counts, words: words.count, contexts: contexts),
      shape: [words.count, contexts])
    let gram = information.transposed().matmul(information).scalars.map(Double.init)
    let axes = principalAxes(of: gram, size: contexts, count: min(dimension, contexts))
    var directions = [Float](repeating: 0, count: contexts * axes.count)
    for (column, axis) in axes.enumerated() {
      // The strongest directions would drown the others: halve their lead.
      let scale = axis.strength > 0 ? 1 / axis.strength.squareRoot().squareRoot() : 0
      for (row, part) in axis.direction.enumerated() {
        directions[row * axes.count + column] = Float(part * scale)
      }
    }
    let vectors = information.matmul(Tensor(directions, shape: [contexts, axes.count])).scalars
    let known = words.indices.filter { words[$0] != nil }
    self.init(
      words: known.compactMap { words[$0] },
      values: known.flatMap { vectors[$0 * axes.count..<($0 + 1) * axes.count] },
      dimension: axes.count)
  }

  /// How often each word has each of the most frequent ones near it: words x contexts.
  private static func counts(
    _ texts: [[Int32]], words: Int, contexts: Int, window: Int
  ) -> [Float] {
    var counts = [Float](repeating: 0, count: words * contexts)
    counts.withUnsafeMutableBufferPointer { counts in
      for text in texts {
        for (place, word) in text.enumerated() where word > 0 && word < words {
          for other in max(0, place - window)..<min(text.count, place + window + 1)
          where other != place && text[other] > 0 && text[other] < contexts {
            counts[Int(word) * contexts + Int(text[other])] += 1
          }
        }
      }
    }
    return counts
  }

  /// Positive pointwise mutual information of words and contexts.
  private static func information(_ counts: [Float], words: Int, contexts: Int) -> [Float] {
    var ofWord = [Float](repeating: 0, count: words)
    var ofContext = [Float](repeating: 0, count: contexts)
    for word in 0..<words {
      for context in 0..<contexts {
        ofWord[word] += counts[word * contexts + context]
        ofContext[context] += counts[word * contexts + context]
      }
    }
    let total = ofWord.reduce(0, +)
    var information = counts
    for word in 0..<words {
      for context in 0..<contexts {
        let count = counts[word * contexts + context]
        guard count > 0 else { continue }
        information[word * contexts + context] =
          max(0, log(count / ofWord[word] * (total / ofContext[context])))
      }
    }
    return information
  }
}
