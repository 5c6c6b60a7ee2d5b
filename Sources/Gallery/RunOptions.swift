import ArgumentParser
import DataFiles

/// The flags that every chapter has.
///
/// ```swift
/// @OptionGroup var options: RunOptions
/// ```
public struct RunOptions: ParsableArguments, Sendable {
  /// How often to go through the training data, if the user said so.
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "How often to go through the training data. Default: as in the book.", valueName: "number"))
  public var epochs: Int?

  /// The number of samples per training step, if the user said so.
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "How many samples make one training step. Default: as in the book.", valueName: "number"))
  public var batchSize: Int?

  /// The seed of all random numbers.
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Random seed. The same seed reproduces the same results.", valueName: "number"))
  public var seed: UInt64 = 42

  /// The folder with the data, if the user named one.
  @Option(
    help: ArgumentHelp(
      "The folder with the data. Default: what DLWP_DATA names, else data/ of the checkout.",
      valueName: "folder"))
  public var data: String?

  /// The folder in which each chapter makes its own folder for what it writes.
  @Option(
    help: ArgumentHelp(
      "The folder for figures and reports; each chapter makes its own inside.",
      valueName: "folder"))
  public var output = "output"

  /// Whether to run on little data and for few epochs.
  @Flag(help: "A rehearsal: less data, fewer epochs, numbers that mean little.")
  public var quick = false

  /// Whether to leave out the progress bar.
  @Flag(help: "No progress bar.")
  public var noProgress = false

  /// Whether to do without the network.
  @Flag(help: "Download nothing: use the data that is here, or else a stand-in.")
  public var offline = false

  /// Whether to write what TensorBoard shows.
  @Flag(help: "Write training's curves and graph for TensorBoard, into tensorboard/.")
  public var tensorboard = false

  /// The flags' defaults.
  public init() {}

  /// Refuses numbers that make no sense, and prepares the program for a world in which writing may fail.
  public func validate() throws {
    // Every program comes by here before it opens anything.
    try ProgramStart.prepare()
    try check("--epochs", epochs, in: 1...1_000_000)
    try check("--batch-size", batchSize, in: 1...65_536)
    if data?.isEmpty == true {
      throw ValidationError("--data needs the name of a folder; leave it out for the default.")
    }
    if output.isEmpty {
      throw ValidationError("--output needs the name of a folder; leave it out for \"output\".")
    }
  }

  /// The number of epochs to train: what the user asked for, else the book's or that of a quick run.
  public func epochs(book: Int, quick few: Int) -> Int { epochs ?? (quick ? few : book) }

  /// The number of samples per training step: what the user asked for, else the book's.
  public func batchSize(book: Int) -> Int { batchSize ?? book }

  /// What the user chose to do differently from the book, for example `--epochs 3`.
  var deviations: [String] {
    [epochs.map { "--epochs \($0)" }, batchSize.map { "--batch-size \($0)" }].compactMap { $0 }
  }
}
