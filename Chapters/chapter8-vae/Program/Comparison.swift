import DeepLearning
import Figures
import Gallery

extension [TrainedNetwork] {
  /// What the two rules of sampling come to.
  func compare(in run: ChapterRun) {
    var table = ResultTable(
      "sampling", "reconstruction loss", "divergence (nats)", "typical deviation drawn",
      "spread of the places")
    for trained in self { table.add([trained.rule.formula] + trained.facts) }
    run.add(table, titled: "What is drawn around each test picture's place")
    if count < 2 { return }
    run.add(
      PictureGrid(
        title: "The same map with both rules of sampling", columns: 2,
        pictures: map { $0.manifold.picture(caption: $0.rule.formula) }), as: "side-by-side")
    run.add(
      PictureGrid(
        title: "Where the test pictures lie with both rules", columns: 2,
        pictures: map { $0.map.picture($0.rule.formula) }), as: "planes-side-by-side")
    run.add(
      Figure(title: "Validation loss with both rules of sampling", x: "Epochs", y: "Loss") {
        for trained in self { Line(trained.history["val_loss"], trained.rule.formula) }
      }, as: "loss-side-by-side")
  }
}

extension TrainedNetwork {
  /// One cell for each column of the comparison.
  fileprivate var facts: [String] {
    let logVariances = vae.logVariances(of: digits.pictures)
    let deviations = rule.layer.deviation(logVariances).scalars.sorted()
    let spread = map.spread
    return [
      vae.reconstructionLoss(of: digits.pictures, at: map.points),
      map.divergence(logVariances: logVariances), Double(deviations[deviations.count / 2]),
      Double(spread.reduce(0, +)) / Double(spread.count),
    ].map { ResultTable.number($0) }
  }
}

extension VariationalAutoencoder {
  /// The binary cross-entropy of a pixel when each image is made again from its point, without any drawing.
  func reconstructionLoss(of images: Pixels, at points: [[Float]]) -> Double {
    let size = 1_000
    var sum = 0.0
    for start in stride(from: 0, to: points.count, by: size) {
      let range = start..<min(start + size, points.count)
      let z = Tensor(points[range].flatMap { $0 }, shape: [range.count, points[0].count])
      let loss = Loss.binaryCrossEntropy(decoder(z), images[range])
      sum += Double(loss.item) * Double(range.count)
    }
    return sum / Double(points.count)
  }
}
