import DeepLearning
import Foundation

/// Writes what training does into a folder that TensorBoard shows: curves, histograms, the graph, and embeddings.
///
/// ```swift
/// try model.fit(
///   x, y, epochs: 20, validationSplit: 0.2,
///   callbacks: [
///     TensorBoard(folder, histogramFrequency: 1, embeddings: ["embed": words])
///   ])
/// ```
///
/// Then `tensorboard --logdir FOLDER`, also while training goes on. Training and validation are two runs with the same
/// tags, so that their curves lie in one chart; the epoch, counted from 1, is the step.
public final class TensorBoard: Callback {
  private let folder: URL
  private let histogramFrequency: Int
  private let activationSamples: Int
  private let writesGraph: Bool
  private let embeddings: [String: [String]]
  private var training: EventFile?
  private var validation: EventFile?

  /// Creates a callback.
  ///
  /// - Parameters:
  ///   - folder: where to write; a folder of its own for each training, or their curves run together.
  ///   - histogramFrequency: after how many epochs each to write histograms of all weights and, with validation data,
  ///     of what each layer puts out; 0 for never.
  ///   - activationSamples: for how many of the validation samples, the first ones, the layers are asked.
  ///   - writesGraph: whether to write the graph of layers.
  ///   - embeddings: the words of ``Embedding`` layers by the layers' names, one for each row, or none; brought up to
  ///     date after each epoch.
  public init(
    _ folder: URL, histogramFrequency: Int = 0, activationSamples: Int = 100,
    writesGraph: Bool = true, embeddings: [String: [String]] = [:]
  ) {
    guard histogramFrequency >= 0, activationSamples > 0 else {
      fail(
        "TensorBoard needs a histogram frequency that is not negative, not \(histogramFrequency), and at least 1 sample, not \(activationSamples)."
      )
    }
    self.folder = folder
    self.histogramFrequency = histogramFrequency
    self.activationSamples = activationSamples
    self.writesGraph = writesGraph
    self.embeddings = embeddings
  }

  /// Opens the files, and writes the graph.
  public func trainingWillBegin(_ run: TrainingRun) throws {
    let training = try EventFile(in: folder.appending(path: "train"))
    if writesGraph { try training.add(graphOf: run.model) }
    try training.flush()
    self.training = training
    validation =
      try run.validation.map { _ in try EventFile(in: folder.appending(path: "validation")) }
  }

  /// Writes what was measured, and histograms when it is time to.
  public func epochDidEnd(_ run: TrainingRun) throws {
    for (name, value) in run.logs.entries {
      let isValidation = name.hasPrefix("val_")
      try (isValidation ? validation : training)?
        .add(
          scalar: value, as: isValidation ? String(name.dropFirst(4)) : name, step: run.epoch)
    }
    if histogramFrequency > 0, run.epoch.isMultiple(of: histogramFrequency) {
      try writeHistograms(run)
    }
    if !embeddings.isEmpty {
      try Projector.write(
        embeddings.sorted { $0.key < $1.key }.compactMap { name, words in
          run.model.layer(name).weights.first.map { (name, $0.value, words) }
        }, to: folder)
    }
    try training?.flush()
    try validation?.flush()
  }

  /// Closes the files.
  public func trainingDidEnd(_ run: TrainingRun) throws { (training, validation) = (nil, nil) }

  private func writeHistograms(_ run: TrainingRun) throws {
    for weight in run.model.weights {
      try training?.add(ValueHistogram(weight.value), as: weight.name, step: run.epoch)
    }
    guard let inputs = run.validation?.x else { return }
    let names = run.model.layers.map(\.name)
    let outputs = run.model.outputs(of: names)
      .outputs(for: inputs.map { $0[0..<min(activationSamples, $0.count)] })
    for (name, output) in zip(names, outputs) {
      try validation?
        .add(ValueHistogram(output), as: name + "/activations", step: run.epoch)
    }
  }
}
