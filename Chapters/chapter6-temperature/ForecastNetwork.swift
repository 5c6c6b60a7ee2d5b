import DeepLearning
import Gallery

/// One of the book's networks.
struct ForecastNetwork: Sendable {
  /// What it is called on the command line and in the names of files.
  let name: String
  let title: String
  let epochs: Int
  /// Whether time runs backwards in the windows it is shown.
  var isReversed = false
  let book: Numbers

  /// The book's lowest and last validation error, how far other seeds may lead, and the book's figure.
  struct Numbers: Sendable {
    let lowest: Double
    let last: Double
    let tolerance: (lowest: Double, last: Double)
    var figure: String?
  }

  /// In the book's order. What seeds may change is judged by the swing from one epoch of the book's to the next, and
  /// more for the last epoch, as the curves of all that overfit rise by then.
  static let book = [
    ForecastNetwork(
      name: "dense", title: "dense", epochs: 20,
      book: Numbers(lowest: 0.2994, last: 0.3545, tolerance: (0.02, 0.04), figure: "6.20")),
    ForecastNetwork(
      name: "gru", title: "GRU", epochs: 20,
      book: Numbers(lowest: 0.2644, last: 0.3034, tolerance: (0.01, 0.025), figure: "6.21")),
    ForecastNetwork(
      name: "dropout", title: "GRU with dropout", epochs: 40,
      book: Numbers(lowest: 0.2619, last: 0.2719, tolerance: (0.01, 0.015), figure: "6.22")),
    ForecastNetwork(
      name: "stacked", title: "stacked GRUs", epochs: 40,
      book: Numbers(lowest: 0.2633, last: 0.2782, tolerance: (0.01, 0.02), figure: "6.23")),
    ForecastNetwork(
      name: "reversed", title: "reversed GRU", epochs: 20, isReversed: true,
      book: Numbers(lowest: 0.399, last: 0.4261, tolerance: (0.04, 0.05), figure: "6.24")),
    ForecastNetwork(
      name: "bidirectional", title: "bidirectional GRU", epochs: 40,
      book: Numbers(lowest: 0.2615, last: 0.3289, tolerance: (0.01, 0.025))),
  ]

  /// All names, for people.
  static var names: String { book.map(\.name).joined(separator: ", ") }

  /// The networks of a list such as `gru,dense`, in the book's order; all of them if there is no list.
  ///
  /// - Throws: `ValidationError` if a name is not known.
  static func named(_ list: String?) throws -> [ForecastNetwork] {
    try chosen(list, from: book, name: \.name, flag: "--models")
  }

  /// With 240 readings of 14 variables: dense 107,585 parameters, GRU 4,545, stacked 23,201, bidirectional 9,089.
  func model(readings: Int, variables: Int, seed: UInt64) -> Sequential {
    let model = Sequential(input: [readings, variables], seed: seed) {
      switch name {
      case "dense":
        Flatten()
        Dense(32, activation: .relu)
      case "dropout":
        GRU(32, dropout: 0.2, recurrentDropout: 0.2)
      case "stacked":
        GRU(32, returnsSequences: true, dropout: 0.1, recurrentDropout: 0.5)
        GRU(64, activation: .relu, dropout: 0.1, recurrentDropout: 0.5)
      case "bidirectional":
        Bidirectional(GRU(32))
      default:
        GRU(32)
      }
      Dense(1)
    }
    model.compile(optimizer: RMSprop(), loss: .meanAbsoluteError)
    return model
  }
}
