import ArgumentParser
import DeepLearning

/// The flag that all experiments have beside those of ``RunOptions``.
public struct SeedOptions: ParsableArguments, Sendable {
  /// With how many seeds to train each configuration, if the user said so.
  @Option(
    help: ArgumentHelp(
      "With how many seeds to train each network. Default: 5.", valueName: "number"))
  public var seeds: Int?

  /// The flag's default.
  public init() {}

  /// Refuses numbers from which no spread follows.
  public func validate() throws {
    if let seeds, seeds < 2 {
      throw ValidationError("--seeds needs a number of at least 2, not \(seeds): spread takes two.")
    }
    try check("--seeds", seeds, in: 2...1_000)
  }

  /// The number of seeds: what the user asked for, else 5, or 2 in a quick run.
  public func count(_ options: RunOptions) -> Int { seeds ?? (options.quick ? 2 : 5) }
}

extension ChapterRun {
  /// Measures configurations with several seeds each, and adds a table that says which differ by more than chance.
  ///
  /// The runs are independent: each core takes one at a time, and the numbers do not depend on how many cores there
  /// are. After Ctrl-C the runs under way end, and no others start.
  ///
  /// - Parameters:
  ///   - title: the heading of the table.
  ///   - measurement: what is measured.
  ///   - configurations: what is compared; the first is what the others are compared with.
  ///   - seeds: the number of seeds, from the run's own seed upward.
  ///   - name: what a configuration is called in the table.
  ///   - measure: trains a configuration with a seed and measures it; `fit` is to be given the callback.
  public func compare<Configuration: Sendable>(
    _ title: String, of measurement: String, _ configurations: [Configuration], seeds: Int,
    name: (Configuration) -> String,
    _ measure:
      @Sendable (
        Configuration, _ seed: UInt64, _ callback: any Callback & Sendable
      ) throws -> Double
  ) throws {
    if isInterrupted { return }
    let values = try self.measure(title, configurations, seeds: seeds, measure)
    let comparison = SeedComparison(
      of: measurement, zip(configurations, values).map { (name($0), $1) })
    add(comparison.table, titled: title)
  }

  /// Measures configurations with several seeds each, for those who make a table or a figure of their own; see
  /// ``compare(_:of:_:seeds:name:_:)``.
  ///
  /// - Returns: for each configuration the values that came out, in the order of the seeds; fewer after Ctrl-C.
  public func measure<Configuration: Sendable>(
    _ title: String, _ configurations: [Configuration], seeds: Int,
    _ measure:
      @Sendable (
        Configuration, _ seed: UInt64, _ callback: any Callback & Sendable
      ) throws -> Double
  ) throws -> [[Double]] {
    try outcomes(title, configurations, seeds: seeds, measure).map { $0.filter { !$0.isNaN } }
  }

  /// Trains configurations with several seeds each, side by side, for those who want more of a run than a number; see
  /// ``compare(_:of:_:seeds:name:_:)``.
  ///
  /// - Returns: for each configuration what came of it, in the order of the seeds; fewer after Ctrl-C, as what it has
  ///   cut short does not count.
  public func outcomes<Configuration: Sendable, Outcome: Sendable>(
    _ title: String, _ configurations: [Configuration], seeds: Int,
    _ body:
      @Sendable (
        Configuration, _ seed: UInt64, _ callback: any Callback & Sendable
      ) throws -> Outcome
  ) throws -> [[Outcome]] {
    if isInterrupted { return configurations.map { _ in [] } }
    let first = options.seed
    let progress = ExperimentProgress(
      title, total: configurations.count * seeds, isShown: !options.noProgress)
    defer { progress.finish() }
    let outcomes = try sideBySide { timer in
      try Parallel.map(configurations.count * seeds) { index -> Outcome? in
        if Interruption.isRequested { return nil }
        let outcome = try body(
          configurations[index / seeds], first &+ UInt64(index % seeds), timer)
        progress.advance()
        return Interruption.isRequested ? nil : outcome
      }
    }
    return configurations.indices.map { index in
      outcomes[index * seeds..<(index + 1) * seeds].compactMap { $0 }
    }
  }
}
