import DataFiles
import DeepLearning

/// CIFAR-10 (Krizhevsky, 2009): colour pictures of 32 x 32 pixels in ten classes.
///
/// ```swift
/// let frogs = try CIFAR10.load("frog")
/// print(frogs.count, frogs.pixels.shape)  // 5000 [5000, 32, 32, 3]
/// ```
public enum CIFAR10 {
  /// What the classes are called, by label.
  public static let classNames = [
    "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck",
  ]
  /// What the data set is called.
  public static let name = "CIFAR-10"
  /// Pixels along a side.
  public static let side = 32
  /// The number of training pictures of all classes in the whole data set.
  static let wholeCount = 50_000

  /// Loads the training pictures of one class: 5,000 if the official data is there.
  ///
  /// Looked for first are `cifar-10-binary.tar.gz` or `cifar-10-python.tar.gz` as published, or what they unpack
  /// to; then an excerpt with fewer pictures, `cifar-10-frogs-binary.tar.gz`. Failing those, the data is fetched;
  /// failing that too, garments of Fashion-MNIST take its place if they are there, else frogs are drawn. What it came
  /// to is reported and stands in `origin`.
  ///
  /// - Parameters:
  ///   - className: one of ``classNames``.
  ///   - pictures: how many to take at most; nil for all.
  ///   - location: where data lies; by default as `DLWP_DATA` or the checkout tell.
  ///   - offline: whether to do without the network.
  ///   - report: receives a line about what was found, fetched or drawn; standard error by default.
  /// - Throws: `DataError` if there is no such class, or if files are there but cannot be used; `FetchInterrupted`
  ///   after Ctrl-C.
  public static func load(
    _ className: String, pictures: Int? = nil, from location: DataLocation? = nil,
    offline: Bool = false, report: @escaping @Sendable (String) -> Void = standardErrorLine
  ) throws -> ClassPictures {
    guard let label = classNames.firstIndex(of: className) else {
      throw DataError(
        "CIFAR-10 has no class \"\(className)\"; it has \(classNames.joined(separator: ", ")).")
    }
    if let pictures, pictures < 1 {
      throw DataError("At least 1 picture must be loaded, not \(pictures).")
    }
    let location = try location ?? DataLocation()
    let (source, reason) = try location.obtain("cifar10", offline: offline, report: report) {
      self.source(in: location)
    }
    var found: ClassPictures
    var place = reason
    if let source {
      found = try read(source, label: label, limit: pictures)
      found.origin = location.checked(found.origin, as: "cifar10", file: source.path)
      place = "Read from \(source.path)."
    } else {
      found =
        try garments(label: label, limit: pictures, in: location)
        ?? StandInPictures.make(label: label, count: pictures ?? 5_000)
    }
    found.origin.trainSamples = found.count
    report("\(found.origin.name) (\(found.origin.kind.rawValue)): \(found.origin.detail) \(place)")
    return found
  }

  /// Where the pictures lie, and in which form.
  struct Source: Equatable {
    let path: String
    let isPython: Bool
    let isFolder: Bool

    /// The members that hold the training pictures.
    var batches: [String] { (1...5).map { "data_batch_\($0)" + (isPython ? "" : ".bin") } }
  }

  /// The best source in the folders of a location.
  static func source(in location: DataLocation) -> Source? {
    let names: [(name: String, isPython: Bool, isFolder: Bool)] = [
      ("cifar-10-binary.tar.gz", false, false), ("cifar-10-batches-bin", false, true),
      ("cifar-10-python.tar.gz", true, false), ("cifar-10-batches-py", true, true),
      ("cifar-10-frogs-binary.tar.gz", false, false),
    ]
    return names.lazy.compactMap { name, isPython, isFolder in
      location.find(name).map { Source(path: $0, isPython: isPython, isFolder: isFolder) }
    }.first
  }

  /// Garments of the class with the same number, if Fashion-MNIST is there.
  private static func garments(
    label: Int, limit: Int?, in location: DataLocation
  ) throws -> ClassPictures? {
    let folders = location.folders.map { $0 + "/fashion" } + [location.system + "/fashion-mnist"]
    guard try folders.contains(where: { try IDXFiles(in: $0) != nil }) else { return nil }
    let clothes = try MNIST.load(from: location, fashion: true, offline: true) { _ in }.train
    let chosen = clothes.labels.indices.filter { clothes.labels[$0] == label }
      .prefix(limit ?? .max)
    let border = (side - DigitSet.side) / 2
    var bytes = [UInt8](repeating: 0, count: chosen.count * ClassPictures.size)
    for (number, index) in chosen.enumerated() {
      let pixels = clothes.pixels(index)
      for (position, value) in pixels.enumerated() {
        let (row, column) = (position / DigitSet.side + border, position % DigitSet.side + border)
        let target = number * ClassPictures.size + (row * side + column) * 3
        for channel in 0..<3 { bytes[target + channel] = value }
      }
    }
    let garment = clothes.classNames[label]
    return try ClassPictures(
      bytes, className: garment,
      origin: DataOrigin(
        name: clothes.origin.name, kind: .mirror,
        detail:
          "Garments of the class \"\(garment)\" with a border around them, grey and 32 x 32 pixels large, in place "
          + "of CIFAR-10, which is not here.",
        trainSamples: 0, testSamples: 0))
  }
}

/// Colour pictures of one class.
public struct ClassPictures: Sendable {
  /// The bytes of a picture.
  static let size = CIFAR10.side * CIFAR10.side * 3

  /// Where the pictures come from.
  public internal(set) var origin: DataOrigin
  /// What is on them.
  public let className: String
  /// Shape [count, 32, 32, 3], red, green and blue from 0 to 1 once they are numbers.
  public let pixels: Pixels

  /// The number of pictures.
  public var count: Int { pixels.count }

  /// - Parameter bytes: picture by picture, row by row, channels last.
  init(_ bytes: [UInt8], className: String, origin: DataOrigin) throws {
    guard !bytes.isEmpty else {
      throw DataError("\(origin.name) has no picture of the class \"\(className)\".")
    }
    let side = CIFAR10.side
    pixels = Pixels(bytes, shape: [bytes.count / Self.size, side, side, 3])
    (self.className, self.origin) = (className, origin)
  }
}
