/// A graph of layers from one or several inputs to one or several outputs.
///
///     let model = Model(inputs: image, outputs: digit)
///     model.compile(optimizer: RMSprop(), loss: .categoricalCrossEntropy, metrics: [.accuracy])
///     try model.fit(images, labels, epochs: 5, batchSize: 128)
open class Model {
  /// What the model is called when it is a layer of another; numbered there unless given.
  public let name: String?
  /// The layers, each once, in the order in which data passes through them.
  public let layers: [Layer]
  /// The shapes of the inputs, without the batch axis.
  public let inputShapes: [Shape]
  /// The shapes of the outputs, without the batch axis.
  public let outputShapes: [Shape]
  /// The names of the inputs: those given to ``Input(_:name:)``, else `input_1`, `input_2` by their positions.
  public let inputNames: [String]
  /// The names of the outputs: those of the layers that make them.
  public var outputNames: [String] {
    outputs.map { output in
      output.layer?.name
        ?? inputs.firstIndex { $0 === output }.map { inputNames[$0] } ?? "output"
    }
  }

  /// Random numbers for dropout and shuffling, after the initial weights have been drawn.
  var random: RandomGenerator
  /// What `compile` set.
  var training: Compilation?
  /// This model as a layer of others.
  weak var layerOfSelf: ModelLayer?

  /// One use of a layer: which values it reads and writes.
  struct Step {
    let layer: Layer
    let inputs: [Int]
    let output: Int
    /// Values that no later step needs.
    var lastUses: [Int] = []
  }
  private(set) var steps: [Step] = []
  private let outputIndices: [Int]
  /// The symbolic tensors of the inputs, and of each step's output.
  let inputs: [SymbolicTensor]
  private(set) var results: [SymbolicTensor] = []
  let outputs: [SymbolicTensor]

  /// Creates a model from its ends and draws the initial weights of layers that have none yet.
  ///
  /// - Parameters:
  ///   - inputs: what the model is fed, from ``Input(_:name:)``.
  ///   - outputs: what it computes.
  ///   - name: what the model is called when it is a layer of another.
  ///   - seed: the seed of the initial weights, of shuffling and of dropout.
  public init(
    inputs: [SymbolicTensor], outputs: [SymbolicTensor], name: String? = nil, seed: UInt64 = 42
  ) {
    (self.inputs, self.outputs, self.name) = (inputs, outputs, name)
    inputShapes = inputs.map(\.shape)
    outputShapes = outputs.map(\.shape)
    inputNames = inputs.enumerated().map { $1.name ?? "input_\($0 + 1)" }
    require(
      Set(inputNames).count == inputs.count,
      "Two inputs of the model have the same name: \(inputNames.joined(separator: ", ")). Give each Input a name of its own, or none."
    )
    var indices: [ObjectIdentifier: Int] = [:]
    for input in inputs { indices[ObjectIdentifier(input)] = indices.count }
    var steps: [Step] = []
    for tensor in Model.inOrder(outputs, from: inputs) {
      guard let layer = tensor.layer else {
        let name = tensor.name.map { " called \($0)" } ?? ""
        fail(
          "An Input of shape \(tensor.shape)\(name) feeds the model but is not among its inputs, \(inputNames.joined(separator: ", ")): the graph is disconnected. Add it to `inputs`."
        )
      }
      let sources = tensor.inputs.compactMap { indices[ObjectIdentifier($0)] }
      indices[ObjectIdentifier(tensor)] = indices.count
      steps.append(Step(layer: layer, inputs: sources, output: indices.count - 1))
      results.append(tensor)
    }
    outputIndices = outputs.compactMap { indices[ObjectIdentifier($0)] }
    var needed = Set(outputIndices)
    for index in steps.indices.reversed() {
      steps[index].lastUses = Set(steps[index].inputs).filter { needed.insert($0).inserted }
    }
    self.steps = steps
    var seen: Set<ObjectIdentifier> = []
    layers = steps.map(\.layer).filter { seen.insert(ObjectIdentifier($0)).inserted }
    random = RandomGenerator(seed: seed)
    nameLayers()
    for layer in layers { layer.drawWeights(using: &random) }
  }

  /// Creates a model with one input.
  public convenience init(
    inputs: SymbolicTensor, outputs: SymbolicTensor..., name: String? = nil, seed: UInt64 = 42
  ) {
    self.init(inputs: [inputs], outputs: outputs, name: name, seed: seed)
  }

  /// All tensors that `outputs` depend on, as far back as `inputs`, each after those that it depends on itself.
  private static func inOrder(
    _ outputs: [SymbolicTensor], from inputs: [SymbolicTensor]
  ) -> [SymbolicTensor] {
    var order: [SymbolicTensor] = []
    var done = Set(inputs.map { ObjectIdentifier($0) })
    var stack = outputs.reversed().map { (tensor: $0, isExpanded: false) }
    while let (tensor, isExpanded) = stack.popLast() {
      if done.contains(ObjectIdentifier(tensor)) { continue }
      if isExpanded {
        done.insert(ObjectIdentifier(tensor))
        order.append(tensor)
      } else {
        stack.append((tensor, true))
        stack += tensor.inputs.reversed().map { ($0, false) }
      }
    }
    return order
  }

  /// Numbers layers of the same kind, `dense_1`, `dense_2`, and puts the name in front of weights'.
  private func nameLayers() {
    let named = layers.filter { $0.hasGivenName || $0.isNumbered }
    var taken: Set<String> = []
    for layer in named {
      require(
        taken.insert(layer.name).inserted,
        "Two layers of the model have the same name, \(layer.name). Give each its own, or none.")
    }
    var counts: [String: Int] = [:]
    for layer in layers where !layer.hasGivenName && !layer.isNumbered {
      repeat {
        counts[layer.kind, default: 0] += 1
        layer.number(counts[layer.kind, default: 1])
      } while !taken.insert(layer.name).inserted
    }
  }

  /// The weights of all layers, in order.
  public var weights: [Parameter] { eachOnce(layers.flatMap(\.weights)) }
  /// The weights that training changes.
  public var trainableWeights: [Parameter] {
    eachOnce(layers.flatMap(\.trainableWeights))
  }

  /// A layer can be part of the model and of a model within it.
  private func eachOnce(_ weights: [Parameter]) -> [Parameter] {
    guard layers.contains(where: { $0 is ModelLayer }) else { return weights }
    var seen: Set<ObjectIdentifier> = []
    return weights.filter { seen.insert(ObjectIdentifier($0)).inserted }
  }

  /// The number of single numbers among the weights.
  public var parameterCount: Int { weights.reduce(0) { $0 + $1.shape.elementCount } }

  /// The layer of that name.
  public func layer(_ name: String) -> Layer {
    guard let layer = layers.first(where: { $0.name == name }) else {
      fail(
        "There is no layer \(name) in the model. Its layers: \(layers.map(\.name).joined(separator: ", "))."
      )
    }
    return layer
  }

  /// A model of the same layers that computes the outputs of some of them.
  ///
  ///     let activations = model.outputs(of: ["conv2d_1", "conv2d_2"])
  ///
  /// - Parameter names: the layers' names, in the order of the outputs.
  public func outputs(of names: [String]) -> Model {
    Model(inputs: inputs, outputs: names.map(result))
  }

  /// A model of the same layers that starts at the output of one of them and ends where this one does.
  public func starting(after name: String) -> Model {
    Model(inputs: [result(of: name)], outputs: outputs)
  }

  /// What a layer makes, the last time if it is used several times.
  private func result(of name: String) -> SymbolicTensor {
    let layer = layer(name)
    return results.last { $0.layer === layer } ?? outputs[0]
  }

  /// Computes the outputs for a batch.
  ///
  /// - Parameters:
  ///   - inputs: one per input of the model; the first axis is the batch.
  ///   - context: whether this is training, and random numbers for it.
  public func outputs(for inputs: [Samples], _ context: ForwardContext) -> [Tensor] {
    check(inputs)
    var values = [Samples?](repeating: nil, count: inputs.count + steps.count)
    for (index, input) in inputs.enumerated() { values[index] = input }
    for step in steps {
      let arguments = step.inputs.compactMap { values[$0] }
      for index in step.lastUses { values[index] = nil }
      let output = step.layer.forward(arguments, context)
      if step.layer.passesMask { output.passMask(of: arguments) }
      values[step.output] = .dense(output)
    }
    return outputIndices.compactMap { values[$0]?.tensor(for: "The model's output") }
  }

  /// Computes the outputs for a batch, outside training.
  ///
  ///     let activations = network.outputs(of: ["conv2d_1", "conv2d_2"]).outputs(for: image)
  ///
  /// - Parameter inputs: one per input of the model; the first axis is the batch.
  /// - Returns: one tensor per output of the model, the batch axis first.
  public func outputs(for inputs: any SamplesConvertible...) -> [Tensor] {
    outputs(for: inputs.map(\.samples))
  }

  /// Computes the outputs for a batch, outside training; its inputs are a list.
  public func outputs(for inputs: [Samples]) -> [Tensor] {
    outputs(for: inputs, makeContext(training: false))
  }

  /// Computes the only output for a batch.
  public func callAsFunction(_ input: any SamplesConvertible, training: Bool = false) -> Tensor {
    outputs(for: [input.samples], makeContext(training: training))[0]
  }

  /// A context whose random numbers follow from the model's.
  func makeContext(training: Bool) -> ForwardContext {
    ForwardContext(training: training, random: training ? random.split() : random)
  }

  /// The sum of all layers' penalties; nil if there are none.
  func penalty() -> Tensor? {
    let penalties = layers.compactMap { $0.penalty() }
    return penalties.first.map { penalties.dropFirst().reduce($0, +) }
  }

  /// Stops with a sentence unless the samples have the shapes that the model was built for.
  func check(_ inputs: [Samples]) {
    require(
      inputs.count == inputShapes.count,
      "The model takes \(inputShapes.count) inputs, but \(inputs.count) were given. Give them in the order \(inputNames.joined(separator: ", "))."
    )
    for (index, (input, shape)) in zip(inputs, inputShapes).enumerated() {
      require(
        input.shape.rank > 0 && input.shape.droppingFirst == shape,
        "The model\(inputs.count == 1 ? "" : "'s input \(inputNames[index])") takes samples of shape \(shape), but was given samples of shape \(input.shape.isEmpty ? [] : input.shape.droppingFirst). Reshape the samples, or build the model for their shape."
      )
    }
  }
}
