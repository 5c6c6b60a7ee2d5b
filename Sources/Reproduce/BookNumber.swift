/// A number that the book or one of its notebooks prints and no result of a program stands beside.
struct BookNumber: Equatable, Sendable {
  /// Where our number comes from.
  enum Source: Equatable, Sendable {
    /// A result of the program, which stands beside another number of the book's: print and notebook often differ.
    case result(String)
    /// A training's history: file, column and which of its numbers, with the reservation of the results that have this in their
    /// names.
    case history(String, String, Pick, like: String? = nil)
    /// The chapter's tests hold it, so that it cannot be another.
    case test
    /// It cannot be compared, for a reason.
    case nothing(String)
  }

  /// One number of a column.
  enum Pick: Equatable, Sendable {
    case first, last, lowest, highest, epochOfLowest, epochOfHighest
    case epoch(Int)

    init?(_ text: Substring) {
      switch text {
      case "first": self = .first
      case "last": self = .last
      case "lowest": self = .lowest
      case "highest": self = .highest
      case "lowest-epoch": self = .epochOfLowest
      case "highest-epoch": self = .epochOfHighest
      default:
        guard text.hasPrefix("@"), let epoch = Int(text.dropFirst()), epoch > 0 else { return nil }
        self = .epoch(epoch)
      }
    }

    /// The number; nil of a column that has none, or is too short.
    func number(of column: [Double]) -> Double? {
      let places = column.indices
      let number: Double? =
        switch self {
        case .first: column.first
        case .last: column.last
        case .lowest: column.min()
        case .highest: column.max()
        case .epochOfLowest: places.min { column[$0] < column[$1] }.map { Double($0 + 1) }
        case .epochOfHighest: places.max { column[$0] < column[$1] }.map { Double($0 + 1) }
        case .epoch(let epoch): epoch <= column.count ? column[epoch - 1] : nil
        }
      return number.flatMap { $0.isFinite ? $0 : nil }
    }
  }

  /// The job whose results it stands among.
  let job: String
  let name: String
  /// The number, as it was printed.
  let book: String
  /// The book, its notebook, or its text where that says another thing than its logs.
  let printed: String
  let source: Source

  /// The number; nil for what is printed as several.
  var value: Double? { Double(book.replacing(",", with: "")) }

  /// Reads a line: job, name, number, where it was printed, source.
  init?(_ line: Substring) {
    let parts = line.split(separator: "|").map { $0.trimming() }
    guard parts.count == 5 else { return nil }
    (job, name, book, printed) = (
      String(parts[0]), String(parts[1]), String(parts[2]), String(parts[3])
    )
    let words = parts[4].split(separator: " ")
    switch words.first {
    case "result": source = .result(words.dropFirst().joined(separator: " "))
    case "history" where words.count == 4 || words.count > 5 && words[4] == "like":
      guard let pick = Pick(words[3]) else { return nil }
      let like = words.count > 4 ? words[5...].joined(separator: " ") : nil
      source = .history(String(words[1]), String(words[2]), pick, like: like)
    case "test" where words.count == 1: source = .test
    case "none": source = .nothing(words.dropFirst().joined(separator: " "))
    default: return nil
    }
  }

  /// All of them, in the book's order.
  static let all: [BookNumber] = facts.split(separator: "\n").map { line in
    guard let number = BookNumber(line) else { fatalError("This is no number: \(line)") }
    return number
  }
}

extension Substring {
  fileprivate func trimming() -> Substring {
    drop { $0 == " " }.reversedDrop()
  }

  private func reversedDrop() -> Substring {
    var copy = self
    while copy.last == " " { copy.removeLast() }
    return copy
  }
}
