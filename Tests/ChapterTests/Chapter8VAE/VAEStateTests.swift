import Foundation
import Testing

@Suite("chapter8-vae and the state of an earlier run", .timeLimit(.minutes(30)))
struct VAEStateTests {
  private static let place = "output/chapter8-vae/"
  private let program = Program(name: "chapter8-vae")
  private let arguments = ["--quick", "--offline", "--epochs", "1000000"]

  @Test("A state that does not say what it is about is not gone on with, and stays")
  func unreadable() async throws {
    let workplace = try Workplace()
    _ = try await program.stopped(at: 1, by: SIGKILL, arguments, in: workplace)
    let state = Self.place + "unfinished-vae-printed.safetensors"
    let note = workplace.folder.appending(path: Self.place + "trained-on.txt")
    let before = try workplace.bytes(of: state)
    for isFolder in [false, true] {
      try FileManager.default.removeItem(at: note)
      // Even the superuser cannot read a folder as a file.
      if isFolder {
        try FileManager.default.createDirectory(at: note, withIntermediateDirectories: true)
      } else {
        try Data([0xFF, 0xFE, 0]).write(to: note)
      }
      let outcome = try await program.run(arguments + ["--resume"], in: workplace)
      expectRefusal(outcome, naming: "trained-on.txt", "--resume")
      #expect(try workplace.bytes(of: state) == before)
    }
    try FileManager.default.removeItem(at: note)
    let outcome = try await program.run(arguments + ["--resume"], in: workplace)
    expectRefusal(outcome, naming: "trained-on.txt", "--resume")
    #expect(try workplace.bytes(of: state) == before)
  }

  @Test("A training with other flags takes the place of an unfinished one")
  func replaced() async throws {
    let workplace = try Workplace()
    _ = try await program.stopped(
      at: 2, by: SIGKILL, arguments + ["--sampling", "corrected"], in: workplace)
    let others = arguments + ["--batch-size", "64"]
    _ = try await program.stopped(at: 1, by: SIGKILL, others, in: workplace)
    let text = try workplace.text(of: Self.place + "trained-on.txt")
    // Each training has a line of its own.
    #expect(text.contains(/unfinished vae-printed: .*batches of 64/))
    #expect(text.contains(/unfinished vae-corrected: .*batches of 16/))
    let refused = try await program.run(
      others + ["--sampling", "corrected", "--resume"], in: workplace)
    expectRefusal(refused, naming: "trained-on.txt", "batches of 16")
    let further = try await program.stopped(at: 1, others + ["--resume"], in: workplace)
    #expect(further.output.contains("Training goes on after epoch 1."))
  }
}
