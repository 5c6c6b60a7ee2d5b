import Foundation
import Testing

@Suite("chapter8-deepdream")
struct DeepDreamTests {
  private static let name = "chapter8-deepdream"
  private let program = Program(name: name)

  @Test("The quick run dreams on a bare machine, and says what is drawn and what is random")
  func quick() async throws {
    let run = try await QuickRun.of(Self.name)
    try run.expectRecord(section: "8.2", data: "landscape", origin: "stand-in", samples: (0, 1))
    let figures: [(name: String, book: String?)] = [
      ("sheet", "8.5"), ("octaves", "8.4"), ("ascent", nil), ("losses", nil),
    ]
    try run.expectFiles(figures: figures.map(\.name), ["dream.png"])
    try run.expectFigures(figures, isStandIn: true)
    for (name, _) in figures {
      let text = String(decoding: try run.bytes(of: name + ".svg"), as: UTF8.self)
      #expect(text.contains("with random weights"), "\(name)")
    }
    #expect(run.outcome.output.contains("Excited: stem_activation 100.0."))
  }

  @Test("Two sizes of four steps, each beside the book's losses")
  func record() async throws {
    let run = try await QuickRun.of(Self.name)
    try run.expectResults([
      ("size 1: loss at the start", 0.672), ("size 1: loss at the end", 9.941),
      ("size 1: steps", 20), ("size 2: loss at the start", 2.177),
      ("size 2: loss at the end", 9.610), ("size 2: steps", 10), ("time", nil),
    ])
    let metrics = try run.metrics
    for size in 1...2 {
      #expect(try metrics.here("size \(size): steps") == 4)
      let start = try metrics.here("size \(size): loss at the start")
      #expect(try metrics.here("size \(size): loss at the end") > start)
    }
    #expect(try size(of: run.bytes(of: "dream.png")) == [160, 106])
    #expect(
      try sizes(in: run.bytes(of: "octaves.svg"))
        == Array(repeating: [[114, 75], [160, 106]], count: 3).flatMap { $0 })
  }

  @Test("The same seed gives the same dream, in one piece, shifted, or in pieces")
  func repeatable() async throws {
    for arguments in [["--jitter", "9"], ["--size", "200", "--tile", "128", "--steps", "2"]] {
      var dreams: [Data] = []
      for seed in ["1", "1", "2"] {
        let workplace = try Workplace()
        _ = try await dream(arguments + ["--seed", seed, "--quick"], in: workplace)
        dreams.append(try workplace.bytes(of: "output/\(Self.name)/dream.png"))
      }
      #expect(dreams[0] == dreams[1] && dreams[0] != dreams[2], "\(arguments)")
    }
  }

  @Test("A picture of any size, with layers of one's choice, in an animation")
  func ownPicture() async throws {
    let picture = try await QuickRun.of(Self.name).bytes(of: "losses.png")
    let workplace = try Workplace()
    try picture.write(to: workplace.folder.appending(path: "chart.png"))
    let output = try await dream(
      [
        "--image", "chart.png", "--size", "200", "--layers", "block2a_bn=0.5,block3b_add",
        "--layers", " block4c_add=-1", "--octaves", "2", "--steps", "3", "--max-loss", "inf",
        "--animate", "--live", "--frames", "5", "--no-reinjection", "--start", "noise",
      ], in: workplace)
    #expect(output.contains("Excited: block2a_bn 0.5, block3b_add 1.0, block4c_add -1.0."))
    #expect(output.contains("scaled down from 1280 x 960 to 200 x 150 pixels"))
    let folder = "output/\(Self.name)/"
    #expect(try size(of: workplace.bytes(of: folder + "dream.png")) == [200, 150])
    // The last step's picture; detail is not put back, so that the dream is nothing else.
    #expect(
      try workplace.bytes(of: folder + "now.png") == workplace.bytes(of: folder + "dream.png"))
    #expect(try sizes(in: workplace.bytes(of: folder + "ascent.svg")).count == 5)
    let film = try workplace.bytes(of: folder + "film.png")
    #expect(try size(of: film) == [200, 150])
    #expect(film.range(of: Data("acTL".utf8)) != nil)
    // The start, and of two sizes three steps and the end.
    #expect(film.ranges(of: Data("fcTL".utf8)).count == 9)
  }

  @Test("A single pixel is enlarged; VGG16 dreams too")
  func onePixel() async throws {
    let workplace = try Workplace()
    let pixel =
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    try #require(Data(base64Encoded: pixel))
      .write(to: workplace.folder.appending(path: "pixel.png"))
    let output = try await dream(
      ["--image", "pixel.png", "--network", "vgg16", "--steps", "1"], in: workplace)
    #expect(output.contains("enlarged from 1 x 1 to 75 x 75 pixels"))
    #expect(output.contains("VGG16 dreams with random weights"))
  }

  @Test("When the loss is not a number any more, the last good picture stays")
  func notANumber() async throws {
    let workplace = try Workplace()
    let output = try await dream(
      ["--quick", "--step-size", "1e38", "--max-loss", "inf"], in: workplace)
    #expect(output.contains("became NaN or infinite after 1 steps; the last good image is kept"))
    let untouched = try Workplace()
    _ = try await dream(["--quick", "--max-loss", "-1"], in: untouched)
    let file = "output/\(Self.name)/dream.png"
    #expect(try workplace.bytes(of: file) == untouched.bytes(of: file))
  }

  @Test("What cannot be used is refused in one sentence, and nothing is written")
  func refusals() async throws {
    let workplace = try Workplace()
    func run(_ arguments: String...) async throws -> Program.Outcome {
      try await program.run(arguments + ["--quick", "--offline", "--no-progress"], in: workplace)
    }
    expectRefusal(
      try await run("--layers", "block4c_ad=1"), exitCode: 64, naming: "block4c_ad",
      "did you mean block4c_add?")
    expectRefusal(
      try await run("--layers", "block4c_add=much"), exitCode: 64, naming: "block4c_add=much")
    expectRefusal(
      try await run("--network", "vgg16", "--layers", "mixed4"), exitCode: 64, naming: "VGG16")
    expectRefusal(
      try await run("experiments", "--only", "layer"), exitCode: 64, naming: "--only", "layers")
    expectRefusal(try await run("--image", "none.jpg"), exitCode: 64, naming: "none.jpg")
    expectRefusal(
      try await run("--network", "vgg16", "--weights", "none.h5"), exitCode: 64, naming: "none.h5")
    for (flag, value) in [
      ("--octaves", "0"), ("--octave-scale", "1"), ("--steps", "-1"), ("--step-size", "0"),
      ("--max-loss", "nan"), ("--tile", "10"), ("--jitter", "-1"), ("--frames", "1"),
      ("--size", "20"),
    ] { expectRefusal(try await run(flag, value), exitCode: 64, naming: flag) }
    try workplace.add("not a picture", as: "bad.jpg")
    expectRefusal(try await run("--image", "bad.jpg"), naming: "bad.jpg", "PNG or JPEG")
    expectRefusal(
      try await run("--weights", "bad.jpg"), exitCode: 64, naming: "--network inception-v3")
    expectRefusal(
      try await run("--network", "inception-v3", "--weights", "bad.jpg"), naming: "bad.jpg", "HDF5")
    #expect(try workplace.files().keys.sorted() == ["bad.jpg"])
  }

  @Test("Ctrl-C keeps the dream so far, in full size")
  func interruption() async throws {
    let workplace = try Workplace()
    let outcome = try await program.stopped(
      at: 3, ["--offline", "--size", "160", "--steps", "100000", "--max-loss", "inf"], in: workplace
    )
    #expect(outcome.exitCode == 130)
    #expect(try size(of: workplace.bytes(of: "output/\(Self.name)/dream.png")) == [160, 106])
  }

  @Test("The experiments draw all grids")
  func experiments() async throws {
    let workplace = try Workplace()
    let outcome = try await program.run(
      ["experiments", "--quick", "--offline", "--no-progress", "--size", "110"], in: workplace)
    try #require(outcome.exitCode == 0, "\(outcome.errors)")
    for (name, count) in [
      ("layers", 9), ("detail", 4), ("octaves", 6), ("measure", 4), ("ceiling", 4), ("start", 3),
    ] {
      let svg = try workplace.bytes(of: "output/\(Self.name)-experiments/\(name).svg")
      #expect(try sizes(in: svg).count == count, "\(name)")
    }
  }

  @Test("The help names every flag")
  func help() async throws {
    let outcome = try await program.run(["--help"], in: Workplace())
    #expect(outcome.exitCode == 0 && outcome.errors.isEmpty)
    #expect(outcome.output.contains("USAGE: chapter8-deepdream [experiments] [options]"))
    #expect(outcome.output.contains(sharedFlagsHelp))
    for flag in [
      "--image <file>", "--size <pixels>", "--network <network>", "--weights <file>",
      "--tile <pixels>",
      "--layers <name=weight>", "--octaves <number>", "--octave-scale <factor>",
      "--steps <number>", "--step-size <number>", "--max-loss <number>", "--jitter <pixels>",
      "--frames <number>", "--animate", "--no-reinjection", "--start <start>",
    ] { #expect(outcome.output.contains("\n  " + flag), "\(flag)") }
    #expect(outcome.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
  }

  /// Runs the program, which must succeed, and returns what it printed.
  private func dream(_ arguments: [String], in workplace: Workplace) async throws -> String {
    let outcome = try await program.run(
      arguments + ["--offline", "--no-progress"], in: workplace)
    try #require(outcome.exitCode == 0, "\(outcome.errors)")
    return outcome.output
  }

  /// Width and height of a PNG file.
  private func size(of png: Data) throws -> [Int] {
    let head = [UInt8](png.prefix(24))
    try #require(head.count == 24)
    return [16, 20].map { start in
      head[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
    }
  }

  /// Width and height of the pictures in a figure.
  private func sizes(in svg: Data) throws -> [[Int]] {
    let text = String(decoding: svg, as: UTF8.self)
    return try text.matches(of: /data:image\/png;base64,([A-Za-z0-9+\/]{40})/).map { match in
      try size(of: #require(Data(base64Encoded: String(match.1))))
    }
  }
}
