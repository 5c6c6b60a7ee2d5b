import Testing

@testable import DeepLearning

/// The settings of a recurrent layer as `Golden/generate_recurrent.py` writes them.
struct GoldenRecurrentLayer: Decodable, Sendable {
  let layer: String
  let units: Int
  let activation, gates: String?
  let usesBias, returnsSequences, goesBackwards, resetsAfter, isBidirectional: Bool?

  /// The engine's layer of that kind, without the weights.
  func make(isStateful: Bool = false) throws -> Layer {
    let layer = try makeOneWay(isStateful: isStateful)
    return isBidirectional == true ? Bidirectional(layer) : layer
  }

  private func makeOneWay(isStateful: Bool) throws -> RecurrentLayer {
    let activation = try #require(Activation(rawValue: activation ?? "tanh"))
    let gates = try #require(Activation(rawValue: gates ?? "hard_sigmoid"))
    let usesBias = usesBias ?? true
    let returnsSequences = returnsSequences ?? false
    let goesBackwards = goesBackwards ?? false
    switch layer {
    case "SimpleRNN":
      return SimpleRNN(
        units, activation: activation, usesBias: usesBias, returnsSequences: returnsSequences,
        goesBackwards: goesBackwards, isStateful: isStateful)
    case "LSTM":
      return LSTM(
        units, activation: activation, gates: gates, usesBias: usesBias,
        returnsSequences: returnsSequences, goesBackwards: goesBackwards, isStateful: isStateful)
    case "GRU":
      return GRU(
        units, activation: activation, gates: gates, usesBias: usesBias,
        resetsAfter: resetsAfter ?? false, returnsSequences: returnsSequences,
        goesBackwards: goesBackwards, isStateful: isStateful)
    default: throw UnknownName(name: layer)
    }
  }
}

/// A stack of recurrent layers with its inputs, weights, output and gradients.
///
/// The inputs are the sequences, then initial states if there are any.
struct GoldenRecurrent: GoldenNetwork {
  let name: String
  let layers: [GoldenRecurrentLayer]
  let isMasked: Bool
  let inputs, weights, gradInputs, gradWeights: [GoldenTensor]
  let upstream, output: GoldenTensor

  func connect(_ inputs: [SymbolicTensor]) throws -> SymbolicTensor {
    var x = isMasked ? Masking(0)(inputs[0]) : inputs[0]
    for (number, layer) in layers.enumerated() {
      x = try layer.make().apply([x] + (number == 0 ? inputs.dropFirst() : []))
    }
    return x
  }
}
