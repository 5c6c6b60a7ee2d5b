/// The book's numbers of a network, all of the 5,000 reviews that are held out.
struct BookResults {
  let bestAccuracy: Double
  let lowestLoss: Double
  let lastAccuracy: Double
  /// The book's figures of loss and accuracy.
  var figures: (loss: String, accuracy: String)?

  /// By the names of the networks.
  static let ofNetworks = [
    "simple-rnn": BookResults(
      bestAccuracy: 0.846, lowestLoss: 0.3783, lastAccuracy: 0.8054,
      figures: ("6.11", "6.12")),
    "lstm": BookResults(
      bestAccuracy: 0.8928, lowestLoss: 0.302, lastAccuracy: 0.8758,
      figures: ("6.16", "6.17")),
    "reversed": BookResults(
      bestAccuracy: 0.877, lowestLoss: 0.3329, lastAccuracy: 0.8566),
    "bidirectional": BookResults(
      bestAccuracy: 0.8856, lowestLoss: 0.2972, lastAccuracy: 0.8792),
  ]
}
