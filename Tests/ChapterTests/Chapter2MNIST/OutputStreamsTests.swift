import Foundation
import Testing

/// Whoever sends progress or results to a full disk loses them, but not the training.
@Suite("chapter2-mnist whose output cannot be written", .timeLimit(.minutes(30)))
struct OutputStreamsTests {
  private static let name = "chapter2-mnist"

  /// Starts a program with a shell's redirection.
  private func program(_ redirection: String) -> Program {
    Program(name: Self.name, launcher: ["/bin/sh", "-c", "exec \"$0\" \"$@\" \(redirection)"])
  }

  @Test(
    "Progress that cannot be shown is passed over",
    arguments: ["2> /dev/full", "2>&-", "2> /dev/null", "<&- 2>&-"])
  func errors(redirection: String) async throws {
    let workplace = try Workplace()
    let outcome = try await program(redirection).run(["--quick", "--offline"], in: workplace)
    #expect(outcome.exitCode == 0 && !outcome.isCrash)
    #expect(outcome.output.contains("report: output/\(Self.name)/report.html"))
    let history = try workplace.history(Self.name)
    #expect(history.rows.count > 0)
    // No file has got what was meant for a closed stream.
    for (name, bytes) in try workplace.files() {
      // As bytes: each piece of a picture that is no text would cost a caught error.
      #expect(bytes.range(of: Data("epoch 1/".utf8)) == nil, "\(name)")
    }
  }

  @Test("Results that cannot be printed are a failure; files are whole")
  func output() async throws {
    let workplace = try Workplace()
    let outcome = try await program("> /dev/full").run(["--quick", "--offline"], in: workplace)
    expectRefusal(outcome, naming: "standard output")
    #expect(try workplace.metrics(Self.name).results.count > 0)
  }

  @Test("A file that may not grow is named in a sentence")
  func limit() async throws {
    let workplace = try Workplace()
    let limited = Program(
      name: Self.name,
      launcher: ["/bin/sh", "-c", "ulimit -f 10 && exec \"$0\" \"$@\" > /dev/null"])
    let outcome = try await limited.run(["--quick", "--offline"], in: workplace)
    expectRefusal(outcome, naming: "Cannot write", "output/\(Self.name)")
    #expect(try workplace.files().keys.allSatisfy { !$0.hasSuffix(".tmp") })
  }
}
