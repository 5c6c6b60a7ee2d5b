import DataFiles

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
    var machine = Unpickler(bytes, at: 0, name: name)
    var policy = ArrayPickle()
    guard case .dictionary(let number) = try machine.run(&policy) else {
      throw DataError("\(name) should hold a dictionary; fetch it again.")
    }
    func missing(_ key: String) -> DataError {
      DataError("\(name) has no \"\(key)\" as CIFAR-10's batches have; fetch it again.")
    }
    /// The entry of the dictionary of that name.
    func entry(_ key: String) throws -> Unpickler.Value {
      let found = machine.dictionaries[number].last { machine.string($0.key) == key }
      guard let found else { throw missing(key) }
      return found.value
    }
    guard case .object(let object) = try entry("data"),
      case .array(let contents) = policy.objects[object]
    else { throw missing("data") }
    guard case .list(let list) = try entry("labels") else { throw missing("labels") }
    let labels = machine.lists[list]
    guard case .bytes(let pictures, let isText, let shape) = contents, shape.count == 2,
      shape[1] == ClassPictures.size, !labels.integers.isEmpty, labels.items.isEmpty,
      labels.integers.count == shape[0]
    else {
      throw DataError(
        "\(name) does not hold pictures of \(ClassPictures.size) bytes, each with a label; fetch it again."
      )
    }
    self.name = name
    self.bytes = isText ? try policy.latin1Bytes(pictures, shape: shape, in: machine) : bytes
    start = isText ? 0 : pictures.lowerBound
    self.labels = Array(machine.integers[labels.integers])
  }
}
