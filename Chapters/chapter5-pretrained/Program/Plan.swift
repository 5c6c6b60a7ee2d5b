import ArgumentParser
import Foundation

/// One of the trainings of section 5.3.
struct Plan: Sendable {
  /// What a user asks for.
  enum Name: String, CaseIterable, Sendable, ExpressibleByArgument {
    case features, frozen, finetune, trainable
    /// All of them.
    case all
  }

  let name: Name
  let title: String
  /// What the titles of the figures call it.
  let caption: String
  let training: Training
  /// What a training picture costs, in passes through the base: by the number of multiplications.
  let cost: Double
  /// The name of the file of weights; the book's where it has one.
  let weights: String
  let book: Numbers
  /// The numbers of the book's figures: accuracy, loss, and both of them smoothed.
  let figures: [String]

  /// The book's numbers, where it has them.
  struct Numbers: Sendable {
    var bestAccuracy: Double?
    var lastAccuracy: Double?
    var lowestLoss: Double?
    var testAccuracy: Double?
  }

  /// In the order in which they are run: fine-tuning begins with what the frozen base's classifier
  /// has learned.
  static let book = [
    Plan(
      name: .features, title: "features", caption: "a classifier on VGG16's features",
      training: .features, cost: 0, weights: "classifier",
      book: Numbers(bestAccuracy: 0.903, lastAccuracy: 0.903, lowestLoss: 0.2372),
      figures: ["5.15", "5.16"]),
    Plan(
      name: .frozen, title: "frozen", caption: "VGG16 frozen", training: .frozen, cost: 1,
      weights: "cats_and_dogs_small_3", book: Numbers(), figures: []),
    Plan(
      name: .finetune, title: "fine-tuned", caption: "block 5 fine-tuned",
      training: .fineTuning, cost: 1.2, weights: "cats_and_dogs_small_4",
      book: Numbers(bestAccuracy: 0.983, lastAccuracy: 0.975, testAccuracy: 0.968),
      figures: ["5.20", "5.21", "5.22", "5.23"]),
    Plan(
      name: .trainable, title: "trainable", caption: "all of VGG16 learning",
      training: .trainable, cost: 3, weights: "cats_and_dogs_small_3_trainable",
      book: Numbers(bestAccuracy: 0.979, lastAccuracy: 0.951, lowestLoss: 0.0558),
      figures: ["5.17", "5.18"]),
  ]

  /// What is said before the training begins.
  var introduction: String {
    switch name {
    case .features, .all:
      "a new classifier on what VGG16 makes of each picture, computed once"
    case .frozen:
      "VGG16, frozen, with a new classifier on top. Every picture is changed at random each time, "
        + "so that all of them go through VGG16 in every epoch: nothing can be computed ahead"
    case .finetune:
      "the same network, but VGG16's last block learns too, in small steps"
    case .trainable:
      "what the book's program really did: all of VGG16 learns from the start"
    }
  }
}
