import ArgumentParser
import DeepLearning
import Foundation

/// What the section prints in a way that cannot run or cannot learn, and its mistake of purpose, the graph of (c).
enum Slip: String, CaseIterable, ExpressibleByArgument {
  case graph, embedding, answers, posts, inception

  /// What is wrong, and how this program repairs it.
  var description: String {
    switch self {
    case .graph: "(c) an input that the output does not depend on: an error on purpose"
    case .embedding: "(d, e) Embedding(64, 10000): arguments swapped; here Embedding(10000, 64)"
    case .answers: "(d) randint(0, 1): all answers zero; here one of 500 words each"
    case .posts: "(e) valid padding runs out of time steps on 100 words; here same"
    case .inception: "(f) valid padding makes branches of different sizes; here same"
    }
  }

  /// Does as printed. All but one end the program with the engine's sentence.
  func commit(seed: UInt64) throws {
    switch self {
    case .graph:
      let unrelated = Input([32], name: "unrelated")
      let input = Input([64], name: "image")
      _ = Model(inputs: unrelated, outputs: Dense(10)(Dense(32)(input)))
    case .embedding:
      let text = Input([100])
      let model = Model(inputs: text, outputs: LSTM(32)(Embedding(64, 10_000)(text)))
      var random = RandomGenerator(seed: seed)
      _ = model.outputs(for: RandomData.words(1, length: 100, of: 10_000, &random))
    case .answers:
      var random = RandomGenerator(seed: seed)
      let text = RandomData.words(64, length: 20, of: 10_000, &random)
      let model = Functional.questionAnswerer(length: 20, seed: seed)
      let before = model.weights.map(\.value.scalars)
      let history = try model.fit([text, text], [Tensor.zeros([64, 500])], epochs: 3)
      let moved = zip(before, model.weights).count { $0 != $1.value.scalars }
      print("the loss is \(history["loss"]), and \(moved) of \(before.count) weights have moved")
    case .posts: _ = Functional.threeOutputs(length: 100, padding: .valid, seed: seed)
    case .inception: _ = Functional.inceptionModule(Input([64, 64, 3]), padding: .valid)
    }
  }

  /// What a program that does as printed says: this one, started with `--slip`.
  func sentence(seed: UInt64) throws -> String {
    let process = Process()
    let output = Pipe()
    process.executableURL = Bundle.main.executableURL
    process.arguments = ["--slip", rawValue, "--seed", "\(seed)"]
    // The sentence is wanted, not the way to it.
    process.environment = ProcessInfo.processInfo.environment.merging(
      ["SWIFT_BACKTRACE": "enable=no"]) { $1 }
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    let line = text.split(separator: "\n").first.map(String.init) ?? "nothing"
    return line.split(separator: "Fatal error: ").last.map(String.init) ?? line
  }
}
