/// What a PyTorch weight file says about one of its tensors: a view into a storage.
struct StoredTensor {
  let storage: Int
  let offset: Int
  let shape: [Int]
  let strides: [Int]
}

/// A row of numbers that tensors look into.
struct StorageRecord {
  /// The types of number that weight files hold.
  enum Element: String {
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
