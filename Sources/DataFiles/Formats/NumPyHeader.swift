/// The first bytes of a NumPy file: type, order and shape of the array behind them.
struct NumPyHeader: Equatable {
  /// The type as NumPy writes it, `<f4` for instance.
  var type: String
  /// Whether the first index runs fastest.
  var isFortranOrder: Bool
  var shape: [Int]
  /// Where the elements start.
  var length: Int

  /// The number of elements.
  ///
  /// `init` has made sure that the product does not overflow.
  var count: Int { shape.reduce(1, *) }

  /// Parses the header at the start of a file of versions 1 to 3.
  ///
  /// - Parameter name: what the file is called in error messages.
  init(_ bytes: [UInt8], name: String) throws {
    let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
    guard bytes.count >= 10, bytes.starts(with: magic) else {
      throw DataError("\(name) is not a NumPy file: it does not start with \\x93NUMPY.")
    }
    guard (1...3).contains(bytes[6]) else {
      throw DataError("\(name) is a NumPy file of version \(bytes[6]); known are 1 to 3.")
    }
    let start = bytes[6] == 1 ? 10 : 12
    let claim = bytes[6] == 1 ? bytes.number16(at: 8) : bytes.number32(at: 8)
    guard let claim, claim <= 1 << 16, claim <= bytes.count - start else {
      throw DataError(
        "\(name) is truncated or damaged: its NumPy header is not whole; fetch it again.")
    }
    length = start + claim
    var parser = Literal(rest: bytes[start..<length])
    guard let fields = parser.dictionary(), parser.isAtEnd,
      Set(fields.keys) == ["descr", "fortran_order", "shape"],
      case .text(let type) = fields["descr"], case .flag(let order) = fields["fortran_order"],
      case .numbers(let shape) = fields["shape"], shape.count <= 32
    else {
      throw DataError("\(name) has a NumPy header that cannot be understood.")
    }
    var product = 1
    for size in shape {
      let (value, overflow) = product.multipliedReportingOverflow(by: max(size, 1))
      guard !overflow, value < 1 << 48 else {
        throw DataError("\(name) claims the impossible shape \(shape).")
      }
      product = value
    }
    (self.type, isFortranOrder, self.shape) = (type, order, shape)
  }

  /// The little of Python's notation that a header uses.
  private struct Literal {
    enum Value {
      case text(String)
      case flag(Bool)
      case numbers([Int])
    }

    var rest: ArraySlice<UInt8>

    var isAtEnd: Bool { rest.allSatisfy { $0 == 32 || $0 == 10 } }

    /// Takes a character, with the blanks before it, if it is the next one.
    mutating func take(_ character: Character) -> Bool {
      rest = rest.drop { $0 == 32 }
      guard rest.first == character.asciiValue else { return false }
      rest = rest.dropFirst()
      return true
    }

    mutating func dictionary() -> [String: Value]? {
      var fields = [String: Value]()
      guard take("{") else { return nil }
      while !take("}") {
        guard let key = text(), take(":"), let value = value(), fields[key] == nil else {
          return nil
        }
        fields[key] = value
        guard take(",") || rest.drop(while: { $0 == 32 }).first == UInt8(ascii: "}") else {
          return nil
        }
      }
      return fields
    }

    mutating func value() -> Value? {
      if let text = text() { return .text(text) }
      for (word, flag) in [("True", true), ("False", false)] where rest.starts(with: word.utf8) {
        rest = rest.dropFirst(word.utf8.count)
        return .flag(flag)
      }
      guard take("(") else { return nil }
      var numbers = [Int]()
      while !take(")") {
        guard let number = number() else { return nil }
        numbers.append(number)
        guard take(",") || rest.drop(while: { $0 == 32 }).first == UInt8(ascii: ")") else {
          return nil
        }
      }
      return .numbers(numbers)
    }

    mutating func text() -> String? {
      for quote: Character in ["'", "\""] where take(quote) {
        let body = rest.prefix { $0 != quote.asciiValue && $0 != UInt8(ascii: "\\") }
        rest = rest.dropFirst(body.count)
        return take(quote) ? String(decoding: body, as: UTF8.self) : nil
      }
      return nil
    }

    mutating func number() -> Int? {
      rest = rest.drop { $0 == 32 }
      let digits = rest.prefix { (48...57).contains($0) }
      rest = rest.dropFirst(digits.count)
      // Python 2 wrote long integers with an L.
      if rest.first == UInt8(ascii: "L") { rest = rest.dropFirst() }
      return Int(String(decoding: digits, as: UTF8.self))
    }
  }
}
