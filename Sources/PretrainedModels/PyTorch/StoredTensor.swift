/// What a PyTorch weight file says about one of its tensors: a view into a storage.
struct StoredTensor {
  let storage: Int
  let offset: Int
  let shape: [Int]
  let strides: [Int]

  /// Whether it lies within a storage of this many numbers, and has no more elements than that: no tensor of a weight
  /// file is larger than its storage.
  func fits(into limit: Int) -> Bool {
    guard (shape + strides).allSatisfy({ $0 >= 0 }), 0...limit ~= offset else { return false }
    let isEmpty = shape.contains(0)
    var (last, count) = (offset, 1)
    for (length, stride) in zip(shape, strides) {
      let (reach, overflow) = stride.multipliedReportingOverflow(by: max(length - 1, 0))
      let (elements, overflow2) = count.multipliedReportingOverflow(by: length)
      guard !overflow, !overflow2, isEmpty || reach < limit, elements <= limit else { return false }
      (last, count) = (isEmpty ? offset : last + reach, elements)
    }
    return isEmpty || last < limit
  }

  /// The same, where the strides that mean nothing, and may be any number, are 0: those without a second element.
  var withoutIdleStrides: StoredTensor {
    let isEmpty = shape.contains(0)
    return StoredTensor(
      storage: storage, offset: offset, shape: shape,
      strides: zip(shape, strides).map { isEmpty || $0 == 1 ? 0 : $1 })
  }
}

/// A row of numbers that tensors look into.
struct StorageRecord {
  /// The types of number that weight files hold.
  enum Element: String, CaseIterable {
    case float = "FloatStorage"
    case half = "HalfStorage"
    case long = "LongStorage"

    /// In bytes.
    var width: Int {
      switch self {
      case .float: 4
      case .half: 2
      case .long: 8
      }
    }
  }

  let element: Element
  /// The name under which its numbers lie in the file.
  let key: String
  /// How many numbers it has.
  let count: Int

  /// Its size in bytes; the machine that reads the description has ruled out an overflow.
  var byteCount: Int { count * element.width }
}
