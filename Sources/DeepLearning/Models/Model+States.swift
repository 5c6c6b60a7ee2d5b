extension Model {
  /// Lets stateful layers forget what they remember of the batches so far.
  public func resetStates() {
    for layer in layers {
      (layer as? RecurrentLayer)?.resetStates()
      (layer as? Bidirectional)?.resetStates()
      (layer as? ModelLayer)?.model.resetStates()
    }
  }
}
