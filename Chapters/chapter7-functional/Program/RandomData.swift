import DeepLearning

/// Data without any sense, as in the book: that something runs is all that it can show.
enum RandomData {
  /// Numbers of words, `[count, length]`, from 1 upward.
  static func words(
    _ count: Int, length: Int, of words: Int, _ random: inout RandomGenerator
  ) -> Samples {
    let ids = (0..<count * length).map { _ in Int32(1 + random.below(words - 1)) }
    return .integers(ids, shape: [count, length])
  }

  /// One of some classes for each sample.
  static func classes(_ count: Int, of classes: Int, _ random: inout RandomGenerator) -> [Int32] {
    (0..<count).map { _ in Int32(random.below(classes)) }
  }

  /// Zeros and ones, `[count, 1]`.
  static func verdicts(_ count: Int, _ random: inout RandomGenerator) -> Tensor {
    Tensor((0..<count).map { _ in Float(random.below(2)) }, shape: [count, 1])
  }
}
