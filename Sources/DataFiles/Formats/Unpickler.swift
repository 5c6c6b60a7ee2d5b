/// A reader for Python pickles that describe data.
///
/// A pickle is a program for a small stack machine which may call any Python function. This machine calls none: which
/// functions and classes a file may name, and what comes of them, says a ``PicklePolicy``; every other is refused, so
/// that a file can never make it do anything else. Values that contain others refer to them by number: nothing
/// recurses, and every store is bounded.
package struct Unpickler {
  /// A value on the stack. Plain bits, so that it costs no reference counts.
  package enum Value: Equatable {
    case none
    case bool(Bool)
    case integer(Int)
    /// Text in UTF-8, bytes, or a string of Python 2, by its place in the input.
    case text(Range<Int>)
    case bytes(Range<Int>)
    case latin1(Range<Int>)
    /// By its place in the items of all tuples.
    case tuple(Range<Int>)
    /// By its number in the store of its kind.
    case list(Int)
    case dictionary(Int)
    case global(Int)
    /// What the policy made, by a number of the policy's.
    case object(Int)
    /// A number with a point or of more than 64 bits: nothing that is read here needs it.
    case other
  }

  /// The items of a list: whole numbers of 32 bits first, then everything else.
  package struct List {
    /// Where its numbers stand in ``Unpickler/integers``.
    package var integers = 0..<0
    /// The items from the first on that is no such number.
    package var items: [Value] = []
  }

  let input: [UInt8]
  /// What the file is called in error messages.
  package let name: String
  /// Where the next instruction stands.
  package var position: Int

  var stack: [Value] = []
  var marks: [Int] = []
  var memo: [Int: Value] = [:]
  var tupleItems: [Value] = []
  /// The numbers of all lists, end to end.
  package var integers: [Int32] = []
  /// All lists.
  package var lists: [List] = []
  /// All dictionaries.
  package var dictionaries: [[(key: Value, value: Value)]] = []
  /// The names of functions and classes, such as `numpy.dtype`.
  package var globals: [String] = []
  private var stored = 0

  /// The most values on the stack and in the memo, and in all other stores together: well beyond what files have, and
  /// little enough memory.
  static let stackLimit = 1 << 20
  static let storeLimit = 1 << 22

  /// Prepares to read a pickle that starts at a position of the bytes.
  ///
  /// - Parameter name: what the file is called in error messages.
  package init(_ input: [UInt8], at position: Int, name: String) {
    (self.input, self.position, self.name) = (input, position, name)
  }

  /// The error for a pickle that makes no sense.
  package func damaged(_ reason: String) -> DataError {
    DataError("\(name) is a damaged pickle (\(reason) at byte \(position)); fetch the file again.")
  }

  /// Notes that this many more values are kept.
  mutating func store(_ count: Int, _ what: String) throws {
    stored += count
    guard stored <= Self.storeLimit else { throw damaged("too many \(what)") }
  }

  /// The items of a tuple.
  package func items(_ value: Value) throws -> [Value] {
    guard case .tuple(let range) = value else { throw damaged("a tuple is missing") }
    return Array(tupleItems[range])
  }

  /// Where a text, bytes or a string lie in the input; nil for any other value.
  func range(_ value: Value) -> Range<Int>? {
    switch value {
    case .text(let range), .bytes(let range), .latin1(let range): range
    default: nil
    }
  }

  /// A name, as text, bytes or string; nil for any other value, and for what is too long to be a name.
  package func string(_ value: Value) -> String? {
    guard let range = range(value), range.count <= 1024 else { return nil }
    return String(decoding: input[range], as: UTF8.self)
  }
}

/// Which functions and classes a pickle may name, and what comes of them.
package protocol PicklePolicy {
  /// The versions of the format that are read.
  var protocols: ClosedRange<UInt8> { get }
  /// What may be named, such as `numpy.dtype`.
  var globals: Set<String> { get }

  /// The error for a name that is not among ``globals``.
  func refusal(of global: String, in file: String) -> DataError

  /// What a call gives.
  mutating func call(
    _ global: String, _ arguments: [Unpickler.Value], in machine: inout Unpickler
  ) throws -> Unpickler.Value

  /// Gives a value the state that was saved with it.
  mutating func build(
    _ target: Unpickler.Value, from state: Unpickler.Value, in machine: inout Unpickler) throws

  /// What the name of something outside of the pickle stands for.
  mutating func outside(
    _ name: Unpickler.Value, in machine: inout Unpickler
  ) throws -> Unpickler.Value
}
