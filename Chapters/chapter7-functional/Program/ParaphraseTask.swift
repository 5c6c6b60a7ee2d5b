import DeepLearning

/// Pairs of sentences of six words that say the same in other words, or do not.
///
/// There are eight meanings with two words each; a word is a vector of 128 random numbers. In a pair that does not say
/// the same, two of the six words mean something else.
struct ParaphraseTask {
  private static let (meanings, length, features) = (8, 6, 128)

  /// `[count, 6, 128]`
  let left: Tensor
  let right: Tensor
  /// 1 for pairs that say the same, `[count, 1]`.
  let same: Tensor

  /// Makes up pairs.
  ///
  /// - Parameter seed: of the pairs; the words are always the same ones.
  init(_ count: Int, seed: UInt64) {
    var words = RandomGenerator(seed: 7)
    let vectors = (0..<2 * Self.meanings).map { _ in
      (0..<Self.features).map { _ in 0.3 * words.normal() }
    }
    var random = RandomGenerator(seed: seed)
    func spoken(_ sentence: [Int]) -> [Float] {
      sentence.flatMap { vectors[2 * $0 + random.below(2)] }
    }
    var (left, right, same): ([Float], [Float], [Float]) = ([], [], [])
    for _ in 0..<count {
      var sentence = (0..<Self.length).map { _ in random.below(Self.meanings) }
      left += spoken(sentence)
      let isSame = random.below(2) == 1
      for place in isSame ? [] : Array(random.permutation(Self.length).prefix(2)) {
        sentence[place] = (sentence[place] + 1 + random.below(Self.meanings - 1)) % Self.meanings
      }
      right += spoken(sentence)
      same.append(isSame ? 1 : 0)
    }
    self.left = Tensor(left, shape: [count, Self.length, Self.features])
    self.right = Tensor(right, shape: [count, Self.length, Self.features])
    self.same = Tensor(same, shape: [count, 1])
  }

  /// The book's network (i) for sentences of six words, or one that compares the two codes instead of joining them.
  static func network(compares: Bool, seed: UInt64) -> Model {
    if !compares { return Functional.siamese(length: length, seed: seed) }
    let lstm = LSTM(32)
    let left = Input([length, features], name: "left")
    let right = Input([length, features], name: "right")
    let distance = AbsoluteDifference()(lstm(left), lstm(right))
    let same = Dense(1, activation: .sigmoid, name: "same")(distance)
    let model = Model(inputs: [left, right], outputs: [same], seed: seed)
    model.compile(optimizer: RMSprop(), loss: .binaryCrossEntropy, metrics: [.accuracy])
    return model
  }
}

/// How far two tensors are apart, number by number.
final class AbsoluteDifference: Layer {
  init() { super.init() }

  override func forward(_ inputs: [Samples], _ context: ForwardContext) -> Tensor {
    (inputs[0].tensor(for: name) - inputs[1].tensor(for: name)).magnitude
  }
}
