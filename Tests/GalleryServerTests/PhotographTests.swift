import DataFiles
import Datasets
import DeepLearning
import Foundation
import Gallery
import Images
import PretrainedModels
import Testing

@testable import gallery_server

@Suite("Photographs that browsers send", .timeLimit(.minutes(30)))
struct PhotographTests {
  private let venue: Venue

  init() throws { venue = try Venue() }

  /// Black, with a red square in the upper left corner.
  private static let picture: Data = {
    let (width, height) = (112, 84)
    var pixels = [UInt8](repeating: 0, count: 3 * width * height)
    for y in 0..<height / 7 {
      for x in 0..<width / 7 { pixels[3 * (y * width + x)] = 255 }
    }
    return (try? Image(width: width, height: height, pixels: pixels).png(name: "test")) ?? Data()
  }()

  /// A PNG file whose head has been changed to claim another size.
  private static func claim(_ width: UInt32, _ height: UInt32) -> Data {
    var bytes = picture
    for (place, value) in [(16, width), (20, height)] {
      withUnsafeBytes(of: value.bigEndian) { bytes.replaceSubrange(place..<place + 4, with: $0) }
    }
    return bytes
  }

  @Test("What is no whole picture is refused in a sentence, wherever it is sent to")
  func hostile() async throws {
    let picture = Self.picture
    try await venue.serve { client in
      for path in Gatekeeper.photographPaths {
        for bytes in [
          Data(), Data("a text".utf8), Data("GIF89a".utf8), picture.prefix(60),
          picture.prefix(picture.count - 20), Self.claim(.max, .max), Self.claim(60_000, 60_000),
          Data([0xFF, 0xD8, 0xFF, 0xE0]),
        ] {
          let answer = try await client.post(path, photograph: bytes)
          #expect(answer.status == 400, "\(path), \(bytes.count) bytes: \(answer.head)")
          #expect(answer.text.contains("The file "), "\(answer.text)")
        }
        #expect(try await client.post(path, photograph: picture, type: "image/png").status == 415)
        // Refused before anything of it is read.
        let large = try await client.send(
          client.head(path, photographOf: SentPhotograph.byteLimit + 1))
        #expect(large.status == 413 && large.text.contains("8 MB"))
      }
      // Nothing was started, and nothing was kept.
      #expect(try await client.post("/stop", "{}").status == 409)
      let kept = try FileManager.default.contentsOfDirectory(atPath: venue.places.output.path)
      #expect(kept == [])
    }
  }

  @Test("While eight photographs are on their way a ninth is asked to come again, and then it may")
  func room() async throws {
    try await venue.serve { client in
      var held: [RawClient.Unfinished] = []
      // Of more than what is read before anybody is asked.
      for _ in 0..<8 {
        held.append(
          try client.begin(
            client.head("/try/gradcam", photographOf: 1_000_000) + "the rest comes"))
      }
      // No browser sees when the server has taken note of all eight, or that they have gone: ask until it has.
      func answer(isRefused: Bool) async throws -> RawClient.Answer {
        while true {
          // The limit of time ends a test only at such a place.
          try Task.checkCancellation()
          let answer = try await client.post("/try/gradcam", photograph: Data("a text".utf8))
          if (answer.status == 503) == isRefused { return answer }
        }
      }
      #expect(try await answer(isRefused: true).text.contains("try again"))
      withExtendedLifetime(held) {}
      held = []
      #expect(try await answer(isRefused: false).status == 400)
    }
  }

  @Test("A photograph is scaled down to what is of use, and never enlarged")
  func size() throws {
    let small = try SentPhotograph.read(Self.picture, side: 56)
    #expect(small.width == 56 && small.height == 42)
    let same = try SentPhotograph.read(Self.picture, side: 1000)
    #expect(same.width == 112 && same.height == 84)
    let line = try Image(width: 300, height: 1, pixels: Array(repeating: 9, count: 900))
      .png(name: "line")
    #expect(try SentPhotograph.read(line, side: 100).height == 1)
  }

  @Test("A picture of more pixels than are read is refused before memory is taken for them")
  func pixels() throws {
    let count = 112 * 84
    #expect(try Image(decoding: Self.picture, name: "test", limit: count).width == 112)
    let error = #expect(throws: ImageError.self) {
      try Image(decoding: Self.picture, name: "test", limit: count - 1)
    }
    #expect(try #require(error).description.contains("claims 112 x 84 pixels"))
  }

  @Test("Heat is where the class's channel answers; classes come by probability")
  func heat() throws {
    // 7 x 7 places, each the mean colour of its pixels; red speaks for class 7, against all others.
    let image = Input([224, 224, 3])
    let places = AveragePooling2D(32, name: "places")(image)
    let output = Dense(1000, activation: .softmax, name: "classes")(
      GlobalAveragePooling2D()(places))
    let model = Model(inputs: image, outputs: output)
    let kernel = model.layers[model.layers.count - 1].weights[0]
    kernel.value = Tensor((0..<3000).map { $0 == 7 ? 1 : 0 }, shape: [3, 1000])
    let classes = try ImageNetClasses.load(
      from: DataLocation(environment: venue.environment), offline: true, report: { _ in })
    let reader = PhotoReader(
      model, layer: "places", preprocess: { $0 }, classes, name: "A network", isTrained: true)
    let answer = try reader.read(Self.picture)
    #expect(answer.width == 7 && answer.height == 7 && answer.guesses.count == 5)
    let best = answer.guesses[0]
    #expect(best.name == "class 7" && best.probability > answer.guesses[1].probability)
    #expect(best.heat == Data([255] + Array(repeating: UInt8(0), count: 48)))
    #expect(best.sentence.contains("“class 7”"))
    // Red speaks against the others, so nothing is left of their maps.
    #expect(answer.guesses[1].heat.allSatisfy { $0 == 0 })
  }

  @Test(
    "On a bare machine a network with random weights looks, and says that it has learned nothing")
  func bare() async throws {
    struct Answer: Decodable {
      struct Guess: Decodable {
        let name: String
        let probability: Float
        let heat: Data
      }
      let guesses: [Guess]
      let width: Int
      let height: Int
    }
    try await venue.serve { client in
      let about = try await client.get("/try/gradcam").text
      #expect(about.contains("learned nothing") && about.contains("fetch-data efficientnet-lite0"))
      let answer = try await client.post("/try/gradcam", photograph: Self.picture)
      let found = try answer.decode(Answer.self)
      #expect(found.guesses.count == 5 && found.width == 7 && found.height == 7)
      #expect(found.guesses.allSatisfy { $0.heat.count == 49 && $0.name.hasPrefix("class ") })
      #expect(found.guesses.map(\.probability) == found.guesses.map(\.probability).sorted(by: >))
      for name in ["chelsea", "nobody", "..%2fsecret"] {
        #expect(try await client.get("/photographs/" + name).status == 404)
      }
    }
  }

  @Test("A photograph that lies with the data is given to those who have none")
  func sample() async throws {
    try Self.picture.write(to: venue.folder.appending(path: "data/chelsea.png"))
    try await venue.serve { client in
      #expect(try await client.get("/try/gradcam").text.contains(#""photographs":["chelsea"]"#))
      let answer = try await client.get("/photographs/chelsea")
      #expect(answer.body == Self.picture && answer.head.contains("image/png"))
    }
  }
}

@Suite("Dreams that the page asks for")
struct DreamTests {
  private let venue: Venue

  init() throws { venue = try Venue() }

  @Test("What makes no sense is refused; the rest becomes flags")
  func choices() throws {
    for query in [
      ["layer": "mixed99"], ["layer": "--output"], ["steps": "0"], ["steps": "51"],
      ["octaves": "x"], ["octaves": "6"], ["size": "641"], ["size": "-1"], ["size": ""],
    ] {
      #expect(throws: Refusal.self, "\(query)") { try Dream.Choice(query) }
    }
    #expect(try Dream.Choice([:]) == Dream.Choice())
    let choice = try Dream.Choice(
      ["layer": "block4c_add", "octaves": "2", "steps": "7", "size": "240", "image": "/etc/passwd"])
    let dream = Dream(choice: choice, picture: Data(), file: URL(fileURLWithPath: "/here.png"))
    #expect(
      try RunRequest(program: "chapter8-deepdream", dream: dream).arguments(output: "out")
        == [
          "--image", "/here.png", "--size", "240", "--octaves", "2", "--steps", "7", "--live",
          "--network", "efficientnet", "--layers", "block4c_add=1", "--max-loss", "inf",
          "--no-progress", "--output", "out",
        ])
    // The book's network has other layers.
    #expect(Dream.layers(hasBooksNetwork: true).map(\.name).contains("mixed3"))
    #expect(try Dream.Choice(["layer": "mixed3"]).layer?.network == "inception-v3")
  }

  @Test("No page can name a file to be dreamt about")
  func foreignFile() throws {
    let json = #"{"program": "chapter8-deepdream", "dream": {"file": "/etc/passwd"}}"#
    let request = try JSONDecoder().decode(RunRequest.self, from: Data(json.utf8))
    #expect(request.dream == nil && request.flags == [])
  }

  @Test("A photograph is dreamt about, and each step can be seen")
  func dream() async throws {
    let runs = venue.makeRuns()
    let image = Image(
      width: 100, height: 80, pixels: (0..<24_000).map { UInt8(truncatingIfNeeded: $0 * $0 / 97) })
    let bytes = try image.png(name: "test")
    try await venue.serve(runs) { client in
      let messages = try await runs.subscribe()
      let answer = try await client.post(
        "/dream?layer=block2b_add&octaves=1&steps=2&size=100", photograph: bytes)
      #expect(answer.status == 200, "\(answer.text)")
      var last: Message?
      for await text in messages where !text.isEmpty {
        last = try Message(text)
        if last?.kind == "snapshot", last?.phase == "idle", last?.ending != nil { break }
      }
      #expect(last?.ending == "chapter8-deepdream is done.")
      let steps = try #require(last?.events).filter { $0.kind == .progress }
      #expect(steps.map(\.step) == [1, 2] && steps.last?.text == "steps at size 1 of 1")
      for name in ["now.png", "dream.png"] {
        let shown = try await client.get("/results/chapter8-deepdream/" + name)
        #expect(try Image(decoding: shown.body, name: name).width == 100)
      }
    }
  }
}
