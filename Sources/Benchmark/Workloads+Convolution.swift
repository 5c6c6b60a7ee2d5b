import DeepLearning

extension Workload {
  /// Chapter 5 and section 7.3. Pictures are held as bytes, as the chapters hold them; the peers hold floats.
  static let convolutional = [
    Workload(
      name: "mnist_convnet", batchSize: 64, samples: 60_000, megaflops: 1048.07,
      needsFewerOperations: true,
      data: { random in
        (pictures(60_000, [28, 28, 1], &random), oneHot(60_000, classes: 10, &random))
      },
      model: {
        compiled(.categoricalCrossEntropy, .accuracy, input: [28, 28, 1]) {
          Conv2D(32, kernel: 3, activation: .relu)
          MaxPooling2D(2)
          Conv2D(64, kernel: 3, activation: .relu)
          MaxPooling2D(2)
          Conv2D(64, kernel: 3, activation: .relu)
          Flatten()
          Dense(64, activation: .relu)
          Dense(10, activation: .softmax)
        }
      }),
    Workload(
      name: "catsdogs", batchSize: 20, samples: 2000, megaflops: 27_574.46,
      needsFewerOperations: true,
      data: { random in
        (pictures(2000, [150, 150, 3], &random), labels(2000, &random))
      },
      model: {
        compiled(.binaryCrossEntropy, .accuracy, input: [150, 150, 3], learningRate: 1e-4) {
          for filters in [32, 64, 128, 128] {
            Conv2D(filters, kernel: 3, activation: .relu)
            MaxPooling2D(2)
          }
          Flatten()
          Dense(512, activation: .relu)
          Dense(1, activation: .sigmoid)
        }
      }),
    Workload(
      name: "vgg16_features", batchSize: 20, samples: 2000, megaflops: 264_619.65,
      needsFewerOperations: true,
      isPrediction: true,
      data: { random in
        (pictures(2000, [150, 150, 3], &random), labels(2000, &random))
      },
      model: { Sequential(input: [150, 150, 3]) { for layer in vgg16() { layer } } }),
    Workload(
      name: "vgg16_finetune", batchSize: 20, samples: 2000, megaflops: 303_091.94,
      needsFewerOperations: true,
      data: { random in
        (pictures(2000, [150, 150, 3], &random), labels(2000, &random))
      },
      model: {
        let base = vgg16()
        // All blocks but the last, whose three convolutions and pooling stand at the end.
        for layer in base.dropLast(4) { layer.isTrainable = false }
        return compiled(.binaryCrossEntropy, .accuracy, input: [150, 150, 3], learningRate: 1e-5) {
          for layer in base { layer }
          Flatten()
          Dense(256, activation: .relu)
          Dense(1, activation: .sigmoid)
        }
      }),
    Workload(
      name: "sepconv", batchSize: 32, samples: 3200, megaflops: 3894.35,
      data: { random in
        (pictures(3200, [64, 64, 3], &random), oneHot(3200, classes: 10, &random))
      },
      model: {
        compiled(.categoricalCrossEntropy, .accuracy, input: [64, 64, 3]) {
          SeparableConv2D(32, kernel: 3, activation: .relu)
          SeparableConv2D(64, kernel: 3, activation: .relu)
          MaxPooling2D(2)
          SeparableConv2D(64, kernel: 3, activation: .relu)
          SeparableConv2D(128, kernel: 3, activation: .relu)
          MaxPooling2D(2)
          SeparableConv2D(64, kernel: 3, activation: .relu)
          SeparableConv2D(128, kernel: 3, activation: .relu)
          GlobalAveragePooling2D()
          Dense(32, activation: .relu)
          Dense(10, activation: .softmax)
        }
      }),
  ]

  /// The convolutional base of VGG16 (Simonyan and Zisserman, 2014).
  private static func vgg16() -> [Layer] {
    [(2, 64), (2, 128), (3, 256), (3, 512), (3, 512)].flatMap { count, filters -> [Layer] in
      (0..<count).map { _ in
        Conv2D(filters, kernel: 3, padding: .same, activation: .relu)
      } + [MaxPooling2D(2)]
    }
  }

  private static func pictures(
    _ count: Int, _ shape: Shape, _ random: inout RandomGenerator
  ) -> Samples {
    var bytes = [UInt8](repeating: 0, count: count * shape.elementCount)
    for start in stride(from: 0, to: bytes.count, by: 8) {
      var bits = random.next()
      for i in start..<min(start + 8, bytes.count) {
        bytes[i] = UInt8(truncatingIfNeeded: bits)
        bits = bits >> 8
      }
    }
    return .pixels(Pixels(bytes, shape: shape.prepending(count)))
  }
}
