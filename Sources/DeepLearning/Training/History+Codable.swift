extension History: Codable {
  private enum Key: CodingKey { case names, values, seconds }

  /// Reads a history that was encoded.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    let names = try container.decode([String].self, forKey: .names)
    let values = try container.decode([[UInt32]].self, forKey: .values)
    let seconds = try container.decode([Double].self, forKey: .seconds)
    guard seconds.count == values.count, values.allSatisfy({ $0.count == names.count }) else {
      throw DecodingError.dataCorruptedError(
        forKey: .values, in: container, debugDescription: "Lists of unequal length.")
    }
    self.init()
    for (epoch, seconds) in zip(values, seconds) {
      var logs = Logs()
      for (name, value) in zip(names, epoch) { logs[name] = Float(bitPattern: value) }
      append(logs, seconds: seconds)
    }
  }

  /// Writes the history; numbers by their bits, as JSON knows no infinity.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(names, forKey: .names)
    try container.encode(
      epochs.map { logs in names.map { (logs[$0] ?? .nan).bitPattern } }, forKey: .values)
    try container.encode(seconds, forKey: .seconds)
  }
}
