/// A reader for the kinds of Python pickle that data sets use: a NumPy array of lists of whole
/// numbers, or a dictionary with arrays of bytes and such lists.
///
/// A pickle is a program for a small stack machine which may call any Python function. This machine
/// knows only the few calls that rebuild such arrays and refuses every other, so that a file can
/// never make it do anything else. Protocols 2 to 4. Nothing in it recurses and every store is
/// bounded by the length of the input.
struct Unpickler {
  /// A value on the stack; what `payload` means depends on the kind. Plain bits, so that it costs
  /// no reference counts.
  struct Value {
    enum Kind: UInt8 {
      case none, bool, integer, text, bytes, latin1, tuple, list, dictionary, global, array, type
      case mark
    }
    var kind: Kind
    var payload: Int = 0
  }

  /// The functions and classes that a pickle may name.
  enum Global: Int {
    case reconstruct, scalar, array, type, encode
  }

  struct List {
    /// Texts are passed over.
    enum Content { case nothing, integers, lists, texts }
    var content = Content.nothing
    var start = 0
    var end = 0
  }

  struct ArrayRecord {
    var length: Int?
    var list = 0
    /// Of an array of bytes: where they lie in the input, and in which shape.
    var bytes: Range<Int>?
    /// Whether they are written as text in UTF-8, a character for each, as Python 3 does in protocol 2.
    var isText = false
    var shape: [Int] = []
  }

  struct TypeRecord {
    var code: String
    var isBigEndian = false
  }

  let input: UnsafeBufferPointer<UInt8>
  let name: String
  var position: Int
  /// All integers of all lists, end to end.
  let integers: UnsafeMutableBufferPointer<Int32>
  var integerCount = 0

  var stack = [Value]()
  var marks = [Int]()
  var memo = [Int: Value]()
  var tuples = [Range<Int>]()
  var tupleItems = [Value]()
  var lists = [List]()
  var children = [Int32]()
  var arrays = [ArrayRecord]()
  var types = [TypeRecord]()
  /// The entries of all dictionaries.
  var entries = [(dictionary: Int, key: Value, value: Value)]()
  var dictionaryCount = 0

  /// The most values on the stack, in the memo and in tuples, and the most lists: well beyond
  /// what data sets have, and little enough memory.
  static let storeLimit = 1 << 20
  static let listLimit = 1 << 22

  /// Decodes a pickled array of lists of whole numbers.
  ///
  /// - Parameters:
  ///   - start: where the pickle starts in the bytes.
  ///   - name: what the file is called in error messages.
  static func integerLists(_ bytes: [UInt8], from start: Int, name: String) throws -> IntegerLists {
    guard bytes.count < 1 << 31 else { throw DataError("\(name) is too large to be decoded.") }
    var ranges = [Range<Int>]()
    // Every integer takes two bytes of the pickle or more.
    let capacity = (bytes.count - start) / 2 + 1
    let values = try [Int32](unsafeUninitializedCapacity: capacity) { integers, count in
      try bytes.withUnsafeBufferPointer { input in
        var machine = Unpickler(input: input, name: name, position: start, integers: integers)
        machine.stack.reserveCapacity(4096)
        let value = try machine.run()
        ranges = try machine.result(value)
        count = machine.integerCount
      }
    }
    return try joined(ranges, values, name: name)
  }

  init(
    input: UnsafeBufferPointer<UInt8>, name: String, position: Int,
    integers: UnsafeMutableBufferPointer<Int32>
  ) {
    (self.input, self.name, self.position, self.integers) = (input, name, position, integers)
  }

  /// The lists in order; a copy is made only where the order of storage is another one.
  private static func joined(
    _ ranges: [Range<Int>], _ values: [Int32], name: String
  ) throws -> IntegerLists {
    var starts = [0]
    starts.reserveCapacity(ranges.count + 1)
    var total = 0
    var isInOrder = true
    for range in ranges {
      isInOrder = isInOrder && range.lowerBound == total
      total += range.count
      // One list may be named many times: a small file must not become a huge array.
      guard total <= values.count + storeLimit else {
        throw DataError("\(name) repeats its lists more often than can be accepted.")
      }
      starts.append(total)
    }
    if isInOrder && total == values.count { return IntegerLists(values: values, starts: starts) }
    var result = [Int32]()
    result.reserveCapacity(total)
    for range in ranges { result.append(contentsOf: values[range]) }
    return IntegerLists(values: result, starts: starts)
  }

  func damaged(_ reason: String) -> DataError {
    DataError("\(name) is a damaged pickle (\(reason) at byte \(position)); fetch the file again.")
  }

  // MARK: Results

  /// The ranges in `integers` of the lists in the array on top of the stack.
  func result(_ value: Value) throws -> [Range<Int>] {
    var list = lists.indices.contains(value.payload) ? value.payload : 0
    switch value.kind {
    case .list: break
    case .array:
      guard arrays[value.payload].bytes == nil else {
        throw DataError("\(name) should hold an array of lists.")
      }
      guard let length = arrays[value.payload].length else {
        throw damaged("array without contents")
      }
      list = arrays[value.payload].list
      guard lists[list].end - lists[list].start == length else {
        throw damaged("array and its shape differ")
      }
    default: throw damaged("no array")
    }
    switch lists[list].content {
    case .nothing: return []
    case .texts:
      throw DataError("\(name) should hold lists of whole numbers, and holds something else.")
    case .integers: throw DataError("\(name) should hold lists of whole numbers, not numbers.")
    case .lists:
      return try children[lists[list].start..<lists[list].end].map { child in
        let record = lists[Int(child)]
        guard record.content != .lists, record.content != .texts else {
          throw DataError("\(name) should hold lists of whole numbers, not of lists or texts.")
        }
        return record.start..<record.end
      }
    }
  }
}
