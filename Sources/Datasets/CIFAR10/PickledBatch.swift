/// What a batch of CIFAR-10 for Python holds: a pickled dictionary with the pictures' bytes and their labels.
struct PickledBatch {
  /// What the file is called in error messages.
  let name: String
  /// The whole file, or the pictures alone where they are written as text.
  let bytes: [UInt8]
  /// Where the first picture begins in it.
  let start: Int
  /// The class of each picture.
  let labels: [Int32]

  /// Reads a file.
  ///
  /// - Throws: `DataError` if it is no such batch.
  init(_ bytes: [UInt8], name: String) throws {
    guard bytes.count < 1 << 31 else { throw DataError("\(name) is too large to be decoded.") }
    var found = (pictures: 0..<0, labels: 0..<0)
    var decoded: [UInt8]?
    // Every integer takes two bytes of the pickle or more.
    let integers = try [Int32](unsafeUninitializedCapacity: bytes.count / 2 + 1) {
      integers, count in
      try bytes.withUnsafeBufferPointer { input in
        var machine = Unpickler(input: input, name: name, position: 0, integers: integers)
        let value = try machine.run()
        (found, decoded) = try machine.batch(value)
        count = machine.integerCount
      }
    }
    self.name = name
    (self.bytes, start) = decoded.map { ($0, 0) } ?? (bytes, found.pictures.lowerBound)
    labels = Array(integers[found.labels])
  }
}

extension Unpickler {
  /// Where the pictures lie in the input and the labels among the integers; the pictures themselves where they are
  /// written as text.
  fileprivate func batch(
    _ value: Value
  ) throws -> ((pictures: Range<Int>, labels: Range<Int>), decoded: [UInt8]?) {
    guard value.kind == .dictionary else {
      throw DataError("\(name) should hold a dictionary; fetch it again.")
    }
    /// An entry of the dictionary.
    func entry(_ wanted: String, _ kind: Value.Kind) throws -> Int {
      let found = try entries.last {
        try $0.dictionary == value.payload && isText($0.key) && string($0.key) == wanted
      }
      guard let found, found.value.kind == kind else {
        throw DataError("\(name) has no \"\(wanted)\" as CIFAR-10's batches have; fetch it again.")
      }
      return found.value.payload
    }
    let (array, list) = (arrays[try entry("data", .array)], lists[try entry("labels", .list)])
    guard let pictures = array.bytes, array.shape.count == 2, array.shape[1] == ClassPictures.size,
      list.content == .integers, list.end - list.start == array.shape[0]
    else {
      throw DataError(
        "\(name) does not hold pictures of \(ClassPictures.size) bytes, each with a label; fetch it again."
      )
    }
    let decoded = array.isText ? try latin1Bytes(of: array) : nil
    return ((pictures, list.start..<list.end), decoded)
  }

  private func isText(_ value: Value) -> Bool {
    value.kind == .text || value.kind == .latin1 || value.kind == .bytes
  }
}
