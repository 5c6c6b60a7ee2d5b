import DeepLearning

/// Questions whose answers are in the text, such as "mary garden the john kitchen … where is john".
///
/// A text says of three people in which of five rooms each is, in any order, with four other words between; the
/// question names one of them.
struct QuestionTask {
  static let rooms = 5
  private static let people = 3
  private static let words = 1 + people + rooms + 12
  private static let length = (text: 10, question: 3)

  let text: Samples
  let question: Samples
  /// The numbers of the rooms.
  let answers: [Int32]

  /// Makes up texts and questions.
  init(_ count: Int, seed: UInt64) {
    var random = RandomGenerator(seed: seed)
    let (people, rooms) = (Self.people, Self.rooms)
    func otherWord() -> Int32 { Int32(1 + people + rooms + random.below(12)) }
    var (texts, questions, answers): ([Int32], [Int32], [Int32]) = ([], [], [])
    for _ in 0..<count {
      let places = (0..<people).map { _ in random.below(rooms) }
      // Each piece is a person with a room, or another word.
      var pieces = random.permutation(people).map { person in
        [Int32(1 + person), Int32(1 + people + places[person])]
      }
      while pieces.flatMap({ $0 }).count < Self.length.text {
        pieces.insert([otherWord()], at: random.below(pieces.count + 1))
      }
      let asked = random.below(people)
      texts += pieces.flatMap { $0 }
      questions += [otherWord(), otherWord(), Int32(1 + asked)]
      answers.append(Int32(places[asked]))
    }
    text = .integers(texts, shape: [count, Self.length.text])
    question = .integers(questions, shape: [count, Self.length.question])
    self.answers = answers
  }

  /// The book's network (d), smaller where this task is.
  ///
  /// - Parameter hidden: the units of a layer between the joined codes and the answer; the book has none.
  static func network(hidden: Int?, seed: UInt64) -> Model {
    let text = Input([length.text], name: "text")
    let question = Input([length.question], name: "question")
    var joined = Concatenate()(
      LSTM(32)(Embedding(words, 64)(text)), LSTM(16)(Embedding(words, 32)(question)))
    if let hidden { joined = Dense(hidden, activation: .relu)(joined) }
    let answer = Dense(rooms, activation: .softmax, name: "answer")(joined)
    let model = Model(inputs: [text, question], outputs: [answer], seed: seed)
    model.compile(
      optimizer: RMSprop(learningRate: 0.003), loss: .categoricalCrossEntropy, metrics: [.accuracy])
    return model
  }
}
