import Datasets

/// A reader for the one kind of Python pickle that PyTorch's weight files hold: names and tensors.
///
/// A pickle is a program for a small stack machine which may call any Python function. This machine
/// knows only the calls that describe a tensor and refuses every other, so that a file can never make
/// it do anything else. Values that contain others refer to them by number: nothing here recurses,
/// and every store is bounded.
struct WeightPickle {
  /// A value on the stack.
  enum Value {
    case none
    case bool(Bool)
    case integer(Int)
    case text(String)
    /// A number, or something else that no tensor needs to know.
    case other
    case tuple(Int)
    case list(Int)
    case dictionary(Int)
    case global(Global)
    case storage(Int)
    case tensor(Int)
  }

  /// The functions and classes that a weight file may name.
  enum Global: Equatable {
    case orderedDictionary, rebuildTensor, rebuildParameter
    case storage(StorageRecord.Element)

    init?(module: String, name: String) {
      switch (module, name) {
      case ("collections", "OrderedDict"): self = .orderedDictionary
      case ("torch._utils", "_rebuild_tensor_v2"): self = .rebuildTensor
      case ("torch._utils", "_rebuild_parameter"): self = .rebuildParameter
      case ("torch", let type):
        guard let element = StorageRecord.Element(rawValue: type) else { return nil }
        self = .storage(element)
      default: return nil
      }
    }
  }

  let input: [UInt8]
  let name: String
  var position: Int

  var stack: [Value] = []
  var marks: [Int] = []
  var memo: [Int: Value] = [:]
  /// The items of tuples and lists.
  var sequences: [[Value]] = []
  var dictionaries: [[(key: Value, value: Value)]] = []
  var storages: [StorageRecord] = []
  var storageNumbers: [String: Int] = [:]
  var tensors: [StoredTensor] = []
  var itemCount = 0

  /// Far more values than the largest weight files have.
  static let storeLimit = 1 << 18

  /// Prepares to read a pickle that starts at a position of the bytes.
  ///
  /// - Parameter name: what the file is called in error messages.
  init(_ input: [UInt8], at position: Int, name: String) {
    (self.input, self.position, self.name) = (input, position, name)
  }

  func damaged(_ reason: String) -> DataError {
    DataError("\(name) is damaged: \(reason), at byte \(position); fetch it again.")
  }

  // MARK: Calls

  /// Calls a function with the tuple on top of the stack.
  mutating func reduce() throws {
    let arguments = try items(pop())
    guard case .global(let function) = try pop() else { throw damaged("a call of no function") }
    switch function {
    case .orderedDictionary:
      guard arguments.isEmpty else { throw damaged("a dictionary made from something") }
      try pushDictionary()
    case .rebuildTensor: try push(rebuiltTensor(arguments))
    case .rebuildParameter:
      guard arguments.count == 3, case .tensor = arguments[0] else {
        throw damaged("a parameter without tensor")
      }
      try push(arguments[0])
    case .storage: throw damaged("a call of a type of number")
    }
  }

  /// A tensor from storage, offset, shape, strides and two facts about gradients.
  private mutating func rebuiltTensor(_ arguments: [Value]) throws -> Value {
    guard arguments.count == 6 || arguments.count == 7, case .storage(let storage) = arguments[0],
      case .integer(let offset) = arguments[1]
    else { throw damaged("a tensor without storage") }
    let shape = try integers(arguments[2])
    var strides = try integers(arguments[3])
    guard shape.count == strides.count, shape.count <= 8 else {
      throw damaged("a tensor with \(shape.count) axes and \(strides.count) strides")
    }
    // Where the last element lies, and how many there are; no tensor of a weight file is larger than
    // its storage.
    var (last, count) = (offset, 1)
    let limit = storages[storage].count
    let isEmpty = shape.contains(0)
    var fits = offset >= 0 && offset <= limit && (shape + strides).allSatisfy { $0 >= 0 }
    for (length, stride) in zip(shape, strides) {
      guard fits else { break }
      let (reach, overflow) = stride.multipliedReportingOverflow(by: max(length - 1, 0))
      let (elements, overflow2) = count.multipliedReportingOverflow(by: length)
      fits = !overflow && !overflow2 && (isEmpty || reach < limit) && elements <= limit
      (last, count) = (isEmpty || !fits ? offset : last + reach, elements)
    }
    guard fits, count == 0 || last < limit else {
      throw damaged(
        "a tensor of shape \(shape), strides \(strides) and offset \(offset) reaches beyond its "
          + "\(limit) numbers")
    }
    // Where there is no second element the stride means nothing, and may be any number.
    strides = zip(shape, strides).map { isEmpty || $0 == 1 ? 0 : $1 }
    guard tensors.count < Self.storeLimit else { throw damaged("too many tensors") }
    tensors.append(StoredTensor(storage: storage, offset: offset, shape: shape, strides: strides))
    return .tensor(tensors.count - 1)
  }

  /// The storage that a tuple on top of the stack describes: the word "storage", type, key, device,
  /// number of elements and, in older files, nothing.
  mutating func pushStorage() throws {
    let facts = try items(pop())
    guard facts.count == 5 || facts.count == 6, case .text("storage") = facts[0],
      case .global(.storage(let element)) = facts[1], case .text(let key) = facts[2],
      case .integer(let count) = facts[4], count >= 0, count <= 1 << 40
    else { throw damaged("something outside that is no storage") }
    if facts.count == 6 {
      guard case .none = facts[5] else { throw damaged("a storage within a storage") }
    }
    if let number = storageNumbers[key] {
      guard storages[number].element == element, storages[number].count == count else {
        throw damaged("a storage that is described in two ways")
      }
      return try push(.storage(number))
    }
    guard storages.count < Self.storeLimit else { throw damaged("too many storages") }
    storageNumbers[key] = storages.count
    storages.append(StorageRecord(element: element, key: key, count: count))
    try push(.storage(storages.count - 1))
  }

  mutating func pushGlobal(module: String, name function: String) throws {
    guard let global = Global(module: module, name: function) else {
      throw DataError(
        "\(name) names \(module).\(function), which a weight file has no business with.")
    }
    try push(.global(global))
  }

  // MARK: Results

  /// The names and tensors of the dictionary that the pickle made.
  func stateDictionary(_ value: Value) throws -> [(name: String, tensor: StoredTensor)] {
    guard case .dictionary(let number) = value else {
      throw DataError("\(name) holds no dictionary of tensors, so it is no PyTorch weight file.")
    }
    return try dictionaries[number].map { key, value in
      guard case .text(let key) = key, case .tensor(let tensor) = value else {
        throw DataError(
          "\(name) holds something else than named tensors; save the state_dict of the network.")
      }
      return (key, tensors[tensor])
    }
  }

  func items(_ value: Value) throws -> [Value] {
    guard case .tuple(let number) = value else { throw damaged("a tuple is missing") }
    return sequences[number]
  }

  private func integers(_ value: Value) throws -> [Int] {
    try items(value).map {
      guard case .integer(let number) = $0 else { throw damaged("a length that is no number") }
      return number
    }
  }
}
