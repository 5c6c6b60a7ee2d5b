import DataFiles
import Foundation
import Gallery

/// How long an epoch takes here, and took on the graphics card on which the book was written (NVIDIA K80, 2014).
struct TimeTable {
  /// A training of the book.
  struct Entry {
    let name: String
    let job: String
    /// The history whose epochs are timed; nil for a loop of `epochs` steps that has none.
    let history: String?
    /// What an epoch took on the K80, in seconds.
    let book: Double
    /// How many the book trains.
    let epochs: Int
  }

  /// The medians of what the notebooks' logs say.
  static let entries = [
    entry("3.4 film reviews", "chapter3-imdb", "history", 1, 20),
    entry("3.5 newswires", "chapter3-reuters", "history", 1, 20),
    entry("4.4 the original network", "chapter4-overfitting", "history", 2, 20),
    entry("4.4 the bigger network", "chapter4-overfitting", "history-bigger", 3, 20),
    entry("5.1 digits with a convnet", "chapter5-mnist-convnet", "history", 7, 5),
    entry("5.2 cats and dogs", "chapter5-cats-dogs", "history", 8, 30),
    entry("5.2 with augmentation", "chapter5-cats-dogs", "history-augmented", 22, 100),
    entry("5.3 VGG16's features", "chapter5-pretrained-features", "history-features", 1, 30),
    entry(
      "5.3 VGG16, all of it learning", "chapter5-pretrained-trainable", "history-trainable", 71.5,
      30),
    entry("5.3 VGG16, fine-tuned", "chapter5-pretrained-frozen", "history-finetune", 33, 100),
    entry("6.1 a learned embedding", "chapter6-word-vectors", "history", 2, 10),
    entry("6.2 SimpleRNN", "chapter6-imdb-rnn", "history-simple-rnn", 19, 10),
    entry("6.2 LSTM", "chapter6-imdb-rnn", "history-lstm", 107, 10),
    entry("6.3 dense", "chapter6-temperature", "history-dense", 9, 20),
    entry("6.3 GRU", "chapter6-temperature", "history-gru", 165, 20),
    entry("6.3 GRU with dropout", "chapter6-temperature", "history-dropout", 170, 40),
    entry("6.3 stacked GRUs", "chapter6-temperature", "history-stacked", 344, 40),
    entry("6.3 reversed GRU", "chapter6-temperature", "history-reversed", 170, 20),
    entry("6.3 bidirectional GRU", "chapter6-temperature", "history-bidirectional", 324, 40),
    entry("6.3 reversed reviews, LSTM", "chapter6-imdb-rnn", "history-reversed", 105, 10),
    entry("6.3 reviews, bidirectional LSTM", "chapter6-imdb-rnn", "history-bidirectional", 210, 10),
    entry("6.4 reviews, convolutions", "chapter6-conv1d", "history-printed", 3, 10),
    entry(
      "6.4 temperature, convolutions", "chapter6-conv1d-temperature", "history-convolution", 11,
      20),
    entry(
      "6.4 temperature, convolutions and GRU", "chapter6-conv1d-temperature",
      "history-convolution-gru", 58, 20),
    entry("8.1 text", "chapter8-text-generation-as-printed", "history", 125, 59),
    entry("8.3 style transfer, an iteration", "chapter8-style-transfer", nil, 12.5, 20),
    entry("8.4 variational autoencoder", "chapter8-vae", "history", 51, 10),
  ]

  private static func entry(
    _ name: String, _ job: String, _ history: String?, _ book: Double, _ epochs: Int
  ) -> Entry {
    Entry(name: name, job: job, history: history, book: book, epochs: epochs)
  }

  /// The table, in which trainings that were not run now keep the row that they had.
  ///
  /// - Parameters:
  ///   - runs: what has been run.
  ///   - old: the table so far.
  static func markdown(_ runs: [FinishedRun], old: String) -> String {
    let before = Dictionary(
      MarkdownPage.rows(of: old).filter { $0.count == 5 }.map { ($0[0], $0) },
      uniquingKeysWith: { $1 })
    var (bookTotal, ownTotal) = (0.0, 0.0)
    var rows: [[String]] = []
    for entry in entries {
      var row = [entry.name, ResultTable.number(entry.book), "", "", ""]
      if let (seconds, machine) = seconds(of: entry, runs) {
        row = [
          entry.name, short(entry.book), short(seconds), short(entry.book / seconds),
          "\(machine.cpu), \(machine.threads == 1 ? "one thread" : "\(machine.threads) threads")",
        ]
      } else if let known = before[entry.name] {
        row = known
      } else {
        row[1] = short(entry.book)
      }
      if let seconds = Double(row[2]) {
        bookTotal += entry.book * Double(entry.epochs)
        ownTotal += seconds * Double(entry.epochs)
      }
      rows.append(row)
    }
    let total =
      ownTotal == 0
      ? ""
      : "\nAll epochs of these trainings together: \(hours(bookTotal)) on the K80, \(hours(ownTotal)) here. "
        + "Trainings that have not been timed here are left out on both sides.\n"
    return "\n"
      + MarkdownPage.table(
        ["an epoch of", "K80 (s)", "here (s)", "times as fast", "here is"], rows, words: [0, 4])
      + total + "\n"
  }

  /// The median over the runs. A mirror may have a twelfth of the samples, and so tells nothing.
  private static func seconds(
    of entry: Entry, _ runs: [FinishedRun]
  ) -> (Double, Metrics.Computer)? {
    let own = runs.filter {
      $0.run.job.name == entry.job
        && $0.metrics.data.value?.origin != DataOrigin.Kind.mirror.rawValue
    }
    let values = own.compactMap { run in
      if let history = entry.history {
        run.metrics.trainings?.first { $0.name == history }?.secondsPerEpoch.value
      } else {
        run.metrics.seconds.training.value.map { $0 / Double(entry.epochs) }
      }
    }.filter { $0 > 0 }
    guard let machine = own.first?.metrics.machine, !values.isEmpty else { return nil }
    return (Statistics.median(values), machine)
  }

  /// Two digits that matter.
  private static func short(_ value: Double) -> String {
    value < 0.1
      ? String(format: "%.3f", value)
      : String(format: value < 1 ? "%.2f" : value < 20 ? "%.1f" : "%.0f", value)
  }

  private static func hours(_ seconds: Double) -> String {
    seconds < 5400
      ? String(format: "%.0f minutes", seconds / 60)
      : String(format: "%.1f hours", seconds / 3600)
  }
}
