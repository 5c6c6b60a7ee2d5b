import DataFiles
import Datasets
import DeepLearning
import Images

/// The photographs of cats and dogs of chapter 5, decoded and brought to one size; kept as bytes, four times smaller
/// than as numbers.
public struct PetPhotographs: Sendable {
  /// Pixels along a side, as in the book.
  public static let side = 150

  /// Photographs with their labels.
  public struct Part: Sendable {
    private let images: DecodedPictures
    /// 0 for a cat, 1 for a dog.
    public let labels: [Float]

    /// Decodes files on all cores; those that cannot be read are left out.
    public static func decoded(_ files: [PetPictures.File], labels: [Float]) -> Part {
      let side = PetPhotographs.side
      let images = Image.decodeAll(files, width: side, height: side)
      return Part(images: images, labels: images.keeping(labels))
    }

    /// The number of photographs.
    public var count: Int { labels.count }
    /// The photographs: `[count, 150, 150, 3]`, from 0 to 1.
    public var x: Pixels {
      Pixels(images.pixels, shape: [count, PetPhotographs.side, PetPhotographs.side, 3])
    }
    /// The labels: `[count, 1]`.
    public var y: Tensor { Tensor(labels, shape: [count, 1]) }
    /// Why files were left out, in a sentence each.
    public var failures: [String] { images.skipped.map(\.reason) }

    /// One of the photographs.
    public subscript(index: Int) -> Image { images[index] }
  }

  /// The photographs to learn from.
  public let train: Part
  /// Those to watch.
  public let validation: Part
  /// Those to test with; nil where the source has none.
  public let test: Part?

  /// Finds and decodes the photographs, makes them the data of a run, and notes which of them cannot be read.
  ///
  /// - Parameters:
  ///   - perClass: the most cats, and dogs, of each part; nil for all.
  ///   - run: the run.
  /// - Throws: `DataError` if too few are left.
  public static func load(perClass: Int?, for run: ChapterRun) throws -> PetPhotographs {
    let files = try CatsAndDogs.load(perClass: perClass, from: run.options.location)
    func part(_ part: PetPictures.Part) -> Part { .decoded(part.files, labels: part.labels) }
    let (train, validation, test) = (part(files.train), part(files.validation), part(files.test))
    let failures = [train, validation, test].flatMap(\.failures)
    for (purpose, part) in [("train", train), ("validate", validation)] {
      guard Set(part.labels).count == 2 else {
        throw DataError(
          "Too few pictures can be read to \(purpose) with, the first failure being: "
            + (failures.first ?? "none"))
      }
    }
    var origin = files.origin
    (origin.trainSamples, origin.testSamples) = (train.count, test.count)
    run.data = origin
    for reason in failures.prefix(5) { run.note("Left out: \(reason)") }
    if !failures.isEmpty {
      run.note("Left out because they cannot be read: \(failures.count) pictures.")
      run.result("pictures left out", here: Double(failures.count), better: .lower)
    }
    if test.count == 0 { run.note("There are no pictures to test with: no test accuracy.") }
    return PetPhotographs(
      train: train, validation: validation, test: test.count > 0 ? test : nil)
  }
}
