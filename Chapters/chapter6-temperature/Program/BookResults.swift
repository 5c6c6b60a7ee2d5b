/// The book's lowest and last validation error of a network, and the book's figure.
struct BookResults {
  let lowest: Double
  let last: Double
  var figure: String?

  /// By the names of the networks.
  static let ofNetworks = [
    "dense": BookResults(
      lowest: 0.2994, last: 0.3545, figure: "6.20"),
    "gru": BookResults(
      lowest: 0.2644, last: 0.3034, figure: "6.21"),
    "dropout": BookResults(
      lowest: 0.2619, last: 0.2719, figure: "6.22"),
    "stacked": BookResults(
      lowest: 0.2633, last: 0.2782, figure: "6.23"),
    "reversed": BookResults(
      lowest: 0.399, last: 0.4261, figure: "6.24"),
    "bidirectional": BookResults(lowest: 0.2615, last: 0.3289),
  ]
}
