import Datasets
import DeepLearning
import Foundation

/// What was written so far, and how daring the next character is drawn.
struct WriterQuestion: Decodable, Sendable {
  let text: String
  let temperature: Double
}

/// The next character, and what could have come instead.
struct WriterAnswer: Encodable, Sendable {
  struct Choice: Encodable, Sendable {
    let character: String
    let probability: Double
  }

  let character: String
  /// How probable it was.
  let probability: Double
  /// The most probable ones at this temperature.
  let choices: [Choice]
  let sentence: String
}

/// The network of section 8.1 with its characters.
struct Writer {
  /// What lies beside the weights.
  private struct Saved: Decodable {
    let vocabulary: CharacterVocabulary
    let opening: String
  }

  private static let window = 60
  private let model: Model
  private let vocabulary: CharacterVocabulary
  private let opening: [Int32]

  /// Reads what `chapter8-text-generation` has saved.
  init(folder: URL) throws {
    let file = folder.appending(path: "weights.vocabulary.json")
    guard let bytes = RunSummary.read(file, limit: 1 << 20),
      let saved = try? JSONDecoder().decode(Saved.self, from: bytes),
      case let ids = saved.vocabulary.encode(saved.opening).ids, ids.count == Self.window
    else {
      throw Refusal(409, "weights.vocabulary.json is not what a training keeps beside its weights.")
    }
    (vocabulary, opening) = (saved.vocabulary, ids)
    let count = vocabulary.count
    model = Sequential(input: [Self.window, count]) {
      LSTM(128)
      Dense(count, activation: .softmax)
    }
    try model.loadWeights(from: folder.appending(path: "weights.safetensors"))
  }

  /// Draws the next character.
  ///
  /// - Throws: `Refusal` if the temperature is none or the network's answer is not finite.
  func next(_ question: WriterQuestion, using random: inout RandomGenerator) throws -> WriterAnswer
  {
    guard (0...10).contains(question.temperature) else {
      throw Refusal(400, "A temperature is a number from 0 to 10.")
    }
    let ids = (opening + vocabulary.encode(String(question.text.suffix(1_000))).ids)
      .suffix(Self.window)
    let answer = model.predict(
      OneHotWindows(Array(ids), starts: [0], length: Self.window, depth: vocabulary.count)
    ).scalars
    guard answer.allSatisfy(\.isFinite) else {
      throw Refusal(409, "The network's answers are no numbers: train it anew.")
    }
    let chances = TemperatureSampling.reweighted(answer, temperature: question.temperature)
    let drawn = TemperatureSampling.draw(chances, using: &random)
    let best = chances.indices.sorted { chances[$0] > chances[$1] }.prefix(8)
    let bits = TemperatureSampling.entropy(chances)
    return WriterAnswer(
      character: vocabulary.decode([Int32(drawn)]), probability: chances[drawn],
      choices: best.map {
        .init(character: vocabulary.decode([Int32($0)]), probability: chances[$0])
      },
      sentence: String(
        format: "This draw was among about %.1f characters (%.2f bits). ", exp2(bits), bits)
        + Self.remark(question.temperature))
  }

  private static func remark(_ temperature: Double) -> String {
    switch temperature {
    case ..<0.35: "So cold, the network repeats what it is surest of."
    case ..<0.8: "Cool: mostly real words."
    case ..<1.1: "At 1 it draws by what it believes."
    default: "So hot, words fall apart."
    }
  }
}

extension Studio {
  func write(_ question: WriterQuestion) throws -> WriterAnswer {
    try network(.writer, Writer.init(folder:)).next(question, using: &random)
  }
}
