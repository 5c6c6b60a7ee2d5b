/// The rule by which a recurrent layer gets from one time step to the next.
///
/// `x` is the input, `h` the output of the time step before, σ the gates' function, `act` the activation.
enum RecurrentCell: Equatable {
  /// `h' = act(x·W + h·U + b)`
  case simple
  /// `i, f, o = σ(...)`, `c' = f·c + i·act(...)`, `h' = o·act(c')` (Hochreiter and Schmidhuber, 1997; forget gate
  /// by Gers et al., 2000). Gates in Keras' order: i, f, candidate, o.
  case lstm
  /// `z, r = σ(...)`, `h' = z·h + (1 - z)·act(x·W + (r·h)·U + b)` (Cho et al., 2014), gates in Keras' order: z, r,
  /// candidate. If it resets after the product, the candidate is `act(x·W + b + r·(h·U + b'))`.
  case gru(resetsAfter: Bool)

  /// The number of blocks of weights, each as wide as there are units.
  var gateCount: Int {
    switch self {
    case .simple: 1
    case .lstm: 4
    case .gru: 3
    }
  }

  /// The blocks that are multiplied by the same left operand: `h`, and in a GRU then what is left after the reset.
  var recurrentGroups: [Range<Int>] {
    switch self {
    case .simple: [0..<1]
    case .lstm: [0..<4]
    case .gru: [0..<2, 2..<3]
    }
  }

  var resetsAfter: Bool { self == .gru(resetsAfter: true) }
}

/// What a recurrent layer is asked to do with a batch.
struct RecurrentPlan {
  let cell: RecurrentCell
  /// Of the candidate and the output.
  let activation: Activation
  /// Of the gates.
  let gates: Activation
  let batch: Int
  let time: Int
  let features: Int
  let units: Int
  /// Whether the last time step comes first.
  let goesBackwards: Bool
  /// Whether the output of each time step is wanted, not only of the last.
  let returnsSequences: Bool
  /// Whether the outputs are turned around, so that those of both directions stand side by side.
  let turnsOutputs: Bool

  /// The units, rounded up to whole vectors.
  var width: Int { (units + 15) & ~15 }
  /// All gates side by side.
  var gateWidth: Int { cell.gateCount * width }
  /// The features, rounded up to whole vectors.
  var featureWidth: Int { (features + 15) & ~15 }

  /// Which time step of the sequence a step of the walk reads.
  func timeStep(_ step: Int) -> Int { goesBackwards ? time - 1 - step : step }
  /// Where the output of a step stands in the output sequence.
  func place(_ step: Int) -> Int { turnsOutputs ? time - 1 - step : step }

  /// The batch in pieces that are worked on side by side: of equal size, whole tiles, not too large for the cache.
  var pieces: [Range<Int>] {
    let count = max(min(Parallel.threads, batch / 8), (batch + 63) / 64, 1)
    return (0..<count).map { Parallel.part($0, of: count, batch, alignment: 8) }
      .filter { !$0.isEmpty }
  }
}
