import TestSupport
import Testing

@testable import DeepLearning

/// Mistakes with sequences end the program with a sentence that names them.
@Suite struct RecurrentMistakeTests {
  enum Mistake: String, CaseIterable, Codable, Sendable {
    case noUnits, unknownActivation, unknownGates, dropoutRate, recurrentDropoutRate
    case rank, stateShape, stateCount, statesBothWays, otherBatch
    case noWords, noDimensions, wordTooLarge, negativeWord, numbersForWords, maskedRank
    case windowTable, windowLength, windowStep, windowTooEarly, windowTooLate
    case textLength, textDepth, unknownCharacter, negativeCharacter, startTooLate, negativeStart

    /// What the sentence says.
    var sentence: String {
      switch self {
      case .noUnits: "A recurrent layer needs at least one unit, not 0"
      case .unknownActivation: "sigmoid, hard_sigmoid, tanh and softsign, not selu"
      case .unknownGates: "sigmoid, hard_sigmoid, tanh and softsign, not softmax"
      case .dropoutRate: "A dropout rate lies between 0 and 1, not at 1.0"
      case .recurrentDropoutRate: "A dropout rate lies between 0 and 1, not at -0.5"
      case .rank:
        "gru takes sequences [time, features], but its input has the shape [8]. If a recurrent"
      case .stateShape: "gru remembers 1 state of shape [4], but was given [[5]]"
      case .stateCount: "lstm remembers 2 states of shape [4], but was given [[4]]"
      case .statesBothWays: "bidirectional takes one sequence and no initial states"
      case .otherBatch: "gru_1 remembers 2 sequences, but got a batch of 3"
      case .noWords: "An Embedding needs at least one word and one dimension, not 0 and 8"
      case .noDimensions: "An Embedding needs at least one word and one dimension, not 8 and 0"
      case .wordTooLarge: "embedding_1: word 10 is out of range 0..<10. Give the layer more words"
      case .negativeWord: "embedding_1: word -1 is out of range 0..<10"
      case .numbersForWords: "embedding_1 looks up word numbers; feed it `Samples.integers`"
      case .maskedRank: "masking_1 takes sequences [time, features], not [8]. Put Reshape"
      case .windowTable: "Windows are taken of a table [rows, features], not of shape [6]"
      case .windowLength: "A window has a length and a step of at least 1, not 0 and 1"
      case .windowStep: "A window has a length and a step of at least 1, not 2 and 0"
      case .windowTooEarly:
        "A window of 2 steps of 2 rows cannot end before row 3 of a table of 6 rows. Ends run from 4 to 6"
      case .windowTooLate:
        "A window of 2 steps of 2 rows cannot end before row 7 of a table of 6 rows. Ends run from 4 to 6"
      case .textLength, .textDepth: "A window needs a length and a depth of at least 1, not"
      case .unknownCharacter: "Character 3 is out of range 0..<3. Raise `depth`"
      case .negativeCharacter: "Character -1 is out of range 0..<3. Raise `depth`"
      case .startTooLate:
        "A window of 2 characters cannot begin at 2 of a text of 3 characters. Starts run"
      case .negativeStart: "A window of 2 characters cannot begin at -1 of a text of 3 characters"
      }
    }

    func commit() {
      switch self {
      case .noUnits: _ = LSTM(0)
      case .unknownActivation: _ = SimpleRNN(3, activation: .selu)
      case .unknownGates: _ = GRU(3, gates: .softmax)
      case .dropoutRate: _ = GRU(3, dropout: 1)
      case .recurrentDropoutRate: _ = LSTM(3, recurrentDropout: -0.5)
      case .rank: _ = Sequential(input: [8]) { GRU(4) }
      case .stateShape: _ = GRU(4)(Input([8, 3]), Input([5]))
      case .stateCount: _ = LSTM(4)(Input([8, 3]), Input([4]))
      case .statesBothWays: _ = Bidirectional(GRU(4))(Input([8, 3]), Input([4]))
      case .otherBatch:
        let model = Sequential(input: [8, 3]) { GRU(4, isStateful: true) }
        _ = (model(Tensor.ones([2, 8, 3])), model(Tensor.ones([3, 8, 3])))
      case .noWords: _ = Embedding(0, 8)
      case .noDimensions: _ = Embedding(8, 0)
      case .wordTooLarge: look(up: 10)
      case .negativeWord: look(up: -1)
      case .numbersForWords: _ = Sequential(input: [2]) { Embedding(10, 3) }(Tensor.ones([1, 2]))
      case .maskedRank: _ = Sequential(input: [8]) { Masking() }(Tensor.ones([1, 8]))
      case .windowTable: _ = TimeSeriesWindows(.ones([6]), ends: [3], length: 1)
      case .windowLength: _ = TimeSeriesWindows(.ones([6, 2]), ends: [3], length: 0)
      case .windowStep: _ = TimeSeriesWindows(.ones([6, 2]), ends: [3], length: 2, step: 0)
      case .windowTooEarly: _ = TimeSeriesWindows(.ones([6, 2]), ends: [4, 3], length: 2, step: 2)
      case .windowTooLate: _ = TimeSeriesWindows(.ones([6, 2]), ends: [7], length: 2, step: 2)
      case .textLength: _ = OneHotWindows([0, 1], starts: [0], length: 0, depth: 3)
      case .textDepth: _ = OneHotWindows([], starts: [], length: 1, depth: 0)
      case .unknownCharacter: _ = OneHotWindows([0, 3], starts: [0], length: 1, depth: 3)
      case .negativeCharacter: _ = OneHotWindows([0, -1], starts: [0], length: 1, depth: 3)
      case .startTooLate: _ = OneHotWindows([0, 1, 2], starts: [2], length: 2, depth: 3)
      case .negativeStart: _ = OneHotWindows([0, 1, 2], starts: [-1], length: 2, depth: 3)
      }
    }

    private func look(up id: Int32) {
      let model = Sequential(input: [2]) { Embedding(10, 3) }
      _ = model(Samples.integers([1, id], shape: [1, 2]))
    }
  }

  @Test("Each mistake ends with a sentence", .ahead, arguments: Mistake.allCases)
  func sentence(_ mistake: Mistake) async throws {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { [mistake] in
      mistake.commit()
    }
    let output = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
    #expect(output.contains(mistake.sentence), "\(output.prefix(500))")
  }
}
