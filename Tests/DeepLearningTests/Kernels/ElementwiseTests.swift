import Foundation
import Testing

@testable import DeepLearning

/// Element-wise kernels against Foundation, in double precision.
@Suite struct ElementwiseTests {
  /// A kernel, what it should compute, where, and how exactly.
  struct Function: Sendable, CustomTestStringConvertible {
    let name: String
    let kernel: Kernel
    let domain: ClosedRange<Float>
    let ulps: Double
    let absolute: Double
    let plain: @Sendable (Double) -> Double
    var testDescription: String { name }

    enum Kernel: Sendable { case unary(Elementwise.Unary), activation(Activation) }

    init(
      _ kernel: Elementwise.Unary, _ domain: ClosedRange<Float> = -1e30...1e30, ulps: Double = 0.5,
      absolute: Double = 0, _ plain: @escaping @Sendable (Double) -> Double
    ) {
      self.init("\(kernel)", .unary(kernel), domain, ulps, absolute, plain)
    }

    init(
      _ kernel: Activation, _ domain: ClosedRange<Float> = -1e30...1e30, ulps: Double = 4,
      absolute: Double, _ plain: @escaping @Sendable (Double) -> Double
    ) {
      self.init("\(kernel)", .activation(kernel), domain, ulps, absolute, plain)
    }

    private init(
      _ name: String, _ kernel: Kernel, _ domain: ClosedRange<Float>, _ ulps: Double,
      _ absolute: Double, _ plain: @escaping @Sendable (Double) -> Double
    ) {
      (self.name, self.kernel, self.domain) = (name, kernel, domain)
      (self.ulps, self.absolute, self.plain) = (ulps, absolute, plain)
    }

    func run(_ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ count: Int) {
      switch kernel {
      case .unary(let function): Elementwise.unary(function, x, y, count)
      case .activation(let activation): Elementwise.activate(activation, x, y, count)
      }
    }

    func callAsFunction(_ x: Tensor) -> Tensor {
      let y = Tensor(uninitialized: x.shape)
      run(x.pointer, y.pointer, x.elementCount)
      return y
    }
  }

  static let functions = [
    Function(.exp, -87.3...88.3, ulps: 2, exp),
    Function(.log, Float.leastNormalMagnitude...3e38, ulps: 2, absolute: 5e-8, log),
    Function(.squareRoot, 0...3e38) { $0.squareRoot() },
    Function(.square, -1e18...1e18) { $0 * $0 },
    Function(.magnitude) { abs($0) },
    Function(.sign) { $0 > 0 ? 1 : $0 < 0 ? -1 : 0 },
    Function(.reciprocal, 1e-30...1e30) { 1 / $0 },
    Function(.linear, ulps: 0, absolute: 0) { $0 },
    Function(.relu, ulps: 0, absolute: 0) { max($0, 0) },
    Function(.sigmoid, absolute: 1e-37) { 1 / (1 + exp(-$0)) },
    Function(.tanh, absolute: 1e-37) { tanh($0) },
    Function(.hardSigmoid, absolute: 1e-7) { min(max(0.2 * $0 + 0.5, 0), 1) },
    Function(.elu, absolute: 1.5e-7) { $0 < 0 ? expm1($0) : $0 },
    Function(.selu, absolute: 3e-7) {
      1.0507009873554805 * ($0 < 0 ? 1.6732632423543772 * expm1($0) : $0)
    },
    Function(.softplus, absolute: 1e-7) { max($0, 0) + log1p(exp(-abs($0))) },
    Function(.softsign, absolute: 0) { $0 / (1 + abs($0)) },
  ]

  /// Numbers from the whole domain: evenly spaced, of all magnitudes, and the smallest that do not count as zero.
  private static func numbers(in domain: ClosedRange<Float>) -> [Float] {
    let even = (-9000...9000).map { Float($0) / 88 }
    let magnitudes = (-1250...1270).map { Float(pow(2, Double($0) / 10)) }
    let special: [Float] = [0, .leastNormalMagnitude, .ulpOfOne, 1, 0.5, 2]
    let positive = even + magnitudes + special
    return (positive + positive.map { -$0 }).filter(domain.contains)
  }

  @Test("Functions are as accurate as promised", arguments: functions)
  func accuracy(_ function: Function) {
    let x = Self.numbers(in: function.domain)
    let y = function(Tensor(x)).scalars
    var worst = (ulps: 0.0, text: "")
    for (x, y) in zip(x, y) {
      let expected = function.plain(Double(x))
      // Smaller results count as zero.
      let error = max(0, abs(Double(y) - expected) - max(function.absolute, 1.2e-38))
      let ulps = error / max(Double(Float(expected).ulp), 1e-38)
      // Written so that NaN counts as wrong.
      if !(ulps <= worst.ulps) { worst = (ulps, "at \(x): \(y) instead of \(expected)") }
    }
    #expect(worst.ulps <= function.ulps, "\(function.name) is \(worst.ulps) ulps off \(worst.text)")
    #expect(x.count > 100)
  }

  @Test(
    "Functions write all elements and no more, also in place", arguments: functions,
    [0, 1, 15, 16, 17, 100_000])
  func bounds(_ function: Function, count: Int) {
    let x = randomTensor([count + 16], in: 0.5...3, seed: 121)
    let (y, inPlace) = (Tensor(repeating: -7, shape: x.shape), Tensor(x.scalars))
    function.run(x.pointer, y.pointer, count)
    function.run(inPlace.pointer, inPlace.pointer, count)
    // One element at a time, as a vector of its own.
    let single = Tensor(uninitialized: [1])
    for position in [0, count / 2, count - 1] where count > 0 {
      function.run(x.pointer + position, single.pointer, 1)
      #expect(y.scalars[position] == single.item)
    }
    #expect(Array(y.scalars[count...]) == [Float](repeating: -7, count: 16))
    #expect(inPlace.scalars[count...] == x.scalars[count...])
    #expect(inPlace.scalars[..<count] == y.scalars[..<count])
    let alone = Parallel.$width.withValue(1) { function(x) }
    let together = Parallel.$width.withValue(2) { function(x) }
    #expect(haveEqualBits(alone, together))
  }

  @Test("NaN stays NaN", arguments: functions)
  func notANumber(_ function: Function) {
    let y = function(Tensor([1, .nan, 2]))
    if function.name == "sign" {
      #expect(y.scalars[1] == 0)
    } else {
      #expect(y.scalars[1].isNaN)
    }
    #expect(!y.scalars[0].isNaN && !y.scalars[2].isNaN)
  }

  @Test("Functions have the right values at their limits")
  func limits() {
    func unary(_ function: Elementwise.Unary, _ x: Float) -> Float {
      let (x, y) = (Tensor([x]), Tensor.zeros([1]))
      Elementwise.unary(function, x.pointer, y.pointer, 1)
      return y.item
    }
    func activated(_ x: Float, _ activation: Activation) -> Float {
      Tensor([x]).activated(activation).item
    }
    #expect(unary(.exp, -.infinity) == 0 && unary(.exp, -1000) == 0 && unary(.exp, 0) == 1)
    #expect(unary(.exp, .infinity) > 2e38, "clamped, as documented")
    #expect(unary(.log, 0) == -.infinity && unary(.log, .infinity) == .infinity)
    #expect(unary(.log, -1).isNaN && unary(.log, -.infinity).isNaN && unary(.log, 1) == 0)
    #expect(unary(.squareRoot, -1).isNaN && unary(.squareRoot, .infinity) == .infinity)
    #expect(unary(.magnitude, -.infinity) == .infinity)
    #expect(unary(.reciprocal, 0) == .infinity && unary(.reciprocal, -.infinity) == 0)
    #expect(activated(.infinity, .sigmoid) == 1 && activated(-.infinity, .sigmoid) < 1e-37)
    #expect(activated(.infinity, .tanh) == 1 && activated(-.infinity, .tanh) == -1)
    #expect(activated(.infinity, .relu) == .infinity && activated(-.infinity, .relu) == 0)
    #expect(activated(-.infinity, .elu) == -1 && activated(.infinity, .softplus) == .infinity)
    #expect(activated(-.infinity, .softplus) == 0)
    #expect(activated(-.infinity, .hardSigmoid) == 0 && activated(.infinity, .hardSigmoid) == 1)
    let (nan, one) = (Tensor([.nan, 1]), Tensor([1, .nan]))
    let larger = Tensor.maximum(nan, one).scalars
    #expect(larger[0].isNaN && larger[1].isNaN, "as NumPy's maximum")
    #expect(nan.clipped(0, 1).scalars[0].isNaN)
  }

  @Test("Operations on two tensors agree with plain loops", arguments: [0, 1, 15, 16, 17, 100_000])
  func twoOperands(count: Int) {
    let a = randomTensor([count + 16], seed: 122)
    let b = randomTensor([count + 16], in: 0.5...2, seed: 123)
    let operations: [(Elementwise.Binary, (Float, Float) -> Float)] = [
      (.add, { $0 + $1 }), (.subtract, { $0 - $1 }), (.multiply, { $0 * $1 }),
      (.divide, { $0 / $1 }), (.maximum, { max($0, $1) }),
    ]
    for (operation, plain) in operations {
      let y = Tensor(repeating: -7, shape: a.shape)
      Elementwise.binary(operation, a.pointer, b.pointer, y.pointer, count)
      let expected = zip(a.scalars, b.scalars).map(plain)
      #expect(Array(y.scalars[..<count]) == Array(expected[..<count]), "\(operation)")
      #expect(y.scalars[count...].allSatisfy { $0 == -7 }, "\(operation)")
    }
    let sum = Tensor(a.scalars)
    Elementwise.accumulate(b.pointer, into: sum.pointer, count)
    #expect(sum.scalars[..<count] == (a + b).scalars[..<count])
    #expect(sum.scalars[count...] == a.scalars[count...])
  }
}
