/// A gated recurrent unit (Cho et al., 2014), as in Keras 2.0: gates open by the hard sigmoid.
///
/// Two gates instead of the three of an `LSTM`, and no memory besides the output.
///
///     GRU(32, dropout: 0.2, recurrentDropout: 0.2)
public final class GRU: RecurrentLayer {
  /// Creates a layer.
  ///
  /// - Parameters:
  ///   - units: the number of outputs.
  ///   - activation: the function of the candidate.
  ///   - gates: the function of the gates; Keras took the sigmoid itself from 2.3 on.
  ///   - usesBias: whether a bias is added.
  ///   - resetsAfter: whether the state is reset after its product with the kernel, as on graphics processors, not
  ///     before; there is a second bias then.
  ///   - returnsSequences: whether to return the outputs of all time steps, not only the last.
  ///   - goesBackwards: whether to begin at the end; the outputs then come in that order.
  ///   - isStateful: whether a batch goes on where the one before it ended.
  ///   - dropout: the share of the inputs that is dropped in training, the same at all time steps.
  ///   - recurrentDropout: the share of the state that each gate does not see in training, likewise.
  ///   - name: a name of your choice.
  public init(
    _ units: Int, activation: Activation = .tanh, gates: Activation = .hardSigmoid,
    usesBias: Bool = true,
    resetsAfter: Bool = false, returnsSequences: Bool = false, goesBackwards: Bool = false,
    isStateful: Bool = false,
    dropout: Float = 0, recurrentDropout: Float = 0, name: String? = nil
  ) {
    let configuration = RecurrentConfiguration(
      cell: .gru(resetsAfter: resetsAfter), units: units, activation: activation, gates: gates,
      usesBias: usesBias, returnsSequences: returnsSequences, goesBackwards: goesBackwards,
      isStateful: isStateful, dropout: dropout, recurrentDropout: recurrentDropout)
    super.init(configuration, name: name)
  }
}
