import DeepLearning
import Figures
import Gallery

/// What a transposed convolution is, and why it draws checkerboards (figure 8.16), with stride 2 and `same` padding.
enum Checkerboard {
  /// How many pixels of the input each pixel of the result is made of, `[2 · side, 2 · side]`, row by row.
  static func contributions(kernel: Int, side: Int) -> [Float] {
    let model = upsampling(kernel: kernel, side: side, seed: 0)
    model.weights[0].value = .ones(model.weights[0].shape)
    return model(Tensor.ones([1, side, side, 1])).scalars
  }

  /// The standard deviation of each pixel of the result over layers with other random weights, for an input of ones.
  static func strengths(kernel: Int, side: Int, seeds: [UInt64]) -> [Float] {
    let ones = Tensor.ones([1, side, side, 1])
    let squares = seeds.map { upsampling(kernel: kernel, side: side, seed: $0)(ones).squared() }
    return squares.reduce(Tensor.zeros(squares[0].shape), +).scalars
      .map { ($0 / Float(seeds.count)).squareRoot() }
  }

  private static func upsampling(kernel: Int, side: Int, seed: UInt64) -> Sequential {
    Sequential(input: [side, side, 1], seed: seed) {
      Conv2DTranspose(1, kernel: [kernel, kernel], stride: 2, padding: .same, usesBias: false)
    }
  }

  /// Three ways to the same numbers: a convolution's gradient with respect to its input, a transposed convolution with
  /// the same kernel, and loops in which each pixel spreads over its window.
  static func threeWays(
    kernel: Int, seed: UInt64
  ) -> (gradient: [Float], layer: [Float], loops: [Float]) {
    let (side, filters, channels) = (6, 3, 2)
    var random = RandomGenerator(seed: seed)
    let upstream = Tensor.normal([1, side, side, filters], using: &random)
    let convolution = Sequential(input: [2 * side, 2 * side, channels], seed: seed) {
      Conv2D(filters, kernel: [kernel, kernel], stride: 2, padding: .same, usesBias: false)
    }
    let weights = convolution.weights[0].value
    let (_, gradient) = valueAndGradient(at: Tensor.zeros([1, 2 * side, 2 * side, channels])) {
      (convolution($0) * upstream).sum()
    }
    let transposed = Sequential(input: [side, side, filters], seed: seed) {
      Conv2DTranspose(
        channels, kernel: [kernel, kernel], stride: 2, padding: .same, usesBias: false)
    }
    transposed.weights[0].value = weights

    var loops = [Float](repeating: 0, count: 4 * side * side * channels)
    let (numbers, factors, margin) = (upstream.scalars, weights.scalars, (kernel - 2) / 2)
    for (index, number) in numbers.enumerated() {
      let (place, filter) = (index / filters, index % filters)
      for (position, factor) in factors.enumerated() where position % filters == filter {
        let (tap, channel) = (position / filters / channels, position / filters % channels)
        let row = place / side * 2 + tap / kernel - margin
        let column = place % side * 2 + tap % kernel - margin
        guard 0..<2 * side ~= row, 0..<2 * side ~= column else { continue }
        loops[(row * 2 * side + column) * channels + channel] += number * factor
      }
    }
    return (gradient.scalars, transposed(upstream).scalars, loops)
  }

  /// Adds numbers and pictures to a report.
  static func show(_ run: ChapterRun) {
    func largest(_ a: [Float], _ b: [Float]) -> Float {
      zip(a, b).reduce(0) { max($0, ($1.0 - $1.1).magnitude) }
    }
    for kernel in [3, 4] {
      let ways = (0..<5).map { threeWays(kernel: kernel, seed: run.options.seed &+ $0) }
      let name = "kernel \(kernel), stride 2: gradient of the convolution and "
      run.result(
        name + "transposed convolution, largest difference",
        here: ways.map { largest($0.gradient, $0.layer) }.max() ?? .nan, better: .lower)
      run.result(
        name + "loops, largest difference",
        here: ways.map { largest($0.gradient, $0.loops) }.max() ?? .nan, better: .lower)
    }
    let (side, kernels) = (8, [2, 3, 4, 5, 6])
    let seeds = (0..<(run.options.quick ? 5 : 500)).map { run.options.seed &+ UInt64($0) }
    var table = ResultTable(
      "kernel", "inputs of a pixel", "deviation over \(seeds.count) kernels: least", "most", "ratio"
    )
    var pictures: [[Picture]] = [[], []]
    for kernel in kernels {
      let counts = contributions(kernel: kernel, side: side)
      let strengths = Self.strengths(kernel: kernel, side: side, seeds: seeds)
      // Pixels near the border have fewer inputs in any case.
      let inner = counts.indices.filter { index in
        (4..<2 * side - 4).contains(index / (2 * side))
          && (4..<2 * side - 4).contains(index % (2 * side))
      }
      let kinds = Set(inner.map { Int(counts[$0]) }).sorted().map { "\($0)" }
      let deviations = inner.map { strengths[$0] }
      let (least, most) = (deviations.min() ?? .nan, deviations.max() ?? .nan)
      table.add(
        ["\(kernel)", kinds.joined(separator: ", ")]
          + [least, most, most / least].map { ResultTable.number(Double($0)) })
      for (row, values) in [counts, strengths].enumerated() {
        let largest = values.max() ?? 1
        pictures[row].append(
          Picture(
            pixels: values.map { $0 / largest }, width: 2 * side, height: 2 * side,
            caption: "kernel \(kernel)"))
      }
    }
    run.add(table, titled: "Transposed convolution with stride 2, away from the border")
    run.add(
      PictureGrid(
        title: "How many inputs each pixel has, and how strong it is with random weights",
        columns: kernels.count,
        footnote: "Stride 2. Above: counts; below: standard deviation over \(seeds.count) kernels.",
        pictures: pictures[0] + pictures[1]), as: "checkerboard")
  }
}
