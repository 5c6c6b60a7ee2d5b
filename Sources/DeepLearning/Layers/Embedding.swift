/// A vector for each of a number of words, learned like any other weight.
///
/// Takes word numbers `[batch, length]` (`Samples.integers`), returns `[batch, length, dimensions]`. Training
/// changes only the vectors of words that occur in a batch.
///
///     Embedding(10_000, 8)
public final class Embedding: Layer {
  private let words: Int
  private let dimensions: Int
  private let masksZero: Bool
  private let initializer: Initializer

  /// The vectors, `[words, dimensions]`.
  public private(set) var embeddings: Parameter?

  /// Creates a layer.
  ///
  /// - Parameters:
  ///   - words: how many words there are; they have the numbers 0 to `words` - 1.
  ///   - dimensions: the length of a word's vector.
  ///   - masksZero: whether recurrent layers that follow skip the word 0, the padding.
  ///   - initializer: the distribution of the initial vectors.
  ///   - name: a name of your choice.
  public init(
    _ words: Int, _ dimensions: Int, masksZero: Bool = false,
    initializer: Initializer = .uniform(limit: 0.05), name: String? = nil
  ) {
    require(
      words > 0 && dimensions > 0,
      "An Embedding needs at least one word and one dimension, not \(words) and \(dimensions). Its arguments are the number of words and the length of their vectors."
    )
    (self.words, self.dimensions) = (words, dimensions)
    (self.masksZero, self.initializer) = (masksZero, initializer)
    super.init(name: name)
  }

  public override func build(_ inputs: [Shape]) -> Shape {
    embeddings = addWeight("embeddings", shape: [words, dimensions], initializer: initializer)
    return Shape(Array(inputs[0]) + [dimensions])
  }

  public override func forward(_ inputs: [Samples], _ context: ForwardContext) -> Tensor {
    guard let embeddings else {
      fail(
        "\(name) is used before it is part of a model. Put it into a Sequential or a Model first.")
    }
    guard case .integers(let ids, let shape) = inputs[0] else {
      fail("\(name) looks up word numbers; feed it `Samples.integers`.")
    }
    let result = embeddings.value.lookingUp(ids, shape: shape, for: name)
    if masksZero, shape.rank == 2 {
      result.storage.timeMask = Tensor(ids.map { $0 == 0 ? 0 : 1 }, shape: shape)
    }
    return result
  }
}
