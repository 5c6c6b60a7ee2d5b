import Foundation
import Testing

/// The subcommands of chapter5-cats-dogs that are about files, and pictures that are no good.
@Suite("chapter5-cats-dogs and its pictures")
struct CatsDogsPicturesTests {
  private static let name = "chapter5-cats-dogs"

  /// A whole picture: a figure of the quick run.
  private func picture() async throws -> [UInt8] {
    [UInt8](try await QuickRun.of(Self.name).bytes(of: "loss.png"))
  }

  /// Puts pictures of both animals into the parts.
  private func addPictures(
    _ parts: [(name: String, count: Int)], to workplace: Workplace
  ) async throws {
    let picture = try await picture()
    for (part, count) in parts {
      for animal in ["cat", "dog"] {
        for number in 0..<count {
          try workplace.addData(
            picture, as: "cats_and_dogs_small/\(part)/\(animal)s/\(animal).\(number).png")
        }
      }
    }
  }

  @Test(
    "Bad pictures are named, left out and counted; without a part for testing there is no number")
  func badPictures() async throws {
    let workplace = try Workplace()
    try await addPictures([("train", 4), ("validation", 2)], to: workplace)
    let picture = try await picture()
    let cats = "cats_and_dogs_small/train/cats/"
    try workplace.addData(Array(picture.dropLast(picture.count / 2)), as: cats + "cat.1.png")
    try workplace.addData(Array("<html>Not found</html>".utf8), as: cats + "cat.2.png")
    try workplace.addData([], as: cats + "cat.9.jpg")
    let outcome = try await catsDogs.run(
      ["--epochs", "1", "--run", "a", "--offline", "--no-progress"], in: workplace)
    try #require(outcome.exitCode == 0, "\(outcome.errors)")
    for name in ["cat.1.png", "cat.2.png", "cat.9.jpg"] {
      #expect(outcome.outputLines.contains { $0.hasPrefix("Left out: ") && $0.contains(name) })
    }
    let metrics = try workplace.metrics(Self.name)
    #expect(try metrics.here("pictures left out") == 3)
    #expect(metrics.data.samples.train == 6 && metrics.data.samples.test == 0)
    #expect(metrics.data.origin == "other content")
    let test = try #require(metrics.results.first { $0.name == "test accuracy" })
    #expect(test.here == nil && test.book == nil)
    #expect(outcome.output.contains("There are no pictures to test with"))
  }

  @Test("If all pictures of an animal are bad, or all of a part are gone, training does not begin")
  func allBad() async throws {
    let workplace = try Workplace()
    try await addPictures([("train", 2), ("validation", 1)], to: workplace)
    for number in 0..<2 {
      try workplace.addData([1], as: "cats_and_dogs_small/train/dogs/dog.\(number).png")
    }
    let bad = try await catsDogs.run(["--offline"], in: workplace)
    expectRefusal(bad, naming: "train", "dog.0.png")
    let other = try Workplace()
    try await addPictures([("train", 2)], to: other)
    let missing = try await catsDogs.run(["--offline"], in: other)
    expectRefusal(missing, naming: "cats_and_dogs_small", "validation")
    #expect(try workplace.files().isEmpty && other.files().isEmpty)
  }

  @Test("predict answers for the pictures that can be read, and names the others")
  func predict() async throws {
    let run = try await QuickRun.of(Self.name)
    let workplace = try Workplace()
    try workplace.addData(try await picture(), as: "chart.png")
    try workplace.add("just a text", as: "text.jpg")
    let weights =
      run.workplace.folder.path + "/output/\(Self.name)/cats_and_dogs_small_1.safetensors"
    let chart = workplace.data.path + "/chart.png"
    let outcome = try await catsDogs.run(
      ["predict", chart, "text.jpg", "missing.png", chart, "--weights", weights], in: workplace)
    #expect(outcome.exitCode == 1 && !outcome.isCrash)
    let answers = outcome.output.matches(of: /chart\.png: (cat|dog), (0\.\d+|1\.0*)/)
    #expect(answers.count == 2)
    let shares = answers.compactMap { Double($0.2) }
    #expect(shares.count == 2 && shares[0] == shares[1] && shares[0] >= 0.5 && shares[0] <= 1)
    #expect(outcome.errorLines.count == 2, "\(outcome.errors)")
    #expect(outcome.errors.contains("text.jpg is not a PNG or JPEG picture"))
    #expect(outcome.errors.contains("There is no file missing.png"))

    let good = try await catsDogs.run(["predict", chart, "--weights", weights], in: workplace)
    #expect(good.exitCode == 0 && good.errors.isEmpty)
    // Beside the results of a run no weights need be named.
    let beside = try await catsDogs.run(["predict", chart], in: run.workplace)
    #expect(beside.exitCode == 0)
    #expect(
      beside.output.contains("weights: output/\(Self.name)/cats_and_dogs_small_2.safetensors"))
  }

  @Test("predict without weights, or with a file that holds none, says what to do")
  func predictRefusals() async throws {
    let workplace = try Workplace()
    let none = try await catsDogs.run(["predict", "cat.jpg"], in: workplace)
    expectRefusal(none, naming: "output/\(Self.name)", "--weights")
    try workplace.add("no weights", as: "weights.safetensors")
    let bad = try await catsDogs.run(
      ["predict", "cat.jpg", "--weights", "weights.safetensors"], in: workplace)
    expectRefusal(bad, naming: "weights.safetensors")
  }

  @Test("prepare makes the book's folders, from which the chapter then learns")
  func prepare() async throws {
    let workplace = try Workplace()
    let picture = try await picture()
    // Kaggle's are JPEG; what a picture is, its content says.
    let members = ["cat", "dog"].flatMap { animal in
      [0, 1, 1000, 1500].map { (name: "train/\(animal).\($0).jpg", bytes: picture) }
    }
    try workplace.addData(Archives.zip(members), as: "kaggle.zip")
    let small = workplace.data.path + "/cats_and_dogs_small"
    let arguments = ["prepare", "--from", workplace.data.path + "/kaggle.zip", "--to", small]
    let outcome = try await catsDogs.run(arguments, in: workplace)
    #expect(outcome.exitCode == 0 && outcome.output.contains("8 pictures copied, 0 were there"))
    let again = try await catsDogs.run(arguments, in: workplace)
    #expect(again.output.contains("0 pictures copied, 8 were there"))
    let trained = try await catsDogs.run(
      ["--run", "a", "--epochs", "1", "--offline", "--no-progress"], in: workplace)
    #expect(trained.exitCode == 0, "\(trained.errors)")
    #expect(try workplace.metrics(Self.name).data.samples.train == 4)
    #expect(try workplace.metrics(Self.name).here("test accuracy") == 0.5)

    try workplace.addData([1], as: "cats_and_dogs_small/train/cats/cat.0.jpg")
    expectRefusal(
      try await catsDogs.run(arguments, in: workplace), naming: "cat.0.jpg", "not replaced")
    expectRefusal(
      try await catsDogs.run(["prepare", "--from", "none", "--to", small], in: workplace),
      naming: "none")
  }
}
