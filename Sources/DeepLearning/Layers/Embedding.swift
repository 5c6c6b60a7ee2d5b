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
      "An Embedding needs words and dimensions, not \(words) and \(dimensions).")
    (self.words, self.dimensions) = (words, dimensions)
    (self.masksZero, self.initializer) = (masksZero, initializer)
    super.init(name: name)
  }

  /// One vector for each number.
  public override func build(_ inputs: [Shape]) -> Shape {
    embeddings = addWeight("embeddings", shape: [words, dimensions], initializer: initializer)
    return Shape(Array(inputs[0]) + [dimensions])
  }

  /// Looks the vectors up.
  public override func forward(_ inputs: [Samples], _ context: ForwardContext) -> Tensor {
    guard let embeddings else { fail("\(name) is used before it is part of a model.") }
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

/// Lets recurrent layers that follow skip moments in which all features have one value.
///
/// Takes and returns `[batch, time, features]`.
public final class Masking: Layer {
  private let value: Float

  /// Creates a layer.
  ///
  /// - Parameter value: what all features of a skipped moment are.
  public init(_ value: Float = 0, name: String? = nil) {
    self.value = value
    super.init(name: name)
  }

  /// Sets the skipped moments to zero.
  public override func forward(_ inputs: [Samples], _ context: ForwardContext) -> Tensor {
    let x = inputs[0].tensor(for: name)
    require(
      x.rank == 3, "\(name) takes sequences [time, features], not \(x.shape.droppingFirst).")
    let mask = Tensor(shape: [x.shape[0], x.shape[1]]) { target in
      for i in target.indices {
        let row = x.pointer + i * x.shape[2]
        target[i] = (0..<x.shape[2]).contains { row[$0] != value } ? 1 : 0
      }
    }
    let result = x * mask.reshaped([x.shape[0], x.shape[1], 1])
    result.storage.timeMask = mask
    return result
  }
}
