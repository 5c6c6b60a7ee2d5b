import DeepLearning

/// Numbers that a formula makes from their position, the same as in `generate.py`, so that networks
/// can be compared without storing their weights.
enum MadeWeights {
  /// A tensor of numbers between two bounds; over a plain pointer, since tests are not optimised and
  /// VGG16 has 138 million numbers; for the same reason no operator here is generic.
  static func tensor(_ shape: Shape, number: Int, from low: Float, to high: Float) -> Tensor {
    let start = UInt32(truncatingIfNeeded: number &* 0x9E37_79B9)
    return Tensor(shape: shape) { buffer in
      guard let target = buffer.baseAddress else { return }
      let (count, width) = (buffer.count, high - low)
      var index = 0
      while index < count {
        var x = UInt32(truncatingIfNeeded: index) &+ start
        x = (x ^ x &>> 16) &* 0x85EB_CA6B
        x = (x ^ x &>> 13) &* 0xC2B2_AE35
        x ^= x &>> 16
        target[index] = Float(Int32(bitPattern: x &>> 8)) / 0x1p24 * width + low
        index += 1
      }
    }
  }

  /// A picture from 0 to 255.
  static func picture(side: Int) -> Tensor {
    tensor([1, side, side, 3], number: 0, from: 0, to: 255)
  }

  /// Sets all weights of a model.
  ///
  /// - Parameter softened: a layer whose weights are divided by 256.
  static func fill(_ model: Model, softened: String? = nil) {
    var number = 0
    for layer in model.layers {
      for weight in layer.weights {
        number += 1
        let (low, high) = bounds(of: weight)
        weight.value = tensor(weight.shape, number: number, from: low, to: high)
        if layer.name == softened { weight.value = weight.value / 256 }
      }
    }
  }

  /// Sets all weights of a model, counted over its layers in the order of their names.
  static func fillByName(_ model: Model) {
    let weights = model.layers.sorted { $0.name < $1.name }.flatMap(\.weights)
    for (number, weight) in zip(1..., weights) {
      let (low, high) = bounds(of: weight)
      weight.value = tensor(weight.shape, number: number, from: low, to: high)
    }
  }

  /// Sets all weights of a model whose convolutions and normalisations are numbered, four tensors for each number.
  static func fillByNumber(_ model: Model) {
    for layer in model.layers where !layer.weights.isEmpty {
      let number = layer.name.split(separator: "_").last.flatMap { Int($0) } ?? 0
      let first = 4 * (number - 1) + (layer.name.hasPrefix("conv") ? 1 : 2)
      for (index, weight) in layer.weights.enumerated() {
        let (low, high) = bounds(of: weight)
        weight.value = tensor(weight.shape, number: first + index, from: low, to: high)
      }
    }
  }

  private static func bounds(of weight: Parameter) -> (Float, Float) {
    let shape = weight.shape
    switch weight.name.split(separator: "/").last {
    case "kernel", "depthwise_kernel", "pointwise_kernel":
      let isDepthwise = weight.name.hasSuffix("depthwise_kernel")
      let fan = isDepthwise ? shape[0] * shape[1] : shape.dropLast().reduce(1, *)
      let limit = Float((6 / Double(fan)).squareRoot())
      return (-limit, limit)
    case "gamma": return (0.8, 1.2)
    case "moving_variance": return (0.5, 1.5)
    default: return (-0.1, 0.1)
    }
  }
}
