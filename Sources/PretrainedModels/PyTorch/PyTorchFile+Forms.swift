import Datasets

/// The two forms of a PyTorch file.
extension PyTorchFile {
  /// The pickle of the number 0x1950a86a20f9469cfc6c, with which the older form starts.
  private static let magic: [UInt8] = [
    0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e,
  ]

  /// Opens a file of the older form that lies in memory: a magic number, the version of the form,
  /// facts about the machine, the dictionary and the list of storages, each a pickle; then the
  /// numbers of each storage behind their count.
  ///
  /// - Parameters:
  ///   - bytes: the contents of the file.
  ///   - name: what the file is called in error messages.
  public init(bytes: [UInt8], name: String) throws {
    guard bytes.starts(with: Self.magic) else {
      throw DataError("\(name) is not a weight file of PyTorch; those start in another way.")
    }
    var position = Self.magic.count
    func unpickled() throws -> (WeightPickle, WeightPickle.Value) {
      var machine = WeightPickle(bytes, at: position, name: name)
      let value = try machine.run()
      position = machine.position
      return (machine, value)
    }
    guard case (_, .integer(1001)) = try unpickled() else {
      throw DataError("\(name) has a form of PyTorch's weight files that is not known here.")
    }
    let (machineFacts, facts) = try unpickled()
    guard machineFacts.isLittleEndian(facts) else {
      throw DataError("\(name) was written by a machine with another order of bytes.")
    }
    let (dictionaryMachine, dictionary) = try unpickled()
    let (keyMachine, keys) = try unpickled()
    let starts = try Self.starts(
      of: dictionaryMachine, order: keyMachine.texts(keys), in: bytes, from: position)
    try self.init(
      name: name, machine: dictionaryMachine, dictionary: dictionary,
      source: .bytes(bytes, starts: starts))
  }

  /// Where the numbers of each storage start, in bytes.
  private static func starts(
    of machine: WeightPickle, order keys: [String], in bytes: [UInt8], from start: Int
  ) throws -> [Int] {
    let name = machine.name
    var starts = [Int?](repeating: nil, count: machine.storages.count)
    var position = start
    for key in keys {
      guard let number = machine.storageNumbers[key], starts[number] == nil else {
        throw DataError("\(name) is damaged: its list of storages names one too many.")
      }
      let record = machine.storages[number]
      guard bytes.count - position >= 8 else {
        throw DataError("\(name) is truncated: it ends before its numbers do; fetch it again.")
      }
      let count = bytes[position..<(position + 8)].reversed().reduce(UInt64(0)) {
        $0 << 8 | UInt64($1)
      }
      position += 8
      guard count == UInt64(record.count) else {
        throw DataError("\(name) is damaged: storage \(key) has another length than it should.")
      }
      guard record.byteCount <= bytes.count - position else {
        throw DataError("\(name) is truncated: it ends before its numbers do; fetch it again.")
      }
      starts[number] = position
      position += record.byteCount
    }
    return try starts.map {
      guard let start = $0 else { throw DataError("\(name) is damaged: it lacks a storage.") }
      return start
    }
  }

  /// Opens a file of the newer form: an archive with a folder in which `data.pkl` describes the
  /// tensors and `data/0`, `data/1` and so on hold the numbers.
  init(archive: ZipArchive) throws {
    let name = archive.path
    let suffix = "/data.pkl"
    guard let pickle = archive.members.first(where: { $0.name.hasSuffix(suffix) }) else {
      throw DataError("\(name) is an archive without data.pkl, so it is no PyTorch weight file.")
    }
    let folder = String(pickle.name.dropLast(suffix.count - 1))
    if archive.members.contains(where: { $0.name == folder + "byteorder" }),
      try archive.contents(of: folder + "byteorder", limit: 16) != Array("little".utf8)
    {
      throw DataError("\(name) was written by a machine with another order of bytes.")
    }
    var machine = WeightPickle(
      try archive.contents(of: pickle.name, limit: 1 << 26), at: 0, name: name)
    let dictionary = try machine.run()
    let sizes = Dictionary(
      archive.members.map { ($0.name, $0.size) }, uniquingKeysWith: { first, _ in first })
    for storage in machine.storages where sizes[folder + "data/" + storage.key] != storage.byteCount
    {
      throw DataError("\(name) is damaged: storage \(storage.key) is missing or too short.")
    }
    try self.init(
      name: name, machine: machine, dictionary: dictionary,
      source: .archive(archive, folder: folder))
  }
}

extension WeightPickle {
  /// Whether a dictionary of facts about a machine says so.
  func isLittleEndian(_ facts: Value) -> Bool {
    guard case .dictionary(let number) = facts else { return false }
    return dictionaries[number].contains {
      if case (.text("little_endian"), .bool(true)) = $0 { true } else { false }
    }
  }

  /// The words of a list of words.
  func texts(_ list: Value) throws -> [String] {
    guard case .list(let number) = list else { throw damaged("no list of storages") }
    return try sequences[number].map {
      guard case .text(let text) = $0 else { throw damaged("a storage without name") }
      return text
    }
  }
}
