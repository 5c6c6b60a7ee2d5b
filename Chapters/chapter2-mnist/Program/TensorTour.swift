import ArgumentParser
import DeepLearning

/// The tensor operations of chapter 2, each printed as it is computed.
struct TensorTour: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tensors",
    abstract: "A tour of tensors: shapes, slices, broadcasting, products (sections 2.2 and 2.3).")

  @Option(help: ArgumentHelp("Random seed.", valueName: "number"))
  var seed: UInt64 = 42

  func run() throws {
    var random = RandomGenerator(seed: seed)
    shapes()
    slices(&random)
    elementwise()
    products()
    rearranging()
    try speed(&random)
  }

  private func shapes() {
    heading("Axes and shapes")
    show("Tensor.scalar(12)", Tensor.scalar(12))
    show("Tensor([12, 3, 6, 14])", Tensor([12, 3, 6, 14]))
    show(
      "Tensor([5, 78, 2, 6, 79, 3], shape: [2, 3])", Tensor([5, 78, 2, 6, 79, 3], shape: [2, 3]))
    print("60,000 digits: shape [60000, 28, 28], rank 3")
  }

  private func slices(_ random: inout RandomGenerator) {
    heading("Slices")
    let digits = Tensor.uniform([200, 28, 28], using: &random)
    print("digits", digits.shape)
    print("digits[10..<100]", digits[10..<100].shape)
    print(
      "digits[.all, .range(14..<28), .range(14..<28)], the lower right quarters",
      digits[.all, .range(14..<28), .range(14..<28)].shape)
    print(
      "digits[.all, .trimming(7), .trimming(7)], the middles",
      digits[.all, .trimming(7), .trimming(7)].shape)
    print("digits[128..<200], the second batch of 128", digits[128..<200].shape)
  }

  private func elementwise() {
    heading("Element by element, and broadcasting")
    let x = Tensor([1, -2, 3, -4, 5, -6], shape: [2, 3])
    show("x", x)
    show("x.activated(.relu)", x.activated(.relu))
    show("x + x", x + x)
    show("x * 10", x * 10)
    show("x + Tensor([100, 200, 300]), added to each row", x + Tensor([100, 200, 300]))
    show(
      "x * Tensor([1, -1], shape: [2, 1]), one factor per row",
      x * Tensor([1, -1], shape: [2, 1]))
  }

  private func products() {
    heading("Products")
    let x = Tensor([1, 2, 3, 4, 5, 6], shape: [2, 3])
    let y = Tensor([1, 0, 0, 1, 1, 1], shape: [3, 2])
    show("x", x)
    show("y", y)
    show("x.matmul(y): [2, 3] times [3, 2]", x.matmul(y))
    show("(v * w).sum(), the dot product", (Tensor([1, 2, 3]) * Tensor([4, 5, 6])).sum())
  }

  private func rearranging() {
    heading("Other shapes for the same numbers")
    let x = Tensor([0, 1, 2, 3, 4, 5], shape: [3, 2])
    show("x", x)
    show("x.reshaped([6, 1])", x.reshaped([6, 1]))
    show("x.reshaped([2, -1])", x.reshaped([2, -1]))
    show("x.transposed()", x.transposed())
  }

  /// The book's loops, written out, beside the engine.
  private func speed(_ random: inout RandomGenerator) throws {
    heading("Loops written out, and the engine")
    let a = Tensor.normal([512, 512], using: &random)
    let b = Tensor.normal([512, 512], using: &random)
    compare("a + b, 512 x 512", a + b, a + b) { naiveAdd(a.scalars, b.scalars) }
    compare("relu of a", a.activated(.relu), a.activated(.relu)) { naiveRelu(a.scalars) }
    compare("a.matmul(b)", a.matmul(b), a.matmul(b)) { naiveDot(a.scalars, b.scalars, 512) }
  }

  /// - Parameter fast: evaluated twice, as the first call also makes the kernel.
  private func compare(
    _ name: String, _ warmUp: Tensor, _ fast: @autoclosure () -> Tensor, naive: () -> [Float]
  ) {
    let clock = ContinuousClock()
    var (slowResult, fastResult): ([Float], Tensor) = ([], warmUp)
    let slow = clock.measure { slowResult = naive() }
    let quick = clock.measure { fastResult = fast() }
    let distance = zip(slowResult, fastResult.scalars).reduce(Float(0)) {
      max($0, abs($1.0 - $1.1))
    }
    let factor = Int((slow / quick).rounded())
    print(
      "\(name): loops \(milliseconds(slow)), engine \(milliseconds(quick)), \(factor) times faster, largest difference \(distance)"
    )
  }

  private func naiveAdd(_ a: [Float], _ b: [Float]) -> [Float] {
    var sum = a
    for i in sum.indices { sum[i] += b[i] }
    return sum
  }

  private func naiveRelu(_ a: [Float]) -> [Float] {
    var result = a
    for i in result.indices { result[i] = max(result[i], 0) }
    return result
  }

  private func naiveDot(_ a: [Float], _ b: [Float], _ n: Int) -> [Float] {
    var product = [Float](repeating: 0, count: n * n)
    for i in 0..<n {
      for j in 0..<n {
        for k in 0..<n { product[i * n + j] += a[i * n + k] * b[k * n + j] }
      }
    }
    return product
  }

  private func milliseconds(_ duration: Duration) -> String {
    duration.formatted(.units(allowed: [.milliseconds], fractionalPart: .show(length: 3)))
  }

  private func heading(_ text: String) {
    print("\n\(text)\n" + String(repeating: "─", count: text.count))
  }

  /// Prints an expression, the shape of its value, and the value row by row.
  private func show(_ expression: String, _ tensor: Tensor) {
    print("\(expression)   shape \(tensor.shape)")
    let columns = max(tensor.shape.last ?? 1, 1)
    let scalars = tensor.scalars
    for start in stride(from: 0, to: scalars.count, by: columns) {
      print("    " + scalars[start..<start + columns].map { "\($0)" }.joined(separator: "  "))
    }
  }
}
