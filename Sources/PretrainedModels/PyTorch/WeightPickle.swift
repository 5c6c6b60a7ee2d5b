import DataFiles

/// What the pickles in PyTorch's weight files may do: describe tensors by names, shapes and places in storages.
struct WeightPickle: PicklePolicy {
  /// What a call made.
  private enum Object {
    /// A storage, by its number.
    case storage(Int)
    case tensor(StoredTensor)
  }

  private(set) var storages: [StorageRecord] = []
  /// The numbers of the storages, by the names under which they lie in the file.
  private(set) var storageNumbers: [String: Int] = [:]
  private var objects: [Object] = []

  let protocols: ClosedRange<UInt8> = 2...5
  let globals = Set(
    [
      "collections.OrderedDict", "torch._utils._rebuild_tensor_v2",
      "torch._utils._rebuild_parameter",
    ] + StorageRecord.Element.allCases.map { "torch.\($0.rawValue)" })

  func refusal(of global: String, in file: String) -> DataError {
    DataError("\(file) names \(global), which a weight file does not need.")
  }

  // MARK: Calls

  mutating func call(
    _ global: String, _ arguments: [Unpickler.Value], in machine: inout Unpickler
  ) throws -> Unpickler.Value {
    switch global {
    case "collections.OrderedDict":
      guard arguments.isEmpty else { throw machine.damaged("a dictionary made from something") }
      return try machine.makeDictionary()
    case "torch._utils._rebuild_tensor_v2":
      return add(.tensor(try rebuiltTensor(arguments, in: machine)))
    case "torch._utils._rebuild_parameter":
      guard arguments.count == 3, tensor(arguments[0]) != nil else {
        throw machine.damaged("a parameter without tensor")
      }
      return arguments[0]
    default: throw machine.damaged("a call of a type of number")
    }
  }

  /// The state is the versions of the layers, which the dictionary carries as a remark: nobody needs it.
  func build(
    _ target: Unpickler.Value, from state: Unpickler.Value, in machine: inout Unpickler
  ) throws {
    guard case .dictionary = target else { throw machine.damaged("a remark on something else") }
  }

  /// A storage: the word "storage", type, key, device, number of elements and, in older files, nothing.
  mutating func outside(
    _ name: Unpickler.Value, in machine: inout Unpickler
  ) throws -> Unpickler.Value {
    let facts = try machine.items(name)
    guard facts.count == 5 || facts.count == 6, machine.string(facts[0]) == "storage",
      case .global(let type) = facts[1],
      let element = StorageRecord.Element(rawValue: String(machine.globals[type].dropFirst(6))),
      let key = machine.string(facts[2]),
      case .integer(let count) = facts[4], count >= 0, count <= 1 << 40
    else { throw machine.damaged("something outside that is not a storage") }
    guard facts.count == 5 || facts[5] == .none else {
      throw machine.damaged("a storage within a storage")
    }
    if let number = storageNumbers[key] {
      guard storages[number].element == element, storages[number].count == count else {
        throw machine.damaged("a storage that is described in two ways")
      }
      return add(.storage(number))
    }
    storageNumbers[key] = storages.count
    storages.append(StorageRecord(element: element, key: key, count: count))
    return add(.storage(storages.count - 1))
  }

  private mutating func add(_ object: Object) -> Unpickler.Value {
    objects.append(object)
    return .object(objects.count - 1)
  }

  /// The tensor that a value is; nil if it is something else.
  private func tensor(_ value: Unpickler.Value) -> StoredTensor? {
    guard case .object(let number) = value, case .tensor(let tensor) = objects[number] else {
      return nil
    }
    return tensor
  }

  /// A tensor from storage, offset, shape, strides and two facts about gradients.
  private func rebuiltTensor(
    _ arguments: [Unpickler.Value], in machine: Unpickler
  ) throws -> StoredTensor {
    guard arguments.count == 6 || arguments.count == 7, case .object(let number) = arguments[0],
      case .storage(let storage) = objects[number], case .integer(let offset) = arguments[1]
    else { throw machine.damaged("a tensor without storage") }
    func integers(_ value: Unpickler.Value) throws -> [Int] {
      try machine.items(value).map {
        guard case .integer(let number) = $0 else {
          throw machine.damaged("a length that is not a number")
        }
        return number
      }
    }
    let (shape, strides) = (try integers(arguments[2]), try integers(arguments[3]))
    guard shape.count == strides.count, shape.count <= 8 else {
      throw machine.damaged("a tensor with \(shape.count) axes and \(strides.count) strides")
    }
    let tensor = StoredTensor(storage: storage, offset: offset, shape: shape, strides: strides)
    let limit = storages[storage].count
    guard tensor.fits(into: limit) else {
      throw machine.damaged(
        "a tensor of shape \(shape), strides \(strides) and offset \(offset) reaches beyond its "
          + "\(limit) numbers")
    }
    return tensor.withoutIdleStrides
  }

  // MARK: Results

  /// The names and tensors of the dictionary that a pickle made.
  func stateDictionary(
    _ value: Unpickler.Value, in machine: Unpickler
  ) throws -> [(name: String, tensor: StoredTensor)] {
    guard case .dictionary(let number) = value else {
      throw DataError(
        "\(machine.name) holds no dictionary of tensors, so it is not a PyTorch weight file.")
    }
    return try machine.dictionaries[number].map { key, value in
      guard let key = machine.string(key), let tensor = tensor(value) else {
        throw DataError(
          "\(machine.name) holds something else than named tensors; save the state_dict of the network."
        )
      }
      return (key, tensor)
    }
  }
}
