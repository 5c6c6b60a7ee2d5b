import DataFiles
import Foundation

/// Reads word vectors from text: on each line a word and its numbers, separated by blanks.
///
/// While one piece is parsed the next one is read or unpacked, so that a file of 400,000 vectors takes about as long as
/// unpacking it. Every line must have as many numbers as the first, but only those of the wanted words are turned
/// into values; of the others only the characters are looked at.
struct VectorTextReader {
  /// What the text is called in error messages.
  let name: String
  /// The place of each wanted word among the vectors.
  private let wanted: [String: Int]
  /// The length of the vectors, once the first line is read.
  private var dimension = 0
  /// How many lines have been read.
  private(set) var lines = 0
  private var found: [(place: Int, values: [Float])] = []
  private var isFound: Set<Int> = []
  /// How often a wanted word came once more.
  private var repetitions = 0
  private let lineLimit: Int
  /// The numbers of the line at hand.
  private var row = [Float]()

  /// A piece that is read at once, and also the longest line accepted.
  private static let pieceSize = 1 << 22
  /// The most lines accepted; the largest of GloVe's files has 2.2 million, that of the book 400,000.
  private static let lineLimit = 1 << 22
  /// How often wanted words may come again. GloVe's files repeat none; some that are put together do, a little.
  private static let repetitionLimit = 1000

  /// Reads a whole stream.
  ///
  /// Of a word that comes again the first vector counts.
  ///
  /// - Returns: the vectors of the wanted words that are there, in the order of the list, and the number of all words.
  /// - Throws: `DataError` if lines differ in length, hold what is not a number, or the text ends too early.
  static func read(
    _ stream: any ByteStream, words: [String], pieceSize: Int = pieceSize,
    lineLimit: Int = lineLimit
  ) throws -> (vectors: WordVectors, lines: Int) {
    var reader = VectorTextReader(name: stream.name, words: words, lineLimit: lineLimit)
    // The piece being parsed, and the one being read behind the beginning of an unfinished line.
    var (current, next) = (
      [UInt8](repeating: 0, count: 2 * pieceSize), [UInt8](repeating: 0, count: 2 * pieceSize)
    )
    var end = try current.withUnsafeMutableBytes {
      try stream.fill(.init(rebasing: $0[..<pieceSize]))
    }
    while end > 0 {
      guard let lineEnd = current[..<end].lastIndex(of: 10) else {
        throw reader.lines == 0 && end >= pieceSize
          ? DataError("\(stream.name) holds no word vectors: its first line does not end.")
          : reader.error("it ends in the middle of a line; the file is truncated, fetch it again")
      }
      let tail = current[(lineEnd + 1)..<end]
      guard tail.count < pieceSize else { throw reader.error("the line does not end") }
      nonisolated(unsafe) let source = stream
      (reader, end) = try current.withUnsafeBytes { piece in
        try next.withUnsafeMutableBytes { target in
          nonisolated(unsafe) let (piece, target) = (piece, target)
          let before = reader
          return try inParallel(
            {
              var after = before
              try after.parse(UnsafeRawBufferPointer(rebasing: piece[...lineEnd]))
              return after
            },
            {
              target.copyBytes(from: tail)
              let room = UnsafeMutableRawBufferPointer(
                rebasing: target[tail.count..<(tail.count + pieceSize)])
              let count = try source.fill(room)
              // Only the rest of a line without its end is not a piece of its own.
              return count == 0 && tail.isEmpty ? 0 : tail.count + count
            })
        }
      }
      swap(&current, &next)
    }
    return (try reader.vectors(words), reader.lines)
  }

  private init(name: String, words: [String], lineLimit: Int) {
    (self.name, self.lineLimit) = (name, lineLimit)
    wanted = Dictionary(zip(words, words.indices), uniquingKeysWith: { first, _ in first })
  }

  private func vectors(_ words: [String]) throws -> WordVectors {
    guard lines > 0 else { throw DataError("\(name) is empty; fetch it again.") }
    let kept = found.sorted { $0.place < $1.place }
    return WordVectors(
      words: kept.map { words[$0.place] }, values: kept.flatMap(\.values), dimension: dimension)
  }

  /// An error in the line after those that were read.
  private func error(_ reason: String) -> DataError {
    DataError("\(name), line \(lines + 1): \(reason).")
  }

  /// Parses whole lines, each with its line feed.
  private mutating func parse(_ text: UnsafeRawBufferPointer) throws {
    var start = 0
    while start < text.count {
      var position = start
      while text[position] != 32, text[position] != 10 { position += 1 }
      let word = text[start..<position]
      let place = wanted[String(decoding: word, as: UTF8.self)]
      var count = 0
      if place != nil || !Self.skip(text, &position, &count) {
        try takeNumbers(text, &position)
        count = row.count
      }
      if lines == 0 { dimension = count }
      guard count == dimension, 1...GloVe.longestVector ~= dimension, !word.isEmpty else {
        throw error(
          lines == 0
            ? "it should be a word and its numbers, 1 to \(GloVe.longestVector)"
            : "it has \(count) numbers where the first line has \(dimension); fetch it again")
      }
      if let place { try keep(row, at: place) }
      guard lines < lineLimit else {
        throw error("there are more than the \(lineLimit) words expected at most")
      }
      lines += 1
      start = position + 1
    }
  }

  /// Keeps the vector of a wanted word, unless it has one.
  private mutating func keep(_ vector: [Float], at place: Int) throws {
    if isFound.insert(place).inserted { return found.append((place, vector)) }
    repetitions += 1
    guard repetitions <= Self.repetitionLimit else {
      throw error("its words come again and again; fetch the file again")
    }
  }

  /// What a byte can be: a blank, part of a number, or something else.
  private static let kinds: [UInt8] = (0..<256).map { byte in
    if byte == 32 || byte == 13 { return 0 }
    return "0123456789.-+eE".utf8.contains(UInt8(byte)) ? 1 : 2
  }

  /// Passes over the rest of a line and counts what looks like a number; does nothing if something else is in it.
  private static func skip(
    _ text: UnsafeRawBufferPointer, _ position: inout Int, _ count: inout Int
  ) -> Bool {
    kinds.withUnsafeBufferPointer { kinds in
      var (index, tokens, before) = (position, 0, UInt8(0))
      while text[index] != 10 {
        let kind = kinds[Int(text[index])]
        if kind == 2 { return false }
        // Goes up where a number begins.
        tokens &+= Int(kind & ~before)
        before = kind
        index &+= 1
      }
      (position, count) = (index, tokens)
      return true
    }
  }

  /// Reads the numbers of the rest of a line into `row`.
  private mutating func takeNumbers(
    _ text: UnsafeRawBufferPointer, _ position: inout Int
  ) throws {
    row.removeAll(keepingCapacity: true)
    while text[position] != 10 {
      // A blank or carriage return at the end of a line is not a number.
      if text[position] == 32 || text[position] == 13 {
        position += 1
        continue
      }
      guard let number = Self.number(text, &position) else {
        let token = text[position...].prefix { $0 != 32 && $0 != 10 }.prefix(24)
        throw error("\"\(String(decoding: token, as: UTF8.self))\" is not a number")
      }
      row.append(number)
    }
  }

  /// Takes a number and moves behind it; nil if there is none that is finite.
  ///
  /// Up to 15 digits and small powers of ten are exact in a Double, and their quotient is rightly rounded (Clinger,
  /// 1990). What is longer is left to the system.
  private static func number(_ text: UnsafeRawBufferPointer, _ position: inout Int) -> Float? {
    let start = position
    var index = start
    let isNegative = text[index] == 45
    if isNegative { index += 1 }
    var (mantissa, digits, decimals) = (0, 0, 0)
    while text[index] >= 48, text[index] <= 57 {
      mantissa = mantissa &* 10 &+ Int(text[index] &- 48)
      digits += 1
      index += 1
    }
    if text[index] == 46 {
      index += 1
      while text[index] >= 48, text[index] <= 57 {
        mantissa = mantissa &* 10 &+ Int(text[index] &- 48)
        digits += 1
        decimals += 1
        index += 1
      }
    }
    if text[index] == 32 || text[index] == 10 || text[index] == 13, digits > 0, digits <= 15 {
      position = index
      let value = Float(Double(mantissa) / powersOfTen[decimals])
      return isNegative ? -value : value
    }
    let token = text[start...].prefix { $0 != 32 && $0 != 10 && $0 != 13 }
    guard token.count <= 64, let value = Float(String(decoding: token, as: UTF8.self)),
      value.isFinite
    else { return nil }
    position = token.endIndex
    return value
  }

  private static let powersOfTen: [Double] = (0...15).map { pow(10, Double($0)) }
}
