// Section 7.1: networks that are graphs.
//
// A layer is called on what another one makes, and a model is named by its ends. So a network may have several inputs,
// several outputs, branches, short cuts, layers that are used twice, and whole models among its layers. The examples stand
// in the book's order, from (a) to (j), with its constants; (c), a graph that is not connected, is an error and stands
// with the printed slips in Program/Slips.swift.

import DeepLearning

/// The networks of the section.
enum Functional {
  /// (a) A tensor, a layer, a tensor: 1,056 parameters.
  static func oneLayer(seed: UInt64) -> Model {
    let input = Input([32])
    return Model(inputs: input, outputs: Dense(32, activation: .relu)(input), seed: seed)
  }

  /// (b) Layers one after another: 3,466 parameters.
  static func sequential(seed: UInt64) -> Model {
    Sequential(input: [64], seed: seed) {
      Dense(32, activation: .relu)
      Dense(32, activation: .relu)
      Dense(10, activation: .softmax)
    }
  }

  /// (b) The same network as a graph.
  static func functional(seed: UInt64) -> Model {
    let input = Input([64])
    var x = Dense(32, activation: .relu)(input)
    x = Dense(32, activation: .relu)(x)
    return Model(inputs: input, outputs: Dense(10, activation: .softmax)(x), seed: seed)
  }

  /// (d) Two inputs, a text and a question about it; the answer is one of 500 words: 1,000,052 parameters.
  static func questionAnswerer(length: Int = 100, seed: UInt64) -> Model {
    let text = Input([length], name: "text")
    let encodedText = LSTM(32)(Embedding(10_000, 64)(text))
    let question = Input([length], name: "question")
    let encodedQuestion = LSTM(16)(Embedding(10_000, 32)(question))
    let joined = Concatenate()(encodedText, encodedQuestion)
    let answer = Dense(500, activation: .softmax, name: "answer")(joined)

    let model = Model(inputs: [text, question], outputs: [answer], seed: seed)
    model.compile(
      optimizer: RMSprop(), loss: .categoricalCrossEntropy, metrics: [.accuracy])
    return model
  }

  /// (e) Three outputs: age, income and gender of who wrote the posts: 14,146,316 parameters.
  ///
  /// Losses are of different sizes, so each has a weight; without them the largest would get nearly all attention.
  static func threeOutputs(
    length: Int = 200, padding: Padding = .same, seed: UInt64
  ) -> Model {
    let posts = Input([length], name: "posts")
    var x = Embedding(50_000, 256)(posts)
    x = Conv1D(128, kernel: 5, padding: padding, activation: .relu)(x)
    x = MaxPooling1D(5)(x)
    x = Conv1D(256, kernel: 5, padding: padding, activation: .relu)(x)
    x = Conv1D(256, kernel: 5, padding: padding, activation: .relu)(x)
    x = MaxPooling1D(5)(x)
    x = Conv1D(256, kernel: 5, padding: padding, activation: .relu)(x)
    x = Conv1D(256, kernel: 5, padding: padding, activation: .relu)(x)
    x = Dense(128, activation: .relu)(GlobalMaxPooling1D()(x))

    let age = Dense(1, name: "age")(x)
    let income = Dense(10, activation: .softmax, name: "income")(x)
    let gender = Dense(1, activation: .sigmoid, name: "gender")(x)
    let model = Model(inputs: [posts], outputs: [age, income, gender], seed: seed)
    model.compile(
      optimizer: RMSprop(),
      losses: [
        "age": .meanSquaredError, "income": .categoricalCrossEntropy,
        "gender": .binaryCrossEntropy,
      ],
      weights: ["age": 0.25, "income": 1, "gender": 10])
    return model
  }

  /// (f) An Inception module: four ways to look at an image, side by side.
  static func inceptionModule(_ x: SymbolicTensor, padding: Padding = .same) -> SymbolicTensor {
    func convolution(_ kernel: Extent2D, stride: Extent2D = 1) -> Conv2D {
      Conv2D(128, kernel: kernel, stride: stride, padding: padding, activation: .relu)
    }
    let a = convolution(1, stride: 2)(x)
    let b = convolution(3, stride: 2)(convolution(1)(x))
    let c = convolution(3)(AveragePooling2D(3, stride: 2, padding: padding)(x))
    let d = convolution(3, stride: 2)(convolution(3)(convolution(1)(x)))
    return Concatenate()(a, b, c, d)
  }

  /// (g) A residual connection: what three convolutions make is added to what they were given, of 128 channels.
  static func identityResidual(_ x: SymbolicTensor) -> SymbolicTensor {
    var y = x
    for _ in 0..<3 { y = Conv2D(128, kernel: 3, padding: .same, activation: .relu)(y) }
    return Add()(y, x)
  }

  /// (h) A residual connection where shapes differ: a convolution of single pixels brings the input into the new one.
  static func linearResidual(_ x: SymbolicTensor) -> SymbolicTensor {
    var y = Conv2D(128, kernel: 3, padding: .same, activation: .relu)(x)
    y = Conv2D(128, kernel: 3, padding: .same, activation: .relu)(y)
    y = MaxPooling2D(2, stride: 2)(y)
    return Add()(y, Conv2D(128, kernel: 1, stride: 2, padding: .same)(x))
  }

  /// (i) One LSTM reads both sentences, word by word as vectors of 128 numbers: 20,673 parameters.
  static func siamese(length: Int = 20, seed: UInt64) -> Model {
    let lstm = LSTM(32)
    let left = Input([length, 128], name: "left")
    let right = Input([length, 128], name: "right")
    let joined = Concatenate()(lstm(left), lstm(right))
    let same = Dense(1, activation: .sigmoid, name: "same")(joined)

    let model = Model(inputs: [left, right], outputs: [same], seed: seed)
    model.compile(optimizer: RMSprop(), loss: .binaryCrossEntropy, metrics: [.accuracy])
    return model
  }

  /// (j) One model, Xception's base, looks at the pictures of two cameras: 20,861,480 parameters, shared.
  static func twoCameras(_ xception: Model, seed: UInt64) -> Model {
    let left = Input([250, 250, 3], name: "left")
    let right = Input([250, 250, 3], name: "right")
    let joined = Concatenate()(xception(left), xception(right))
    return Model(inputs: [left, right], outputs: [joined], seed: seed)
  }
}
