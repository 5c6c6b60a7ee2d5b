import Foundation
import Gallery
import Testing

@testable import reproduce

@Suite("The page of the book's numbers and ours")
struct PageTests {
  private let place: Workplace

  init() throws { place = try Workplace() }

  private func report(_ job: String = "chapter3-imdb", seeds: Int = 3) throws -> [[String]] {
    let job = try #require(Job.all.first { $0.name == job })
    let runs = try (1...seeds).compactMap { try place.run(job: job.name, seed: $0) }
    let text = JobReport(job: job, runs: runs, table: nil).markdown
    return text.split(separator: "\n").filter { $0.hasPrefix("|") }.map {
      $0.dropFirst(2).dropLast(2).components(separatedBy: " | ")
    }
  }

  private func row(_ name: String, _ printed: String, in rows: [[String]]) throws -> [String] {
    try #require(rows.first { $0[0] == name && $0[1] == printed })
  }

  @Test("Results and facts: mean, deviation, seeds, verdict")
  func numbers() throws {
    for (seed, accuracy) in [(1, 0.882), (2, 0.884), (3, 0.886)] {
      try place.addRun(seed: seed, accuracy: accuracy)
    }
    let rows = try report()
    #expect(
      try row("test accuracy", "table of the program", in: rows) == [
        "test accuracy", "table of the program", "0.8833", "0.8840", "0.0020", "3", "reproduced",
      ])
    // The notebook's is another number of the same thing.
    #expect(try row("test accuracy", "notebook", in: rows)[2] == "0.8850")
    #expect(
      try row("predictions for six reviews", "book", in: rows).last?
        .hasPrefix("not compared: print and notebook differ") == true)
    // What the program does not say, and times, which have a table of their own.
    #expect(try row("test loss", "notebook", in: rows).suffix(4) == ["", "", "", "not run"])
    #expect(!rows.contains { $0[0].hasPrefix("time") || $0[0] == "other" })
  }

  @Test("What is off is told with its size; one seed, other data and rehearsals are not judged")
  func verdicts() throws {
    func verdict(
      _ numbers: [Double], _ reservations: [String] = [], reason: String? = nil, book: Double? = 0.5
    ) -> String {
      Verdict.text(
        book: book, seeds: numbers.isEmpty ? nil : SeedStatistics(numbers),
        reservations: reservations, reason: reason)
    }
    #expect(verdict([0.4, 0.5, 0.6]) == "reproduced")
    #expect(verdict([0.70, 0.71, 0.72]) == "off by +0.2100, 21.00 sd: not explained")
    #expect(verdict([0.1, 0.1], reason: "because") == "off by −0.4000: because")
    #expect(verdict([0.5]) == "one run: not judged")
    #expect(verdict([]) == "not run")
    #expect(verdict([0.5, 0.5], ["mirror data", "--epochs 3"]).hasPrefix("not compared: mirror"))
    #expect(verdict([0.5, 0.5], book: nil) == "not compared: several numbers")
    #expect(Verdict.reason("chapter4-overfitting", "smaller: its epoch") != nil)
    #expect(Verdict.reason("chapter3-imdb", "test accuracy") == nil)
  }

  @Test("A training with a stand-in is not compared: neither its curve nor a number of it")
  func reservedTraining() throws {
    let name = "chapter6-word-vectors"
    for seed in 1...3 {
      try place.addRun(
        job: name, of: name, seed: seed, accuracy: 0.5,
        other: ("stand-in for GloVe: test loss", "made up"), losses: [0.7, 0.6917],
        history: "history-glove")
    }
    let rows = try report(name)
    let number = try row("GloVe: lowest validation loss", "notebook", in: rows)
    #expect(number[3] == "0.6917" && number.last == "not compared: made up")
    #expect(rows.first { $0[0] == "glove: val_loss" }?.last == "not compared: made up")
    #expect(try row("test accuracy", "table of the program", in: rows).last != number.last)
  }

  @Test("Seeds with which something else happened are left out, counted and explained")
  func leftOut() throws {
    for (seed, accuracy) in [(1, 0.882), (2, 0.5), (3, 0.884), (4, 0.5), (5, 0.886)] {
      let isDead = accuracy == 0.5
      try place.addRun(
        seed: seed, accuracy: accuracy, unlike: isDead ? "it learned nothing" : nil,
        timeless: "another machine", losses: isDead ? [7.9] : [0.3])
    }
    let job = try #require(Job.all.first { $0.name == "chapter3-imdb" })
    let runs = try (1...5).compactMap { try place.run(seed: $0) }
    let report = JobReport(job: job, runs: runs, table: nil)
    #expect(report.runs.map(\.run.seed) == [1, 3, 5])
    #expect(report.markdown.contains("3 seeds; IMDB, official;"))
    #expect(report.markdown.contains(" Of 5 seeds 2 are left out: it learned nothing.\n"))
    let less = JobReport(job: job, runs: Array(runs.prefix(3)), table: nil)
    #expect(less.markdown.contains(" Of 3 seeds 1 is left out: it learned nothing.\n"))
    #expect(report.markdown.contains("| 0.8840 | 0.0020 | 3 | reproduced |"))
    // What holds for all of them is no reason to leave one out, and none that is counted.
    let alike = JobReport(job: job, runs: [runs[1], runs[3]], table: nil)
    #expect(alike.runs.count == 2)
    #expect(alike.markdown.contains("not compared: it learned nothing"))
    #expect(!alike.markdown.contains("left out"))
  }

  @Test("A curve is judged epoch by epoch")
  func curves() throws {
    let book = try #require(
      BookCurve.all.first { $0.program == "chapter3-imdb" && $0.column == "val_loss" })
    for seed in 1...3 {
      // Alike but for the last two epochs.
      let losses = book.values.enumerated().map { $1 + Double(seed - 2) / 100 + ($0 > 17 ? 1 : 0) }
      try place.addRun(seed: seed, accuracy: 0.88, losses: losses)
    }
    let row = try #require(try report().first { $0[0] == "val_loss" })
    #expect(
      row == ["val_loss", "0.4016 … 0.6796", "0.4016 … 1.6796", "0.1000", "18 of 20", "reproduced"])
    try place.addRun(seed: 1, accuracy: 0.88, reservations: ["mirror data"], losses: [0.4])
    #expect(try report(seeds: 1).first { $0[0] == "val_loss" }?.last == "not compared: mirror data")
  }

  @Test("Kept seeds count, if these runs may be compared at all")
  func keptSeeds() throws {
    try place.addRun(seed: 1, accuracy: 0.8)
    var table = SeedTable()
    for seed in 1...5 {
      table.add(
        try .init(
          seed: UInt64(seed), values: [.init("test accuracy", 0.88 + Double(seed) / 1000)],
          date: "2026-11-27", machine: "A processor"))
    }
    let run = try #require(try place.run(seed: 1))
    let text = JobReport(job: run.run.job, runs: [run], table: table).markdown
    #expect(text.contains("| 0.8833 | 0.8830 | 0.0016 | 5 | reproduced |"))
    #expect(text.contains("One seed; IMDB, official; A processor, one thread."))
  }

  @Test("Parts of a page are replaced, the rest of it stays")
  func markdown() throws {
    var page = MarkdownPage("a\n<!-- reproduce x -->\nold\n<!-- end -->\nb\n<!-- end -->\n")
    #expect(page.part("x") == "old\n" && page.part("y") == nil)
    try page.replace("x", with: "new\n")
    #expect(page.text == "a\n<!-- reproduce x -->\nnew\n<!-- end -->\nb\n<!-- end -->\n")
    let error = #expect(throws: ReproduceError.self) { try page.replace("y", with: "") }
    #expect(error?.description.contains("<!-- reproduce y -->") == true)
    let table = MarkdownPage.table(["a", "b"], [["x|y", "1"], ["z", ""]])
    #expect(table == "| a | b |\n| --- | ---: |\n| x\\|y | 1 |\n| z |  |\n")
    #expect(MarkdownPage.rows(of: table) == [["x\\|y", "1"], ["z", ""]])
  }

  @Test("The table of times keeps what was timed before, and adds up")
  func times() throws {
    try place.addRun(seed: 1, accuracy: 0.88)
    let run = try #require(try place.run(seed: 1))
    let first = TimeTable.markdown([run], old: "")
    #expect(first.contains("| 3.4 film reviews | 1.0 | 0.050 | 20 | A processor, one thread |"))
    #expect(first.contains("| 8.1 text | 125 |  |  |  |"))
    let old = MarkdownPage.table(
      ["a", "b", "c", "d", "e"],
      [["8.1 text", "125", "10", "13", "B"], ["no longer there", "1", "1", "1", "C"]])
    let second = TimeTable.markdown([run], old: old)
    #expect(second.contains("| 8.1 text | 125 | 10 | 13 | B |") && !second.contains("no longer"))
    // 59 epochs of 125 s and 20 of 1 s; 59 of 10 s and 20 of 0.05 s.
    #expect(second.contains("2.1 hours on the K80, 10 minutes here"))
    let page = try String(
      contentsOf: checkout.appending(path: "docs/Reproduction.md"), encoding: .utf8)
    try place.add(page, as: "checkout/docs/Reproduction.md")
    try TimeTable.write([run], in: place.folder.appending(path: "checkout"))
    let written = MarkdownPage(try place.text(of: "checkout/docs/Reproduction.md"))
    #expect(written.part("times")?.contains("| 3.4 film reviews | 1.0 | 0.050 | 20 |") == true)
  }

  @Test("Tables of seeds, the page and the chapters' tables are written, but not of rehearsals")
  func collection() throws {
    try place.add(
      "a\n<!-- reproduce chapter3-imdb -->\nold\n<!-- end -->\nb\n",
      as: "checkout/Chapters/chapter3-imdb/README.md")
    try place.add("no place", as: "checkout/Chapters/chapter3-reuters/README.md")
    var prepared = MarkdownPage(
      try String(contentsOf: checkout.appending(path: "docs/Reproduction.md"), encoding: .utf8))
    try prepared.replace("chapter8-gan", with: "\n\(JobReport.notRun)\n\n")
    let page = prepared.text
    try place.add(page, as: "checkout/docs/Reproduction.md")
    let output = place.folder.path + "/output"
    func collect(_ flags: String...) throws {
      try Collection(
        place: Place.parse(["--output", output] + flags),
        checkout: place.folder.appending(path: "checkout")
      ).write()
    }
    #expect(throws: ReproduceError.self) { try collect() }
    try place.addRun(seed: 1, accuracy: 0.88, quick: true)
    try collect("--quick")
    #expect(try place.text(of: "checkout/docs/Reproduction.md") == page)
    try place.addRun(seed: 1, accuracy: 0.88)
    try place.addRun(seed: 2, accuracy: 0.89)
    try place.addRun(seed: 3, accuracy: 0.5, reservations: ["mirror data"])
    try collect()
    let table = try SeedTable(
      contentsOf: place.folder.appending(path: "checkout/Chapters/chapter3-imdb/seeds.csv"))
    #expect(table.rows.map(\.seed) == [1, 2] && table.names.first == "test accuracy")
    let written = MarkdownPage(try place.text(of: "checkout/docs/Reproduction.md"))
    #expect(written.part("chapter3-imdb")?.contains("3 seeds; IMDB, official") == true)
    #expect(written.part("chapter3-reuters") == MarkdownPage(page).part("chapter3-reuters"))
    // What has not been run at all shows what it would have to be compared with.
    let missing = try #require(written.part("chapter8-gan"))
    #expect(missing.hasPrefix("\n\(JobReport.notRun)\n") && missing.contains("not compared: "))
    // Seeds run side by side, and the machine may have had other work: their times tell nothing.
    #expect(written.part("times") == MarkdownPage(page).part("times"))
    let own = try place.text(of: "checkout/Chapters/chapter3-imdb/README.md")
    #expect(own.hasPrefix("a\n<!-- reproduce chapter3-imdb -->\n\n3 seeds; IMDB, official"))
    #expect(own.contains("| test accuracy | 0.88") && !own.contains("old"))
    #expect(own.hasSuffix("<!-- end -->\nb\n"))
    #expect(try place.text(of: "checkout/Chapters/chapter3-reuters/README.md") == "no place")
  }

  @Test("The checkout's page has a place for each job")
  func places() throws {
    let page = MarkdownPage(
      try String(contentsOf: checkout.appending(path: "docs/Reproduction.md"), encoding: .utf8))
    for name in Job.all.map(\.name) + ["times"] { #expect(page.part(name) != nil, "\(name)") }
  }

  @Test("Facts are about jobs that there are, and are read as they are meant")
  func facts() throws {
    #expect(BookNumber.all.count > 90)
    let jobs = Set(Job.all.map(\.name))
    for fact in BookNumber.all { #expect(jobs.contains(fact.job), "\(fact.job)") }
    for entry in TimeTable.entries { #expect(jobs.contains(entry.job), "\(entry.job)") }
    let fact = try #require(BookNumber("a | b c | 1,234 | text | history file val_acc @3"))
    #expect(fact.value == 1234 && fact.source == .history("file", "val_acc", .epoch(3)))
    let like = try #require(BookNumber("a | b | 1 | text | history file acc last like c d"))
    #expect(like.source == .history("file", "acc", .last, like: "c d"))
    for wrong in [
      "a | b | 1 | text", "a | b | 1 | text | history file val_acc", "a | b | 1 | text | other",
      "a | b | 1 | text | history file val_acc @0", "a | b | 1 | text | history f c middle",
    ] {
      #expect(BookNumber(Substring(wrong)) == nil, "\(wrong)")
    }
    let column = [0.3, 0.1, 0.4, 0.2]
    let picks: [(Substring, Double?)] = [
      ("first", 0.3), ("last", 0.2), ("lowest", 0.1), ("highest", 0.4), ("lowest-epoch", 2),
      ("highest-epoch", 3), ("@4", 0.2), ("@5", nil),
    ]
    for (word, number) in picks {
      let pick = try #require(BookNumber.Pick(word))
      #expect(pick.number(of: column) == number, "\(word)")
      #expect(pick.number(of: []) == nil, "\(word)")
    }
  }
}
