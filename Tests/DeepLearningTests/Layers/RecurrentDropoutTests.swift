import Testing

@testable import DeepLearning

/// Dropout in recurrent layers: one mask per gate and sample, the same at all time steps, scaled by 1/(1 - rate).
///
/// With diagonal kernels every unit is a network of its own, small enough to compute the outputs of all masks
/// there could be, and to find the one that was drawn.
@Suite struct RecurrentDropoutTests {
  enum Kind: String, CaseIterable, Sendable {
    case simple, lstm, gru, gruResettingAfter

    var gateCount: Int {
      switch self {
      case .simple: 1
      case .lstm: 4
      case .gru, .gruResettingAfter: 3
      }
    }

    func makeLayer(units: Int, dropout: Float, recurrentDropout: Float) -> RecurrentLayer {
      switch self {
      case .simple:
        SimpleRNN(
          units, activation: .linear, returnsSequences: true, dropout: dropout,
          recurrentDropout: recurrentDropout)
      case .lstm:
        LSTM(
          units, activation: .linear, gates: .sigmoid, returnsSequences: true, dropout: dropout,
          recurrentDropout: recurrentDropout)
      case .gru, .gruResettingAfter:
        GRU(
          units, activation: .linear, gates: .sigmoid, resetsAfter: self == .gruResettingAfter,
          returnsSequences: true, dropout: dropout, recurrentDropout: recurrentDropout)
      }
    }
  }

  /// One unit whose only input is 1 at every time step.
  private struct Unit {
    let kind: Kind
    /// The weights of each gate; unlike numbers, so that all masks show.
    static let kernel: [Float] = [0.9, -1.3, 0.7, 1.7]
    static let recurrent: [Float] = [0.55, 1.1, -0.8, -1.9]
    static let bias: [Float] = [0.3, -0.4, 0.6, 0.2]
    static let start: Float = 0.8

    private func sigmoid(_ x: Float) -> Float { 1 / (1 + exp(-x)) }

    private func exp(_ x: Float) -> Float { Tensor.scalar(x).exp().item }

    /// The outputs of three time steps, if inputs and states are multiplied with these factors.
    func outputs(inputFactors m: [Float], stateFactors n: [Float]) -> [Float] {
      var (h, c) = (Self.start, Self.start)
      func input(_ gate: Int) -> Float { Self.kernel[gate] * m[gate] + Self.bias[gate] }
      func state(_ gate: Int) -> Float { Self.recurrent[gate] * n[gate] * h }
      return (0..<3).map { _ in
        switch kind {
        case .simple: h = input(0) + state(0)
        case .lstm:
          c =
            sigmoid(input(1) + state(1)) * c + sigmoid(input(0) + state(0)) * (input(2) + state(2))
          h = sigmoid(input(3) + state(3)) * c
        case .gru, .gruResettingAfter:
          // On a diagonal it makes no difference whether the reset comes first.
          let (z, r) = (sigmoid(input(0) + state(0)), sigmoid(input(1) + state(1)))
          h = z * h + (1 - z) * (input(2) + r * state(2))
        }
        return h
      }
    }
  }

  private static let (batch, units) = (40, 50)

  /// A layer of many such units, for inputs of ones.
  private func model(_ kind: Kind, dropout: Float, recurrentDropout: Float) -> Model {
    let states = (0..<(kind == .lstm ? 2 : 1)).map { _ in Input([Self.units]) }
    let x = Input([3, Self.units])
    let layer = kind.makeLayer(
      units: Self.units, dropout: dropout, recurrentDropout: recurrentDropout)
    let model = Model(inputs: [x] + states, outputs: [layer.apply([x] + states)])
    func diagonal(_ values: [Float]) -> Tensor {
      let columns = kind.gateCount * Self.units
      return Tensor(shape: [Self.units, columns]) { target in
        target.update(repeating: 0)
        for gate in 0..<kind.gateCount {
          for unit in 0..<Self.units {
            target[unit * columns + gate * Self.units + unit] = values[gate]
          }
        }
      }
    }
    let bias = (0..<kind.gateCount).flatMap {
      [Float](repeating: Unit.bias[$0], count: Self.units)
    }
    model.weights[0].value = diagonal(Unit.kernel)
    model.weights[1].value = diagonal(Unit.recurrent)
    // The second row of a GRU that resets after the product stays zero.
    let rest = model.weights[2].shape.elementCount - bias.count
    model.weights[2].value = Tensor(
      bias + [Float](repeating: 0, count: rest), shape: model.weights[2].shape)
    return model
  }

  private func run(_ model: Model, training: Bool = true, seed: UInt64 = 3) -> Tensor {
    let x = Tensor.ones([Self.batch, 3, Self.units])
    let state = Tensor(repeating: Unit.start, shape: [Self.batch, Self.units])
    let states = model.inputShapes.dropFirst().map { _ in Samples.dense(state) }
    return model.outputs(
      for: [.dense(x)] + states,
      ForwardContext(training: training, random: RandomGenerator(seed: seed)))[0]
  }

  /// What is known about the masks of a unit: a bit for each gate's input, then for each gate's state.
  private struct Masks: Hashable {
    let dropped: Int
    /// Without a state to reset, the gate r of a GRU does not show.
    let known: Int
  }

  /// The masks of each sample and unit; nil where no masks explain the outputs.
  private func drawnMasks(
    _ kind: Kind, _ output: Tensor, dropout: Float, recurrentDropout: Float
  ) -> [Masks?] {
    let gates = kind.gateCount
    let inputBits = dropout > 0 ? gates : 0
    let stateBits = recurrentDropout > 0 ? gates : 0
    let all = 1 << (inputBits + stateBits) - 1
    let candidates = (0...all).map { bits in
      let factors = (0..<inputBits + stateBits).map { bit -> Float in
        if bits >> bit & 1 == 1 { return 0 }
        return 1 / (1 - (bit < inputBits ? dropout : recurrentDropout))
      }
      let ones = [Float](repeating: 1, count: gates)
      return Unit(kind: kind).outputs(
        inputFactors: inputBits > 0 ? Array(factors[..<gates]) : ones,
        stateFactors: stateBits > 0 ? Array(factors[inputBits...]) : ones)
    }
    let values = output.scalars
    return (0..<Self.batch * Self.units).map { place in
      let (sample, unit) = (place / Self.units, place % Self.units)
      let got = (0..<3).map { values[(sample * 3 + $0) * Self.units + unit] }
      let fitting = candidates.indices.filter { bits in
        zip(candidates[bits], got).allSatisfy { abs($0 - $1) < 2e-5 * max(1, abs($0)) }
      }
      guard let first = fitting.first else { return nil }
      let differing = fitting.reduce(0) { $0 | $1 ^ first }
      return Masks(dropped: first & ~differing, known: all & ~differing)
    }
  }

  @Test(
    "Each gate has one mask, constant in time",
    arguments: Kind.allCases, [(0.25, 0), (0, 0.4), (0.5, 0.2)] as [(Float, Float)])
  func masks(kind: Kind, rates: (Float, Float)) throws {
    let model = model(kind, dropout: rates.0, recurrentDropout: rates.1)
    let masks = try drawnMasks(
      kind, run(model), dropout: rates.0, recurrentDropout: rates.1
    ).map { try #require($0, "There are masks that explain every output.") }
    let bits =
      [Float](repeating: rates.0, count: rates.0 > 0 ? kind.gateCount : 0)
      + [Float](repeating: rates.1, count: rates.1 > 0 ? kind.gateCount : 0)
    for (bit, rate) in bits.enumerated() {
      expectDropped(bit, masks, rate)
      for other in bits.indices where other > bit {
        expectDropped(bit, masks.filter { ($0.dropped | ~$0.known) >> other & 1 == 0 }, rate)
      }
    }
    // Samples and units differ from each other.
    let rows = (0..<Self.batch).map { Array(masks[$0 * Self.units..<($0 + 1) * Self.units]) }
    #expect(Set(rows).count == Self.batch)
    let columns = (0..<Self.units).map { unit in rows.map { $0[unit] } }
    #expect(Set(columns).count == Self.units)
  }

  /// Expects a mask to drop that share, whatever else the masks have in common.
  private func expectDropped(_ bit: Int, _ masks: [Masks], _ rate: Float) {
    let known = masks.filter { $0.known >> bit & 1 == 1 }
    #expect(known.count > 300)
    let count = Float(known.count)
    let share = Float(known.count { $0.dropped >> bit & 1 == 1 }) / count
    let deviation = (rate * (1 - rate) / count).squareRoot()
    #expect(abs(share - rate) < 5 * deviation, "mask \(bit): \(share) instead of \(rate)")
  }

  @Test("Nothing is dropped outside of training", arguments: Kind.allCases)
  func inference(kind: Kind) {
    let output = run(model(kind, dropout: 0.5, recurrentDropout: 0.5), training: false)
    #expect(haveEqualBits(output, run(model(kind, dropout: 0, recurrentDropout: 0))))
    let ones = [Float](repeating: 1, count: 4)
    let expected = Unit(kind: kind).outputs(inputFactors: ones, stateFactors: ones)
    for moment in 0..<3 {
      expectClose(output.scalars[moment * Self.units], Double(expected[moment]), "\(moment)")
    }
  }

  @Test("Each batch has other masks; the same random numbers give the same masks")
  func batches() {
    let model = model(.lstm, dropout: 0.3, recurrentDropout: 0.3)
    #expect(haveEqualBits(run(model, seed: 5), run(model, seed: 5)))
    #expect(run(model, seed: 5) != run(model, seed: 6))
    let x = randomTensor([4, 3, 2], seed: 641)
    let trained = Sequential(input: [3, 2]) { GRU(4, dropout: 0.3, recurrentDropout: 0.3) }
    #expect(trained(x, training: true) != trained(x, training: true))
    #expect(haveEqualBits(trained(x), trained(x)))
  }

  @Test("Both directions have masks of their own")
  func directions() throws {
    let model = Sequential(input: [1, 64]) {
      Bidirectional(SimpleRNN(64, activation: .linear, usesBias: false, dropout: 0.5))
    }
    let diagonal = Tensor(shape: [64, 64]) { target in
      for i in target.indices { target[i] = i % 65 == 0 ? 1 : 0 }
    }
    for weight in model.weights { weight.value = diagonal }
    let output = model(Tensor.ones([30, 1, 64]), training: true)
    #expect(Set(output.scalars) == [0, 2])
    let (ahead, back) = (output[.all, .range(0..<64)], output[.all, .range(64..<128)])
    let agreeing = zip(ahead.scalars, back.scalars).count { $0 == $1 }
    #expect(abs(Float(agreeing) / 1920 - 0.5) < 0.06)
  }
}
