import Datasets
import DeepLearning
import Figures
import Gallery

/// A trained network, and what it makes of the test pictures.
struct TrainedNetwork {
  let rule: SamplingRule
  let vae: VariationalAutoencoder
  let history: History
  let map: LatentMap
  let digits: Digits

  init(
    _ rule: SamplingRule, _ vae: VariationalAutoencoder, _ history: History, on test: Digits
  ) {
    (self.rule, self.vae, self.history, digits) = (rule, vae, history, test)
    map = LatentMap(vae, test)
  }

  /// What its figures and files are called beside those of the book's network.
  private var suffix: String { rule == .printed ? "" : "-corrected" }
  /// What its numbers are called.
  private var prefix: String { rule == .printed ? "" : "corrected: " }
  /// What its figures' titles end in.
  private var remark: String { rule == .printed ? "" : ", sampling corrected" }

  /// The book's map of the latent space as one image.
  var manifold: Tensor { SampleGrid(columns: 15).sheet(vae.manifold(15)) }

  /// Adds all that is to be shown of it.
  ///
  /// - Parameter isBook: whether the book has numbers and figures of this.
  func show(in run: ChapterRun, isBook: Bool) {
    run.add(history, as: "history" + suffix)
    run.add(weightsOf: vae.whole, as: "weights" + suffix)
    addLoss(to: run, isBook: isBook && !run.options.quick)
    run.add(
      PictureGrid(
        title: "The plane, decoded: each place becomes a picture\(remark)",
        pictures: [manifold.picture()]), as: "manifold" + suffix,
      book: isBook ? "8.14" : nil)
    run.add(
      map.figure(title: "Where the test pictures lie\(remark)"), as: "latent-plane" + suffix)
    addReconstructions(to: run)
    addInterpolation(to: run)
    addNumbers(to: run, isBook: isBook)
  }

  private func addLoss(to run: ChapterRun, isBook: Bool) {
    run.add(
      Figure(title: "Training and validation loss\(remark)", x: "Epochs", y: "Loss") {
        if isBook {
          Line(BookResults.losses, "Training loss, the book's run", dashed: true, color: .sky)
          Line(
            BookResults.validationLosses, "Validation loss, the book's run", dashed: true,
            color: .orange)
        }
        Dots(history["loss"], "Training loss", color: .blue)
        Line(history["val_loss"], "Validation loss", color: .vermilion)
      }, as: "loss" + suffix)
  }

  /// Two pictures of each class, and below each what the decoder makes of its place.
  private func addReconstructions(to run: ChapterRun) {
    let rows = (0..<2).map { turn in digits.classNames.indices.compactMap { example($0, turn) } }
    // Little data may lack classes; a shorter second row would not stand below the first.
    let whole = rows.filter { $0.count == rows[0].count }
    run.add(
      PictureGrid(
        title: "Test pictures, and below each what its place becomes\(remark)",
        columns: rows[0].count,
        pictures: whole.flatMap { row in
          row.map { digits.picture($0) } + vae.images(at: row.map { map.points[$0] }).pictures()
        }), as: "reconstructions" + suffix)
  }

  /// From one picture to another along the straight line between their places; of each class the one that comes out
  /// best, as others may look like another digit from the start.
  private func addInterpolation(to run: ChapterRun) {
    let best = bestReconstructed()
    let pairs = [(3, 8), (1, 7), (4, 9), (0, 6), (5, 2)]
      .compactMap { from, to -> (Int, Int)? in
        guard let from = best[from], let to = best[to] else { return nil }
        return (from, to)
      }
    if pairs.isEmpty { return }
    let steps = 11
    run.add(
      PictureGrid(
        title: "On the way from one test picture to another, both at the ends\(remark)",
        columns: steps + 2,
        pictures: pairs.flatMap { from, to in
          let way = (0..<steps).map { step in
            let share = Float(step) / Float(steps - 1)
            return zip(map.points[from], map.points[to]).map { $0 + share * ($1 - $0) }
          }
          return [digits.picture(from)] + vae.images(at: way).pictures() + [digits.picture(to)]
        }), as: "interpolation" + suffix)
  }

  /// For each class, which of the first test pictures is most like what its place becomes, for the ink that it has.
  private func bestReconstructed() -> [Int: Int] {
    let points = map.points.prefix(2_000)
    let made = vae.images(at: Array(points)).scalars
    let area = made.count / points.count
    var best: [Int: (picture: Int, error: Float)] = [:]
    for index in points.indices {
      var (error, ink): (Float, Float) = (0, 1e-6)
      for (pixel, byte) in zip(
        made[index * area..<(index + 1) * area], digits.pixels(index))
      {
        let original = Float(byte) / 255
        error += (pixel - original) * (pixel - original)
        ink += original * original
      }
      let label = Int(digits.labels[index])
      if error / ink < best[label]?.error ?? .infinity { best[label] = (index, error / ink) }
    }
    return best.mapValues(\.picture)
  }

  private func addNumbers(to run: ChapterRun, isBook: Bool) {
    for (name, key, book) in [
      ("training loss", "loss", BookResults.losses),
      ("validation loss", "val_loss", BookResults.validationLosses),
    ] {
      guard let first = history[key].first, let last = history[key].last else { continue }
      run.result(
        prefix + name, book: isBook ? book.last : nil, here: last, better: .lower)
      run.result(
        prefix + name + " after epoch 1", book: isBook ? book.first : nil, here: first,
        better: .lower)
    }
    if !history.seconds.isEmpty {
      let mean = history.seconds.reduce(0, +) / Double(history.seconds.count)
      run.result(
        prefix + "time per epoch", book: isBook ? BookResults.secondsPerEpoch : nil, here: mean,
        unit: "s", better: .lower, reservation: "another machine than the book's")
    }
  }

  /// The number of a test picture of some class.
  ///
  /// - Parameter turn: 0 for the first one, 1 for the next.
  private func example(_ label: Int, _ turn: Int) -> Int? {
    let members = digits.labels.indices.lazy.filter { Int(digits.labels[$0]) == label }
    return members.dropFirst(turn).first
  }
}
