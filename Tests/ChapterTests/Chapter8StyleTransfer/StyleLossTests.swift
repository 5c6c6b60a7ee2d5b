import ArgumentParser
import DeepLearning
import Gallery
import Images
import Testing

@testable import chapter8_style_transfer

/// The losses as the book prints them, against plain loops in double precision over the same features.
@Suite("Losses of style transfer", .serialized)
struct StyleLossTests {
  private static let (height, width) = (32, 40)

  /// Pictures without a pattern, and a network with random weights.
  private let content = StyleLossTests.noise(seed: 1)
  private let style = StyleLossTests.noise(seed: 2)
  private let generated = StyleLossTests.noise(seed: 3)
  private let network: StyleNetwork

  /// Made once. The tests use it one after another, and none changes it.
  nonisolated(unsafe) private static let network = Result {
    let nowhere = try Workplace()
    let options = try RunOptions.parse(["--offline", "--data", nowhere.data.path])
    return try StyleNetwork(height: height, width: width, options)
  }

  init() throws { network = try Self.network.get() }

  private static func noise(seed: UInt64) -> Tensor {
    var random = RandomGenerator(seed: seed)
    return .uniform([1, height, width, 3], in: -120..<120, using: &random)
  }

  /// The section's loss of the two pictures.
  private func transfer(_ weights: StyleTransfer.Weights = .init()) -> StyleTransfer {
    StyleTransfer(network.features(), content: content, style: style, weights: weights)
  }

  private func values(_ terms: StyleTransfer.Terms) -> LossValues {
    let values = LossValues(terms)
    #expect(isClose(terms.total.item, Double(values.total)))
    return values
  }

  private func parts(
    of picture: Tensor, _ weights: StyleTransfer.Weights = .init()
  ) -> LossValues {
    values(transfer(weights).loss(of: picture))
  }

  private func isClose(_ a: Float, _ b: Double) -> Bool { abs(Double(a) - b) <= 1e-4 * abs(b) }

  private func gram(_ features: Tensor) -> [Double] {
    let channels = features.shape[3]
    let x = features.scalars.map(Double.init)
    var sums = [Double](repeating: 0, count: channels * channels)
    for start in stride(from: 0, to: x.count, by: channels) {
      for i in 0..<channels where x[start + i] != 0 {
        for j in 0..<channels { sums[i * channels + j] += x[start + i] * x[start + j] }
      }
    }
    return sums
  }

  private func squares(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
  }

  @Test("Content: 0.025 times the sum of squares at block5_conv2")
  func contentLoss() {
    #expect(StyleTransfer.contentLayer == "block5_conv2")
    let features = network.features()
    let (a, b) = (features(generated)[0], features(content)[0])
    let expected = 0.025 * squares(a.scalars.map(Double.init), b.scalars.map(Double.init))
    #expect(expected > 0)
    #expect(isClose(parts(of: generated).content, expected))
    #expect(parts(of: content).content == 0)
  }

  @Test("Style: a fifth of the sum of squares of each Gram matrix over 4 · 3² · (height · width)²")
  func styleLoss() {
    let layers = ["block1_conv1", "block2_conv1", "block3_conv1", "block4_conv1", "block5_conv1"]
    #expect(StyleTransfer.styleLayers == layers)
    let features = network.features()
    let size = Double(Self.height * Self.width)
    let pairs = zip(features(generated), features(style)).dropFirst()
    let expected = pairs.reduce(0) { sum, pair in
      sum + squares(gram(pair.0), gram(pair.1)) / (4 * 9 * size * size) / 5
    }
    #expect(expected > 0)
    #expect(isClose(parts(of: generated).style, expected))
    #expect(parts(of: style).style == 0)
  }

  @Test("A Gram matrix does not know where things are: pixels in another order leave it as it is")
  func gramInvariance() {
    let features = network.features()(style)[3]
    let pixels = features.shape[1] * features.shape[2]
    let shuffled = features.withPixels(in: (0..<pixels).reversed())
    let (before, after) = (features.gramMatrix(), shuffled.gramMatrix())
    #expect((before - after).largestMagnitude < 1e-5 * before.largestMagnitude)
    #expect(StyleTransfer.contentLoss(features, shuffled).item > 0)
    let shifted = features.withPixels(in: Array(repeating: 0, count: pixels))
    #expect((before - shifted.gramMatrix()).largestMagnitude > 0.01 * before.largestMagnitude)
  }

  @Test("The 4 of 4 · N² · M² cancels in the gradient, as the paper writes it")
  func paperGradient() {
    let features = network.features()
    let (own, wanted) = (features(content)[5], features(style)[5])
    let (_, gradient) = valueAndGradient(at: own) { Demonstrations.paperLoss($0, wanted) }
    let expected = Demonstrations.paperGradient(own, wanted)
    #expect(expected.largestMagnitude > 0)
    #expect((gradient - expected).largestMagnitude < 1e-4 * expected.largestMagnitude)
  }

  @Test("Three slices of a picture, shifted by one pixel, give the section's variation")
  func shiftedDifferences() {
    let expected = StyleTransfer.variationLoss(generated).item
    #expect(isClose(Demonstrations.variation(generated, shift: 1).item, Double(expected)))
    #expect(!isClose(Demonstrations.variation(generated, shift: 2).item, Double(expected)))
  }

  @Test("Variation: 0.0001 times the sum of (a² + b²)^1.25 over all but the last row and column")
  func variationLoss() {
    let x = generated.scalars.map(Double.init)
    func at(_ i: Int, _ j: Int, _ c: Int) -> Double { x[(i * Self.width + j) * 3 + c] }
    var expected = 0.0
    for i in 0..<Self.height - 1 {
      for j in 0..<Self.width - 1 {
        for c in 0..<3 {
          let (a, b) = (at(i, j, c) - at(i + 1, j, c), at(i, j, c) - at(i, j + 1, c))
          let square = a * a + b * b
          expected += square * square.squareRoot().squareRoot()
        }
      }
    }
    #expect(isClose(parts(of: generated).variation, 1e-4 * expected))
    #expect(parts(of: Tensor(repeating: 9, shape: content.shape)).variation == 0)
  }

  @Test("Weights multiply their part and no other")
  func weights() {
    let (one, other) = (
      parts(of: generated), parts(of: generated, .init(content: 0.05, style: 3, variation: 0))
    )
    #expect(isClose(other.content, 2 * Double(one.content)))
    #expect(isClose(other.style, 3 * Double(one.style)))
    #expect(other.variation == 0)
  }

  @Test("Means are sums over how many there are")
  func means() {
    let loss = VariantLoss(
      network.features(), content: content, style: style, weights: .init(), usesMeans: true)
    let (sums, means) = (parts(of: generated), values(loss.loss(of: generated)))
    let elements = network.features()(content)[0].elementCount
    #expect(isClose(means.content * Float(elements), Double(sums.content)))
    #expect(isClose(means.variation * Float(3 * Self.height * Self.width), Double(sums.variation)))
  }

  @Test("A variant that changes nothing has the section's loss, bit for bit")
  func plainVariant() {
    let loss = VariantLoss(network.features(), content: content, style: style, weights: .init())
    #expect(values(loss.loss(of: generated)) == parts(of: generated))
  }

  @Test("Matched weights make each part as large as the section's", arguments: [false, true])
  func matched(usesMeans: Bool) {
    let loss = VariantLoss(
      network.features(), content: content, style: style, weights: .init(), summary: .moments,
      usesMeans: usesMeans
    ).matched(to: transfer(), content: content, style: style)
    let (atContent, atStyle) = (values(loss.loss(of: content)), values(loss.loss(of: style)))
    #expect(isClose(atStyle.content, Double(parts(of: style).content)))
    #expect(isClose(atContent.style, Double(parts(of: content).style)))
    #expect(isClose(atStyle.variation, Double(parts(of: style).variation)))
  }

  @Test("Both optimisers lower the loss, and the best picture has the loss it claims")
  func descends() throws {
    let transfer = transfer()
    let before = transfer.loss(of: content).total.item
    for method in StyleOptimization.Method.allCases {
      let optimization = StyleOptimization(
        from: content, .init(method: method, evaluations: 4), loss: transfer.loss)
      var values: [Float] = []
      for _ in 1...3 {
        try optimization.iterate()
        values.append(try #require(optimization.best).loss.total)
      }
      #expect(values == values.sorted(by: >) && values[0] < before)
      #expect(optimization.evaluations >= 12)
      let best = try #require(optimization.best)
      #expect(transfer.loss(of: best.image).total.item == best.loss.total)
    }
  }

  @Test("The program's picture is the section's, bit for bit")
  func section() throws {
    let transfer = transfer()
    let optimization = StyleOptimization(
      from: content, .init(method: .lbfgs, evaluations: 3), loss: transfer.loss)
    for _ in 1...2 { try optimization.iterate() }
    let image = transfer(content, iterations: 2, evaluations: 3)
    #expect(image.scalars == optimization.best?.image.scalars)
    #expect(image.scalars != content.scalars)
  }

  @Test(
    "The optimisation stops when asked, and at a loss that is not a number, with the best so far")
  func stops() throws {
    let transfer = transfer()
    let broken = self.transfer(
      .init(content: 0, style: .greatestFiniteMagnitude, variation: 0))
    for method in StyleOptimization.Method.allCases {
      var count = 0
      let optimization = StyleOptimization(
        from: content, .init(method: method, evaluations: 9), loss: transfer.loss
      ) { _ in
        count += 1
        return count < 5
      }
      #expect(throws: StyleOptimization.StopReason.interrupted) { try optimization.iterate() }
      #expect(optimization.evaluations == 5 && optimization.best != nil)

      let hopeless = StyleOptimization(from: content, .init(method: method), loss: broken.loss)
      #expect(throws: StyleOptimization.StopReason.notFinite) { try hopeless.iterate() }
      #expect(hopeless.best == nil)
    }
  }

  @Test("What the network takes becomes the picture again, and blue comes first")
  func colors() {
    let pixels = [UInt8](stride(from: 0, to: 240, by: 4))
    let image = Image(width: 5, height: 4, pixels: pixels)
    let input = image.networkInput
    #expect(input.shape == [1, 4, 5, 3])
    #expect(abs(input.scalars[0] - (8 - 103.939)) < 1e-4)
    #expect(abs(input.scalars[2] - (0 - 123.68)) < 1e-4)
    #expect(Image(networkInput: input) == image)
  }

  @Test("Milestones rise from an early iteration to the last", arguments: [1, 2, 5, 20, 400])
  func milestones(count: Int) {
    let shown = StyleFigures.milestones(count)
    #expect(shown == shown.sorted() && Set(shown).count == shown.count && shown.count <= 8)
    #expect(shown.last == count && shown[0] >= 1 && shown[0] <= max(count / 20, 1))
  }
}
