import Foundation
import Gallery

/// The part of the page about one job: every number that the book has, beside those of the seeds.
struct JobReport {
  let job: Job
  /// The runs whose numbers are compared.
  let runs: [FinishedRun]
  /// For each run that is left out, why: something in it may not be compared that may be in the others.
  let leftOut: [String]
  /// The chapter's seeds, kept in git.
  let table: SeedTable?

  init(job: Job, runs: [FinishedRun], table: SeedTable?) {
    let reasons = runs.map(\.ownReservations)
    let shared = reasons.dropFirst().reduce(reasons.first ?? []) { $0.intersection($1) }
    let own = reasons.map { $0.subtracting(shared).sorted().joined(separator: ", ") }
    let areAll = !own.contains("")
    self.job = job
    self.table = table
    self.runs = areAll ? runs : zip(runs, own).filter { $0.1.isEmpty }.map(\.0)
    leftOut = areAll ? [] : own.filter { !$0.isEmpty }
  }

  private var reservations: [String] {
    var seen = Set<String>()
    return runs.flatMap { $0.metrics.reservations ?? [] }.filter { seen.insert($0).inserted }
  }

  /// Why one number of the program's is compared with nothing: for the runs' reasons, or for one of its own.
  private func reservations(of name: String) -> [String] { reservations(where: { $0 == name }) }

  private func reservations(where isMeant: (String) -> Bool) -> [String] {
    for result in runs.flatMap(\.metrics.results) where isMeant(result.name) {
      if let own = result.reservation { return reservations + [own] }
    }
    return reservations
  }

  /// Why the numbers of a training are compared with nothing: as the program's results about it.
  private func reservations(ofHistory file: String) -> [String] {
    for fact in BookNumber.all where fact.job == job.name {
      if case .history(file, _, _, let like?) = fact.source {
        return reservations(where: { $0.contains(like) })
      }
    }
    return reservations
  }

  /// What the page says of a job that has no runs.
  static let notRun = "Not run over seeds yet; single runs stand on the chapter's page."

  var markdown: String {
    let rows = resultRows + factRows
    var text = "\n" + circumstances + "\n"
    if !rows.isEmpty {
      text +=
        "\n"
        + MarkdownPage.table(
          ["what", "printed in", "book", "mean", "± sd", "seeds", "verdict"], rows,
          words: [0, 1, 6])
    }
    let curves = curveRows
    if !curves.isEmpty {
      text +=
        "\n"
        + MarkdownPage.table(
          ["curve", "book", "mean", "mean distance", "epochs alike", "verdict"], curves,
          words: [0, 1, 2, 5])
    }
    return text + "\n"
  }

  /// The program's own results beside the book's: for the chapter's page, which leads to all else.
  var summary: String {
    "\n\(circumstances)\n\n"
      + MarkdownPage.table(
        ["what", "book", "mean", "± sd", "verdict"],
        resultRows.map { [$0[0], $0[2], $0[3], $0[4], $0[6]] }, words: [0, 4]) + "\n"
  }

  /// How many seeds, of what.
  private var circumstances: String {
    guard let first = runs.first?.metrics else { return Self.notRun }
    let data = first.data.value.map { "\($0.name), \($0.origin)" } ?? "no data"
    let seeds = runs.count == 1 ? "One seed" : "\(runs.count) seeds"
    var text = "\(seeds); \(data); \(first.machine.cpu), \(threads(first.machine.threads))."
    for (reason, same) in Dictionary(grouping: leftOut, by: \.self).sorted(by: { $0.key < $1.key })
    {
      let count = same.count == 1 ? "1 is" : "\(same.count) are"
      text += " Of \(runs.count + leftOut.count) seeds \(count) left out: \(reason)."
    }
    return text
  }

  private func threads(_ count: Int) -> String { count == 1 ? "one thread" : "\(count) threads" }

  /// The program's own results that have a number of the book's beside them.
  private var resultRows: [[String]] {
    (runs.first?.metrics.results ?? []).compactMap { result in
      guard let book = result.book.value else { return nil }
      let unit = result.unit.isEmpty ? "" : " (\(result.unit))"
      // Machines differ in time, and the book's is told in a table of its own.
      if result.unit == "s" { return nil }
      return row(
        result.name + unit, "table of the program", number(book), book, statistics(result.name),
        reservations(of: result.name))
    }
  }

  private var factRows: [[String]] {
    BookNumber.all.filter { $0.job == job.name }.map { fact in
      switch fact.source {
      case .result(let name):
        row(
          fact.name, fact.printed, fact.book, fact.value, statistics(name),
          reservations(of: name))
      case .history(let file, let column, let pick, _):
        row(
          fact.name, fact.printed, fact.book, fact.value,
          SeedStatistics(of: runs.compactMap { pick.number(of: $0.history(file, column)) }),
          reservations(ofHistory: file))
      case .test:
        [fact.name, fact.printed, fact.book, fact.book, "", "", "equal: a test holds it"]
      case .nothing(let reason):
        [fact.name, fact.printed, fact.book, "", "", "", "not compared: \(reason)"]
      }
    }
  }

  private func row(
    _ name: String, _ printed: String, _ text: String, _ book: Double?, _ seeds: SeedStatistics?,
    _ reservations: [String]
  ) -> [String] {
    let reason = Verdict.reason(job.name, name)
    return [
      name, printed, text, seeds.map { number($0.mean) } ?? "",
      seeds.map { ResultTable.number($0.deviation) } ?? "", seeds.map { "\($0.count)" } ?? "",
      Verdict.text(book: book, seeds: seeds, reservations: reservations, reason: reason),
    ]
  }

  /// A number of the program's: those of the kept seeds where they are kept, else of the runs that are here.
  private func statistics(_ name: String) -> SeedStatistics? {
    if reservations.isEmpty, let kept = table?.statistics(of: name) { return kept }
    return SeedStatistics(
      of: runs.compactMap { run in run.metrics.results.first { $0.name == name }?.here.value })
  }

  /// Curves: the book's number of each epoch beside those of the seeds.
  private var curveRows: [[String]] {
    BookCurve.all.filter { $0.belongs(to: job) }.compactMap { curve in
      let ours = runs.map { $0.history(curve.history, curve.column) }.filter { !$0.isEmpty }
      let epochs = curve.epochs.indices.compactMap { index in
        SeedStatistics(
          of: ours.compactMap { column in
            curve.epochs[index] <= column.count ? column[curve.epochs[index] - 1] : nil
          }
        ).map { (book: curve.values[index], seeds: $0) }
      }
      guard let first = epochs.first, let last = epochs.last else {
        let book = "\(number(curve.values[0])) … \(number(curve.values[curve.values.count - 1]))"
        return runs.isEmpty ? [curve.name, book, "", "", "", "not run"] : nil
      }
      let distances = epochs.filter { !$0.seeds.isScattered }.map {
        ($0.seeds.mean - $0.book).magnitude
      }
      let judged = epochs.compactMap { $0.seeds.reproduces($0.book) }
      let alike = judged.filter { $0 }.count
      let reservations = reservations(ofHistory: curve.history)
      let verdict =
        !reservations.isEmpty
        ? "not compared: " + reservations.joined(separator: ", ")
        : judged.isEmpty
          ? "one run: not judged" : 10 * alike >= 9 * judged.count ? "reproduced" : "differs"
      return [
        curve.name, "\(number(first.book)) … \(number(last.book))",
        "\(number(first.seeds.mean)) … \(number(last.seeds.mean))",
        distances.isEmpty ? "" : number(Statistics.mean(distances)),
        judged.isEmpty ? "" : "\(alike) of \(judged.count)", verdict,
      ]
    }
  }

  /// Counts have no decimals.
  private func number(_ value: Double) -> String {
    value == value.rounded() && value.magnitude < 1e6 && value.magnitude > 1
      ? "\(Int(value))" : ResultTable.number(value)
  }
}

extension FinishedRun {
  /// Why numbers of this run that stand beside the book's are not to be compared with them.
  fileprivate var ownReservations: Set<String> {
    Set(metrics.results.filter { $0.book.value != nil }.compactMap(\.reservation))
  }
}

extension BookCurve {
  /// Whether a job trains the network: all of the job's, that of the part which it is named after, or the only one of its program.
  fileprivate func belongs(to job: Job) -> Bool {
    let part = history.replacing("history", with: program)
    return [program, part].contains(job.name) || program == job.program && part == program
  }

  /// What a reader calls it: `bottleneck: val_loss`.
  fileprivate var name: String {
    let training = history.split(separator: "-").dropFirst().joined(separator: "-")
    return training.isEmpty ? column : "\(training): \(column)"
  }
}

extension SeedStatistics {
  /// Of some numbers; nil of none.
  fileprivate init?(of numbers: [Double]) {
    let finite = numbers.filter(\.isFinite)
    if finite.isEmpty { return nil }
    self.init(finite)
  }
}
