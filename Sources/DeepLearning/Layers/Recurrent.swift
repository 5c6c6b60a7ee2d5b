/// What a recurrent layer is made of, besides its weights.
struct RecurrentConfiguration {
  let cell: RecurrentCell
  let units: Int
  let activation: Activation
  let gates: Activation
  let usesBias: Bool
  let returnsSequences: Bool
  var goesBackwards: Bool
  let isStateful: Bool
  let dropout: Float
  let recurrentDropout: Float
  var biasInitializer = Initializer.zeros
  /// Whether the outputs of a sequence are turned around: what goes the other way in a `Bidirectional`.
  var turnsOutputs = false
}

/// A layer that goes through a sequence step by step and remembers: the base of `SimpleRNN`, `LSTM` and `GRU`.
///
/// Takes `[batch, time, features]`, returns its last output `[batch, units]`, or that of every time step,
/// `[batch, time, units]`. Further inputs are the states before the first time step, `[batch, units]`. The whole
/// sequence is one operation; how long it is does not matter to the memory of the graph.
public class RecurrentLayer: Layer {
  let configuration: RecurrentConfiguration
  private var states: [Tensor] = []

  /// The weights of the inputs, `[features, gates · units]`.
  public private(set) var kernel: Parameter?
  /// The weights of the state, `[units, gates · units]`.
  public private(set) var recurrentKernel: Parameter?
  /// The weights that are added, `[gates · units]`; `[2, 3 · units]` in a GRU that resets after the product.
  public private(set) var bias: Parameter?

  init(_ configuration: RecurrentConfiguration, name: String?, kind: String? = nil) {
    let units = configuration.units
    require(
      units > 0,
      "\(name.map { "\($0): a" } ?? "A") recurrent layer needs at least one unit, not \(units). Its first argument is the number of units."
    )
    for function in [configuration.activation, configuration.gates] {
      require(
        CellKernels.knows(function),
        "Recurrent layers know linear, relu, sigmoid, hard_sigmoid, tanh and softsign, not \(function.rawValue). Put an ActivationLayer after it for others."
      )
    }
    for rate in [configuration.dropout, configuration.recurrentDropout] {
      require(
        rate >= 0 && rate < 1,
        "A dropout rate lies between 0 and 1, not at \(rate). It is the share that is dropped, such as 0.5."
      )
    }
    self.configuration = configuration
    super.init(name: name, kind: kind)
  }

  /// The same kind of layer with weights of its own, for which time runs the other way.
  func reversedTwin() -> RecurrentLayer {
    var twin = configuration
    twin.goesBackwards.toggle()
    twin.turnsOutputs = true
    return RecurrentLayer(twin, name: nil, kind: kind)
  }

  /// How many tensors the layer remembers from one time step to the next.
  private var stateCount: Int { configuration.cell == .lstm ? 2 : 1 }

  public override func build(_ inputs: [Shape]) -> Shape {
    let (shape, units) = (inputs[0], configuration.units)
    require(
      shape.rank == 2,
      "\(name) takes sequences [time, features], but its input has the shape \(shape). If a recurrent layer comes before it, that needs returnsSequences: true."
    )
    let states = Array(inputs.dropFirst())
    require(
      states.isEmpty || states == [Shape](repeating: [units], count: stateCount),
      "\(name) remembers \(stateCount) state\(stateCount == 1 ? "" : "s") of shape [\(units)], but was given \(states)."
    )
    let columns = configuration.cell.gateCount * units
    kernel = addWeight("kernel", shape: [shape[1], columns])
    recurrentKernel = addWeight(
      "recurrent_kernel", shape: [units, columns], initializer: .orthogonal)
    if configuration.usesBias {
      bias = addWeight(
        "bias", shape: configuration.cell.resetsAfter ? [2, columns] : [columns],
        initializer: configuration.biasInitializer)
    }
    return configuration.returnsSequences ? [shape[0], units] : [units]
  }

  public override func forward(_ inputs: [Samples], _ context: ForwardContext) -> Tensor {
    guard let kernel, let recurrentKernel else {
      fail(
        "\(name) is used before it is part of a model. Put it into a Sequential or a Model first.")
    }
    let shape = inputs[0].shape
    let plan = RecurrentPlan(
      cell: configuration.cell, activation: configuration.activation, gates: configuration.gates,
      batch: shape[0], time: shape[1], features: shape[2], units: configuration.units,
      goesBackwards: configuration.goesBackwards,
      returnsSequences: configuration.returnsSequences, turnsOutputs: configuration.turnsOutputs)
    let sequences = read(inputs, plan, context)
    let finalStates =
      configuration.isStateful
      ? (0..<stateCount).map { _ in Tensor(uninitialized: [plan.batch, plan.units]) } : []
    let result = Tensor.recurrence(
      plan, sequences, kernel: kernel.value, recurrentKernel: recurrentKernel.value,
      bias: bias?.value, finalStates: finalStates)
    states = finalStates
    if configuration.returnsSequences { result.storage.timeMask = sequences.timeMask }
    return result
  }

  private func read(
    _ inputs: [Samples], _ plan: RecurrentPlan, _ context: ForwardContext
  ) -> RecurrentInputs {
    let drops = context.training ? configuration : nil
    let inputFactors = dropoutFactors(drops?.dropout, plan, plan.features, context)
    let stateFactors = dropoutFactors(drops?.recurrentDropout, plan, plan.width, context)
    var characters: OneHotWindows?
    if case .oneHot(let windows) = inputs[0], inputFactors == nil { characters = windows }
    let x = characters == nil ? inputs[0].tensor(for: name) : nil
    return RecurrentInputs(
      x: x, characters: characters, initialStates: initialStates(inputs, plan),
      timeMask: x?.storage.timeMask.flatMap { $0.shape == [plan.batch, plan.time] ? $0 : nil },
      inputFactors: inputFactors, stateFactors: stateFactors)
  }

  /// The given states, or those at the end of the batch before.
  private func initialStates(_ inputs: [Samples], _ plan: RecurrentPlan) -> [Tensor] {
    if inputs.count > 1 { return inputs.dropFirst().map { $0.tensor(for: name) } }
    guard let state = states.first else { return [] }
    require(
      state.count == plan.batch,
      "\(name) remembers \(state.count) sequences, but got a batch of \(plan.batch). Batches of a stateful layer are of one size; call resetStates() to begin again."
    )
    return states
  }

  /// One factor per gate, sample and feature, the same at all time steps (Gal and Ghahramani, 2016), as in Keras 2.0.
  private func dropoutFactors(
    _ rate: Float?, _ plan: RecurrentPlan, _ width: Int, _ context: ForwardContext
  ) -> Tensor? {
    guard let rate, rate > 0 else { return nil }
    return .dropoutFactors(
      [plan.cell.gateCount, plan.batch, width], rate: rate, using: &context.random)
  }

  /// Forgets what a stateful layer remembers of the batches so far.
  public func resetStates() { states = [] }
}
