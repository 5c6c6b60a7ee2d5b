import DataFiles
import Datasets

extension RunOptions {
  /// Where data lies, as `--data` says.
  ///
  /// - Throws: `DataError` if there is no such folder.
  public var location: DataLocation {
    get throws { try DataLocation(folder: data) }
  }

  /// The film reviews, with a vocabulary of 10,000 words; in a quick run only some of each half.
  ///
  /// - Parameter few: how many in a quick run.
  /// - Throws: `DataError` if the data cannot be used or is too little to hold any of it out.
  public func loadReviews(quick few: Int = 1_000) throws -> (train: Reviews, test: Reviews) {
    let (train, test) = try IMDB.load(
      words: 10_000, reviews: quick ? few : nil, from: location, offline: offline)
    try check(train.count, test.count, train.origin)
    return (train, test)
  }

  /// The newswires, with a vocabulary of 10,000 words; in a quick run 1,000 of each part.
  ///
  /// - Throws: `DataError` if the data cannot be used or is too little to hold any of it out.
  public func loadNewswires() throws -> (train: Newswires, test: Newswires) {
    let (train, test) = try Reuters.load(
      words: 10_000, newswires: quick ? 1_000 : nil, from: location, offline: offline)
    try check(train.count, test.count, train.origin)
    return (train, test)
  }

  private func check(_ train: Int, _ test: Int, _ origin: DataOrigin) throws {
    guard train >= 5, test >= 1 else {
      throw DataError(
        "The data has \(train) samples for training and \(test) for testing, but at least 5 and 1 are needed: \(origin.detail)"
      )
    }
  }
}
