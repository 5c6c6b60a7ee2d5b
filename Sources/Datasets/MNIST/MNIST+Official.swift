import DataFiles
import Foundation

/// The four IDX files of MNIST or of a data set of the same form.
struct IDXFiles: Equatable {
  let folder: String
  let trainImages: String
  let trainLabels: String
  let testImages: String
  let testLabels: String

  /// The files in a folder, compressed with gzip or not; nil if none of them is there.
  ///
  /// - Throws: `DataError` if only some are.
  init?(in folder: String) throws {
    let names = [
      "train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte",
      "t10k-labels-idx1-ubyte",
    ]
    let paths = names.map { name in
      [name, name + ".gz"].map { folder + "/" + $0 }
        .first { FileManager.default.fileExists(atPath: $0) }
    }
    let present = paths.compactMap { $0 }
    guard let one = present.first else { return nil }
    guard present.count == names.count else {
      let missing = zip(names, paths).filter { $1 == nil }.map { $0.0 }.joined(separator: ", ")
      throw DataError(
        "\(one) is there without \(missing) (with or without .gz): put all four files into "
          + "\(folder).")
    }
    self.folder = folder
    (trainImages, trainLabels, testImages, testLabels) =
      (present[0], present[1], present[2], present[3])
  }
}

/// The files that the authors and Keras publish.
extension MNIST {
  /// Reads the four IDX files, the halves side by side.
  static func corpus(of files: IDXFiles, name: String) throws -> DigitCorpus {
    @Sendable func half(_ images: String, _ labels: String) throws -> DigitSet {
      let classes = try IDXArray(path: labels, dimensions: 1, limit: 1 << 20)
      let pictures = try IDXArray(path: images, dimensions: 3)
      return try DigitSet(
        pixels: pictures.bytes, shape: pictures.shape, labels: classes.bytes.map(Int32.init),
        name: "\(images) with \(labels)")
    }
    let (train, test) = try inParallel(
      { try half(files.trainImages, files.trainLabels) },
      { try half(files.testImages, files.testLabels) })
    return corpus(train, test, name: name, detail: "The four IDX files as published.")
  }

  /// Reads `mnist.npz` as Keras publishes it, the halves side by side.
  static func corpus(ofArchive path: String) throws -> DigitCorpus {
    let archive = try NumPyArchive(path: path, limit: 1 << 28)
    @Sendable func half(_ name: String) throws -> DigitSet {
      let labels = try archive.array("y_" + name).integers(name: "\(path): array y_\(name)")
      let pictures = try archive.array("x_" + name)
      guard case .byte(let pixels) = pictures.elements else {
        throw DataError("\(path): array x_\(name) should hold bytes (|u1).")
      }
      return try DigitSet(
        pixels: pixels, shape: pictures.shape, labels: labels,
        name: "\(path): x_\(name) with y_\(name)")
    }
    let (train, test) = try inParallel({ try half("train") }, { try half("test") })
    return corpus(train, test, name: name, detail: "Keras' mnist.npz.")
  }

  private static func corpus(
    _ train: DigitSet, _ test: DigitSet, name: String, detail: String
  ) -> DigitCorpus {
    DigitCorpus(
      train: train, test: test,
      origin: DataOrigin(
        name: name, kind: .otherContent, detail: detail, trainSamples: train.count,
        testSamples: test.count))
  }
}
