import Testing

@testable import DeepLearning

@Suite("Normalisation folded into convolutions")
struct FoldedNormalizationTests {
  private var random = RandomGenerator(seed: 11)

  /// Gives every weight numbers that leave nothing as it is.
  private mutating func unsettle(_ model: Model) {
    for weight in model.weights where !weight.name.hasSuffix("kernel") {
      let isPositive = weight.name.hasSuffix("gamma") || weight.name.hasSuffix("variance")
      weight.value = .uniform(
        weight.shape, in: isPositive ? 0.3..<2 : -1..<1, using: &random)
    }
  }

  /// Branches of all that is folded, joined.
  private func branches() -> Model {
    let image = Input([9, 7, 3])
    var x = Conv2D(6, kernel: [3, 2], stride: [2, 1], usesBias: false, name: "a")(image)
    x = ActivationLayer(.relu, name: "a_relu")(BatchNormalization(scales: false)(x))
    var y = Conv2D(4, kernel: 3, padding: .same, dilation: 2, name: "b")(image)
    y = BatchNormalization(epsilon: 0.1, name: "b_bn")(y)
    y = DepthwiseConv2D(kernel: 3, stride: 2, padding: .same, usesBias: false)(y)
    y = ActivationLayer(.relu6, name: "c_relu6")(BatchNormalization()(y))
    y = Conv2D(6, kernel: 2, usesBias: false)(y)
    y = Add(name: "joined")(
      BatchNormalization(name: "d_bn")(y), MaxPooling2D([1, 2], name: "halved")(x))
    return Model(inputs: image, outputs: y)
  }

  @Test("Results, taps and gradients stay the same, with no normalisation left")
  mutating func folded() {
    let model = branches()
    unsettle(model)
    let folded = model.foldingNormalization()
    #expect(
      Set(folded.layers.map(\.name)) == ["a_relu", "b_bn", "c_relu6", "d_bn", "halved", "joined"])
    #expect(folded.layers.allSatisfy { !($0 is BatchNormalization || $0 is ActivationLayer) })
    let images = Tensor.normal([2, 9, 7, 3], using: &random)
    let names = ["a_relu", "b_bn", "c_relu6", "joined"]
    let context = ForwardContext(training: false, random: random)
    let expected = model.outputs(of: names).outputs(for: [images.samples], context)
    let actual = folded.outputs(of: names).outputs(for: [images.samples], context)
    for (name, pair) in zip(names, zip(actual, expected)) { expectClose(pair.0, pair.1, name) }
    let (_, gradient) = valueAndGradient(at: images) { folded($0).squared().sum() }
    let (_, wanted) = valueAndGradient(at: images) { model($0).squared().sum() }
    expectClose(gradient, wanted, absolute: 1e-3, "gradient")
  }

  @Test("The model itself stays as it is, and what becomes of it later does not count")
  mutating func independent() {
    let model = branches()
    unsettle(model)
    let before = model.weights.map(\.value)
    let images = Tensor.normal([1, 9, 7, 3], using: &random)
    let folded = model.foldingNormalization()
    let result = folded(images)
    #expect(zip(model.weights, before).allSatisfy { $0.value == $1 })
    unsettle(model)
    #expect(folded(images) == result && model(images) != result)
  }

  @Test("What something else uses, or has an activation in between, is not folded")
  mutating func leftAlone() {
    let image = Input([6, 6, 3])
    let twice = Conv2D(3, kernel: 1, name: "twice")(image)
    let first = BatchNormalization(name: "first")(twice)
    let active = Conv2D(3, kernel: 1, activation: .relu, name: "active")(image)
    let second = BatchNormalization(name: "second")(active)
    let output = Conv2D(3, kernel: 1, name: "output")(image)
    let third = BatchNormalization(name: "third")(output)
    // One normalisation and its activation for two convolutions: a name can be given only once.
    let (shared, relu) = (BatchNormalization(name: "shared"), ActivationLayer(.relu, name: "relu"))
    let one = relu(shared(Conv2D(3, kernel: 1, name: "one")(image)))
    let other = relu(shared(Conv2D(3, kernel: 1, name: "other")(image)))
    let sum = Add(name: "sum")(Add(name: "part")(first, twice), third)
    let all = Add(name: "all")(sum, Add(name: "rest")(second, Add(name: "both")(one, other)))
    let model = Model(inputs: [image], outputs: [output, all])
    unsettle(model)
    let folded = model.foldingNormalization()
    #expect(Set(folded.layers.map(\.name)) == Set(model.layers.map(\.name)))
    let images = Tensor.normal([2, 6, 6, 3], using: &random)
    let context = ForwardContext(training: false, random: random)
    #expect(
      folded.outputs(for: [images.samples], context)
        == model.outputs(for: [images.samples], context))
  }

  @Test("A model that starts between convolution and normalisation keeps the normalisation")
  mutating func startingBetween() {
    let model = Sequential(input: [5, 5, 2]) {
      Conv2D(3, kernel: 3, name: "sum")
      BatchNormalization(name: "normal")
      ActivationLayer(.relu, name: "relu")
    }
    unsettle(model)
    let folded = model.starting(after: "sum").foldingNormalization()
    #expect(folded.layers.map(\.name) == ["normal", "relu"])
    let sums = Tensor.normal([1, 3, 3, 3], using: &random)
    #expect(folded(sums) == model.starting(after: "sum")(sums))
  }
}
