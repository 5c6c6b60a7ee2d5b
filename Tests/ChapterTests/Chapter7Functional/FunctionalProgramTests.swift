import Foundation
import Testing

@Suite("chapter7-functional")
struct FunctionalProgramTests {
  private static let name = "chapter7-functional"
  private let program = Program(name: name)

  @Test("The quick run draws every network and says what it found")
  func quick() async throws {
    let run = try await QuickRun.of(Self.name)
    let drawn = [
      "a-one-layer", "b-same-network", "d-question-answering", "e-three-outputs",
      "f-inception-module", "g-identity-residual", "h-linear-residual", "i-siamese",
      "j-two-cameras",
    ]
    try run.expectFiles(
      figures: drawn + drawn.map { $0 + "-shapes" } + ["inception-v3", "j-xception"],
      ["history-three-outputs.csv", "history-writers.csv"])
    try run.expectRecord(
      section: "7.1", data: "random numbers", origin: "drawn", samples: (1000, 0))
    let output = run.outcome.output
    #expect(output.contains("summaries and trained weights are equal, bit for bit"))
    #expect(output.contains("(d) 1000052 parameters") && output.contains("losses are equal"))
    #expect(output.contains("(e) 14146316 parameters"))
    #expect(output.contains("(i) 20673 parameters"))
    #expect(output.contains("(j) 20861480 parameters"))
    #expect(output.contains("[1, 8, 8, 4096] features. One picture in both gives equal halves"))
  }

  @Test("Each slip's sentence stands in the report")
  func slips() async throws {
    let output = try await QuickRun.of(Self.name).outcome.output
    for sentence in [
      "An Input of shape [64] called image feeds the model but is not among its inputs, unrelated",
      "embedding_1: word", "is out of range 0..<64", "0.0], and 0 of 10 weights have moved",
      "conv1d: a window of [1, 5] does not fit into images of 1 x 2",
      "concatenate joins tensors along the last axis; all others must agree",
    ] {
      #expect(output.contains(sentence), "\(sentence)")
    }
  }

  @Test("The history has a loss for each output, and their weighted sum")
  func history() async throws {
    let run = try await QuickRun.of(Self.name)
    let history = try run.history("history-writers.csv")
    let (age, income, gender) = (
      history["age_loss"], history["income_loss"], history["gender_loss"]
    )
    #expect(history.rows.count == 2 && !history["val_gender_acc"].isEmpty)
    for (epoch, loss) in history["loss"].enumerated() {
      let sum = 0.25 * age[epoch] + income[epoch] + 10 * gender[epoch]
      #expect(abs(loss - sum) < 1e-4 * sum)
    }
    #expect(try #require(history["loss"].last) < history["loss"][0])
  }

  @Test("The same seed gives the same files")
  func repeats() async throws {
    let (first, second) = try await (QuickRun.of(Self.name), QuickRun(Self.name))
    let (files, again) = try (first.repeatable(), second.repeatable())
    #expect(files.count > 40 && files == again)
  }

  @Test("A slip that does not exist is refused, with those that do")
  func refusal() async throws {
    let outcome = try await program.run(["--slip", "typo"], in: Workplace())
    #expect(outcome.exitCode == 64 && outcome.errors.contains("graph, embedding, answers, posts"))
  }
}
