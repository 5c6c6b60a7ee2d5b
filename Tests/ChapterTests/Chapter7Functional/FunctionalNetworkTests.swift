import DeepLearning
import PretrainedModels
import Testing

@testable import chapter7_functional

@Suite("Networks of chapter7-functional")
struct FunctionalNetworkTests {
  @Test("Parameter counts are the book's")
  func parameters() {
    #expect(Functional.oneLayer(seed: 1).parameterCount == 1056)
    #expect(Functional.sequential(seed: 1).parameterCount == 3466)
    #expect(Functional.questionAnswerer(seed: 1).parameterCount == 1_000_052)
    #expect(Functional.threeOutputs(seed: 1).parameterCount == 14_146_316)
    #expect(Functional.siamese(seed: 1).parameterCount == 20_673)
    let xception = Xception.base(input: [250, 250, 3])
    let model = Functional.twoCameras(xception, seed: 1)
    #expect(model.parameterCount == 20_861_480 && xception.parameterCount == 20_861_480)
    #expect(xception.outputShapes == [[8, 8, 2048]] && model.outputShapes == [[8, 8, 4096]])
    let trained = xception.trainableWeights.reduce(0) { $0 + $1.shape.elementCount }
    #expect(trained == 20_861_480 - 54_528)
  }

  @Test("A sequence and a graph of the same layers are the same network")
  func twoWays() {
    let (first, second) = (Functional.sequential(seed: 3), Functional.functional(seed: 3))
    #expect(first.summary() == second.summary())
    #expect(first.weights.map(\.value.scalars) == second.weights.map(\.value.scalars))
  }

  @Test("Branches join for even and odd images, short cuts for the shapes they are made for")
  func branches() {
    for side in [63, 64] {
      #expect(Functional.inceptionModule(Input([side, side, 3])).shape == [32, 32, 512])
    }
    #expect(Functional.identityResidual(Input([9, 9, 128])).shape == [9, 9, 128])
    #expect(Functional.linearResidual(Input([8, 8, 3])).shape == [4, 4, 128])
  }

  @Test(
    "A text of the task tells where each person is, and the answer is where the one asked for is")
  func questions() throws {
    let task = QuestionTask(50, seed: 4)
    guard case .integers(let texts, [50, 10]) = task.text,
      case .integers(let questions, [50, 3]) = task.question
    else { throw Unexpected() }
    for sample in 0..<50 {
      let text = texts[sample * 10..<sample * 10 + 10]
      let asked = questions[sample * 3 + 2]
      let place = try #require(text.firstIndex(of: asked))
      #expect(text[place + 1] == 4 + task.answers[sample])
      #expect((1...3).allSatisfy { person in text.count { $0 == person } == 1 })
    }
  }

  private struct Unexpected: Error {}

  @Test("What compares two sentences learns what the book's join cannot")
  func paraphrases() throws {
    let (train, test) = (ParaphraseTask(1500, seed: 1), ParaphraseTask(500, seed: 2))
    var accuracies: [Float] = []
    for compares in [false, true] {
      let model = ParaphraseTask.network(compares: compares, seed: 1)
      try model.fit([train.left, train.right], [train.same], epochs: 8)
      accuracies.append(model.evaluate([test.left, test.right], [test.same]).accuracy)
    }
    #expect(accuracies[0] < 0.6 && accuracies[1] > 0.65, "\(accuracies)")
  }

  @Test("Writers can be told by their posts")
  func writers() throws {
    let (train, test) = (PostTask(1500, seed: 1), PostTask(500, seed: 2))
    // After 8 epochs some seeds are halfway, after 12 all are through: 0.98 at least for any of five seeds.
    let model = PostTask.network(weights: [0.25, 1, 10], seed: 1)
    try model.fit([train.posts], train.targets, epochs: 12)
    let result = model.evaluate([test.posts], test.targets)
    // To say the mean of all is wrong by 12.7 years.
    #expect(result["age_mae"] < 1 && result["gender_acc"] > 0.9, "\(result.logs)")
  }
}
