import DeepLearning

extension Tensor {
  /// Sequences of numbers as one-hot vectors: for each place a row of zeros with a single one.
  ///
  /// ```swift
  /// print(Tensor.oneHot([[1, 3]], length: 3, depth: 4).shape)  // [1, 3, 4]
  /// ```
  ///
  /// - Parameters:
  ///   - sequences: numbers from 0; what is beyond `length` or not below `depth` is left out.
  ///   - length: how many places each sequence gets; those that it does not fill stay zero.
  ///   - depth: the length of the vectors.
  /// - Returns: shape [sequences.count, length, depth].
  public static func oneHot(_ sequences: [[Int]], length: Int, depth: Int) -> Tensor {
    Tensor(shape: [sequences.count, length, depth]) { buffer in
      buffer.update(repeating: 0)
      for (row, sequence) in sequences.enumerated() {
        for (place, number) in sequence.prefix(length).enumerated()
        where number >= 0 && number < depth {
          buffer[(row * length + place) * depth + number] = 1
        }
      }
    }
  }
}
