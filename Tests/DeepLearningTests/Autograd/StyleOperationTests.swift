import Foundation
import TestSupport
import Testing

@testable import DeepLearning

/// The two operations of neural style transfer: against NumPy's values, plain loops and differences.
@Suite struct StyleOperationTests {
  /// What `Golden/generate_style.py` computed in double precision.
  struct Case: Decodable, Sendable {
    let image: GoldenTensor
    let gram: GoldenTensor
    let upstream: GoldenTensor
    let gramGradient: GoldenTensor
    let exponent: Float
    let variation: Double
    let variationGradient: GoldenTensor
  }

  @Test("NumPy finds the same values and gradients")
  func reference() throws {
    for golden: Case in try Golden.cases("style") {
      let image = golden.image.tensor
      let name = "\(image.shape)"
      if image.count == 1 {
        expectClose(image.gramMatrix(), golden.gram.tensor, absolute: 1e-4, "Gram matrix, \(name)")
        let (_, gradient) = valueAndGradient(at: image) {
          ($0.gramMatrix() * golden.upstream.tensor).sum()
        }
        expectClose(gradient, golden.gramGradient.tensor, absolute: 1e-4, "its gradient, \(name)")
      }
      let (value, gradient) = valueAndGradient(at: image) {
        $0.totalVariation(exponent: golden.exponent)
      }
      expectClose(value.item, golden.variation, "variation, \(name), \(golden.exponent)")
      expectClose(
        gradient, golden.variationGradient.tensor, absolute: 1e-4,
        "its gradient, \(name), \(golden.exponent)")
    }
  }

  static let shapes: [Shape] = [
    [1, 1, 1, 1], [1, 1, 5, 3], [1, 6, 1, 3], [1, 2, 2, 3], [1, 3, 7, 3], [1, 5, 6, 16],
    [1, 4, 11, 3], [2, 4, 5, 3], [1, 9, 33, 1], [3, 2, 12, 2],
  ]

  @Test("The Gram gradient agrees with differences", arguments: shapes.filter { $0[0] == 1 })
  func gramGradient(_ shape: Shape) {
    FiniteDifferences(step: 0.05, absolute: 2e-3).check(
      "Gram matrix of \(shape)", at: [randomTensor(shape, seed: 61)]
    ) { $0[0].gramMatrix() }
  }

  @Test(
    "The gradient of variation agrees with differences",
    arguments: shapes.filter { $0[1] > 1 && $0[2] > 1 }, [1, 1.25, 1.5, 2] as [Float])
  func variationGradient(_ shape: Shape, _ exponent: Float) {
    FiniteDifferences(step: 0.03, absolute: 1e-2, relative: 1e-2, skippable: 0.3).check(
      "variation of \(shape)", at: [randomTensor(shape, seed: 62)]
    ) { $0[0].totalVariation(exponent: exponent) }
  }

  /// Straight from the formula, in double precision.
  private func variation(_ image: Tensor, _ exponent: Double) -> Double {
    let (shape, x) = (image.shape, image.scalars.map(Double.init))
    func at(_ n: Int, _ i: Int, _ j: Int, _ c: Int) -> Double {
      x[((n * shape[1] + i) * shape[2] + j) * shape[3] + c]
    }
    var sum = 0.0
    for n in 0..<shape[0] {
      for i in 0..<shape[1] - 1 {
        for j in 0..<shape[2] - 1 {
          for c in 0..<shape[3] {
            let a = at(n, i, j, c) - at(n, i + 1, j, c)
            let b = at(n, i, j, c) - at(n, i, j + 1, c)
            sum += pow(a * a + b * b, exponent)
          }
        }
      }
    }
    return sum
  }

  @Test("Variation is what the formula says", arguments: shapes, [1, 1.25, 2] as [Float])
  func formula(_ shape: Shape, _ exponent: Float) {
    let image = randomTensor(shape, in: 0...255, seed: 63)
    expectClose(
      image.totalVariation(exponent: exponent).item, variation(image, Double(exponent)),
      "variation of \(shape)")
  }

  @Test("An even picture has no variation and no slope")
  func evenPicture() {
    let (value, gradient) = valueAndGradient(at: Tensor(repeating: 7, shape: [1, 9, 9, 3])) {
      $0.totalVariation()
    }
    #expect(value.item == 0)
    #expect(gradient == .zeros([1, 9, 9, 3]))
  }

  @Test("Any number of cores gives the same bits")
  func cores() {
    let image = randomTensor([1, 120, 90, 3], in: 0...255, seed: 64)
    func both() -> (Tensor, Tensor) { valueAndGradient(at: image) { $0.totalVariation() } }
    let many = both()
    let one = Parallel.$width.withValue(1) { both() }
    #expect(haveEqualBits(many.0, one.0) && haveEqualBits(many.1, one.1))
  }

  @Test("A Gram matrix of what a convolution made is that of its numbers")
  func blocks() {
    let picture = randomTensor([1, 12, 10, 3], seed: 65)
    let image = Input([12, 10, 3])
    let model = Model(
      inputs: image, outputs: Conv2D(32, kernel: 3, padding: .same, activation: .relu)(image))
    let features = model(picture)
    let plain = Tensor(features.scalars, shape: features.shape)
    expectClose(features.gramMatrix(), plain.gramMatrix(), "Gram matrix of a convolution")
    let pixels = plain.reshaped([120, 32])
    expectClose(
      plain.gramMatrix(), pixels.transposed().matmul(pixels), absolute: 1e-4, "as a product")
    func gradient(_ gram: @escaping (Tensor) -> Tensor) -> Tensor {
      valueAndGradient(at: picture) { gram(model($0)).squared().sum() }.gradient
    }
    let expected = gradient {
      let pixels = $0.reshaped([120, 32])
      return pixels.transposed().matmul(pixels)
    }
    expectClose(
      gradient { $0.gramMatrix() }, expected, absolute: 1e-2, relative: 1e-3, "through it")
  }

  @Test("Wrong shapes are named", .ahead)
  func wrongShapes() async {
    await #expect(processExitsWith: .failure) { _ = Tensor.zeros([2, 3, 3, 4]).gramMatrix() }
    await #expect(processExitsWith: .failure) { _ = Tensor.zeros([3, 3]).totalVariation() }
    await #expect(processExitsWith: .failure) {
      _ = Tensor.zeros([1, 3, 3, 3]).totalVariation(exponent: 0.5)
    }
  }
}
