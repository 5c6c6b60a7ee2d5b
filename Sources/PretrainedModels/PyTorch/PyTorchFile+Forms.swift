import DataFiles

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
    func unpickled() throws -> UnpickledWeights {
      let pickle = try UnpickledWeights(bytes, at: position, name: name)
      position = pickle.machine.position
      return pickle
    }
    guard try unpickled().value == .integer(1001) else {
      throw DataError("\(name) has a form of PyTorch's weight files that is not known here.")
    }
    guard try unpickled().isLittleEndian else {
      throw DataError("\(name) was written by a machine with another order of bytes.")
    }
    let dictionary = try unpickled()
    let keys = try unpickled().texts
    let starts = try Self.starts(of: dictionary, order: keys, in: bytes, from: position)
    try self.init(dictionary, source: .bytes(bytes, starts: starts))
  }

  /// Where the numbers of each storage start, in bytes.
  private static func starts(
    of pickle: UnpickledWeights, order keys: [String], in bytes: [UInt8], from start: Int
  ) throws -> [Int] {
    let (name, policy) = (pickle.machine.name, pickle.policy)
    var starts = [Int?](repeating: nil, count: policy.storages.count)
    var position = start
    for key in keys {
      guard let number = policy.storageNumbers[key], starts[number] == nil else {
        throw DataError(
          "\(name) is damaged: its list of storages names one too many; fetch it again.")
      }
      let record = policy.storages[number]
      guard bytes.count - position >= 8 else {
        throw DataError("\(name) is truncated: it ends before its numbers do; fetch it again.")
      }
      let count = bytes[position..<(position + 8)].reversed().reduce(UInt64(0)) {
        $0 << 8 | UInt64($1)
      }
      position += 8
      guard count == UInt64(record.count) else {
        throw DataError(
          "\(name) is damaged: storage \(key) has another length than it should; fetch it again.")
      }
      guard record.byteCount <= bytes.count - position else {
        throw DataError("\(name) is truncated: it ends before its numbers do; fetch it again.")
      }
      starts[number] = position
      position += record.byteCount
    }
    return try starts.map {
      guard let start = $0 else {
        throw DataError("\(name) is damaged: it lacks a storage; fetch it again.")
      }
      return start
    }
  }

  /// Opens a file of the newer form: an archive with a folder in which `data.pkl` describes the
  /// tensors and `data/0`, `data/1` and so on hold the numbers.
  init(archive: ZipArchive) throws {
    let name = archive.path
    let suffix = "/data.pkl"
    guard let member = archive.members.first(where: { $0.name.hasSuffix(suffix) }) else {
      throw DataError("\(name) is an archive without data.pkl, so it is not a PyTorch weight file.")
    }
    let folder = String(member.name.dropLast(suffix.count - 1))
    if archive.members.contains(where: { $0.name == folder + "byteorder" }),
      try archive.contents(of: folder + "byteorder", limit: 16) != Array("little".utf8)
    {
      throw DataError("\(name) was written by a machine with another order of bytes.")
    }
    let pickle = try UnpickledWeights(
      archive.contents(of: member.name, limit: 1 << 26), at: 0, name: name)
    let sizes = Dictionary(
      archive.members.map { ($0.name, $0.size) }, uniquingKeysWith: { first, _ in first })
    for storage in pickle.policy.storages
    where sizes[folder + "data/" + storage.key] != storage.byteCount {
      throw DataError(
        "\(name) is damaged: storage \(storage.key) is missing or too short; fetch it again.")
    }
    try self.init(pickle, source: .archive(archive, folder: folder))
  }
}

/// A pickle of a weight file that was read.
struct UnpickledWeights {
  let machine: Unpickler
  let policy: WeightPickle
  let value: Unpickler.Value

  /// Reads the pickle that starts at a position of the bytes.
  init(_ bytes: [UInt8], at position: Int, name: String) throws {
    var (machine, policy) = (Unpickler(bytes, at: position, name: name), WeightPickle())
    value = try machine.run(&policy)
    (self.machine, self.policy) = (machine, policy)
  }

  /// Whether it is a dictionary of facts about a machine, and says so.
  var isLittleEndian: Bool {
    guard case .dictionary(let number) = value else { return false }
    return machine.dictionaries[number].contains {
      machine.string($0.key) == "little_endian" && $0.value == .bool(true)
    }
  }

  /// The words of a list of words.
  var texts: [String] {
    get throws {
      guard case .list(let number) = value, machine.lists[number].integers.isEmpty else {
        throw machine.damaged("no list of storages")
      }
      return try machine.lists[number].items.map {
        guard let text = machine.string($0) else { throw machine.damaged("a storage without name") }
        return text
      }
    }
  }
}
