import Datasets
import DeepLearning
import Figures
import Gallery
import Images

/// The pictures, decoded and brought to one size; kept as bytes, four times smaller than as numbers.
struct Photographs: Sendable {
  /// Pixels along a side, as in the book.
  static let side = 150

  /// Pictures with their labels.
  struct Part: Sendable {
    let pixels: DecodedPictures
    /// 0 for a cat, 1 for a dog.
    let labels: [Float]

    var count: Int { labels.count }
    /// The pictures: `[count, 150, 150, 3]`.
    var x: Pixels { Pixels(pixels.pixels, shape: [count, side, side, 3]) }
    /// The labels: `[count, 1]`.
    var y: Tensor { Tensor(labels, shape: [count, 1]) }

    subscript(index: Int) -> Image { pixels[index] }

    /// Batches without end, in a new order in every pass.
    func batches(_ augmentation: Augmentation?, batchSize: Int, seed: UInt64) -> PictureBatches {
      PictureBatches(
        pixels: pixels.pixels, height: side, width: side, labels: labels,
        augmentation: augmentation, batchSize: batchSize, seed: seed)
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
    let files = try CatsAndDogs.load(
      perClass: options.quick ? 20 : nil, from: options.location)
    var skipped: [(name: String, reason: String)] = []
    func part(_ part: PetPictures.Part) -> Part {
      let decoded = Image.decodeAll(part.files, width: Self.side, height: Self.side)
      skipped += decoded.skipped
      return Part(pixels: decoded, labels: decoded.keeping(part.labels))
    }
    (train, validation) = (part(files.train), part(files.validation))
    let test = part(files.test)
    self.test = test.count > 0 ? test : nil
    for (name, part) in [("train", train), ("validate", validation)] {
      let dogs = part.labels.count { $0 == 1 }
      guard dogs > 0, dogs < part.count else {
        throw DataError(
          "Too few pictures can be read to \(name) with, the first failure being: "
            + (skipped.first?.reason ?? "none"))
      }
    }

    var origin = files.origin
    (origin.trainSamples, origin.testSamples) = (train.count, test.count)
    run.data = origin
    for (_, reason) in skipped.prefix(5) { run.note("Left out: \(reason)") }
    if !skipped.isEmpty {
      run.note("Left out because they cannot be read: \(skipped.count) pictures.")
      run.result("pictures left out", here: Double(skipped.count), better: .lower)
    }
    if test.count == 0 { run.note("There are no pictures to test with: no test accuracy.") }
    run.note(
      "Each epoch is validated on all \(validation.count) pictures; the book draws about 1,576 of 1,000."
    )
  }
}

extension Image {
  /// The picture for a figure.
  var picture: Picture { Picture(pixels: pixels, width: width, height: height, channels: 3) }
}
