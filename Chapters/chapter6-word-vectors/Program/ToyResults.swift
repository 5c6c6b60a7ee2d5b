import Datasets
import DeepLearning
import Gallery

extension ToyEncodings {
  /// What the encodings hold.
  func show(_ run: ChapterRun) {
    var table = ResultTable([
      ("encoding", .left), ("tokens known", .right), ("tensor", .left), ("ones in it", .right),
    ])
    for (name, tokens, tensor) in [
      ("one-hot words", "\(words.count)", oneHotWords),
      ("one-hot characters", "\(characters.count)", oneHotCharacters),
      ("the same as first printed", "\(characters.count)", charactersAsFirstPrinted),
      ("Keras' Tokenizer, binary", "\(tokenizer.wordIndex.count)", binaryMatrix),
      ("hashing trick", "any", hashedWords),
    ] {
      let ones = tensor.scalars.reduce(0, +)
      table.add([name, tokens, tensor.shape.description, "\(Int(ones))"])
    }
    run.add(table, titled: "\"\(samples.joined(separator: " "))\" as numbers")
    run.add(numbersOfWords, titled: "The numbers of the words")
    run.note(
      """
      As first printed, listing 6.2 built its dictionary the wrong way round, from numbers to characters. No character
      is then found, and NumPy takes "none" for "all of the row": every character gets the same 101 ones, and no error
      is seen. Listing 6.4 numbers words by Python's hash, which is salted differently in each process, so that weights saved
      today would not fit the words tomorrow. The hash here (FNV-1a) is the same everywhere.

      """)
    run.result(
      "toy texts: unique tokens", book: 9, here: Double(tokenizer.wordIndex.count),
      better: .higher)
  }

  /// What listing 6.2 made before it was mended: a row of ones wherever there is a character.
  private var charactersAsFirstPrinted: Tensor {
    let depth = characters.count + 1
    let ones = samples.flatMap { text in
      let count = min(text.unicodeScalars.count, 50) * depth
      return (0..<50 * depth).map { $0 < count ? Float(1) : 0 }
    }
    return Tensor(ones, shape: [samples.count, 50, depth])
  }

  private var numbersOfWords: ResultTable {
    var table = ResultTable("word", "one-hot", "Tokenizer", "hash mod 1000")
    var seen: Set<String> = []
    for token in tokens.joined() where seen.insert(token).inserted {
      let keras = tokenizer.sequences(of: [token]).joined().map(String.init)
      table.add([
        token, "\(words[token] ?? 0)", keras.joined(separator: " "), "\(hashing[token])",
      ])
    }
    return table
  }
}
