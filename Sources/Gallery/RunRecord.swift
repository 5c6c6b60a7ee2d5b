import DataFiles
import DeepLearning
import Figures

/// Whether a large or a small number is good.
public enum Better: String, Codable, Sendable {
  /// As for accuracy.
  case higher
  /// As for loss and error.
  case lower
}

/// All that a run of a chapter has to tell: `metrics.json`, `report.html` and the table at the end are made
/// from it.
struct RunRecord {
  /// A number, beside that of the book.
  struct Result {
    var name: String
    var book: Double?
    var here: Double
    var unit: String
    var better: Better
    /// Why this number may not be judged although the run's others may.
    var reservation: String?
  }

  /// A figure and its name, which is that of its files.
  struct NamedFigure {
    var name: String
    var figure: any Drawable
    /// The number of the book's figure.
    var book: String?
  }

  var chapter: String
  var section: String
  var title: String
  var command: String
  var options: RunOptions
  var data: DataOrigin?
  var results: [Result] = []
  var figures: [NamedFigure] = []
  var histories: [(name: String, history: History)] = []
  var tables: [(title: String, table: ResultTable)] = []
  var notes: [String] = []
  /// The number of whole epochs after which the user ended the training.
  var interruptedAfterEpoch: Int?
  /// The steps taken by a loop that knows no epochs.
  var finishedSteps: Int?
  var secondsToFirstStep: Double?
  var trainingSeconds = 0.0
  var totalSeconds = 0.0
  var peakMemoryBytes = 0

  /// Why the numbers may not be held against the book's; empty if they may.
  var reservations: [String] {
    var reasons: [String] = []
    if options.quick { reasons.append("quick run") }
    switch data?.kind {
    case .otherContent: reasons.append("not known to be the official content")
    case .mirror: reasons.append("mirror data")
    case .standIn: reasons.append("stand-in data")
    case .own: reasons.append("data of your own")
    // The book has no such data either.
    case .official, .drawn, nil: break
    }
    if let interruption { reasons.append(interruption) }
    return reasons + otherTasks + options.deviations + deviations
  }

  /// Why the book's numbers are for another task than this run's, if they are.
  var otherTasks: [String] = []
  /// What the user chose to do differently from the book by a flag that the chapter has of its own.
  var deviations: [String] = []
  /// The results of several seeds, if there are any.
  var seeds: SeedTable?

  /// How the user ended the run, if so.
  var interruption: String? {
    interruptedAfterEpoch.map { epoch in
      if let finishedSteps { return "interrupted after step \(finishedSteps)" }
      return epoch == 0 ? "interrupted" : "interrupted after epoch \(epoch)"
    }
  }

  /// What every figure must tell about the numbers it shows; nil for the book's own experiment.
  var footnote: String? {
    var remarks: [String] = []
    if let data {
      switch data.kind {
      case .official: break
      case .otherContent:
        remarks.append("\(data.name): not known to be the official content.")
      case .mirror: remarks.append("\(data.name) (mirror), not the book's data.")
      case .standIn:
        remarks.append("Stand-in data made by the program, not the real \(data.name).")
      case .own: remarks.append("The user's own data: \(data.name).")
      case .drawn: remarks.append("Data made by the program: \(data.name).")
      }
    }
    if options.quick { remarks.append("Quick run: less data, fewer epochs.") }
    if let interruption { remarks.append("This run was \(interruption).") }
    let flags = options.deviations + deviations
    // A rehearsal is another thing anyway.
    if !flags.isEmpty, !options.quick {
      remarks.append("Otherwise than in the book: \(flags.joined(separator: ", ")).")
    }
    return remarks.isEmpty ? nil : remarks.joined(separator: " ")
  }

  /// The data in a few words: `IMDB, official`.
  var dataLabel: String { data.map { "\($0.name), \($0.kind.rawValue)" } ?? "–" }

  /// The data in a line.
  var dataDescription: String {
    guard let data else { return "none" }
    let (train, test) = (Format.grouped(data.trainSamples), Format.grouped(data.testSamples))
    return "\(dataLabel): \(train) samples to train, \(test) to test. \(data.detail)"
  }

  /// Times and memory in a line.
  var costDescription: String {
    let firstStep = secondsToFirstStep.map { "first step after \(Format.seconds($0)), " } ?? ""
    let training = trainingSeconds > 0 ? "training \(Format.seconds(trainingSeconds)), " : ""
    return firstStep + training
      + "total \(Format.seconds(totalSeconds)), peak memory \(Format.bytes(peakMemoryBytes))"
  }

  /// The book's numbers beside those of this run.
  var comparison: ResultTable {
    var table = ResultTable([
      ("what", .left), ("book", .right), ("here", .right), ("like our seeds", .left),
      ("reproduced", .left), ("data", .left),
    ])
    for result in results {
      let unit = result.unit.isEmpty ? "" : " (\(result.unit))"
      // Counts, such as epochs, have no decimals.
      let isCount = [result.book ?? 0, result.here].allSatisfy { $0 == $0.rounded() }
      func text(_ value: Double?) -> String {
        isCount ? value.map(Format.shortest) ?? "–" : ResultTable.number(value)
      }
      let statements = statements(on: result)
      table.add([
        result.name + unit, text(result.book), text(result.here), statements.run, statements.book,
        dataLabel,
      ])
    }
    return table
  }
}
