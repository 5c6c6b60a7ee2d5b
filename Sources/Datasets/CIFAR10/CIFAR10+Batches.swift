import DataFiles
import Foundation

/// The batches of pictures as published.
extension CIFAR10 {
  /// More than the official batches have: 10,000 records of 3,073 bytes, or a pickle of as much and 10,000 file names.
  private static let batchLimit = 1 << 26
  /// The bytes of a record: the label and three planes of 32 x 32 pixels.
  static let recordSize = 1 + ClassPictures.size

  /// Reads the pictures of one class, batch by batch, so that the others never take memory.
  static func read(_ source: Source, label: Int, limit: Int?) throws -> ClassPictures {
    var gathered = Gathered(label: label, limit: limit ?? .max)
    func add(_ bytes: [UInt8], _ name: String) throws {
      if source.isPython {
        try gathered.add(PickledBatch(bytes, name: name))
      } else {
        try gathered.addRecords(bytes, name: name)
      }
    }
    if source.isFolder {
      for batch in source.batches {
        let path = source.path + "/" + batch
        guard FileManager.default.fileExists(atPath: path) else {
          throw DataError("\(path) is missing; unpack the archive of CIFAR-10 again.")
        }
        try add(InputFile(path: path).readAll(limit: batchLimit), path)
      }
    } else {
      try readArchive(source, add)
    }
    guard gathered.total > 0 else {
      throw DataError("\(source.path) holds no pictures; fetch it again.")
    }
    let isWhole = gathered.total == wholeCount
    let form = source.isPython ? "The Python batches" : "The binary batches"
    let className = classNames[label]
    guard !gathered.bytes.isEmpty else {
      throw DataError(
        "\(source.path) is an excerpt of CIFAR-10 without pictures of the class \"\(className)\": choose another "
          + "class, or put cifar-10-binary.tar.gz beside it.")
    }
    return try ClassPictures(
      gathered.bytes, className: className,
      origin: DataOrigin(
        name: name, kind: isWhole ? .otherContent : .mirror,
        detail: isWhole
          ? "\(form) as published; the training pictures of the class \"\(className)\"."
          : "An excerpt of \(gathered.total) of the \(wholeCount) training pictures; those of the class "
            + "\"\(className)\".",
        trainSamples: 0, testSamples: 0))
  }

  /// Hands the batches of an archive over in their order, whatever their order in it.
  private static func readArchive(
    _ source: Source, _ add: ([UInt8], String) throws -> Void
  ) throws {
    let archive = try TarReader(path: source.path)
    var early: [String: [UInt8]] = [:]
    var awaited = source.batches[...]
    while let member = try archive.next() {
      let file = member.path.split(separator: "/").last.map(String.init) ?? ""
      guard awaited.contains(file), early[file] == nil else { continue }
      early[file] = try archive.contents(limit: batchLimit)
      while let next = awaited.first, let bytes = early.removeValue(forKey: next) {
        try add(bytes, "\(source.path): \(next)")
        awaited = awaited.dropFirst()
      }
    }
    guard awaited.isEmpty else {
      throw DataError(
        "\(source.path) has no \(awaited.joined(separator: ", ")); delete it and fetch it again.")
    }
  }

  /// The pictures of a class so far.
  struct Gathered {
    let label: Int
    let limit: Int
    /// The pictures of all classes.
    private(set) var total = 0
    private(set) var bytes: [UInt8] = []

    init(label: Int, limit: Int) { (self.label, self.limit) = (label, limit) }

    /// Takes binary records.
    mutating func addRecords(_ records: [UInt8], name: String) throws {
      guard records.count % recordSize == 0 else {
        throw DataError(
          "\(name) has \(records.count) bytes, which is not a multiple of a record's \(recordSize); fetch it again."
        )
      }
      for start in stride(from: 0, to: records.count, by: recordSize) {
        try add(records, at: start + 1, label: Int(records[start]), name: name)
      }
    }

    /// Takes what was in a pickle.
    mutating func add(_ batch: PickledBatch) throws {
      for (index, label) in batch.labels.enumerated() {
        try add(
          batch.bytes, at: batch.start + index * ClassPictures.size, label: Int(label),
          name: batch.name)
      }
    }

    /// Takes a picture if it is of the class: planes of red, green and blue become pixels.
    private mutating func add(
      _ source: [UInt8], at start: Int, label: Int, name: String
    ) throws {
      guard classNames.indices.contains(label) else {
        throw DataError("\(name) is damaged: it holds the label \(label), and 0 to 9 are possible.")
      }
      total += 1
      guard label == self.label, bytes.count / ClassPictures.size < limit else {
        return
      }
      let area = side * side
      for pixel in start..<start + area {
        bytes.append(source[pixel])
        bytes.append(source[pixel + area])
        bytes.append(source[pixel + 2 * area])
      }
    }
  }
}
