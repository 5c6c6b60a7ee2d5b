/// The book's numbers of a training.
struct BookResults {
  let bestAccuracy: Double
  let lastAccuracy: Double
  let lowestLoss: Double
  let lowestEpoch: Double
  let trainingAccuracy: Double

  /// By the names of the trainings.
  static let ofTrainings = [
    "a": BookResults(
      bestAccuracy: 0.731, lastAccuracy: 0.724, lowestLoss: 0.5508, lowestEpoch: 10,
      trainingAccuracy: 0.9895),
    "b": BookResults(
      bestAccuracy: 0.846, lastAccuracy: 0.8439, lowestLoss: 0.3518, lowestEpoch: 99,
      trainingAccuracy: 0.8491),
  ]
}

extension Training {
  /// The name of the file of weights; the book's, with another ending.
  var weights: String { "cats_and_dogs_small_\(name == "a" ? 1 : 2)" }
}
