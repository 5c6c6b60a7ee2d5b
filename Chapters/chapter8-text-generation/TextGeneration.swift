// Section 8.1: writing text, character by character.
//
// A network learns which character follows after 60 of a text. What it answers are probabilities; one character is
// drawn by them and appended, and so it goes on. How daring the draw is, the temperature says: when it is low the
// text repeats itself, when it is high words fall apart.

import DataFiles
import Datasets
import DeepLearning

/// The book's network, and how it writes.
struct TextGeneration {
  /// The number of characters that the network sees.
  static let window = 60
  /// How far apart the windows begin that it learns from.
  static let step = 3
  /// How daring the draws are.
  static let temperatures = [0.2, 0.5, 1.0, 1.2]

  let model: Model
  /// The number of different characters.
  let characters: Int

  /// A layer of 128 LSTM units, and a probability for each character: 102,585 parameters with 57 characters.
  static func network(
    characters: Int, optimizer: RMSprop = RMSprop(learningRate: 0.01), seed: UInt64
  ) -> Sequential {
    let model = Sequential(input: [window, characters], seed: seed) {
      LSTM(128)
      Dense(characters, activation: .softmax)
    }
    model.compile(optimizer: optimizer, loss: .categoricalCrossEntropy)
    return model
  }

  /// What was written.
  struct Passage {
    var ids: [Int32] = []
    /// How uncertain the draws were: bits per character.
    var entropy = 0.0
  }

  /// Continues the same seed text once for each temperature, all of them side by side: the network is shown the last 60
  /// characters, one is drawn by its answer, and so on.
  ///
  /// - Parameters:
  ///   - seedText: at least 60 characters.
  ///   - length: how many characters to write.
  ///   - seed: the seed of the draws.
  /// - Throws: `DataError` if the network's answers are not finite.
  func continuations(
    of seedText: [Int32], length: Int, temperatures: [Double] = temperatures, seed: UInt64
  ) throws -> [Passage] {
    let window = Self.window
    var source = RandomGenerator(seed: seed)
    var random = temperatures.map { _ in source.split() }
    var windows = temperatures.map { _ in Array(seedText.suffix(window)) }
    var passages = temperatures.map { _ in Passage() }
    let starts = temperatures.indices.map { $0 * window }
    for _ in 0..<length {
      let answers = model.predict(
        OneHotWindows(
          windows.flatMap { $0 }, starts: starts, length: window, depth: characters)
      ).scalars
      guard answers.allSatisfy(\.isFinite) else {
        throw DataError(
          "The network's answers are NaN: its weights are damaged. Train again, or name other weights."
        )
      }
      for (lane, temperature) in temperatures.enumerated() {
        let distribution = TemperatureSampling.reweighted(
          answers[lane * characters..<(lane + 1) * characters], temperature: temperature)
        let next = Int32(TemperatureSampling.draw(distribution, using: &random[lane]))
        passages[lane].entropy += TemperatureSampling.entropy(distribution) / Double(length)
        passages[lane].ids.append(next)
        windows[lane].removeFirst()
        windows[lane].append(next)
      }
    }
    return passages
  }
}

extension Corpus {
  /// Windows over a part of the text, and the character after each.
  func windows(
    _ range: Range<Int>? = nil, step: Int = TextGeneration.step
  ) -> (x: OneHotWindows, y: [Int32]) {
    let (range, window) = (range ?? 0..<count, TextGeneration.window)
    let starts = Array(stride(from: range.lowerBound, to: range.upperBound - window, by: step))
    let x = OneHotWindows(ids, starts: starts, length: window, depth: vocabulary.count)
    return (x, starts.map { ids[$0 + window] })
  }
}
