import DeepLearning
import Figures
import Gallery

/// The three patterns of section 7.3.1.
extension SectionRun {
  /// The same convnet without normalization, with it after the activations, and before them.
  func normalize() throws {
    var curves: [(name: String, history: History)] = []
    for place in Normalization.allCases where !run.isInterrupted {
      let model = convnet(place, seed: options.seed)
      let history = try train(
        model, epochs: 8,
        place == .none
          ? "Without batch normalization" : "Batch normalization \(place.rawValue) the activation")
      curves.append((place == .none ? "None" : "\(place.rawValue.capitalized) activation", history))
      run.result(
        "batch normalization, \(place.rawValue): test accuracy", here: testAccuracy(of: model),
        better: .higher)
      run.add(history, as: "normalization-\(place.rawValue)")
    }
    run.add(
      Figure(title: "Batch normalization", x: "Epochs", y: "Loss", yScale: .logarithmic) {
        for (curve, color) in zip(curves, Self.colors) {
          Dots(curve.history["loss"], "\(curve.name): training", color: color)
          Line(curve.history["val_loss"], "\(curve.name): validation", color: color)
        }
      }, as: "normalization")
  }

  /// The book's network as printed for 64 x 64 pixels; then its layers on digits with a border, 32 x 32 pixels.
  func separate() throws {
    let printed = classifier([64, 64, 3], separableLayers(), seed: options.seed)
    print("\n" + printed.summary())
    run.result(
      "separable network: parameters", book: 38_949, here: Double(printed.parameterCount),
      better: .lower)
    var curves: [(name: String, history: History)] = []
    for place in [Normalization.none, .afterActivation] where !run.isInterrupted {
      let model = Self.separableNetwork(place, seed: options.seed)
      let name = place == .none ? "as printed" : "with batch normalization"
      let history = try train(model, epochs: 8, "Separable convolutions \(name)")
      curves.append((name.prefix(1).uppercased() + name.dropFirst(), history))
      run.result(
        "separable network \(name): test accuracy", here: testAccuracy(of: model), better: .higher)
      run.add(history, as: "separable-\(place.rawValue)")
    }
    run.add(
      Figure(title: "Separable convolutions", x: "Epochs", y: "Accuracy") {
        for (curve, color) in zip(curves, Self.colors) {
          Dots(curve.history["acc"], "\(curve.name): training", color: color)
          Line(curve.history["val_acc"], "\(curve.name): validation", color: color)
        }
      }, as: "separable")
  }

  /// The separable layers for digits, which get a border: without it the last convolution would find no pixels left.
  static func separableNetwork(_ normalized: Normalization, seed: UInt64) -> Model {
    classifier([28, 28, 1], [ZeroPadding2D(2)] + separableLayers(normalized), seed: seed)
  }

  /// Twenty layers without and with shortcuts: what gradient arrives where, and what is learned.
  func shortcut() throws {
    var norms: [(name: String, values: [Double])] = []
    var curves: [(name: String, history: History)] = []
    for hasShortcuts in [false, true] where !run.isInterrupted {
      let model = deepNetwork(hasShortcuts: hasShortcuts, seed: options.seed)
      let name = hasShortcuts ? "Residual" : "Plain"
      norms.append((name, gradientNorms(of: model, on: digits)))
      let history = try train(model, epochs: 8, "\(name) network of 20 layers")
      curves.append((name, history))
      let last = history["loss"].last ?? .nan
      run.result("\(name.lowercased()), 20 layers: training loss", here: last, better: .lower)
      run.result(
        "\(name.lowercased()), 20 layers: test accuracy", here: testAccuracy(of: model),
        better: .higher)
      run.add(history, as: name.lowercased())
    }
    run.add(
      Figure(
        title: "Norm of the loss's gradient in each layer before training", x: "Layer",
        y: "Gradient norm", yScale: .logarithmic
      ) {
        for curve in norms { Line(curve.values, curve.name) }
      }, as: "gradient-norms")
    run.add(
      Figure(title: "Training loss of 20 layers", x: "Epochs", y: "Loss", yScale: .logarithmic) {
        for curve in curves { Line(curve.history["loss"], curve.name) }
      }, as: "residual")
  }

  static let colors: [Color] = [.gray, .blue, .orange]
}

/// For each layer with a kernel the Euclidean norm of the kernel's gradient, for up to 256 digits.
func gradientNorms(of model: Model, on digits: DigitParts) -> [Double] {
  let count = min(256, digits.train.count)
  let (some, targets) = (digits.train.pictures.samples[0..<count], digits.train.oneHot[0..<count])
  let kernels = model.trainableWeights.filter { $0.name.hasSuffix("/kernel") }
  let (_, gradients) = valueAndGradients(of: kernels) {
    categoricalCrossEntropy(model(some, training: true), targets)
  }
  return gradients.values.map { gradient in
    gradient.map { Double($0.squared().sum().item).squareRoot() } ?? 0
  }
}
