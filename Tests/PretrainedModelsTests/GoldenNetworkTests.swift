import DeepLearning
import Testing

@testable import PretrainedModels

/// Whole networks against Keras and PyTorch; the weights are the formula's of `generate.py`.
@Suite("Networks against their peers", .serialized, .timeLimit(.minutes(30)))
struct GoldenNetworkTests {
  /// Sums of thousands of products in another order differ by that fraction at most.
  private let tolerance: Float = 2e-4

  private func check(_ model: Model, _ ready: Tensor, _ golden: GoldenNetwork) {
    #expect(model.parameterCount == golden.parameters)
    expect(ready, equals: golden.preprocessed, tolerance: 1e-6)
    check(model, ready, golden.layers)
  }

  private func check(_ model: Model, _ ready: Tensor, _ layers: [GoldenNetwork.Sample]) {
    let names = layers.compactMap(\.name)
    let context = ForwardContext(training: false, random: RandomGenerator(seed: 1))
    let outputs = model.outputs(of: names).outputs(for: [ready.samples], context)
    #expect(outputs.count == layers.count && !outputs.isEmpty)
    for (output, sample) in zip(outputs, layers) {
      expect(output, equals: sample, tolerance: tolerance)
    }
  }

  @Test("The base of VGG16 computes what Keras' does")
  func base() throws {
    let golden = try GoldenNetwork.named("vgg16-base")
    #expect(golden.parameters == 14_714_688)
    let model = VGG16.base(input: [golden.side, golden.side, 3])
    MadeWeights.fill(model)
    check(model, VGG16.preprocess(MadeWeights.picture(side: golden.side)), golden)
  }

  @Test("The whole VGG16 computes what Keras' does")
  func full() throws {
    let golden = try GoldenNetwork.named("vgg16-full")
    #expect(golden.parameters == 138_357_544)
    let model = VGG16.full()
    MadeWeights.fill(model, softened: "predictions")
    check(model, VGG16.preprocess(MadeWeights.picture(side: golden.side)), golden)
  }

  @Test("The base of VGG19 computes what Keras' does")
  func vgg19() throws {
    let golden = try GoldenNetwork.named("vgg19-base")
    #expect(golden.parameters == 20_024_384)
    let model = VGG19.base(input: [golden.side, golden.side, 3])
    MadeWeights.fill(model)
    check(model, VGG19.preprocess(MadeWeights.picture(side: golden.side)), golden)
  }

  @Test(
    "EfficientNet-Lite0 computes what PyTorch's does, also for sides that no stride divides",
    arguments: ["efficientnet-lite0", "efficientnet-lite0-odd"])
  func efficientNet(name: String) throws {
    let golden = try GoldenNetwork.named(name)
    #expect(golden.parameters == 4_652_008 + 42_016)
    let model = EfficientNetLite0.network(input: [golden.side, golden.side, 3])
    #expect(model.trainableWeights.reduce(0) { $0 + $1.shape.elementCount } == 4_652_008)
    MadeWeights.fill(model)
    let ready = EfficientNetLite0.preprocess(MadeWeights.picture(side: golden.side))
    check(model, ready, golden)
    // Names that end in `bn` before an activation are gone once the normalisation is folded.
    let folded = model.foldingNormalization()
    #expect(folded.layers.allSatisfy { !($0 is BatchNormalization) })
    let places = golden.layers.filter { layer in
      folded.layers.contains { $0.name == layer.name }
    }
    #expect(places.count >= 5)
    check(folded, ready, places)
  }

  @Test("The base of InceptionV3 computes what Keras' does")
  func inception() throws {
    let golden = try GoldenNetwork.named("inception-v3")
    #expect(golden.parameters == 21_802_784)
    let model = InceptionV3.base(input: [golden.side, golden.side, 3])
    MadeWeights.fillByNumber(model)
    let ready = InceptionV3.preprocess(MadeWeights.picture(side: golden.side))
    check(model, ready, golden)
    let folded = model.foldingNormalization()
    #expect(folded.layers.allSatisfy { !($0 is BatchNormalization) })
    // A bias for each channel instead of a shift, a mean and a variance.
    #expect(folded.parameterCount == golden.parameters - 2 * 17_216)
    check(folded, ready, golden.layers)
  }

  @Test("The base of Xception computes what Keras' does")
  func xception() throws {
    let golden = try GoldenNetwork.named("xception", in: "xception.json")
    #expect(golden.parameters == 20_861_480)
    let model = Xception.base(input: [golden.side, golden.side, 3])
    MadeWeights.fillByName(model)
    check(model, Xception.preprocess(MadeWeights.picture(side: golden.side)), golden)
  }
}
