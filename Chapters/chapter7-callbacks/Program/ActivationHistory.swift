import DeepLearning
import Figures
import Gallery
import TensorBoard

/// How the activations of some layers are distributed after each epoch: what TensorBoard's histograms show.
final class ActivationHistory: Callback {
  /// The distribution of what a layer puts out that is not zero; ReLU makes many zeros, beside which nothing else
  /// could be seen.
  private struct Distribution {
    let histogram: ValueHistogram
    let zeroShare: Double
  }

  private let layers: [String]
  /// For each epoch, a distribution for each layer.
  private var epochs: [[Distribution]] = []

  init(_ layers: [String]) { self.layers = layers }

  func epochDidEnd(_ run: TrainingRun) {
    guard let samples = run.validation?.x.first else { return }
    let outputs = run.model.outputs(of: layers).outputs(for: samples[0..<min(100, samples.count)])
    epochs.append(
      outputs.map { output in
        let values = output.scalars.filter { $0 != 0 }
        return Distribution(
          histogram: ValueHistogram(Tensor(values), bins: 25),
          zeroShare: 1 - Double(values.count) / Double(output.elementCount))
      })
  }

  /// A chart for each layer: a curve for each epoch, the later the higher, all with peaks of one height.
  func addFigures(to run: ChapterRun) {
    guard let last = epochs.last else { return }
    for (index, layer) in layers.enumerated() {
      let distributions = epochs.map { $0[index] }
      let share = Int((last[index].zeroShare * 100).rounded())
      run.add(
        Figure(
          title: "What \(layer) puts out, epoch by epoch", x: "Activation", y: "Epochs",
          footnote: last[index].zeroShare > 0
            ? "For 100 validation reviews. Without zeros, which are \(share)% of all in the last epoch."
            : "For 100 validation reviews."
        ) {
          // Those in front hide those behind.
          for epoch in distributions.indices.reversed() {
            let edges = distributions[epoch].histogram.edges
            let places = zip(edges, edges.dropFirst()).map { ($0 + $1) / 2 }
            let base = Double(epoch + 1)
            let counts = distributions[epoch].histogram.counts
            // Half as high again as the distance between two curves.
            let height = 1.5 / Double(max(counts.max() ?? 1, 1))
            let curve = counts.map { base + Double($0) * height }
            Band(curve.map { _ in base }, curve, at: places, color: .blue)
            Line(curve, at: places, color: .blue)
          }
        }, as: "activations-\(layer)", book: "7.11")
      if last[index].zeroShare > 0 {
        run.result(
          "\(layer): share of zeros after the first epoch", here: epochs[0][index].zeroShare,
          better: .lower)
        run.result(
          "\(layer): share of zeros after the last epoch", here: last[index].zeroShare,
          better: .lower)
      }
    }
  }
}
