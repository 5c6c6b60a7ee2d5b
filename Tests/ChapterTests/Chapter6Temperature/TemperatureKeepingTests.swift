import Foundation
import Testing

@Suite("chapter6-temperature and the work of earlier runs", .timeLimit(.minutes(30)))
struct TemperatureKeepingTests {
  private static let place = "output/chapter6-temperature/"
  private let arguments = ["--quick", "--offline", "--no-progress"]

  /// The weights of the networks and what is needed to go on with them.
  private func networks(in workplace: Workplace) throws -> [String: Data] {
    try workplace.files().filter { $0.key.hasSuffix(".safetensors") }
  }

  @Test("A new training that is killed has cost nothing, and can be gone on with")
  func kept() async throws {
    let workplace = try Workplace()
    let first = try await temperature.run(
      arguments + ["--only", "dense", "--only", "gru", "--epochs", "2"], in: workplace)
    try #require(first.exitCode == 0, "\(first.errors)")
    let before = try networks(in: workplace)
    #expect(before.count == 4)
    let anew = arguments + ["--only", "dense", "--seed", "3", "--epochs", "4"]
    for point in [1, 2] {
      _ = try await temperature.stopped(at: point, by: SIGKILL, anew, in: workplace)
      let after = try networks(in: workplace)
      #expect(before.allSatisfy { after[$0.key] == $0.value })
      #expect(
        Set(after.keys).subtracting(before.keys) == [
          Self.place + "unfinished-dense.safetensors",
          Self.place + "unfinished-dense-best.safetensors",
        ])
    }
    let resumed = try await temperature.run(anew + ["--resume"], in: workplace)
    try #require(resumed.exitCode == 0, "\(resumed.errors)")
    #expect(resumed.output.contains("dense: training goes on after epoch 2."))
    let after = try networks(in: workplace)
    #expect(after.keys.sorted() == before.keys.sorted())
    for (name, bytes) in after {
      #expect((before[name] == bytes) == name.contains("gru"), "\(name)")
    }
    // In one go it would have come to the same.
    let whole = try Workplace()
    _ = try await temperature.run(anew, in: whole)
    let dense = Self.place + "dense.safetensors"
    #expect(try whole.bytes(of: dense) == after[dense])
    // Each network remembers what it was trained on.
    let gru = try await temperature.run(
      arguments + ["--only", "gru", "--resume", "--epochs", "2"], in: workplace)
    #expect(gru.exitCode == 0 && gru.output.contains("GRU: trained before, in 2 epochs."))
    let other = try await temperature.run(
      arguments + ["--only", "dense", "--resume"], in: workplace)
    expectRefusal(other, naming: "trained-on.txt", "seed 3")
    #expect(try networks(in: workplace) == after)
  }

  @Test("Weights that have got their place before their state are gone on with")
  func killedInBetween() async throws {
    let (workplace, whole) = (try Workplace(), try Workplace())
    let all = arguments + ["--only", "dense", "--epochs", "3"]
    _ = try await temperature.stopped(at: 3, by: SIGKILL, all, in: workplace)
    let best = workplace.folder.appending(path: Self.place + "unfinished-dense-best.safetensors")
    let dense = Self.place + "dense.safetensors"
    try FileManager.default.moveItem(at: best, to: workplace.folder.appending(path: dense))
    let resumed = try await temperature.run(all + ["--resume"], in: workplace)
    try #require(resumed.exitCode == 0, "\(resumed.errors)")
    _ = try await temperature.run(all, in: whole)
    #expect(try workplace.bytes(of: dense) == whole.bytes(of: dense))
    #expect(try networks(in: workplace).keys.sorted() == networks(in: whole).keys.sorted())
  }

  @Test(
    "Where only the temperature changes it is forecast; where nothing does there is nothing to do")
  func constant() async throws {
    let workplace = try Workplace()
    let lines = ClimateTable.lines(rows: 8_000)
    func addTable(temperature: (Int) -> String) throws {
      let rows = lines.dropFirst().enumerated().map { index, line in
        line.prefix { $0 != "," } + ",7.00,\(temperature(index))"
          + String(repeating: ",7.00", count: 12)
      }
      let text = (lines.prefix(1) + rows).joined(separator: "\n") + "\n"
      try workplace.addData(Array(text.utf8), as: ClimateTable.file)
    }
    let arguments = arguments + ["--only", "dense", "--epochs", "1"]
    try addTable { "\($0 / 36 % 20).50" }
    let changing = try await temperature.run(arguments, in: workplace)
    #expect(changing.exitCode == 0 && !changing.isCrash, "\(changing.errors)")
    #expect(try workplace.metrics("chapter6-temperature").figures.count > 3)
    let before = try workplace.files()
    try addTable { _ in "7.00" }
    let constant = try await temperature.run(arguments, in: workplace)
    expectRefusal(constant, naming: "There is nothing to forecast")
    #expect(try workplace.files() == before)
  }
}
