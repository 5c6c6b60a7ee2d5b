import Datasets
import DeepLearning

/// Continues texts with a trained network: it is shown the last 60 characters, one of its 57 answers is drawn, and
/// so on.
struct TextWriter {
  let model: Model
  /// The number of different characters.
  let characters: Int

  /// What was written.
  struct Passage {
    var ids: [Int32] = []
    /// How uncertain the draws were: bits per character.
    var entropy = 0.0
  }

  /// Continues the same beginning once for each temperature, all of them side by side.
  ///
  /// - Parameters:
  ///   - beginning: at least 60 characters.
  ///   - length: how many characters to write.
  ///   - seed: where chance starts.
  /// - Throws: `DataError` if the network's answers are not numbers.
  func continuations(
    of beginning: [Int32], length: Int, temperatures: [Double], seed: UInt64
  ) throws -> [Passage] {
    var source = RandomGenerator(seed: seed)
    var chances = temperatures.map { _ in source.split() }
    var windows = temperatures.map { _ in Array(beginning.suffix(Network.window)) }
    var passages = temperatures.map { _ in Passage() }
    let starts = temperatures.indices.map { $0 * Network.window }
    for _ in 0..<length {
      let answers = model.predict(
        OneHotWindows(
          windows.flatMap { $0 }, starts: starts, length: Network.window, depth: characters)
      ).scalars
      guard answers.allSatisfy(\.isFinite) else {
        throw DataError("The network answers with what is not a number: its weights are damaged.")
      }
      for (lane, temperature) in temperatures.enumerated() {
        let distribution = TemperatureSampling.reweighted(
          answers[lane * characters..<(lane + 1) * characters], temperature: temperature)
        let next = Int32(TemperatureSampling.draw(distribution, using: &chances[lane]))
        passages[lane].entropy += TemperatureSampling.entropy(distribution) / Double(length)
        passages[lane].ids.append(next)
        windows[lane].removeFirst()
        windows[lane].append(next)
      }
    }
    return passages
  }
}
