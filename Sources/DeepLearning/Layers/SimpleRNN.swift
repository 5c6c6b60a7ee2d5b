/// The plainest recurrent layer: its output is what it remembers.
///
///     SimpleRNN(32)
public final class SimpleRNN: RecurrentLayer {
  /// Creates a layer.
  ///
  /// - Parameters:
  ///   - units: the number of outputs.
  ///   - activation: the function of the output.
  ///   - usesBias: whether a bias is added.
  ///   - returnsSequences: whether to return the outputs of all time steps, not only the last.
  ///   - goesBackwards: whether to begin at the end; the outputs then come in that order.
  ///   - isStateful: whether a batch goes on where the one before it ended.
  ///   - dropout: the share of the inputs that is dropped in training, the same at all time steps.
  ///   - recurrentDropout: the share of the state that each gate does not see in training, likewise.
  ///   - name: a name of your choice.
  public init(
    _ units: Int, activation: Activation = .tanh, usesBias: Bool = true,
    returnsSequences: Bool = false, goesBackwards: Bool = false, isStateful: Bool = false,
    dropout: Float = 0, recurrentDropout: Float = 0, name: String? = nil
  ) {
    let configuration = RecurrentConfiguration(
      cell: .simple, units: units, activation: activation, gates: .linear,
      usesBias: usesBias, returnsSequences: returnsSequences, goesBackwards: goesBackwards,
      isStateful: isStateful, dropout: dropout, recurrentDropout: recurrentDropout)
    super.init(configuration, name: name)
  }
}
