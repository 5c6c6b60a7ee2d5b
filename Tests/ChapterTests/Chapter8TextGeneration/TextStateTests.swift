import Foundation
import Testing

@Suite("chapter8-text-generation and the work of earlier runs", .timeLimit(.minutes(30)))
struct TextStateTests {
  private static let place = "output/chapter8-text-generation/"
  private let arguments = ["--quick", "--offline", "--no-progress"]

  private func pages(in workplace: Workplace) throws -> [String: Data] {
    try workplace.files().filter { $0.key.contains("/samples/") }
  }

  @Test("Pages and weights of a whole training stay when the next one is killed")
  func kept() async throws {
    let workplace = try Workplace()
    let first = try await textGeneration.run(arguments + ["--epochs", "3"], in: workplace)
    try #require(first.exitCode == 0, "\(first.errors)")
    let (before, weights) = (
      try pages(in: workplace), try workplace.bytes(of: Self.place + "weights.safetensors")
    )
    #expect(before.count == 3)
    let other = arguments + ["--seed", "5", "--epochs", "2"]
    _ = try await textGeneration.stopped(at: 1, by: SIGKILL, other, in: workplace)
    let after = try pages(in: workplace)
    let changed = after.keys.filter { after[$0] != before[$0] }
    #expect(after.count == 3 && changed == [Self.place + "samples/epoch-01.txt"])
    #expect(try workplace.bytes(of: Self.place + "weights.safetensors") == weights)
    // Another text is refused; the best weights keep their vocabulary.
    let words = Self.place + "unfinished-text-generation-best.vocabulary.json"
    let vocabulary = try workplace.bytes(of: words)
    try workplace.add(String(repeating: "the fox sees. ", count: 2_000), as: "other.txt")
    let refused = try await textGeneration.run(
      other + ["--resume", "--text", "other.txt"], in: workplace)
    expectRefusal(refused, naming: "trained-on.txt")
    #expect(try workplace.bytes(of: words) == vocabulary)
    // A whole training leaves its own pages alone.
    let last = try await textGeneration.run(other + ["--resume"], in: workplace)
    try #require(last.exitCode == 0, "\(last.errors)")
    #expect(try pages(in: workplace).count == 2)
  }

  static let changes = [
    (#""epoch":1\b"#, #""epoch":9223372036854775807"#), (#""epoch":2\b"#, #""epoch":-7"#),
    (#""temperature":0.5"#, #""temperature":1e300"#), (#""samples":\[[^\]]*\]"#, #""samples":[]"#),
    (#""entropy":[^,}]+"#, #""entropy":1e300"#), (#""entropy":[^,}]+"#, #""entropy":-1"#),
    (#""longestCopy":[0-9]+"#, #""longestCopy":-9223372036854775808"#),
    (#""realWords":[^,}]+"#, #""realWords":7"#), (#""loss":[^,}]+"#, #""loss":1e39"#),
  ]

  @Test("A state that says what cannot be is refused, and stays")
  func hostile() async throws {
    let workplace = try Workplace()
    let long = arguments + ["--epochs", "9"]
    _ = try await textGeneration.stopped(at: 2, by: SIGKILL, long, in: workplace)
    let name = Self.place + "unfinished-text-generation.json"
    let whole = try workplace.text(of: name)
    let state = try workplace.bytes(of: Self.place + "unfinished-text-generation.safetensors")
    for (old, new) in Self.changes {
      let changed = whole.replacingOccurrences(of: old, with: new, options: .regularExpression)
      try #require(changed != whole, "\(old) is not in the state.")
      try workplace.add(changed, as: name)
      let outcome = try await textGeneration.run(long + ["--resume"], in: workplace)
      expectRefusal(outcome, naming: name, "damaged")
      #expect(try workplace.text(of: name) == changed)
    }
    #expect(
      try workplace.bytes(of: Self.place + "unfinished-text-generation.safetensors") == state)
  }
}
