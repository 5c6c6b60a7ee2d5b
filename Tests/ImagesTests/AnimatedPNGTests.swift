import Foundation
import Testing

@testable import Images

@Suite("Animated PNG")
struct AnimatedPNGTests {
  @Test("The checksum is the one that the standard gives for the last chunk")
  func checksum() {
    #expect(PNGChunk.checksum(of: Data("IEND".utf8)) == 0xAE42_6082)
    #expect(
      PNGChunk(kind: "IEND", content: Data()).bytes
        == Data([0, 0, 0, 0, 0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82]))
  }

  @Test("What does not know animations reads the first frame", arguments: [1, 2, 5])
  func firstFrame(count: Int) throws {
    let frames = (0..<count).map { noise(width: 19, height: 11, seed: UInt64($0)) }
    let film = try animation(of: frames)
    #expect(film.count == count)
    #expect(try Image(decoding: film.data(), name: "film.png") == frames[0])
  }

  @Test("Every frame comes back as it was")
  func allFrames() throws {
    let frames = (0..<4).map { noise(width: 30, height: 20, seed: UInt64($0)) }
    let chunks = PNGChunk.all(in: try animation(of: frames).data())
    #expect(chunks.first?.kind == "IHDR" && chunks.last?.kind == "IEND")
    // A still picture of each frame: the header, its pixels under their usual name, and the end.
    let header = chunks.filter { $0.kind == "IHDR" }
    let pixels = chunks.compactMap { chunk in
      switch chunk.kind {
      case "IDAT": chunk
      case "fdAT": PNGChunk(kind: "IDAT", content: Data(chunk.content.dropFirst(4)))
      default: nil
      }
    }
    try #require(pixels.count == 4)
    for (frame, data) in zip(frames, pixels) {
      let still = (header + [data, PNGChunk(kind: "IEND", content: Data())])
        .reduce(Data(PNGChunk.signature)) { $0 + $1.bytes }
      #expect(try Image(decoding: still, name: "still") == frame)
    }
  }

  @Test("Chunks stand in the order of the standard, numbered, with their durations")
  func order() throws {
    var film = AnimatedPNG(seconds: 0.1)
    for seed in 0..<3 {
      try film.append(
        noise(width: 3, height: 2, seed: UInt64(seed)), seconds: seed == 2 ? 100 : nil)
    }
    let chunks = PNGChunk.all(in: try film.data()).filter { !["gAMA", "sRGB"].contains($0.kind) }
    #expect(
      chunks.map(\.kind)
        == ["IHDR", "acTL", "fcTL", "IDAT", "fcTL", "fdAT", "fcTL", "fdAT", "IEND"])
    #expect(Array(chunks[1].content) == [0, 0, 0, 3, 0, 0, 0, 0])
    let numbers = chunks.filter { ["fcTL", "fdAT"].contains($0.kind) }.map { number($0, at: 0) }
    #expect(numbers == [0, 1, 2, 3, 4])
    let controls = chunks.filter { $0.kind == "fcTL" }
    for (control, milliseconds) in zip(controls, [100, 100, 65_535]) {
      #expect(control.content.count == 26)
      #expect(number(control, at: 4) == 3 && number(control, at: 8) == 2)
      #expect(number(control, at: 20) == milliseconds << 16 | 1000)
    }
  }

  @Test("It is written to a file, or refused in a sentence")
  func writing() throws {
    let folder = try TemporaryFolder()
    let film = try animation(of: [noise(width: 4, height: 4)])
    try film.write(to: folder.path + "/a/film.png")
    #expect(try Data(contentsOf: URL(filePath: folder.path + "/a/film.png")) == film.data())
    #expect(
      sentence { try film.write(to: folder.path + "/a") }.contains("something that is not a file"))
    #expect(
      sentence { try AnimatedPNG(seconds: 1).write(to: folder.path + "/b.png") }
        == "An animation needs at least one frame: add a picture first.")
    #expect(try folder.names() == ["a"])
  }

  private func animation(of frames: [Image]) throws -> AnimatedPNG {
    var film = AnimatedPNG(seconds: 0.1)
    for frame in frames { try film.append(frame) }
    return film
  }

  /// Four bytes of a chunk as a number.
  private func number(_ chunk: PNGChunk, at place: Int) -> Int {
    chunk.content.dropFirst(place).prefix(4).reduce(0) { $0 << 8 | Int($1) }
  }
}
