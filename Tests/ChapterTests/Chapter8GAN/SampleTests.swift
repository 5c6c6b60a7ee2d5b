import Foundation
import Testing

/// Drawing with a trained generator, and what the program refuses.
@Suite("chapter8-gan sample")
struct SampleTests {
  private func draw(
    _ arguments: [String], in workplace: Workplace
  ) async throws -> Program.Outcome {
    try await gan.run(["sample"] + arguments, in: workplace)
  }

  /// Width and height of a PNG.
  private func size(_ png: Data) -> [Int] {
    [16, 20].map { start in png[start..<start + 4].reduce(0) { $0 << 8 | Int($1) } }
  }

  @Test("The same seed draws the same pictures, ten in a row; another one others")
  func repeats() async throws {
    let workplace = try await QuickRun.of(GANTests.name).workplace
    func drawn(_ flags: [String]) async throws -> Data {
      let outcome = try await draw(flags + ["--to", "x.png"], in: workplace)
      #expect(outcome.exitCode == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
      #expect(outcome.output.hasSuffix("pictures after 30 steps: x.png\n"))
      defer { try? FileManager.default.removeItem(at: workplace.folder.appending(path: "x.png")) }
      return try workplace.bytes(of: "x.png")
    }
    let first = try await drawn(["--count", "12"])
    #expect(size(first) == [10 * 132 + 4, 2 * 132 + 4])
    #expect(try await drawn(["--count", "12"]) == first)
    #expect(try await drawn(["--count", "12", "--seed", "3"]) != first)
    #expect(try await size(drawn(["--count", "3"])) == [3 * 132 + 4, 132 + 4])
    let way = try await drawn(["--count", "20", "--interpolate"])
    #expect(try await drawn(["--count", "20"]) != way && size(way) == size(first))
  }

  @Test("Pictures go beside the checkpoint unless told otherwise, from any checkpoint")
  func places() async throws {
    let run = try await QuickRun.of(GANTests.name)
    let workplace = try Workplace()
    expectRefusal(try await draw([], in: workplace), naming: "checkpoint", "--checkpoint")
    try workplace.addData([UInt8](try run.bytes(of: "checkpoint.safetensors")), as: "a.safetensors")
    let file = workplace.data.path + "/a.safetensors"
    let outcome = try await draw(["--count", "1", "--checkpoint", file], in: workplace)
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    let place = workplace.data.path + "/made.png"
    #expect(outcome.output.contains(place) && FileManager.default.fileExists(atPath: place))

    try workplace.addData(Array("{}".utf8), as: "a.safetensors")
    expectRefusal(
      try await draw(["--checkpoint", file], in: workplace), naming: "a.safetensors")
  }

  @Test(
    "Flags that make no sense",
    arguments: [
      ["--count", "0"], ["--count", "-1"], ["--count", "1001"], ["--count", "few"],
      ["--to", "x.gif"], ["--to", ""],
    ])
  func flags(flags: [String]) async throws {
    expectRefusal(try await draw(flags, in: Workplace()), exitCode: 64, naming: flags[0])
  }

  @Test("Experiments: a row for each change, and a sheet")
  func experiments() async throws {
    let workplace = try Workplace()
    let outcome = try await gan.run(
      ["experiments", "--quick", "--offline", "--no-progress"], in: workplace)
    try #require(outcome.exitCode == 0, "\(outcome.errors)")
    let rows = tableRows(in: outcome.output).filter { $0.count == 5 && Double($0[1]) != nil }
      .filter { Double($0[0]) == nil }
    // In so few steps no gradient is long enough to be clipped.
    #expect(rows.count == 7 && Set(rows.map { $0[1...] }).count >= 6, "\(rows)")
    #expect(rows.first?.first == "as printed" && rows.allSatisfy { Double($0[2]) != nil })
    let name = GANTests.name + "-experiments"
    #expect(
      try workplace.metrics(name).figures.map(\.file) == [
        "checkerboard.png", "recipes.png",
      ])
  }

  @Test("A transposed convolution is the gradient of a convolution; kernel 3 draws checkerboards")
  func checkerboard() async throws {
    let workplace = try Workplace()
    let outcome = try await gan.run(
      ["experiments", "--only", "checkerboard", "--quick", "--offline"], in: workplace)
    try #require(outcome.exitCode == 0, "\(outcome.errors)")
    let differences = try workplace.numbers(GANTests.name + "-experiments")
    #expect(differences.count == 4 && differences.values.allSatisfy { $0 < 1e-5 }, "\(differences)")
    let rows = tableRows(in: outcome.output).filter { $0.count == 5 && Int($0[0]) != nil }
    #expect(
      rows.map { [$0[0], $0[1]] } == [
        ["2", "1"], ["3", "1, 2, 4"], ["4", "4"], ["5", "4, 6, 9"], ["6", "9"],
      ])
  }

  @Test("The help names subcommands and flags and fits the window")
  func help() async throws {
    let workplace = try Workplace()
    for command in [[], ["sample"], ["experiments"]] {
      let outcome = try await gan.run(command + ["--help"], in: workplace)
      #expect(outcome.exitCode == 0 && outcome.errors.isEmpty)
      #expect(outcome.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
      #expect(
        outcome.output.contains("USAGE: " + ([GANTests.name] + command).joined(separator: " ")))
    }
    let main = try await gan.run(["--help"], in: workplace).output
    for word in [
      "--steps <number>", "--class <name>", "--data-range <unit|tanh>", "--resume", "  sample ",
      "  experiments ",
    ] {
      #expect(main.contains(word))
    }
    #expect(main.contains(sharedFlagsHelp))
  }
}
