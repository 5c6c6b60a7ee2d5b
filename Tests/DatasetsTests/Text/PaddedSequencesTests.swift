import DeepLearning
import TestSupport
import Testing

@testable import DataFiles
@testable import Datasets

@Suite("Sequences of one length")
struct PaddedSequencesTests {
  private struct Case: Decodable {
    let length: Int
    let padding: String
    let truncating: String
    let isReversed: Bool
    let ids: [Int32]
  }

  private struct Expected: Decodable {
    let words: Int
    let limited: [[Int32]]
  }

  private func values(of samples: Samples) throws -> (ids: [Int32], shape: Shape) {
    guard case .integers(let ids, let shape) = samples else {
      Issue.record("These are no token ids.")
      return ([], [])
    }
    return (ids, shape)
  }

  @Test("Lists are padded and cut as Keras does")
  func lists() throws {
    let reviews = try decoded("imdb-expected.json", as: Expected.self).limited
    let cases = try decoded("padded-sequences.json", as: [Case].self)
    #expect(cases.count == 32)
    for expected in cases {
      let sequences = expected.isReversed ? reviews.map { Array($0.reversed()) } : reviews
      let (ids, shape) = try values(
        of: .padded(
          sequences, to: expected.length,
          padding: #require(SequenceEnd(rawValue: expected.padding)),
          truncating: #require(SequenceEnd(rawValue: expected.truncating))))
      #expect(shape == [reviews.count, expected.length])
      #expect(ids == expected.ids)
    }
  }

  @Test(
    "Reviews are limited, turned around, cut and padded as Keras does, and so are parts of them")
  func reviews() throws {
    let folder = try TemporaryFolder()
    try folder.copy("imdb-protocol2-core.npz", as: "imdb.npz")
    let words = try decoded("imdb-expected.json", as: Expected.self).words
    let (train, _) = try IMDB.load(
      words: words, from: DataLocation(folder: folder.path), offline: true, report: { _ in })
    let tail = train.split(at: 13).tail
    for expected in try decoded("padded-sequences.json", as: [Case].self) {
      func rows(_ reviews: Reviews) throws -> (ids: [Int32], shape: Shape) {
        try values(
          of: reviews.sequences(
            length: expected.length,
            padding: #require(SequenceEnd(rawValue: expected.padding)),
            truncating: #require(SequenceEnd(rawValue: expected.truncating)),
            isReversed: expected.isReversed))
      }
      #expect(try rows(train).ids == expected.ids)
      #expect(try rows(train).shape == [train.count, expected.length])
      #expect(try rows(tail).ids == Array(expected.ids[(13 * expected.length)...]))
    }
  }

  @Test("By default zeros come first and the last words are kept, of a turned review the first")
  func defaults() throws {
    #expect(try values(of: .padded([[7, 8], [1, 2, 3, 4]], to: 3)).ids == [0, 7, 8, 2, 3, 4])
    #expect(try values(of: .padded([[], [5]], to: 2)).ids == [0, 0, 0, 5])
    #expect(try values(of: .padded([], to: 2)).shape == [0, 2])
    let folder = try TemporaryFolder()
    try folder.copy("imdb-protocol2-core.npz", as: "imdb.npz")
    let (train, _) = try IMDB.load(
      words: 10_000, from: DataLocation(folder: folder.path), offline: true, report: { _ in })
    let long = try #require(
      (0..<train.count).max { train.tokens($0).count < train.tokens($1).count })
    func row(_ samples: Samples) throws -> [Int32] { try values(of: samples[long..<long + 1]).ids }
    #expect(try row(train.sequences(length: 500)) == train.tokens(long).suffix(500))
    #expect(
      try row(train.sequences(length: 500, isReversed: true))
        == train.tokens(long).prefix(500).reversed())
  }

  @Test("A length below 1 is refused in a sentence", .ahead)
  func refused() async {
    await #expect(processExitsWith: .failure) { _ = Samples.padded([[1]], to: 0) }
  }
}
