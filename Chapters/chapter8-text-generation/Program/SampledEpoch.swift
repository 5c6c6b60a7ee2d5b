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

  /// Whether a training can have written this after an epoch; files are untrusted.
  func isPossible(as number: Int, length: Int) -> Bool {
    epoch == number && loss.isFinite && samples.map(\.temperature) == TextGeneration.temperatures
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
