extension DataLocation {
  /// Looks for the source of a data set; if there is none, fetches the data set and looks again.
  ///
  /// - Parameters:
  ///   - dataSet: its name in the list of data sets.
  ///   - offline: whether to do without the network.
  ///   - report: receives a line for every file fetched.
  ///   - find: looks into the folders.
  /// - Returns: the source, or nil and why there is none.
  /// - Throws: what `find` throws; `FetchInterrupted` after Ctrl-C.
  public func obtain<Source>(
    _ dataSet: String, offline: Bool, report: @escaping @Sendable (String) -> Void,
    find: () throws -> Source?
  ) throws -> (source: Source?, reason: String) {
    if let source = try find() { return (source, "") }
    if offline { return (nil, "Nothing was fetched, as the network is not to be used.") }
    do {
      let manifest = try DataManifest(of: self)
      guard let downloads else {
        throw DataError("There is no folder for downloads; give one with --data.")
      }
      try Fetcher(into: downloads, report: report).fetch(manifest.dataSet(dataSet))
    } catch let error as DataError {
      return (nil, "\(error)")
    }
    return (try find(), "What was fetched cannot be found.")
  }
}
