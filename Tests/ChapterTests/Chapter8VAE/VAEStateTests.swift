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
    let note = workplace.folder.appending(path: Self.place + "unfinished-vae.txt")
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
      expectRefusal(outcome, naming: "unfinished-vae.txt", "--resume")
      #expect(try workplace.bytes(of: state) == before)
    }
    try FileManager.default.removeItem(at: note)
    let outcome = try await program.run(arguments + ["--resume"], in: workplace)
    expectRefusal(outcome, naming: "unfinished-vae.txt", "--resume")
    #expect(try workplace.bytes(of: state) == before)
  }

  @Test("A training with other flags takes the place of an unfinished one")
  func replaced() async throws {
    let workplace = try Workplace()
    _ = try await program.stopped(
      at: 2, by: SIGKILL, arguments + ["--sampling", "corrected"], in: workplace)
    let others = arguments + ["--batch-size", "64"]
    _ = try await program.stopped(at: 1, by: SIGKILL, others, in: workplace)
    let text = try workplace.text(of: Self.place + "unfinished-vae.txt")
    #expect(text.contains("batches of 64"))
    // What the text is not about any more is gone.
    let states = try workplace.files().keys.filter { $0.hasSuffix(".safetensors") }
    #expect(states == [Self.place + "unfinished-vae-printed.safetensors"])
    let further = try await program.stopped(at: 1, others + ["--resume"], in: workplace)
    #expect(further.output.contains("training goes on after epoch 1."))
  }
}
