import DataFiles
import Foundation

/// Reviews in a file that loads in a few milliseconds.
///
/// A first line of text says what the file is, the second of which source, the following lines what is known of it;
/// then come, in the machine's byte order, labels, starts and tokens of the two halves and the
/// words. A file that is not exactly as it should be counts as absent and is made again.
struct ReviewCache {
  /// Changes with every change of the layout or of what sources are turned into.
  static let version = "Deep Learning with Swift, reviews, version 3"

  let path: String
  /// The file or folder that the reviews were read from.
  let source: String
  /// What the source files looked like when the cache was made.
  let fingerprint: String

  /// The cached reviews, nil if there are none or they are out of date or damaged.
  func load() -> TextCorpus? {
    guard let file = try? InputFile(path: path),
      let head = try? file.read(min(file.size, 1 << 16), at: 0)
    else { return nil }
    let lines = head.split(separator: 10, maxSplits: 8, omittingEmptySubsequences: false)
    guard lines.count == 9 else { return nil }
    let texts = lines.prefix(8).map { String(decoding: $0, as: UTF8.self) }
    let numbers = texts[7].split(separator: " ").compactMap { Int($0) }
    guard texts[0] == Self.version, texts[2] == fingerprint,
      let kind = DataOrigin.Kind(rawValue: texts[4]), numbers.count == 6,
      let check = UInt64(texts[6], radix: 16),
      let sizes = Sizes(numbers, room: file.size - lines[8].startIndex)
    else { return nil }
    var offset = lines[8].startIndex
    func place(_ bytes: Int) -> Int {
      defer { offset += bytes }
      return offset
    }
    let trainStart = place(sizes.trainBytes)
    let testStart = place(sizes.testBytes)
    let endsStart = place(4 * sizes.words)
    let bytesStart = place(sizes.wordBytes)
    guard
      let ((train, trainSum), (test, testSum)) = try? inParallel(
        { try half(in: file, at: trainStart, rows: sizes.trainRows, tokens: sizes.trainTokens) },
        { try half(in: file, at: testStart, rows: sizes.testRows, tokens: sizes.testTokens) }),
      let ends = try? file.numbers(sizes.words, at: endsStart),
      let bytes = try? file.read(sizes.wordBytes, at: bytesStart),
      let words = WordList(bytes: bytes, ends: ends)
    else { return nil }
    let sum = Self.combined([trainSum, testSum, checkSum(ends), checkSum(bytes)])
    guard sum == check else { return nil }
    return TextCorpus(
      train: train, test: test, words: words,
      origin: DataOrigin(
        name: texts[3], kind: kind, detail: texts[5], trainSamples: train.count,
        testSamples: test.count))
  }

  /// Writes the cache; the file appears whole or not at all. Failure is not an error: the cache is a
  /// convenience.
  ///
  /// - Returns: whether it is there.
  func save(_ corpus: TextCorpus) -> Bool {
    let (train, test, words) = (corpus.train, corpus.test, corpus.words)
    let sum = Self.combined([
      Self.sum(train), Self.sum(test), checkSum(words.ends), checkSum(words.bytes),
    ])
    let numbers = [
      train.count, train.tokens.count, test.count, test.tokens.count, words.count,
      words.bytes.count,
    ]
    let lines = [
      Self.version, Self.line(source), fingerprint, corpus.origin.name, corpus.origin.kind.rawValue,
      corpus.origin.detail, String(sum, radix: 16),
      numbers.map(String.init).joined(separator: " "),
    ]
    let folder = (path as NSString).deletingLastPathComponent
    try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    TemporaryFiles.sweep(folder)
    Self.removeOrphans(in: folder)
    let temporary = TemporaryFiles.path(for: path)
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o644)
    guard descriptor >= 0 else { return false }
    let isWritten =
      write(Array((lines.joined(separator: "\n") + "\n").utf8), to: descriptor)
      && write(train.labels, to: descriptor) && write(train.starts, to: descriptor)
      && write(train.tokens, to: descriptor)
      && write(test.labels, to: descriptor) && write(test.starts, to: descriptor)
      && write(test.tokens, to: descriptor)
      && write(words.ends, to: descriptor) && write(words.bytes, to: descriptor)
    guard close(descriptor) == 0, isWritten, rename(temporary, path) == 0 else {
      unlink(temporary)
      return false
    }
    return true
  }

  /// Removes the caches of sources that are gone: nobody else ever would.
  private static func removeOrphans(in folder: String) {
    for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    where name.hasPrefix("imdb-") && name.hasSuffix(".cache") {
      guard let file = try? InputFile(path: folder + "/" + name),
        let head = try? file.read(min(file.size, 1 << 16), at: 0)
      else { continue }
      let lines = head.split(separator: 10, maxSplits: 2, omittingEmptySubsequences: false)
      guard lines.count == 3, lines[0].elementsEqual(version.utf8) else { continue }
      let source = String(decoding: lines[1], as: UTF8.self)
      if !FileManager.default.fileExists(atPath: source) { unlink(folder + "/" + name) }
    }
  }

  /// A path as a line of text.
  static func line(_ path: String) -> String { path.replacingOccurrences(of: "\n", with: " ") }

  /// The counts in the head of a cache, which fill the file exactly.
  private struct Sizes {
    let trainRows: Int
    let trainTokens: Int
    let testRows: Int
    let testTokens: Int
    let words: Int
    let wordBytes: Int
    var trainBytes: Int { 5 * trainRows + 4 + 4 * trainTokens }
    var testBytes: Int { 5 * testRows + 4 + 4 * testTokens }

    init?(_ numbers: [Int], room: Int) {
      guard numbers.allSatisfy({ $0 >= 0 && $0 < 1 << 40 }) else { return nil }
      (trainRows, trainTokens) = (numbers[0], numbers[1])
      (testRows, testTokens) = (numbers[2], numbers[3])
      (words, wordBytes) = (numbers[4], numbers[5])
      guard trainBytes + testBytes + 4 * words + wordBytes == room else { return nil }
    }
  }

  private func half(
    in file: InputFile, at start: Int, rows: Int, tokens: Int
  ) throws -> (TokenSet, UInt64) {
    let labels = try file.read(rows, at: start)
    let starts = try file.numbers(rows + 1, at: start + rows)
    let tokens = try file.numbers(tokens, at: start + 5 * rows + 4)
    guard let set = TokenSet(tokens: tokens, starts: starts, labels: labels, classes: 2) else {
      throw DataError("\(path) is damaged.")
    }
    return (set, Self.sum(set))
  }

  private static func sum(_ set: TokenSet) -> UInt64 {
    combined([checkSum(set.labels), checkSum(set.starts), checkSum(set.tokens)])
  }

  private static func combined(_ sums: [UInt64]) -> UInt64 {
    sums.reduce(0) { ($0 &* 31 &+ $1) ^ $0 >> 29 }
  }

  private func write<Number: BitwiseCopyable>(_ numbers: [Number], to descriptor: Int32) -> Bool {
    numbers.withUnsafeBytes { bytes in
      var done = 0
      while done < bytes.count, let base = bytes.baseAddress {
        #if canImport(Darwin)
          let count = Darwin.write(descriptor, base + done, bytes.count - done)
        #else
          let count = Glibc.write(descriptor, base + done, bytes.count - done)
        #endif
        if count < 0 && errno != EINTR { return false }
        done += max(count, 0)
      }
      return true
    }
  }
}

extension InputFile {
  /// 32-bit numbers in the machine's byte order.
  func numbers(_ count: Int, at offset: Int) throws -> [Int32] {
    guard count >= 0, offset >= 0, offset <= size, count <= (size - offset) / 4 else {
      throw DataError("\(path) is truncated.")
    }
    return try [Int32](unsafeUninitializedCapacity: count) { buffer, filled in
      let got = try read(into: UnsafeMutableRawBufferPointer(buffer), at: offset)
      guard got == 4 * count else { throw DataError("\(path) became shorter while it was read.") }
      filled = count
    }
  }
}
