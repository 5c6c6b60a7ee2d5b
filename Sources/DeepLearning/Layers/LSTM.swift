/// Long short-term memory (Hochreiter and Schmidhuber, 1997), as in Keras 2.0: gates open by the hard sigmoid.
///
/// Remembers its output and a cell, which gates protect from being overwritten.
///
///     LSTM(32)
public final class LSTM: RecurrentLayer {
  /// Creates a layer.
  ///
  /// - Parameters:
  ///   - units: the number of outputs.
  ///   - activation: the function of the candidate and of the output.
  ///   - gates: the function of the gates; Keras took the sigmoid itself from 2.3 on.
  ///   - usesBias: whether a bias is added.
  ///   - unitForgetBias: whether the forget gates start open.
  ///   - returnsSequences: whether to return the outputs of all time steps, not only the last.
  ///   - goesBackwards: whether to begin at the end; the outputs then come in that order.
  ///   - isStateful: whether a batch goes on where the one before it ended.
  ///   - dropout: the share of the inputs that is dropped in training, the same at all time steps.
  ///   - recurrentDropout: the share of the state that each gate does not see in training, likewise.
  ///   - name: a name of your choice.
  public init(
    _ units: Int, activation: Activation = .tanh, gates: Activation = .hardSigmoid,
    usesBias: Bool = true,
    unitForgetBias: Bool = true, returnsSequences: Bool = false, goesBackwards: Bool = false,
    isStateful: Bool = false,
    dropout: Float = 0, recurrentDropout: Float = 0, name: String? = nil
  ) {
    var configuration = RecurrentConfiguration(
      cell: .lstm, units: units, activation: activation, gates: gates,
      usesBias: usesBias, returnsSequences: returnsSequences, goesBackwards: goesBackwards,
      isStateful: isStateful, dropout: dropout, recurrentDropout: recurrentDropout)
    if unitForgetBias { configuration.biasInitializer = .openForgetGates }
    super.init(configuration, name: name)
  }
}
