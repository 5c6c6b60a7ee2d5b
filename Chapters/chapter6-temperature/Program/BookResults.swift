/// The book's lowest and last validation error of a network, how far other seeds may lead, and the book's figure.
struct BookResults {
  let lowest: Double
  let last: Double
  let tolerance: (lowest: Double, last: Double)
  var figure: String?

  /// By the names of the networks. What seeds may change is judged by the swing from one epoch of the book's to the
  /// next, and more for the last epoch, as the curves of all that overfit rise by then.
  static let ofNetworks = [
    "dense": BookResults(
      lowest: 0.2994, last: 0.3545, tolerance: (0.02, 0.04), figure: "6.20"),
    "gru": BookResults(
      lowest: 0.2644, last: 0.3034, tolerance: (0.01, 0.025), figure: "6.21"),
    "dropout": BookResults(
      lowest: 0.2619, last: 0.2719, tolerance: (0.01, 0.015), figure: "6.22"),
    "stacked": BookResults(
      lowest: 0.2633, last: 0.2782, tolerance: (0.01, 0.02), figure: "6.23"),
    "reversed": BookResults(
      lowest: 0.399, last: 0.4261, tolerance: (0.04, 0.05), figure: "6.24"),
    "bidirectional": BookResults(lowest: 0.2615, last: 0.3289, tolerance: (0.01, 0.025)),
  ]
}
