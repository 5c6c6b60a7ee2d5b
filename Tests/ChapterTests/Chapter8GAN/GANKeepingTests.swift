import Foundation
import Testing

@Suite("chapter8-gan and the work of earlier runs", .timeLimit(.minutes(30)))
struct GANKeepingTests {
  private static let place = "output/chapter8-gan/"
  private let arguments = ["--quick", "--offline", "--no-progress"]

  /// The checkpoints and sheets.
  private func work(in workplace: Workplace) throws -> [String: Data] {
    try workplace.files().filter { $0.key.contains("checkpoint") || $0.key.contains("/samples-") }
  }

  @Test("A new training that is killed has cost nothing; however often, no checkpoint goes")
  func kept() async throws {
    let workplace = try await QuickRun.copied("chapter8-gan")
    let whole = try work(in: workplace)
    #expect(whole.count == 4)
    // Before it has anything of its own.
    _ = try await gan.stopped(
      at: 5, by: SIGKILL, arguments + ["--seed", "5"], in: workplace)
    #expect(try work(in: workplace) == whole)
    // Twice with a sheet and a checkpoint.
    let checkpoint = Self.place + "checkpoint.safetensors"
    var checkpoints = [try workplace.bytes(of: checkpoint)]
    for seed in ["5", "6"] {
      _ = try await gan.stopped(
        at: 10, by: SIGKILL, arguments + ["--seed", seed], in: workplace)
      checkpoints.append(try workplace.bytes(of: checkpoint))
    }
    #expect(Set(checkpoints).count == 3)
    let files = try work(in: workplace)
    #expect(files[Self.place + "checkpoint-before.safetensors"] == checkpoints[0])
    #expect(files[Self.place + "checkpoint-before-2.safetensors"] == checkpoints[1])
    let last = Self.place + "samples/samples-00030.png"
    #expect(files[last] == whole[last])
    // A whole training leaves its own sheets alone.
    let outcome = try await gan.run(
      arguments + ["--seed", "6", "--steps", "20", "--resume"], in: workplace)
    #expect(outcome.exitCode == 0 && outcome.output.contains("Training goes on after step 10."))
    #expect(
      try Set(work(in: workplace).keys.filter { $0.contains("/samples-") }) == [
        Self.place + "samples/samples-00010.png", Self.place + "samples/samples-00020.png",
      ])
  }

  /// What to put in the place of what.
  static let changes: [(String, String)] = [
    (#"step\\":10"#, #"step\\":9223372036854775807"#),
    (#"step\\":10"#, #"step\\":-9223372036854775808"#),
    (#"step\\":20"#, #"step\\":5"#),
    (#"step\\":30"#, #"step\\":31"#),
    (#"adversarialLosses\\":\[[^,]+"#, #"adversarialLosses\\":[3e38"#),
    (#"discriminatorLosses\\":\[[^,]+"#, #"discriminatorLosses\\":[-3e38"#),
    (#"Losses\\":\[[^\]]+"#, #"Losses\\":["#),
    (#"Losses\\":\["#, #"Losses\\":[0.5,"#),
    (#"madeGap\\":[^,]+"#, #"madeGap\\":-1"#),
    (#"deceptions\\":[^,]+"#, #"deceptions\\":1e30"#),
    (#"pictureCount\\":200"#, #"pictureCount\\":-9223372036854775808"#),
    (#"start\\":[0-9]+"#, #"start\\":-1"#),
  ]

  // Each a test of its own: one after another they would still run when all others have ended.
  @Test("A checkpoint that says what cannot be is refused, and stays", arguments: changes)
  func hostile(old: String, new: String) async throws {
    let workplace = try await QuickRun.copied("chapter8-gan")
    let name = Self.place + "checkpoint.safetensors"
    let changed = try workplace.bytes(of: name).replacingInHeader(old, with: new)
    try workplace.add(changed, as: name)
    let outcome = try await gan.run(arguments + ["--steps", "40", "--resume"], in: workplace)
    expectRefusal(outcome, naming: "checkpoint.safetensors", "start over without --resume")
    #expect(try workplace.bytes(of: name) == changed, "\(new)")
    let sample = try await gan.run(["sample"], in: workplace)
    expectRefusal(sample, naming: "checkpoint.safetensors")
  }
}

extension Data {
  /// A safetensors file with other words in its header.
  ///
  /// - Parameters:
  ///   - pattern: a regular expression, all of whose matches are replaced; the test fails if there is none.
  ///   - template: what comes in their place, as NSRegularExpression has it.
  func replacingInHeader(_ pattern: String, with template: String) throws -> Data {
    let length = prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    let header = String(decoding: self[startIndex + 8..<startIndex + 8 + length], as: UTF8.self)
    let changed = header.replacingOccurrences(
      of: pattern, with: template, options: .regularExpression)
    try #require(changed != header, "\(pattern) is not in the header.")
    var bytes = Array(changed.utf8)
    bytes += [UInt8](repeating: UInt8(ascii: " "), count: (8 - bytes.count % 8) % 8)
    return Data(Archives.little(bytes.count, 8) + bytes) + dropFirst(8 + length)
  }
}
