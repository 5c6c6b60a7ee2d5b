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
    guard let kernel else { return x }
    let y = x.matmul(kernel.value)
    return y / (y * y).sum(axis: 1, keepingAxis: true).squareRoot()
  }
}

@Suite struct WritingALayerTests {
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

  /// The article shows what is tested here, line by line.
  @Test("The article shows this code")
  func article() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
    func text(_ path: String) throws -> String {
      try String(contentsOf: folder.appending(path: path), encoding: .utf8)
    }
    func words(_ text: Substring) -> String {
      text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
    let article = try text("../../../Sources/DeepLearning/DeepLearning.docc/WritingALayer.md")
    let blocks = article.matches(of: /(?s)```swift\n(.*?)```/)
    #expect(blocks.count == 2)
    let source = words(try text("WritingALayerTests.swift")[...])
    for block in blocks { #expect(source.contains(words(block.1)), "\(block.1)") }
  }
}
