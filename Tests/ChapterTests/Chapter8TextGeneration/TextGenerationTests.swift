import Foundation
import Testing

let textGeneration = Program(name: "chapter8-text-generation")

/// What was written after an epoch, as it stands in its file.
struct SamplePage {
  let seedText: String
  /// What was written at 0.2, 0.5, 1.0 and 1.2.
  let texts: [String]

  init(_ page: String) throws {
    let match = try #require(
      page.wholeMatch(
        of:
          /Epoch \d+, loss \S+\n\nSeed text:\n((?s).{60})\n\nTemperature 0\.2:\n((?s).*)\n\nTemperature 0\.5:\n((?s).*)\n\nTemperature 1\.0:\n((?s).*)\n\nTemperature 1\.2:\n((?s).*)\n/
      ))
    seedText = String(match.1)
    texts = [match.2, match.3, match.4, match.5].map(String.init)
  }
}

@Suite("chapter8-text-generation")
struct TextGenerationTests {
  static let name = "chapter8-text-generation"
  static let place = "output/\(name)/"

  @Test("The quick run writes its files, figures and record")
  func quick() async throws {
    let run = try await QuickRun.of(Self.name)
    let figures: [(String, String?)] = [
      ("loss", nil), ("entropy", nil), ("real-words", nil), ("reweighted", "8.2"),
    ]
    // Nothing unfinished is left.
    try run.expectFiles(
      figures: figures.map(\.0),
      [
        "history.csv", "weights.safetensors", "weights.vocabulary.json", "samples/epoch-01.txt",
        "samples/epoch-02.txt",
      ])
    try run.expectRecord(
      section: "8.1", data: "Nietzsche", origin: "stand-in", samples: (980, 0))
    try run.expectFigures(figures, isStandIn: true)
    var results: [(String, Double?)] = [
      ("training loss after epoch 1", 1.9895), ("lowest training loss", 1.3014),
    ]
    for temperature in ["0.2", "0.5", "1.0", "1.2"] {
      results.append(("temperature \(temperature): entropy", nil))
      results.append(("temperature \(temperature): share of real words", nil))
    }
    try run.expectResults(results)
  }

  @Test("It learns, and hotter is more uncertain")
  func learns() async throws {
    let run = try await QuickRun.of(Self.name)
    let history = try run.history()
    #expect(history.columns == ["epoch", "loss"] && history.rows.count == 2)
    #expect(history["loss"][1] < history["loss"][0])
    let metrics = try run.metrics
    #expect(try metrics.here("lowest training loss") == history["loss"][1])
    // Chance among 30 characters has a loss of 3.4.
    #expect(history["loss"][1] < 2.9)
    let entropies = try ["0.2", "0.5", "1.0", "1.2"].map {
      try metrics.here("temperature \($0): entropy")
    }
    #expect(zip(entropies, entropies.dropFirst()).allSatisfy { $0 < $1 })
    let page = try SamplePage(run.workplace.text(of: Self.place + "samples/epoch-02.txt"))
    #expect(page.texts.allSatisfy { $0.count == 120 } && Set(page.texts).count == 4)
    #expect(run.outcome.output.contains("What the network writes after epoch 2"))
  }

  /// A text that never changes its course, so that a network soon knows how it goes on.
  private func addRound(to workplace: Workplace) throws {
    let round = "abcdefg"
    try workplace.add(String(repeating: round, count: 300), as: "round.txt")
  }

  private func place(_ character: Character) throws -> Int {
    try #require("abcdefg".firstIndex(of: character)).utf16Offset(in: "abcdefg")
  }

  @Test(
    "All temperatures continue the same seed text; as printed, each continues the one before",
    arguments: [false, true])
  func seedText(asPrinted: Bool) async throws {
    let workplace = try Workplace()
    try addRound(to: workplace)
    let flags = asPrinted ? ["--as-printed"] : []
    let outcome = try await textGeneration.run(
      flags + [
        "--text", "round.txt", "--quick", "--epochs", "4", "--batch-size", "4", "--no-progress",
      ], in: workplace)
    try #require(outcome.exitCode == 0, "\(outcome.errors)")
    let page = try SamplePage(workplace.text(of: Self.place + "samples/epoch-04.txt"))
    var before = page.seedText
    for text in page.texts.prefix(3) {
      let (last, first) = (try #require(before.last), try #require(text.first))
      #expect(try place(first) == (place(last) + 1) % 7, "\(page)")
      if asPrinted { before = text }
    }
    // 120 letters are no whole number of rounds: the two ways differ.
    #expect(Set(page.texts.prefix(3).map(\.first)).count == (asPrinted ? 3 : 1))
    #expect(outcome.output.contains("As printed, ") == asPrinted)
    #expect(outcome.output.contains("round.txt, own"))
    #expect(outcome.output.contains("data of your own"))
  }

  @Test("With the book's 57 characters the network has the book's parameters")
  func parameters() async throws {
    let workplace = try Workplace()
    let others = "abcdefghijklmnopqrstuvwxyz äöüæ".unicodeScalars
    let characters = (UInt32(0x21)..<0x21 + 26).compactMap(Unicode.Scalar.init) + Array(others)
    try #require(Set(characters).count == 57)
    let text = String(String.UnicodeScalarView(characters))
    try workplace.add(String(repeating: text, count: 3), as: "all.txt")
    let outcome = try await textGeneration.run(
      ["--text", "all.txt", "--epochs", "1", "--no-progress", "--quick"], in: workplace)
    try #require(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("total parameters 102,585"))
    #expect(try workplace.weightCount(Self.place + "weights.safetensors") == 102_585)
  }

  @Test("The same seed gives the same bits, another one other texts")
  func repeats() async throws {
    let first = try await QuickRun.of(Self.name)
    let second = try await QuickRun(Self.name)
    #expect(try first.repeatable() == second.repeatable())
    let other = try await QuickRun(Self.name, ["--seed", "7", "--epochs", "1"])
    let page = Self.place + "samples/epoch-01.txt"
    #expect(try other.workplace.text(of: page) != first.workplace.text(of: page))
  }

  @Test(
    "After Ctrl-C or a sudden end --resume goes on, and ends with the bits of a run in one go",
    arguments: [SIGINT, SIGKILL])
  func resumes(signal: Int32) async throws {
    let arguments = Self.threeEpochs
    let broken = try Workplace()
    let end = try await textGeneration.stopped(at: 1, by: signal, arguments, in: broken)
    #expect(end.exitCode == 128 + signal)
    let unfinished = try broken.files().keys.filter { $0.contains("unfinished") }
    #expect(unfinished.count == 4)
    if signal == SIGINT {
      #expect(try broken.metrics(Self.name).interruptedAfterEpoch != nil && !end.isCrash)
      #expect(try broken.weightCount(Self.place + "weights.safetensors") > 80_000)
    }
    // What was learned so far can be written with.
    let written = try await textGeneration.run(
      [
        "generate", "--length", "5", "--weights",
        Self.place + "unfinished-text-generation-best.safetensors",
      ], in: broken)
    #expect(written.exitCode == 0, "\(written.errors)")

    let resumed = try await textGeneration.run(
      arguments + ["--resume"], in: broken)
    try #require(resumed.exitCode == 0, "\(resumed.errors)")
    #expect(resumed.output.contains("Training goes on after epoch 1."))
    let (straight, whole) = try await Self.atOnce.value
    try #require(straight.exitCode == 0, "\(straight.errors)")
    #expect(straight.output.contains("There is nothing to go on from"))
    let pages = (1...3).map { "samples/epoch-0\($0).txt" }
    for file in ["history.csv", "weights.safetensors", "weights.vocabulary.json"] + pages {
      #expect(
        try broken.bytes(of: Self.place + file) == whole.bytes(of: Self.place + file), "\(file)")
    }
    #expect(try broken.files().keys.allSatisfy { !$0.contains("unfinished") })
  }

  private static let threeEpochs = ["--quick", "--offline", "--epochs", "3"]

  /// Three epochs in one go: how they ended, and where.
  private static let atOnce = Task {
    let whole = try Workplace()
    return (try await textGeneration.run(threeEpochs + ["--resume"], in: whole), whole)
  }

  @Test("Another text or other flags do not go on from what is there, nor does a damaged state")
  func otherTraining() async throws {
    let workplace = try Workplace()
    let arguments = ["--quick", "--offline", "--epochs", "9"]
    _ = try await textGeneration.stopped(at: 1, by: SIGKILL, arguments, in: workplace)
    let state = Self.place + "unfinished-text-generation.json"
    for flags in [["--as-printed"], ["--seed", "5"], ["--batch-size", "16"]] {
      let outcome = try await textGeneration.run(
        arguments + ["--resume"] + flags, in: workplace)
      expectRefusal(outcome, naming: "trained-on.txt", "start over without --resume")
    }
    try workplace.add(
      String(repeating: "the fox sees another text. ", count: 900), as: "other.txt")
    let other = try await textGeneration.run(
      arguments + ["--resume", "--text", "other.txt"], in: workplace)
    expectRefusal(other, naming: "trained-on.txt", "unfinished text-generation")

    for text in ["", "{}", "not what it should be"] {
      try workplace.add(text, as: state)
      let outcome = try await textGeneration.run(arguments + ["--resume"], in: workplace)
      expectRefusal(outcome, naming: state, "damaged")
    }
    try workplace.add("no weights", as: Self.place + "unfinished-text-generation.safetensors")
    let outcome = try await textGeneration.run(arguments + ["--resume"], in: workplace)
    expectRefusal(outcome, naming: "unfinished-text-generation.safetensors")
  }

  @Test("Experiments: a row for each temperature, a comparison of networks, two figures")
  func experiments() async throws {
    let workplace = try Workplace()
    let outcome = try await textGeneration.run(
      ["experiments", "--quick", "--offline", "--no-progress"], in: workplace)
    try #require(outcome.exitCode == 0, "\(outcome.errors)")
    let rows = experimentRows(in: outcome.output)
    #expect(rows.count == 3 && rows.allSatisfy { $0[1] == "2" })
    for row in rows {
      let loss = try #require(Double(row[2]))
      #expect(loss > 0.3 && loss < 4, "\(row)")
    }
    let temperatures = tableRows(in: outcome.output)
      .filter { $0.count == 6 && Double($0[0]) != nil }
    let tenths = (2...15).map { tenth -> Double in Double(tenth) / 10 }
    #expect(temperatures.compactMap { Double($0[0]) } == tenths)
    let entropies = temperatures.compactMap { Double($0[1]) }
    #expect(entropies.count == 14 && entropies[0] < entropies[13])
    let figures = try workplace.metrics(Self.name + "-experiments").figures.map(\.file)
    #expect(figures == ["temperature-entropy.png", "temperature-words.png"])
  }
}
