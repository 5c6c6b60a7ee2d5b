import Datasets
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
    /// How far other seeds may take the number from the book's.
    var tolerance: Double?
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
    if data?.kind == .standIn { reasons.append("stand-in data") }
    if let interruption { reasons.append(interruption) }
    if let otherTask { reasons.append(otherTask) }
    return reasons + options.deviations
  }

  /// Why the book's numbers are for another task than this run's, if they are.
  var otherTask: String?

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
    if data?.kind == .standIn {
      remarks.append("Stand-in data made by the program, not the real \(data?.name ?? "data").")
    }
    if options.quick { remarks.append("Quick run: less data, fewer epochs.") }
    if let interruption { remarks.append("This run was \(interruption).") }
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
      ("what", .left), ("book", .right), ("here", .right), ("verdict", .left), ("data", .left),
    ])
    for result in results {
      let unit = result.unit.isEmpty ? "" : " (\(result.unit))"
      // Counts, such as epochs, have no decimals.
      let isCount = [result.book ?? 0, result.here].allSatisfy { $0 == $0.rounded() }
      func text(_ value: Double?) -> String {
        isCount ? value.map(Format.shortest) ?? "–" : ResultTable.number(value)
      }
      table.add([
        result.name + unit, text(result.book), text(result.here), verdict(on: result), dataLabel,
      ])
    }
    return table
  }

  /// Whether a number lies within the band around the book's in which other seeds would be expected.
  func verdict(on result: Result) -> String {
    guard let book = result.book else { return "–" }
    if !reservations.isEmpty { return "not judged: " + reservations.joined(separator: ", ") }
    guard let tolerance = result.tolerance else { return "–" }
    let band = "±" + Format.shortest(tolerance)
    let difference = result.here - book
    guard difference.isFinite else { return "outside \(band): not a number" }
    // Decimal fractions such as 0.885 - 0.875 are not exact.
    if difference.magnitude <= tolerance + 1e-9 * book.magnitude { return "within \(band)" }
    let isBetter = difference > 0 ? result.better == .higher : result.better == .lower
    return "outside \(band), \(isBetter ? "better" : "worse")"
  }
}
