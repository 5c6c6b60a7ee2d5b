/// What the chapter's seeds say of a number: of this run, and of the program as a whole.
package struct Verdict: Codable, Equatable {
  /// How many seeds there are.
  let seeds: Int
  /// Their mean and standard deviation.
  let mean: Double
  let deviation: Double
  /// Whether this run's number lies where one more seed's would in 99 of 100 cases, which is here.
  let likeOurSeeds: Bool
  let intervalForRun: [Double]
  /// Whether the book's number lies where it would in 95 of 100 cases if it was one more of these, which is here.
  let reproduced: Bool
  let intervalForBook: [Double]

  /// nil for one seed and for scattered ones, from which no interval follows.
  init?(_ here: Double, book: Double, by statistics: SeedStatistics) {
    guard let run = statistics.intervalForRun, let print = statistics.intervalForBook,
      let likeOurSeeds = statistics.isLike(here), let reproduced = statistics.reproduces(book)
    else { return nil }
    (seeds, mean, deviation) = (statistics.count, statistics.mean, statistics.deviation)
    self.likeOurSeeds = likeOurSeeds
    intervalForRun = [run.lowerBound, run.upperBound]
    self.reproduced = reproduced
    intervalForBook = [print.lowerBound, print.upperBound]
  }

  /// Both statements in a few words: `yes: 0.8640 to 0.8890, 10 seeds`.
  package func texts(book: Double, better: Better) -> (run: String, book: String) {
    func text(_ interval: [Double]) -> String {
      interval.map(ResultTable.number).joined(separator: " to ")
    }
    let difference = mean - book
    let isBetter = difference > 0 ? better == .higher : better == .lower
    let size = ResultTable.number(difference.magnitude)
    return (
      "\(likeOurSeeds ? "yes" : "no"): \(text(intervalForRun)), \(seeds) seeds",
      reproduced
        ? "yes: \(text(intervalForBook))"
        : "no: our mean \(ResultTable.number(mean)) is \(size) \(difference > 0 ? "higher" : "lower"), "
          + (isBetter ? "better" : "worse")
    )
  }
}

extension RunRecord {
  /// What the seeds say of a number; nil if it is not judged.
  func verdict(on result: Result) -> Verdict? {
    guard reservations.isEmpty, result.reservation == nil, data?.kind ?? .official == .official,
      let book = result.book, let statistics = seeds?.statistics(of: result.name)
    else { return nil }
    return Verdict(result.here, book: book, by: statistics)
  }

  /// The two statements on a number: whether this run is like the seeds, and whether the program reproduces the book.
  func statements(on result: Result) -> (run: String, book: String) {
    guard let book = result.book else { return ("–", "–") }
    let drawn = data?.kind == .drawn ? "data made by the program" : nil
    let reasons = reservations + [drawn, result.reservation].compactMap { $0 }
    if !reasons.isEmpty { return ("not judged: " + reasons.joined(separator: ", "), "–") }
    if let verdict = verdict(on: result) { return verdict.texts(book: book, better: result.better) }
    guard let seeds = seeds?.statistics(of: result.name) else {
      return ("not judged: no seeds", "–")
    }
    return ("not judged: \(seeds.isScattered ? "seeds a hundredfold apart" : "one seed")", "–")
  }
}
