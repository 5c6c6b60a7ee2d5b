import DeepLearning
import Foundation

/// A digit that somebody has drawn: 28 rows of 28 grey values, 0 for the ground and 255 for ink.
struct DigitQuestion: Decodable, Sendable {
  let pixels: [UInt8]
}

/// What a network makes of a digit.
struct DigitAnswer: Encodable, Sendable {
  /// How sure it is of each digit.
  let probabilities: [Float]
  /// What the first layer answers: pictures of `width` by `height` grey values, one after the other.
  let maps: Data
  let width: Int
  let height: Int
  let sentence: String
}

/// The network of section 2.1 or of section 5.1.
struct DigitReader {
  private let model: Model
  private let isConvnet: Bool

  /// Reads what `chapter2-mnist` or `chapter5-mnist-convnet` has saved.
  init(folder: URL, isConvnet: Bool) throws {
    self.isConvnet = isConvnet
    let whole =
      isConvnet
      ? Sequential(input: [28, 28, 1]) {
        Conv2D(32, kernel: 3, activation: .relu)
        MaxPooling2D(2)
        Conv2D(64, kernel: 3, activation: .relu)
        MaxPooling2D(2)
        Conv2D(64, kernel: 3, activation: .relu)
        Flatten()
        Dense(64, activation: .relu)
        Dense(10, activation: .softmax)
      }
      : Sequential(input: [28 * 28]) {
        Dense(512, activation: .relu)
        Dense(10, activation: .softmax)
      }
    try whole.loadWeights(from: folder.appending(path: "weights.safetensors"))
    let (first, last) = (whole.layers[0].name, whole.layers[whole.layers.count - 1].name)
    model = whole.outputs(of: [first, last])
  }

  /// - Throws: `Refusal` if it is no picture of 28 by 28 pixels.
  func read(_ pixels: [UInt8]) throws -> DigitAnswer {
    guard pixels.count == 28 * 28 else {
      throw Refusal(400, "A digit has 28 x 28 pixels; this one has \(pixels.count).")
    }
    let image = Tensor(
      pixels.map { Float($0) / 255 }, shape: isConvnet ? [1, 28, 28, 1] : [1, 28 * 28])
    let outputs = model.outputs(for: image)
    let probabilities = outputs[1].scalars
    let (maps, width, height) = pictures(of: outputs[0])
    return DigitAnswer(
      probabilities: probabilities, maps: maps, width: width, height: height,
      sentence: sentence(probabilities, isEmpty: pixels.allSatisfy { $0 == 0 }))
  }

  /// The responses as grey values, the largest one white.
  private func pictures(of response: Tensor) -> (Data, width: Int, height: Int) {
    let numbers = response.scalars
    let largest = max(numbers.max() ?? 0, 1e-6)
    func grey(_ value: Float) -> UInt8 { UInt8(max(0, min(255, 255 * value / largest))) }
    guard isConvnet else { return (Data(numbers.map(grey)), 32, 16) }
    let (height, width, channels) = (response.shape[1], response.shape[2], response.shape[3])
    var bytes = Data(capacity: numbers.count)
    for channel in 0..<channels {
      for pixel in 0..<height * width { bytes.append(grey(numbers[pixel * channels + channel])) }
    }
    return (bytes, width, height)
  }

  private func sentence(_ probabilities: [Float], isEmpty: Bool) -> String {
    if isEmpty { return "Draw a digit, large and in one go." }
    let order = probabilities.indices.sorted { probabilities[$0] > probabilities[$1] }
    let sure = probabilities[order[0]]
    let percent = Int((100 * sure).rounded(.down))
    let guess = "The network is \(percent)% sure that this is a \(order[0])"
    let layer =
      isConvnet
      ? "Below, what its 32 first filters answer: bright where a filter has found its pattern."
      : "Below, how strongly each of the 512 units of its first layer answers."
    return guess + (sure < 0.9 ? ", and else takes it for a \(order[1]). " : ". ") + layer
  }
}

extension Studio {
  func digit(_ question: DigitQuestion, isConvnet: Bool) throws -> DigitAnswer {
    try network(isConvnet ? .convnet : .dense) {
      try DigitReader(folder: $0, isConvnet: isConvnet)
    }.read(question.pixels)
  }
}
