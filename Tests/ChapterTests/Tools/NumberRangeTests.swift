import Testing

/// Numbers beyond all reason are refused before anything is computed with them.
@Suite("Numbers of the command line", .timeLimit(.minutes(30)))
struct NumberRangeTests {
  private static let chapters = [
    "chapter2-mnist", "chapter3-imdb", "chapter3-reuters", "chapter3-boston-housing",
    "chapter4-overfitting", "chapter5-mnist-convnet", "chapter5-cats-dogs", "chapter5-pretrained",
    "chapter5-visualizing", "chapter6-word-vectors", "chapter6-imdb-rnn", "chapter6-temperature",
    "chapter6-conv1d", "chapter7-functional", "chapter7-callbacks", "chapter7-best-practices",
    "chapter8-text-generation",
    "chapter8-deepdream", "chapter8-style-transfer", "chapter8-vae", "chapter8-gan",
  ]

  @Test("Every chapter bounds its batches and epochs", arguments: chapters)
  func everywhere(name: String) async throws {
    let program = Program(name: name)
    for option in ["--batch-size", "--epochs"] {
      let outcome = try await program.run([option, "9223372036854775807"], in: Workplace())
      expectRefusal(outcome, exitCode: 64, naming: option, "at most", "9223372036854775807")
    }
  }

  static let ownNumbers: [(String, [String], String)] = [
    ("chapter6-temperature", ["--batch-size", "60000"], "--batch-size"),
    ("chapter6-temperature", ["experiments", "--batch-size", "60000"], "--batch-size"),
    ("chapter6-conv1d", ["temperature", "--batch-size", "60000"], "--batch-size"),
    ("chapter5-visualizing", ["--only", "filters", "--steps", "9223372036854775807"], "--steps"),
    ("chapter8-gan", ["--steps", "9223372036854775807"], "--steps"),
    ("chapter8-gan", ["experiments", "--steps", "9223372036854775807"], "--steps"),
    ("chapter8-gan", ["sample", "--count", "9223372036854775807"], "--count"),
    ("chapter8-deepdream", ["--steps", "9223372036854775807"], "--steps"),
    ("chapter8-deepdream", ["--step-size", "inf"], "--step-size"),
    ("chapter8-deepdream", ["--octave-scale", "nan"], "--octave-scale"),
    ("chapter8-style-transfer", ["--iterations", "9223372036854775807"], "--iterations"),
    ("chapter8-style-transfer", ["--style-weight", "inf"], "--style-weight"),
    ("chapter8-text-generation", ["generate", "--temperature", "nan"], "--temperature"),
    ("chapter8-text-generation", ["generate", "--length", "9223372036854775807"], "--length"),
    ("chapter8-vae", ["draw", "--map", "9223372036854775807"], "--map"),
    ("chapter3-imdb", ["experiments", "--seeds", "9223372036854775807"], "--seeds"),
  ]

  @Test("So are the numbers that only some chapters have", arguments: ownNumbers.indices)
  func ownNumber(index: Int) async throws {
    let (name, arguments, option) = Self.ownNumbers[index]
    let outcome = try await Program(name: name).run(arguments, in: Workplace())
    expectRefusal(
      outcome, exitCode: 64, naming: option, "needs a number", arguments[arguments.count - 1])
  }
}
