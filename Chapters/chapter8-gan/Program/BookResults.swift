import Gallery

/// The losses that the book's own run has printed.
enum BookResults {
  /// The steps, counted from 1, and the losses of the discriminator and of the generator.
  static let log: [(step: Int, discriminator: Double, adversarial: Double)] = [
    (1, 0.686, 0.668), (101, 0.756, 0.821), (501, 0.686, 0.741), (1001, 0.707, 0.741),
    (2001, 0.696, 0.755), (3001, 0.698, 0.755), (3301, 1.508, 0.727), (4001, 0.677, 0.696),
    (5001, 0.715, 0.775), (6001, 0.692, 0.840), (7001, 0.672, 0.949), (8001, 0.680, 0.811),
    (8401, 0.720, 1.141), (9001, 0.660, 0.773), (9501, 0.704, 0.783), (9901, 0.669, 0.678),
  ]
  /// The medians of these lines, 16 of the hundred that its run has printed.
  static let discriminatorMedian = Statistics.median(log.map(\.discriminator))
  static let adversarialMedian = Statistics.median(log.map(\.adversarial))
}
