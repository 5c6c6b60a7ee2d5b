import Foundation
import Testing

@Suite("chapter5-visualizing")
struct VisualizingTests {
  private static let name = "chapter5-visualizing"
  private let program = Program(name: name)
  private static let layers = (1...4).flatMap { ["conv2d_\($0)", "max_pooling2d_\($0)"] }
  private static let layerFigures = zip(1..., layers).map { number, name in
    "layer-\(number)-" + name.replacing("_", with: "-")
  }

  @Test("The quick run shows all three parts on a bare machine, and says what is random")
  func quick() async throws {
    let run = try await QuickRun.of(Self.name)
    try run.expectRecord(
      section: "5.4", data: "cats and dogs", origin: "stand-in", samples: (2000, 1000))
    let figures: [(name: String, book: String?)] =
      [("cat", "5.24"), ("channel-4", "5.25"), ("channel-7", "5.26")]
      + Self.layerFigures.map { ($0, "5.27") }
      + [
        ("sparsity", nil), ("filter-block3-conv1-0", "5.29"), ("filters-block1-conv1", "5.30"),
        ("filters-block2-conv1", "5.31"), ("photograph", nil), ("heat-map", nil), ("overlay", nil),
      ]
    try run.expectFiles(figures: figures.map(\.name), [])
    try run.expectFigures(figures, isStandIn: true)
    for (name, words) in [
      ("cat", "trained for 1 epoch only"), ("filters-block1-conv1", "with random weights"),
      ("overlay", "with random weights"),
    ] {
      let text = String(decoding: try run.bytes(of: name + ".svg"), as: UTF8.self)
      #expect(text.contains(words), "\(name)")
    }
  }

  @Test("Pictures have the book's sizes, and shares are shares")
  func sizes() async throws {
    let run = try await QuickRun.of(Self.name)
    #expect(try sizes(in: run.bytes(of: "cat.svg")) == [[150, 150]])
    #expect(try sizes(in: run.bytes(of: "channel-4.svg")) == [[148, 148]])
    for (name, (count, side)) in zip(
      Self.layerFigures,
      [(32, 148), (32, 74), (64, 72), (64, 36), (128, 34), (128, 17), (128, 15), (128, 7)])
    {
      let all = try sizes(in: run.bytes(of: name + ".svg"))
      #expect(all == Array(repeating: [side, side], count: count), "\(name)")
    }
    #expect(try sizes(in: run.bytes(of: "filter-block3-conv1-0.svg")) == [[150, 150]])
    // Four tiles in a row.
    #expect(try sizes(in: run.bytes(of: "filters-block1-conv1.svg")) == [[271, 64]])
    #expect(try sizes(in: run.bytes(of: "heat-map.svg")) == [[7, 7]])
    let metrics = try run.metrics
    for layer in Self.layers {
      #expect((0..<1).contains(try metrics.here("\(layer): share of zeros")))
      #expect((0..<1).contains(try metrics.here("\(layer): share of silent channels")))
    }
    // A maximum of several is zero less often than each of them.
    for number in 1...4 {
      let before = try metrics.here("conv2d_\(number): share of zeros")
      #expect(try metrics.here("max_pooling2d_\(number): share of zeros") < before)
    }
  }

  @Test("Sixty-four filters make the book's grid; more steps excite a filter more")
  func filters() async throws {
    var activations: [Double] = []
    for steps in ["1", "2"] {
      let workplace = try Workplace()
      let outcome = try await program.run(
        [
          "--only", "filters", "--layer", "block1_conv2", "--filters", "64", "--steps", steps,
          "--offline", "--no-progress",
        ], in: workplace)
      try #require(outcome.exitCode == 0, "\(outcome.errors)")
      let folder = "output/\(Self.name)/"
      let svg = try workplace.bytes(of: folder + "filters-block1-conv2.svg")
      #expect(try sizes(in: svg) == [[547, 547]])
      #expect(try !workplace.files().keys.contains(folder + "cat.png"))
      let text = try workplace.text(of: folder + "metrics.json")
      let value = try #require(
        text.firstMatch(of: /"here" : ([\d.]+),\s*"name" : "block3_conv1, filter 0/)?.1)
      activations.append(try #require(Double(value)))
    }
    #expect(activations[1] > activations[0])
  }

  @Test("The user's photograph is shown, no larger than is sensible, for either score")
  func photograph() async throws {
    for score in ["softmax", "logit"] {
      let workplace = try Workplace()
      let source = try await QuickRun.of(Self.name).bytes(of: "channel-7.png")
      try source.write(to: workplace.folder.appending(path: "photo.png"))
      let outcome = try await program.run(
        ["--only", "gradcam", "--image", "photo.png", "--score", score, "--offline"], in: workplace)
      try #require(outcome.exitCode == 0, "\(outcome.errors)")
      #expect(outcome.output.contains("takes photo.png for"))
      let folder = "output/\(Self.name)/"
      #expect(try sizes(in: workplace.bytes(of: folder + "heat-map.svg")) == [[7, 7]])
      // 1280 pixels wide: scaled down to 1000.
      let size = try #require(sizes(in: workplace.bytes(of: folder + "overlay.svg")).first)
      #expect(size[0] == 1000 && size[1] < 1000)
    }
  }

  @Test("The experiments compare eight ways, three objectives, picture and weights, and draw maps")
  func experiments() async throws {
    let workplace = try Workplace()
    let outcome = try await program.run(
      ["experiments", "--quick", "--offline", "--no-progress"], in: workplace)
    try #require(outcome.exitCode == 0, "\(outcome.errors)")
    let folder = "output/\(Self.name)-experiments/"
    #expect(try sizes(in: workplace.bytes(of: folder + "ways.svg")).count == 16)
    #expect(try sizes(in: workplace.bytes(of: folder + "maps.svg")).count == 8)
    #expect(outcome.output.contains("4 steps, jitter, blur, from the mean colour"))
    #expect(try sizes(in: workplace.bytes(of: folder + "objectives.svg")).count == 6)
    #expect(try sizes(in: workplace.bytes(of: folder + "picture-or-noise.svg")).count == 2)
    let rows = tableRows(in: outcome.output).filter { $0.count == 7 && Double($0[1]) != nil }
    #expect(rows.map { $0[0] } == ["mean", "maximum", "minimum"])
    let numbers = try workplace.numbers(Self.name + "-experiments")
    for way in ["picture", "weights"] {
      #expect(try #require(numbers["\(way) changed: mean activation"]) > 0)
    }
  }

  @Test("What cannot be used is refused in one sentence, and nothing is written")
  func refusals() async throws {
    let workplace = try Workplace()
    func run(_ arguments: String...) async throws -> Program.Outcome {
      try await program.run(arguments + ["--quick", "--offline", "--no-progress"], in: workplace)
    }
    expectRefusal(
      try await run("--layer", "block3_con1"), exitCode: 64, naming: "block3_con1",
      "did you mean block3_conv1?")
    expectRefusal(try await run("--image", "none.jpg"), exitCode: 64, naming: "none.jpg")
    expectRefusal(try await run("--filters", "0"), exitCode: 64, naming: "--filters")
    expectRefusal(try await run("--steps", "-1"), exitCode: 64, naming: "--steps")
    let before = try workplace.files()
    #expect(before.isEmpty)

    try workplace.add("not a picture", as: "bad.jpg")
    for part in ["activations", "gradcam"] {
      expectRefusal(
        try await run("--only", part, "--image", "bad.jpg"), naming: "bad.jpg", "PNG or JPEG")
    }
    // A whole file of weights, but with one number of another network.
    let header = #"{"dense_9/bias":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#
    let length = Archives.little(header.utf8.count, 8)
    try Data(length + Array(header.utf8) + [0, 0, 0, 0])
      .write(to: workplace.folder.appending(path: "other.safetensors"))
    expectRefusal(
      try await run("--only", "activations", "--weights", "other.safetensors"),
      naming: "other.safetensors", "conv2d_1/kernel")
    #expect(try workplace.files().keys.sorted() == ["bad.jpg", "other.safetensors"])
  }

  @Test("Ctrl-C keeps the figures so far")
  func interruption() async throws {
    let workplace = try Workplace()
    let outcome = try await program.stopped(
      at: 3, ["--only", "filters", "--offline", "--filters", "512", "--steps", "100000"],
      in: workplace)
    #expect(outcome.exitCode == 130)
    let files = try workplace.files().keys
    #expect(files.contains("output/\(Self.name)/filter-block3-conv1-0.png"))
    #expect(!files.contains("output/\(Self.name)/filters-block4-conv1.png"))
  }

  @Test("The help names the parts and every flag")
  func help() async throws {
    let outcome = try await program.run(["--help"], in: Workplace())
    #expect(outcome.exitCode == 0 && outcome.errors.isEmpty)
    #expect(outcome.output.contains("USAGE: chapter5-visualizing [experiments] [options]"))
    #expect(outcome.output.contains(sharedFlagsHelp))
    for flag in [
      "--only <name>", "--weights <file>", "--image <file>", "--layer <name>",
      "--filters <number>", "--steps <number>", "--centred", "--score <score>",
    ] { #expect(outcome.output.contains("\n  " + flag), "\(flag)") }
    #expect(outcome.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
  }

  /// Width and height of the pictures in a figure.
  private func sizes(in svg: Data) throws -> [[Int]] {
    let text = String(decoding: svg, as: UTF8.self)
    return try text.matches(of: /data:image\/png;base64,([A-Za-z0-9+\/]{40})/).map { match in
      let head = [UInt8](try #require(Data(base64Encoded: String(match.1))))
      return [16, 20].map { start in
        head[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
      }
    }
  }
}
