import Gallery

/// What can be said of a number of the book's beside those of our seeds.
enum Verdict {
  /// In words.
  ///
  /// - Parameters:
  ///   - book: the book's number.
  ///   - seeds: ours.
  ///   - reservations: why they may not be compared.
  ///   - reason: why they differ, if that is known and they do.
  static func text(
    book: Double?, seeds: SeedStatistics?, reservations: [String], reason: String?
  ) -> String {
    if !reservations.isEmpty { return "not compared: " + reservations.joined(separator: ", ") }
    guard let seeds else { return "not run" }
    guard let book else { return "not compared: several numbers" }
    guard let isReproduced = seeds.reproduces(book) else {
      return seeds.isScattered
        ? "not judged, seeds are a hundredfold apart: \(reason ?? "not explained")"
        : "one run: not judged"
    }
    if isReproduced { return "reproduced" }
    let difference = seeds.mean - book
    let size = (difference > 0 ? "+" : "") + ResultTable.number(difference)
    let spread =
      seeds.deviation > 0
      ? ", \(ResultTable.number(difference.magnitude / seeds.deviation)) sd" : ""
    return "off by \(size)\(spread): \(reason ?? "not explained")"
  }

  /// What is known of differences: job, what the number's name contains, why.
  private static let reasons = [
    (
      "chapter4-overfitting", "smaller",
      "6 of 20 seeds left the small network with too few units that ever fire"
    ),
    (
      "chapter4-overfitting", "bigger: last",
      "PyTorch on the same reviews came to 1.22 in the one run tried"
    ),
    (
      "chapter3-reuters", "accuracy of guessing",
      "chance: shuffled copies of these labels agree in 0.1874 ± 0.0069, and these seeds happen to lie close together"
    ),
    (
      "chapter5-pretrained-features", "last validation accuracy",
      "an accuracy over 1,000 photographs has a standard error of 0.0095, and all seeds see the same ones"
    ),
    (
      "chapter3-boston-housing", "validation MAE",
      "book and notebook differ by more: four folds of 101 houses"
    ),
    (
      "chapter6-word-vectors", "unique tokens",
      "Keras' packaged file takes texts as bytes; with accented capitals made small, as Python 3 does, the same texts have 88,582"
    ),
    (
      "chapter8-vae", "training loss after epoch 1",
      "among the first batches are some with losses of thousands and more. So it is in Keras 3: with ten seeds the largest loss of the first 400 batches was between 1.9 and 10,600,000"
    ),
    ("chapter5-mnist-convnet", "in words", "the book's own prints have 0.9913 and 0.9908"),
    ("chapter5-cats-dogs", "in words", "the book's own log has another number"),
    (
      "chapter5-cats-dogs", "augmented: epoch of lowest",
      "chance: which of the last noisy epochs is the lowest; these three happen to agree"
    ),
    ("chapter8-text-generation-as-printed", "epoch 59", "the book's run breaks down in epoch 56"),
  ]

  /// Why a number of a job differs, if that is known.
  static func reason(_ job: String, _ name: String) -> String? {
    reasons.first { $0.0 == job && name.contains($0.1) }?.2
  }
}
