import Foundation
import Testing

@Suite("DLWP_PROGRESS_EVENTS")
struct ProgressEventsTests {
  private let workplace: Workplace

  init() throws { workplace = try Workplace() }

  @Test("A loop without epochs tells its steps too; results have the same bits as without events")
  func steps() async throws {
    let arguments = ["--quick", "--offline", "--no-progress"]
    let program = Program(name: "chapter3-imdb")
    let plain = try await program.run(arguments, in: workplace)
    try #require(plain.exitCode == 0, "\(plain.errors)")
    let place = "output/chapter3-imdb/weights.safetensors"
    let weights = try workplace.bytes(of: place)
    let told = try await program.run(
      arguments, in: workplace, environment: ["DLWP_PROGRESS_EVENTS": "events.jsonl"])
    try #require(told.exitCode == 0, "\(told.errors)")
    #expect(try workplace.bytes(of: place) == weights)
    let lines = try workplace.text(of: "events.jsonl").split(separator: "\n")
    #expect(lines.first?.contains(#""kind":"program""#) == true)
    #expect(lines.last == #"{"kind":"end"}"#)

    let gan = try await Program(name: "chapter8-gan").run(
      arguments, in: workplace, environment: ["DLWP_PROGRESS_EVENTS": "gan.jsonl"])
    try #require(gan.exitCode == 0, "\(gan.errors)")
    let progress = try workplace.text(of: "gan.jsonl").split(separator: "\n").filter {
      $0.contains(#""kind":"progress""#)
    }
    #expect(!progress.isEmpty && progress.allSatisfy { $0.contains(#""steps":"#) })
  }

  @Test("When nobody reads the pipe any more, the program ends and keeps what it has learned")
  func readerGone() async throws {
    let pipe = workplace.folder.appending(path: "pipe").path
    try #require(mkfifo(pipe, 0o600) == 0)
    let reader = open(pipe, O_RDWR)
    try #require(reader >= 0)
    let running = try await Program(name: "chapter3-imdb").start(
      ["--quick", "--offline", "--no-progress", "--epochs", "1000000"], in: workplace,
      environment: ["DLWP_PROGRESS_EVENTS": pipe])
    try await withCheckedThrowingContinuation { continuation in
      Thread.detachNewThread {
        continuation.resume(with: Result { try Self.waitForEpoch(reader) })
      }
    }
    let outcome = try await running.outcome()
    #expect(outcome.exitCode == 130, "\(outcome.errors)")
    let metrics = try workplace.metrics("chapter3-imdb")
    #expect(try #require(metrics.interruptedAfterEpoch) >= 1)
  }

  /// Reads until an epoch is told, and closes the pipe.
  private static func waitForEpoch(_ reader: Int32) throws {
    defer { close(reader) }
    var text = ""
    var buffer = [UInt8](repeating: 0, count: 4096)
    while !text.contains(#""kind":"epoch""#) {
      let count = read(reader, &buffer, buffer.count)
      try #require(count > 0)
      text += String(decoding: buffer[..<count], as: UTF8.self)
    }
  }
}
