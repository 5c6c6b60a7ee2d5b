import Foundation
import Testing

@testable import DeepLearning

/// The layer of the article "Writing a layer".
final class UnitDense: Layer {
  private let units: Int
  private var kernel: Parameter?

  init(_ units: Int, name: String? = nil) {
    self.units = units
    super.init(name: name)
  }

  override func build(_ inputs: [Shape]) -> Shape {
    kernel = addWeight("kernel", shape: [inputs[0][0], units])
    return [units]
  }

  override func forward(_ inputs: [Samples], _ context: ForwardContext) -> Tensor {
    let x = inputs[0].tensor(for: name)
    guard let kernel else { fail("\(name) is used before it is part of a model.") }
    let y = x.matmul(kernel.value)
    return y / (y * y).sum(axis: 1, keepingAxis: true).squareRoot()
  }
}

@Suite struct ArticleTests {
  @Test("The article's layer has the right gradients and outputs of length 1")
  func layer() throws {
    let model = Sequential(input: [5], seed: 3) { UnitDense(4) }
    let x = randomTensor([6, 5], seed: 7)
    FiniteDifferences().check("to the input", at: [x]) { model($0[0]) }
    try FiniteDifferences().check("to the weights", weights: model.weights) { model(x) }
    let y = model(x)
    expectClose(
      (y * y).sum(axis: 1), .ones([6]), absolute: 1e-5, relative: 0, "squared length")
    #expect(model.parameterCount == 20)
  }

  @Test("The programs of the article for those who know Keras compile and train")
  func keras() throws {
    let x = randomTensor([8, 10_000], seed: 8)
    let y = Tensor([0, 1, 1, 0, 1, 0, 0, 1], shape: [8, 1])
    let (xVal, yVal) = (x, y)
    func sequential() throws -> History {
      let model = Sequential(input: [10_000]) {
        Dense(16, activation: .relu)
        Dense(16, activation: .relu)
        Dense(1, activation: .sigmoid)
      }
      model.compile(optimizer: RMSprop(), loss: .binaryCrossEntropy, metrics: [.accuracy])
      let history = try model.fit(x, y, epochs: 20, batchSize: 512, validation: (xVal, yVal))
      return history
    }
    func functional() -> Model {
      let image = Input([28, 28, 1])
      let x = Conv2D(32, kernel: 3, activation: .relu)(image)
      let model = Model(
        inputs: image, outputs: Dense(10, activation: .softmax)(Flatten()(x)), seed: 42)
      return model
    }
    let losses = try sequential()["val_loss"]
    #expect(losses.count == 20 && losses[19] < losses[0])
    #expect(functional().outputShapes == [[10]])
  }

  /// What is tested here stands in the articles, line by line.
  @Test("The articles show this code", arguments: ["WritingALayer", "FromKerasToSwift"])
  func articles(name: String) throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
    func text(_ path: String) throws -> String {
      try String(contentsOf: folder.appending(path: path), encoding: .utf8)
    }
    func words(_ text: Substring) -> String {
      text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        .replacing("( ", with: "(").replacing(" )", with: ")")
    }
    let article = try text("../../../Sources/DeepLearning/DeepLearning.docc/\(name).md")
    let blocks = article.matches(of: /(?s)```swift\n(.*?)```/)
    #expect(blocks.count == 2)
    let source = words(try text("ArticleTests.swift")[...])
    for block in blocks { #expect(source.contains(words(block.1)), "\(block.1)") }
  }
}
