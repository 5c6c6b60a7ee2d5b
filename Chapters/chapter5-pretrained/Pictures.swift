import Datasets
import DeepLearning
import Gallery
import Images

/// The pictures of section 5.2, decoded and brought to one size; kept as bytes.
struct Pictures: Sendable {
  /// Pixels along a side, as in the book.
  static let side = 150

  /// Pictures with their labels.
  struct Part: Sendable {
    let pixels: DecodedPictures
    /// 0 for a cat, 1 for a dog.
    let labels: [Float]

    var count: Int { labels.count }
    /// The pictures: `[count, 150, 150, 3]`, from 0 to 1.
    var x: Pixels { Pixels(pixels.pixels, shape: [count, side, side, 3]) }
    /// The labels: `[count, 1]`.
    var y: Tensor { Tensor(labels, shape: [count, 1]) }

    /// Batches without end, changed at random as in section 5.2.
    func augmentedBatches(of size: Int, seed: UInt64) -> PictureBatches {
      PictureBatches(
        pixels: pixels.pixels, height: side, width: side, labels: labels,
        augmentation: .book, batchSize: size, seed: seed)
    }
  }

  let train: Part
  let validation: Part
  /// Nil where the source has no pictures for testing.
  let test: Part?

  /// Finds and decodes the pictures, and says which of them are no good; in a quick run few of them.
  ///
  /// - Throws: `DataError` if too few are left.
  init(_ options: RunOptions, _ run: ChapterRun) throws {
    let files = try CatsAndDogs.load(perClass: options.quick ? 2 : nil, from: options.location)
    var reasons: [String] = []
    func part(_ part: PetPictures.Part) -> Part {
      let decoded = Image.decodeAll(part.files, width: Self.side, height: Self.side)
      reasons += decoded.skipped.map(\.reason)
      return Part(pixels: decoded, labels: decoded.keeping(part.labels))
    }
    (train, validation) = (part(files.train), part(files.validation))
    let test = part(files.test)
    self.test = test.count > 0 ? test : nil
    for (purpose, part) in [("train", train), ("validate", validation)] {
      guard Set(part.labels).count == 2 else {
        throw DataError(
          "Too few pictures can be read to \(purpose) with, the first failure being: "
            + (reasons.first ?? "none"))
      }
    }
    var origin = files.origin
    (origin.trainSamples, origin.testSamples) = (train.count, test.count)
    run.data = origin
    for reason in reasons.prefix(5) { run.note("Left out: \(reason)") }
    if !reasons.isEmpty {
      run.note("Left out because they cannot be read: \(reasons.count) pictures.")
      run.result("pictures left out", here: Double(reasons.count), better: .lower)
    }
    if test.count == 0 {
      run.note("There are no pictures to test with: only validation accuracies, no test accuracy.")
    }
  }
}
