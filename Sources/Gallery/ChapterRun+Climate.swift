import Datasets

extension ChapterRun {
  /// Loads the weather, and says whose it is.
  ///
  /// - Throws: `DataError` if the data is there but cannot be used.
  public func loadClimate() throws -> ClimateRecord {
    let record = try Climate.load(from: options.location, offline: options.offline)
    data = record.origin
    if record.origin.kind == .mirror {
      markNotComparable("another place and year, rows of an hour")
    }
    return record
  }
}

extension RunOptions {
  /// Refuses batches of windows for which there is no memory: each is drawn again, however few there are.
  ///
  /// - Throws: `ValidationError`.
  public func checkWindows() throws { try check("--batch-size", batchSize, in: 1...4_096) }
}
