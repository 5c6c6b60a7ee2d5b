import Datasets

/// What was written after an epoch.
struct SampledEpoch: Codable {
  /// A text that was written at some temperature.
  struct Sample: Codable {
    let temperature: Double
    let text: String
    /// How uncertain the draws were: bits per character.
    let entropy: Double
    /// The share of its words that occur in the corpus; nil if it has no whole word.
    let realWords: Double?
    /// The length of the longest passage that stands in the corpus letter by letter.
    let longestCopy: Int
  }

  let epoch: Int
  let loss: Float
  let seedText: String
  let samples: [Sample]

  /// Whether a training can have written this after an epoch; a damaged file might say anything.
  func isPossible(as number: Int, length: Int) -> Bool {
    epoch == number && loss.isFinite && samples.map(\.temperature) == SampleWatch.temperatures
      && samples.allSatisfy {
        // A character of Unicode takes 21 bits.
        (0...21).contains($0.entropy) && (0...1).contains($0.realWords ?? 0)
          && (0...max(length, 0)).contains($0.longestCopy)
      }
  }

  /// The name of the file that is kept of it.
  var fileName: String {
    let number = String(epoch)
    return "epoch-" + String(repeating: "0", count: max(0, 2 - number.count)) + number + ".txt"
  }

  /// What is kept of it.
  var page: String {
    let head = "Epoch \(epoch), loss \(loss)\n\nSeed text:\n\(seedText)\n"
    return samples.reduce(head) { page, sample in
      page + "\nTemperature \(sample.temperature):\n\(sample.text)\n"
    }
  }
}

/// What a training is about, as far as another can only go on from it if it is about the same.
struct Plan: Codable, Equatable {
  let seed: UInt64
  let batchSize: Int
  let asPrinted: Bool
  /// How many characters are written after each epoch.
  let length: Int
  let vocabulary: CharacterVocabulary
  let textLength: Int
  /// A number that another text would hardly have (Fowler, Noll and Vo).
  let textHash: UInt64

  init(_ corpus: Corpus, seed: UInt64, batchSize: Int, asPrinted: Bool, length: Int) {
    (self.seed, self.batchSize) = (seed, batchSize)
    (self.asPrinted, self.length) = (asPrinted, length)
    vocabulary = corpus.vocabulary
    textLength = corpus.count
    textHash = corpus.ids.reduce(0xcbf2_9ce4_8422_2325) {
      ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3
    }
  }
}
