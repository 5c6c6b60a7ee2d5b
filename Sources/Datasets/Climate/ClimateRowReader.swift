/// Reads rows such as `01.01.2009 00:10:00,996.52,-8.02,...` one byte after another.
struct ClimateRowReader {
  /// Where reading stopped, and why.
  struct Failure {
    /// Counted from 0.
    let row: Int
    let reason: String
  }

  private let text: UnsafeBufferPointer<UInt8>
  private var position = 0
  private var row: Int

  /// - Parameters:
  ///   - text: whole rows.
  ///   - row: the number of the first one.
  init(_ text: UnsafeBufferPointer<UInt8>, row: Int) {
    (self.text, self.row) = (text, row)
  }

  /// Reads as many rows as there is room for; nil if all are well.
  mutating func read(
    _ values: UnsafeMutableBufferPointer<Float>, _ minutes: UnsafeMutableBufferPointer<Int32>
  ) -> Failure? {
    let width = Climate.variables.count
    for index in minutes.indices {
      guard let date = takeDate() else {
        return failure("\"\(field(from: position))\" is not a date such as 01.01.2009 00:10:00")
      }
      minutes[index] = date
      for column in 0..<width {
        guard position < text.count, text[position] == 44 else {
          return failure("it has \(column + 1) fields, not \(width + 1)")
        }
        position += 1
        let start = position
        guard let number = takeNumber() else {
          let heading = Climate.variables[column].heading
          return failure("\(heading) is \"\(field(from: start))\", which is not a number")
        }
        guard number.magnitude <= Climate.largestMeasurement else {
          let heading = Climate.variables[column].heading
          return failure("\(heading) is \"\(field(from: start))\", which no weather has")
        }
        values[index * width + column] = number == Climate.failedMeasurement ? .nan : number
      }
      if position < text.count, text[position] == 13 { position += 1 }
      if position < text.count {
        guard text[position] == 10 else { return failure("it has more than \(width + 1) fields") }
        position += 1
      }
      row += 1
    }
    return nil
  }

  private func failure(_ reason: String) -> Failure { Failure(row: row, reason: reason) }

  /// The field that starts somewhere, for a sentence.
  private func field(from start: Int) -> String {
    let bytes = text[start...].prefix(24).prefix { ![44, 10, 13].contains($0) }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Takes `dd.mm.yyyy hh:mm:ss`; the minutes since the beginning of 1970.
  private mutating func takeDate() -> Int32? {
    guard position + 19 <= text.count else { return nil }
    func digits(_ offset: Int, _ count: Int) -> Int? {
      var value = 0
      for index in 0..<count {
        let byte = text[position + offset + index]
        guard byte >= 48, byte <= 57 else { return nil }
        value = value * 10 + Int(byte) - 48
      }
      return value
    }
    let marks: [(Int, UInt8)] = [(2, 46), (5, 46), (10, 32), (13, 58), (16, 58)]
    for (offset, mark) in marks where text[position + offset] != mark { return nil }
    guard let day = digits(0, 2), let month = digits(3, 2), let year = digits(6, 4),
      let hour = digits(11, 2), let minute = digits(14, 2), digits(17, 2) != nil,
      let minutes = CivilTime.minutes(year, month, day, hour: hour, minute: minute)
    else { return nil }
    position += 19
    return minutes
  }

  /// Takes a decimal number.
  private mutating func takeNumber() -> Float? {
    let start = position
    var index = position
    let isNegative = index < text.count && text[index] == 45
    if isNegative { index += 1 }
    var (mantissa, digits, decimals) = (0, 0, 0)
    var isAfterPoint = false
    while index < text.count {
      let byte = text[index]
      if byte >= 48, byte <= 57 {
        mantissa = mantissa &* 10 &+ Int(byte &- 48)
        digits += 1
        if isAfterPoint { decimals += 1 }
        // More digits than a number of 64 bits holds exactly.
        if digits > 15 { return takeUnusualNumber(from: start) }
      } else if byte == 46, !isAfterPoint {
        isAfterPoint = true
      } else {
        break
      }
      index += 1
    }
    let isAtEnd = index == text.count || [44, 10, 13].contains(text[index])
    guard digits > 0, isAtEnd else { return takeUnusualNumber(from: start) }
    position = index
    // Both are exact, so that the quotient is the number nearest to what is written.
    let value = Double(mantissa) / ClimateRowReader.powers[decimals]
    return Float(isNegative ? -value : value)
  }

  private static let powers: [Double] = (0...15).map { exponent in
    (0..<exponent).reduce(1) { power, _ in power * 10 }
  }

  /// Takes what is not plain digits, such as `1e-05`.
  private mutating func takeUnusualNumber(from start: Int) -> Float? {
    let bytes = text[start...].prefix(64).prefix { ![44, 10, 13].contains($0) }
    guard let value = Float(String(decoding: bytes, as: UTF8.self)), value.isFinite else {
      return nil
    }
    position = start + bytes.count
    return value
  }
}
