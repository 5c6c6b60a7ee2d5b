import Testing

@testable import DeepLearning

/// Windows over tables and texts against the same written out slowly.
@Suite struct SequenceSamplesTests {
  private static let table = randomTensor([300, 5], seed: 681)

  /// The definition: one number after another.
  private func slowWindows(_ ends: [Int], length: Int, step: Int, reversed: Bool) -> [Float] {
    ends.flatMap { end in
      (0..<length).flatMap { place -> [Float] in
        let back = reversed ? place + 1 : length - place
        return (0..<5).map { Self.table.scalars[(end - back * step) * 5 + $0] }
      }
    }
  }

  @Test(
    "Windows over a table are its rows", arguments: [(1, 1), (7, 1), (20, 6), (3, 100)],
    [false, true])
  func tables(extent: (length: Int, step: Int), reversed: Bool) {
    var random = RandomGenerator(seed: 682)
    let least = extent.length * extent.step
    let ends = [least, 300] + (0..<70).map { _ in least + random.below(301 - least) }
    let windows = TimeSeriesWindows(
      Self.table, ends: ends, length: extent.length, step: extent.step, reversed: reversed)
    #expect(windows.count == 72 && windows.samples.count == 72)
    #expect(windows.shape == [72, extent.length, 5] && windows.samples.shape == windows.shape)
    func slow(_ ends: [Int]) -> [Float] {
      slowWindows(ends, length: extent.length, step: extent.step, reversed: reversed)
    }
    #expect(windows.tensor.scalars == slow(ends))
    #expect(windows.samples.tensor(for: "test").scalars == slow(ends))
    #expect(windows.samples[3..<9].tensor(for: "test").scalars == slow(Array(ends[3..<9])))
    #expect(windows[70..<72][1..<2].tensor.scalars == slow([ends[71]]))
    let order = [5, 0, 71, 5, 2]
    #expect(
      windows.samples.gathering(order[...]).tensor(for: "test").scalars
        == slow(order.map { ends[$0] }))
    for width in [1, 3] {
      Parallel.$width.withValue(width) {
        #expect(windows.samples.gathering(order[1..<4]).shape == [3, extent.length, 5])
      }
    }
    #expect(windows[0..<0].tensor.shape == [0, extent.length, 5])
  }

  /// Large enough for several cores.
  @Test("Many windows are cut by several cores")
  func many() {
    let ends = (0..<3000).map { 120 + $0 * 37 % 181 }
    let windows = TimeSeriesWindows(Self.table, ends: ends, length: 20, step: 6)
    #expect(
      windows.tensor.scalars == slowWindows(ends, length: 20, step: 6, reversed: false))
  }

  @Test("A matrix can be rows of a larger tensor")
  func rows() {
    let windows = TimeSeriesWindows(Self.table[100..<200], ends: [100, 50], length: 4, step: 2)
    let whole = TimeSeriesWindows(Self.table, ends: [200, 150], length: 4, step: 2)
    #expect(windows.tensor == whole.tensor)
  }

  // MARK: One-hot

  private static let text = (0..<400).map { (i: Int) in Int32(i * i % 57) }

  private func slowOneHot(_ starts: [Int], length: Int) -> [Float] {
    starts.flatMap { start in
      (0..<length).flatMap { place in
        (0..<57).map { Self.text[start + place] == Int32($0) ? 1 : 0 }
      }
    }
  }

  @Test("Windows over a text are one-hot rows", arguments: [1, 9, 60])
  func texts(length: Int) {
    var random = RandomGenerator(seed: 683)
    let starts = [0, 400 - length] + (0..<30).map { _ in random.below(401 - length) }
    let windows = OneHotWindows(Self.text, starts: starts, length: length, depth: 57)
    #expect(windows.count == 32 && windows.samples.count == 32)
    #expect(windows.shape == [32, length, 57] && windows.samples.shape == windows.shape)
    #expect(windows.tensor.scalars == slowOneHot(starts, length: length))
    #expect(
      windows.samples[4..<11].tensor(for: "test").scalars
        == slowOneHot(Array(starts[4..<11]), length: length))
    let order = [5, 0, 31, 5, 2]
    let gathered = windows.samples.gathering(order[...])
    #expect(gathered.shape == [5, length, 57])
    #expect(
      gathered.tensor(for: "test").scalars
        == slowOneHot(order.map { starts[$0] }, length: length))
  }

  /// Picking a row of the kernel is the product with a row that has a single one.
  @Test("Recurrent layers read windows of characters", arguments: [false, true])
  func characters(drops: Bool) throws {
    let starts = (0..<33).map { $0 * 11 }
    let windows = OneHotWindows(Self.text, starts: starts, length: 12, depth: 57)
    let layers: [() -> Layer] = [
      { SimpleRNN(5) }, { LSTM(17, dropout: drops ? 0.3 : 0) },
      { GRU(16, goesBackwards: true, recurrentDropout: drops ? 0.3 : 0) },
      { GRU(7, resetsAfter: true, returnsSequences: true) }, { Bidirectional(LSTM(4)) },
      { Flatten() }, { Conv1D(3, kernel: 2) }, { Dense(2) },
    ]
    for make in layers {
      let model = Sequential(input: [12, 57]) { make() }
      func run(_ samples: any SamplesConvertible) -> Tensor {
        model.outputs(
          for: [samples.samples],
          ForwardContext(training: true, random: RandomGenerator(seed: 685)))[0]
      }
      expectClose(run(windows), run(windows.tensor), "\(model.layers[0].name)")
      if model.weights.isEmpty { continue }
      let upstream = randomTensor(run(windows).shape, seed: 684)
      let gradients = [windows.samples, windows.tensor.samples].map { samples in
        valueAndGradients(of: model.weights) { (run(samples) * upstream).sum() }.gradients
      }
      for weight in model.weights {
        expectClose(
          try #require(gradients[0][weight]), try #require(gradients[1][weight]), absolute: 5e-5,
          "\(weight.name)")
      }
    }
  }

  /// The same batches in the same order, whatever holds them.
  @Test("Training on windows equals training on the same written out")
  func training() throws {
    let targets = Self.table.gathering(rows: (60..<140)[...].map { $0 }[...])[.all, .range(0..<1)]
    func train(_ x: any SamplesConvertible) throws -> (Model, History) {
      let model = Sequential(input: [10, 5]) {
        GRU(8, dropout: 0.2, recurrentDropout: 0.2)
        Dense(1)
      }
      model.compile(optimizer: RMSprop(), loss: .meanAbsoluteError)
      let history = try model.fit(
        x, targets, epochs: 2, batchSize: 32, validation: (x, targets))
      return (model, history)
    }
    let windows = TimeSeriesWindows(Self.table, ends: Array(60..<140), length: 10, step: 6)
    let (a, b) = (try train(windows), try train(windows.tensor))
    #expect(a.1["loss"] == b.1["loss"] && a.1["val_loss"] == b.1["val_loss"])
    #expect(zip(a.0.weights, b.0.weights).allSatisfy { haveEqualBits($0.value, $1.value) })
    #expect(
      haveEqualBits(a.0.predict(windows, batchSize: 7), a.0.predict(windows.tensor, batchSize: 7)))
  }

  /// An endless stream with windows as its validation data, as in section 6.3.
  @Test("A stream of random windows trains a model")
  func streams() throws {
    final class RandomWindows: BatchStream, @unchecked Sendable {
      private var random = RandomGenerator(seed: 686)
      func nextBatch() throws -> Batch {
        let ends = (0..<16).map { _ in 60 + random.below(100) }
        let windows = TimeSeriesWindows(SequenceSamplesTests.table, ends: ends, length: 10, step: 6)
        return Batch(
          x: windows, y: windows.tensor[.all, .range(9..<10), .range(0..<1)].reshaped([16, 1]))
      }
    }
    let model = Sequential(input: [10, 5]) {
      GRU(16)
      Dense(1)
    }
    model.compile(optimizer: RMSprop(learningRate: 0.01), loss: .meanAbsoluteError)
    let held = TimeSeriesWindows(Self.table, ends: Array(200..<300), length: 10, step: 6)
    let truth = held.tensor[.all, .range(9..<10), .range(0..<1)].reshaped([100, 1])
    let history = try model.fit(
      RandomWindows(), stepsPerEpoch: 100, epochs: 5, validation: (held, truth))
    // To tell the newest number is easy; always to say the middle would be 0.675 off.
    let error = try #require(history["val_loss"].last)
    #expect(error < 0.3, "\(history["val_loss"])")
  }
}
