import Foundation
import Testing

@Suite("chapter2-mnist")
struct MNISTTests {
  private static let name = "chapter2-mnist"
  private let program = Program(name: name)

  @Test("The quick run writes its files, figures and record")
  func quick() async throws {
    let run = try await QuickRun.of(Self.name)
    try run.expectFiles(
      figures: ["digits", "accuracy", "loss", "mistakes"], ["history.csv", "weights.safetensors"])
    try run.expectRecord(
      section: "2.1", data: "MNIST", origin: "stand-in", samples: (2000, 2000))
    try run.expectFigures(
      [("digits", "2.1"), ("accuracy", nil), ("loss", nil), ("mistakes", nil)], isStandIn: true)
    try run.expectResults([
      ("test accuracy", 0.9785), ("training accuracy", 0.989), ("training loss", 0.0382),
    ])
    #expect(run.outcome.output.contains("total parameters 407,050"))
    let weights = "output/chapter2-mnist/weights.safetensors"
    #expect(try run.workplace.weightCount(weights) == 407_050)
  }

  @Test("It learns: far better than one of ten, and the curves hold what the table says")
  func learns() async throws {
    let run = try await QuickRun.of(Self.name)
    let accuracy = try run.metrics.here("test accuracy")
    #expect(accuracy > 0.7 && accuracy < 1)
    let history = try run.history()
    #expect(history.columns == ["epoch", "loss", "acc"] && history.rows.count == 5)
    #expect(history["loss"].last == (try run.metrics.here("training loss")))
    #expect(zip(history["loss"], history["loss"].dropFirst()).allSatisfy { $0 > $1 })
    // As many mistakes are counted as the accuracy leaves.
    let count = try #require(
      run.outcome.output.firstMatch(of: /([\d,]+) of [\d,]+ test pictures are taken/)
    ).1.replacing(",", with: "")
    let mistakes = try #require(Double(count))
    #expect(abs(1 - mistakes / 2000 - accuracy) < 1e-6)
  }

  @Test("The same seed gives the same bits, another one other numbers")
  func repeats() async throws {
    let first = try await QuickRun.of(Self.name)
    let second = try await QuickRun(Self.name, ["--no-progress"])
    #expect(try first.repeatable() == second.repeatable())
    #expect(results(of: first.outcome) == results(of: second.outcome))
    let other = try await QuickRun(Self.name, ["--seed", "43", "--epochs", "1"])
    #expect(try other.history().rows.first != first.history().rows.first)
  }

  @Test("The tour of tensors prints what it computes, beside the loops")
  func tensors() async throws {
    let workplace = try Workplace()
    let outcome = try await program.run(["tensors"], in: workplace)
    #expect(outcome.exitCode == 0 && outcome.errors.isEmpty)
    #expect(try workplace.files().isEmpty)
    for text in [
      "Tensor.scalar(12)   shape []\n    12.0\n",
      "digits[10..<100] [90, 28, 28]\n", "the lower right quarters [200, 14, 14]\n",
      "the middles [200, 14, 14]\n", "the second batch of 128 [72, 28, 28]\n",
      "added to each row   shape [2, 3]\n    101.0  198.0  303.0\n    96.0  205.0  294.0\n",
      "one factor per row   shape [2, 3]\n    1.0  -2.0  3.0\n    4.0  -5.0  6.0\n",
      "[2, 3] times [3, 2]   shape [2, 2]\n    4.0  5.0\n    10.0  11.0\n",
      "the dot product   shape []\n    32.0\n",
      "x.transposed()   shape [2, 3]\n    0.0  2.0  4.0\n    1.0  3.0  5.0\n",
    ] {
      #expect(outcome.output.contains(text), "\(text)")
    }
    let differences = outcome.output.matches(of: /times faster, largest difference (\S+)/)
      .map { Double($0.1) ?? .nan }
    #expect(differences.count == 3 && differences.allSatisfy { $0 < 0.001 })
  }

  @Test("Six rules in two ravines: SGD and momentum do not care how a ravine lies, the others do")
  func ravines() async throws {
    let workplace = try Workplace()
    let outcome = try await Program(name: Self.name).run(
      ["experiments", "--quick", "--no-progress"], in: workplace)
    try #require(outcome.exitCode == 0, "\(outcome.errors)")
    let numbers = try workplace.numbers(Self.name + "-experiments")
    func steps(_ rule: String, _ ravine: String) throws -> Double {
      try #require(numbers["\(ravine), \(rule): steps"])
    }
    for rule in ["plain SGD", "momentum of 0.9", "Nesterov momentum"] {
      let straight = try steps(rule, "straight")
      #expect(abs(straight - (try steps(rule, "turned by 45 degrees"))) <= 1, "\(rule)")
      #expect(straight < 200)
    }
    #expect(try steps("momentum of 0.9", "straight") < steps("plain SGD", "straight"))
    #expect(try steps("Adagrad", "straight") < steps("Adagrad", "turned by 45 degrees"))
    #expect(try workplace.files().keys.count { $0.hasSuffix(".png") } == 6)
  }

  @Test("The official files, in each form, give the same; so do garments in their folder")
  func official() async throws {
    let arguments = ["--offline", "--epochs", "3", "--batch-size", "16", "--no-progress"]
    var weights: [Data] = []
    for files in [
      PictureFixtures.files(),
      PictureFixtures.files().map { ($0.name + ".gz", Archives.gzip($0.bytes)) },
      [("mnist.npz", PictureFixtures.archive())],
    ] {
      let workplace = try Workplace()
      for file in files { try workplace.addData(file.bytes, as: file.name) }
      let outcome = try await program.run(arguments, in: workplace)
      try #require(outcome.exitCode == 0, "\(outcome.errors)")
      let metrics = try workplace.metrics(Self.name)
      #expect(metrics.data.origin == "other content" && metrics.data.name == "MNIST")
      #expect(metrics.data.samples.train == 300 && metrics.data.samples.test == 100)
      #expect(try metrics.here("test accuracy") > 0.9)
      weights.append(try workplace.bytes(of: "output/chapter2-mnist/weights.safetensors"))
    }
    #expect(weights[0] == weights[1] && weights[0] == weights[2])

    let workplace = try Workplace()
    for file in PictureFixtures.files() {
      try workplace.addData(file.bytes, as: "fashion/" + file.name)
    }
    let outcome = try await program.run(arguments + ["--fashion"], in: workplace)
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    let metrics = try workplace.metrics(Self.name)
    // The book has no numbers for garments.
    #expect(metrics.data.name != "MNIST" && metrics.results.count == 3)
    #expect(metrics.results.allSatisfy { $0.book == nil } && metrics.figures[0].book == nil)
    #expect(try workplace.bytes(of: "output/chapter2-mnist/weights.safetensors") == weights[0])
  }

  @Test("One picture to learn from and one to be tested with are enough to run")
  func fewest() async throws {
    let workplace = try Workplace()
    try workplace.addData(PictureFixtures.archive(train: 1, test: 1), as: "mnist.npz")
    let outcome = try await program.run(["--offline", "--quick"], in: workplace)
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(try workplace.metrics(Self.name).here("test accuracy") == 1)
  }

  @Test("Damaged, foreign and hostile data files", arguments: bad)
  func refusals(_ bad: BadFiles) async throws {
    try await bad.expectRefusal(
      by: Self.name, bad.blamed.hasPrefix("fashion/") ? ["--fashion"] : [])
  }

  private static let bad: [BadFiles] = {
    let names = PictureFixtures.names
    func four(
      _ description: String, _ index: Int, _ bytes: [UInt8], in folder: String = "", word: String
    ) -> BadFiles {
      var files = PictureFixtures.files(train: 20, test: 10)
      files[index].bytes = bytes
      return BadFiles(
        description, files.map { (folder + $0.name, $0.bytes) }, blamed: folder + names[index],
        word: word)
    }
    func npz(_ description: String, _ x: [UInt8], _ y: [UInt8], word: String) -> BadFiles {
      let members = ["train", "test"].flatMap { [("x_\($0).npy", x), ("y_\($0).npy", y)] }
      return BadFiles(description, "mnist.npz", Archives.zip(members), word: word)
    }
    let images = PictureFixtures.idx([20, 28, 28], PictureFixtures.pixels(20))
    let labels = PictureFixtures.idx([20], PictureFixtures.labels(20))
    let x = NumPy.file("|u1", [2, 28, 28], PictureFixtures.pixels(2))
    let y = NumPy.file("|u1", [2], [0, 1])
    let archive = PictureFixtures.archive(train: 20, test: 10)
    return [
      four("wrong magic number", 0, [1] + images.dropFirst(), word: "IDX"),
      four("numbers of another type", 0, PictureFixtures.idx([20], [], type: 13), word: "type 13"),
      four("pictures cut short", 0, Array(images.dropLast(99)), word: "truncated"),
      four("a header cut short", 2, Array(images.prefix(9)), word: "truncated"),
      four("labels for pictures", 0, labels, word: "mixed up"),
      four("fewer labels than pictures", 0, PictureFixtures.idx([0, 28, 28], []), word: "labels"),
      four(
        "small pictures", 0, PictureFixtures.idx([20, 7, 7], images.suffix(980)), word: "28 x 28"),
      four(
        "a picture of 64 exabytes", 0,
        PictureFixtures.idx([1 << 31, 1 << 31, 1 << 31], []), word: "claims"),
      four("an empty file", 1, [], word: "IDX"),
      four("garments cut short", 0, Array(images.dropLast(1)), in: "fashion/", word: "truncated"),
      BadFiles(
        "half of gzip",
        PictureFixtures.files().map {
          ($0.name + ".gz", Array(Archives.gzip($0.bytes).dropLast($0.name == names[0] ? 500 : 0)))
        }, blamed: names[0] + ".gz", word: "truncated"),
      BadFiles(
        "one file of four", Array(PictureFixtures.files().prefix(1)), blamed: names[0],
        word: "without " + names[1]),
      BadFiles("half an archive", "mnist.npz", Array(archive.dropLast(200)), word: "whole"),
      BadFiles("text", "mnist.npz", Array("Not found".utf8), word: "whole ZIP archive"),
      BadFiles("an empty archive", "mnist.npz", Archives.zip([]), word: "no member"),
      npz("floats for pixels", NumPy.doubles([1], [1]), y, word: "bytes"),
      npz("a flat array of pixels", NumPy.file("|u1", [2], [0, 1]), y, word: "28 x 28"),
      npz("a label 200", x, NumPy.file("|u1", [2], [0, 200]), word: "label 200"),
      npz("one label for two pictures", x, NumPy.file("|u1", [1], [0]), word: "1 labels"),
      npz(
        "no pictures", NumPy.file("|u1", [0, 28, 28], []), NumPy.file("|u1", [0], []), word: "empty"
      ),
    ]
  }()
}
