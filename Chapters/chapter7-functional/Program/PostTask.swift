import DeepLearning

/// Posts in which age, income and gender of the writer have left their traces.
///
/// Of 60 words, eight are of the writer's age or a few years off, six of the income, every fourth of these of any other
/// income, and two of the gender; the others say nothing.
struct PostTask {
  private static let length = 60
  /// Words that say nothing, of ages, of incomes, of genders.
  private static let words = (any: 100, age: 51, income: 50, gender: 10)

  let posts: Samples
  /// In tens of years, `[count, 1]`.
  let ages: Tensor
  let incomes: [Int32]
  /// 0 or 1, `[count, 1]`.
  let genders: Tensor
  /// The targets by the names of the outputs.
  var targets: SampleGroup { ["age": ages, "income": incomes, "gender": genders] }

  /// Makes up posts.
  init(_ count: Int, seed: UInt64) {
    var random = RandomGenerator(seed: seed)
    let words = Self.words
    var (posts, ages, incomes, genders): ([Int32], [Float], [Int32], [Float]) = ([], [], [], [])
    for _ in 0..<count {
      let (age, income, gender) = (random.below(51), random.below(10), random.below(2))
      var post: [Int] = []
      for _ in 0..<8 {
        let near = min(max(age + Int((3 * random.normal()).rounded()), 0), 50)
        post.append(1 + words.any + near)
      }
      for _ in 0..<6 {
        let shown = random.below(4) == 0 ? random.below(10) : income
        post.append(1 + words.any + words.age + 5 * shown + random.below(5))
      }
      for _ in 0..<2 {
        post.append(1 + words.any + words.age + words.income + 5 * gender + random.below(5))
      }
      while post.count < Self.length { post.append(1 + random.below(words.any)) }
      posts += random.permutation(Self.length).map { Int32(post[$0]) }
      ages.append(Float(20 + age) / 10)
      incomes.append(Int32(income))
      genders.append(Float(gender))
    }
    self.posts = .integers(posts, shape: [count, Self.length])
    self.ages = Tensor(ages, shape: [count, 1])
    self.incomes = incomes
    self.genders = Tensor(genders, shape: [count, 1])
  }

  /// The book's network (e) with an eighth of its filters.
  ///
  /// - Parameter weights: what the losses of age, income and gender count.
  static func network(weights: [Float], seed: UInt64) -> Model {
    let posts = Input([length], name: "posts")
    var x = Embedding(1 + words.any + words.age + words.income + words.gender, 32)(posts)
    func convolution(_ filters: Int) {
      x = Conv1D(filters, kernel: 5, padding: .same, activation: .relu)(x)
    }
    convolution(16)
    x = MaxPooling1D(5)(x)
    for _ in 0..<2 { convolution(32) }
    x = MaxPooling1D(5)(x)
    for _ in 0..<2 { convolution(32) }
    x = Dense(32, activation: .relu)(GlobalMaxPooling1D()(x))
    let model = Model(
      inputs: [posts],
      outputs: [
        Dense(1, name: "age")(x), Dense(10, activation: .softmax, name: "income")(x),
        Dense(1, activation: .sigmoid, name: "gender")(x),
      ], seed: seed)
    model.compile(
      optimizer: RMSprop(),
      losses: [.meanSquaredError, .categoricalCrossEntropy, .binaryCrossEntropy], weights: weights,
      metrics: [[.meanAbsoluteError], [.accuracy], [.accuracy]])
    return model
  }
}
