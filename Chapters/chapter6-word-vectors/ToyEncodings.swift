import Datasets
import DeepLearning
import Gallery

/// Section 6.1.1: words and characters as one-hot vectors.
enum ToyEncodings {
  static let samples = ["The cat sat on the mat.", "The dog ate my homework."]
  /// Python's `string.printable`: digits, letters, punctuation, blanks.
  private static let printable =
    "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
    + "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~ \t\n\r\u{b}\u{c}"

  static func show(_ run: ChapterRun) {
    // Listing 6.1: words, as they are separated by blanks.
    let split = samples.map { $0.split(separator: " ").map(String.init) }
    let words = TokenIndex(split.joined())
    let wordVectors = Tensor.oneHot(
      split.map(words.numbers), length: 10, depth: words.count + 1)

    // Listing 6.2: characters, by the 100 printable ones.
    let characters = TokenIndex(printable.unicodeScalars)
    let letters = samples.map { characters.numbers(of: $0.unicodeScalars) }
    let characterVectors = Tensor.oneHot(letters, length: 50, depth: characters.count + 1)

    // Listing 6.3: words as Keras' Tokenizer takes them, in lower case and without punctuation.
    var tokenizer = KerasTokenizer(words: 1000)
    tokenizer.fit(on: samples)
    let matrix = tokenizer.binaryMatrix(of: samples)

    // Listing 6.4: the place of a word is a hash of its letters.
    let hashing = HashingTrick(dimension: 1000)
    let hashed = Tensor.oneHot(
      split.map { $0.map { hashing[$0] } }, length: 10, depth: hashing.dimension)

    var table = ResultTable([
      ("encoding", .left), ("tokens known", .right), ("tensor", .left), ("ones in it", .right),
    ])
    for (name, tokens, tensor) in [
      ("one-hot words", "\(words.count)", wordVectors),
      ("one-hot characters", "\(characters.count)", characterVectors),
      ("the same as first printed", "\(characters.count)", asFirstPrinted(letters)),
      ("Keras' Tokenizer, binary", "\(tokenizer.wordIndex.count)", matrix),
      ("hashing trick", "any", hashed),
    ] {
      let ones = tensor.scalars.reduce(0, +)
      table.add([name, tokens, tensor.shape.description, "\(Int(ones))"])
    }
    run.add(table, titled: "\"\(samples.joined(separator: " "))\" as numbers")
    run.add(
      numbers(of: split.joined(), words, tokenizer, hashing), titled: "The numbers of the words")
    run.note(
      """
      As first printed, listing 6.2 built its dictionary the wrong way round, from numbers to characters. No character
      is then found, and NumPy takes "none" for "all of the row": every character gets the same 101 ones, and no error
      is seen. Listing 6.4 numbers words by Python's hash, which is salted anew in each process, so that weights saved
      today would not fit the words tomorrow. The hash here (FNV-1a) is the same everywhere.

      """)
    run.result(
      "toy texts: unique tokens", book: 9, here: Double(tokenizer.wordIndex.count),
      better: .higher, tolerance: 0)
  }

  /// What listing 6.2 made before it was mended: a row of ones wherever there is a character.
  private static func asFirstPrinted(_ letters: [[Int]]) -> Tensor {
    let depth = printable.unicodeScalars.count + 1
    return Tensor(shape: [letters.count, 50, depth]) { buffer in
      buffer.update(repeating: 0)
      for (row, text) in letters.enumerated() {
        for element in 0..<min(text.count, 50) * depth { buffer[row * 50 * depth + element] = 1 }
      }
    }
  }

  private static func numbers(
    of tokens: some Sequence<String>, _ words: TokenIndex<String>, _ tokenizer: KerasTokenizer,
    _ hashing: HashingTrick
  ) -> ResultTable {
    var table = ResultTable([
      ("word", .left), ("one-hot", .right), ("Tokenizer", .right), ("hash mod 1000", .right),
    ])
    var seen: Set<String> = []
    for token in tokens where seen.insert(token).inserted {
      let keras = tokenizer.sequences(of: [token]).joined().map(String.init)
      table.add([
        token, "\(words[token] ?? 0)", keras.joined(separator: " "), "\(hashing[token])",
      ])
    }
    return table
  }
}
