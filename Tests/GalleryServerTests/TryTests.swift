import DeepLearning
import Foundation
import Testing

@testable import gallery_server

@Suite("Trying what programs have learned")
struct TryTests {
  private let venue: Venue

  init() throws { venue = try Venue() }

  /// Lets a program learn a little.
  private func train(_ panel: TryPanel) async throws {
    let runs = venue.makeRuns()
    let messages = try await runs.subscribe()
    try await runs.start(RunRequest(program: panel.rawValue, quick: true, epochs: 1))
    var hasBegun = false
    for await text in messages where !text.isEmpty {
      let message = try Message(text)
      if message.phase == "running" { hasBegun = true }
      guard hasBegun, message.phase == "idle" else { continue }
      try #require(message.ending == "\(panel.rawValue) is done.")
      return
    }
  }

  private func question(_ panel: TryPanel) -> String {
    switch panel {
    case .review: #"{"text": "A good film, isn't it? Qwxyz."}"#
    case .dense, .convnet:
      "{\"pixels\": [\((0..<784).map { $0 % 28 == 14 ? "255" : "0" }.joined(separator: ","))]}"
    case .plane: #"{"x": 0.5, "y": -1}"#
    case .writer: #"{"text": "the ", "temperature": 0.5}"#
    case .gradcam, .dream: ""
    }
  }

  @Test(
    "Before a program has run, the page says which; afterwards its network answers",
    arguments: [TryPanel.review, .dense, .convnet, .plane, .writer])
  func program(panel: TryPanel) async throws {
    try await venue.serve { client in
      let before = try await client.get("/try/\(panel)").text
      #expect(
        before.contains(#""isReady":false"#) && before.contains("run \(panel.rawValue) first"))
      let refusal = try await client.post("/try/\(panel)", question(panel))
      #expect(refusal.status == 409 && refusal.text.contains(panel.rawValue))

      try await train(panel)
      let about = try await client.get("/try/\(panel)").text
      if panel == .review, about.contains("words of its data") { return }
      #expect(about.contains(#""isReady":true"#), "\(about)")
      #expect(about.contains("do not expect much"))
      let answer = try await client.post("/try/\(panel)", question(panel))
      #expect(answer.status == 200 && answer.text.contains(#""sentence":""#), "\(answer.text)")

      // Weights of another network are refused, and the server goes on.
      try venue.add("no weights", as: "\(panel.rawValue)/weights.safetensors")
      let damaged = try await client.post("/try/\(panel)", question(panel))
      #expect(damaged.status == 409 && damaged.text.contains("run it again"))
    }
  }
}

@Suite("What a network makes of a review")
struct ReviewReaderTests {
  private let venue: Venue
  private let reader: ReviewReader

  /// A network that has seen praise with the words in columns 4 and 5, and pans with those in 6 and 7.
  init() throws {
    venue = try Venue()
    let model = Sequential(input: [10_000], seed: 1) {
      Dense(16, activation: .relu)
      Dense(16, activation: .relu)
      Dense(1, activation: .sigmoid)
    }
    model.compile(optimizer: RMSprop(learningRate: 0.01), loss: .binaryCrossEntropy)
    let rows = [[1, 4, 5, 8], [1, 4, 8], [1, 5], [1, 6, 7], [1, 6, 8], [1, 7, 8]]
    try model.fit(
      SparseRows(multiHot: rows, columns: 10_000), Tensor([1, 1, 1, 0, 0, 0]), epochs: 60,
      batchSize: 6)
    try venue.add("good\nfine\nbad\n\nthe\n", as: "words.txt")
    try model.saveWeights(to: venue.places.output.appending(path: "weights.safetensors"))
    reader = try ReviewReader(folder: venue.places.output)
  }

  @Test(
    "Words pull to their side; what the network does not see pulls nowhere; the text stays whole")
  func pulls() throws {
    let text = "GOOD, fine’s bad\n<b>zzz</b> the good"
    let answer = reader.read(text)
    #expect(answer.pieces.map(\.text).joined() == text)
    let pulls = Dictionary(answer.pieces.map { ($0.text, $0.pull) }) { first, _ in first }
    for word in ["GOOD", "good", "fine’s"] {
      #expect(try #require(pulls[word] ?? nil) > 0, "\(word)")
    }
    #expect(try #require(pulls["bad"] ?? nil) < 0)
    for piece in ["zzz", ", ", "\n<"] { #expect(pulls[piece] == .some(nil), "\(piece)") }
    #expect(pulls["GOOD"] == pulls["good"])
  }

  @Test("Probability and sentence")
  func sentence() {
    let praise = reader.read("good fine")
    #expect(praise.probability > 0.9 && praise.sentence.contains("“good”"))
    #expect(reader.read("bad").probability < 0.4)
    #expect(reader.read("").sentence.contains("none of these words"))
    #expect(reader.read("qq").probability == reader.read("").probability)
    #expect(reader.read(String(repeating: "good bad ", count: 10_000)).pieces.count <= 20_000)
  }

  @Test("A pull is what changes in the logarithm of the odds when the word is left out")
  func logit() throws {
    func odds(_ text: String) -> Float {
      let probability = reader.read(text).probability
      return log(probability / (1 - probability))
    }
    let pull = try #require(reader.read("good the").pieces[0].pull)
    #expect(abs(pull - (odds("good the") - odds("the"))) < 1e-3)
  }
}
