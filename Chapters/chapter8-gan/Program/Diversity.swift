import Datasets
import DeepLearning
import Figures
import Foundation
import Gallery

/// How much made pictures differ from one another and from those learned from, beside how much real ones do.
///
/// A generator that makes the same few pictures again and again has them close together; one that has learned
/// pictures by heart has them close to real ones.
struct Diversity {
  /// What was measured: `[count, 32, 32, 3]`.
  let made: Tensor
  let pictures: ClassPictures
  /// From made to made, from real to real, as many of each.
  let amongMade: NearestNeighbors
  let amongReal: NearestNeighbors
  /// To all that was learned from.
  let madeToAll: NearestNeighbors
  let realToAll: NearestNeighbors
  /// What sheets are compared with: the same measure of as many real pictures as stand on one.
  let sheetGap: Float

  /// Measures what a generator makes.
  ///
  /// - Parameters:
  ///   - training: the generator.
  ///   - pictures: those that it has learned from.
  ///   - count: how many generated images and how many real ones to compare.
  static func measured(
    of training: GANTraining, beside pictures: ClassPictures, count: Int
  ) -> Diversity {
    var random = RandomGenerator(seed: training.plan.seed ^ 0xD1FF << 32)
    let made = training.images(at: .normal([count, GAN.latentSize], using: &random))
    let order = random.permutation(pictures.count)
    func real(_ numbers: ArraySlice<Int>) -> Tensor {
      .concatenated(numbers.map { pictures.pixels[$0..<$0 + 1].tensor }, axis: 0)
    }
    let some = real(order.prefix(count))
    let all = (pictures.count, { (range: Range<Int>) in pictures.pixels[range].tensor })
    let size = min(CheckpointStore.sheetSize, pictures.count)
    let sheets = (0..<min(10, pictures.count / size)).map { number in
      NearestNeighbors(within: real(order[number * size..<(number + 1) * size])).meanDistance
    }
    return Diversity(
      made: made, pictures: pictures, amongMade: NearestNeighbors(within: made),
      amongReal: NearestNeighbors(within: some),
      madeToAll: NearestNeighbors(of: made, among: all),
      realToAll: NearestNeighbors(of: some, among: all, own: Array(order.prefix(count))),
      sheetGap: sheets.reduce(0, +) / Float(sheets.count))
  }

  /// Table, numbers and figures.
  func add(to run: ChapterRun, sheets: [GANTraining.SheetRecord]) {
    var table = ResultTable("from", "to the nearest", "distance", words: 2)
    let count = made.count
    let rows = [
      ("made", "of \(count - 1) other made", amongMade),
      ("real", "of \(count - 1) other real", amongReal),
      ("made", "of all \(pictures.count) real", madeToAll),
      ("real", "of all \(pictures.count - 1) other real", realToAll),
    ]
    for (from, to, neighbors) in rows {
      table.add([from, to, ResultTable.number(Double(neighbors.medianDistance))])
    }
    run.add(table, titled: "Difference of each picture from the most similar other one, median")
    run.note(
      "A difference is the root of the mean squared difference of all pixels, from 0 to 1. Blurred pictures lie "
        + "closer together than sharp ones, whatever is on them.")
    run.result(
      "diversity: nearest made, compared with nearest real",
      here: amongMade.medianDistance / amongReal.medianDistance, better: .higher)
    run.result(
      "novelty: made to nearest real, compared with real to nearest real",
      here: madeToAll.medianDistance / realToAll.medianDistance, better: .higher)
    addDistances(to: run)
    addNearest(to: run)
    guard let last = sheets.last else { return }
    run.add(
      Figure(
        title: "How different the \(CheckpointStore.sheetSize) pictures of each sheet are",
        x: "Steps",
        y: "Difference from the nearest"
      ) {
        Line(
          sheets.map(\.madeGap), "Made", at: sheets.map { Double($0.step) }, color: .vermilion)
        Line(
          [sheetGap, sheetGap], "Real", at: [Double(sheets[0].step), Double(last.step)],
          dashed: true, color: .blue)
      }, as: "diversity")
  }

  /// Which share of the pictures is nearer to another than a distance.
  private func addDistances(to run: ChapterRun) {
    let shares = (1...made.count).map { Double($0) / Double(made.count) }
    func curve(_ neighbors: NearestNeighbors, _ name: String, _ color: Color, dashed: Bool) -> Line
    {
      Line(
        shares, name, at: neighbors.distances.sorted().map(Double.init), dashed: dashed,
        color: color)
    }
    run.add(
      Figure(
        title: "Difference from the most similar picture", x: "Difference",
        y: "Share of pictures below it"
      ) {
        curve(amongMade, "Made, among \(made.count) made", .vermilion, dashed: false)
        curve(amongReal, "Real, among \(made.count) real", .blue, dashed: false)
        curve(madeToAll, "Made, among all real", .vermilion, dashed: true)
        curve(realToAll, "Real, among all real", .blue, dashed: true)
      }, as: "distances")
  }

  /// Made pictures, each above the one it may have been learned from.
  private func addNearest(to run: ChapterRun) {
    let columns = 8
    let count = min(3 * columns, made.count / columns * columns)
    let generated = made[0..<count].pictures(caption: "made")
    let nearest = (0..<count).map {
      pictures.pixels.picture(
        madeToAll.indices[$0], caption: String(format: "%.3f", madeToAll.distances[$0]))
    }
    let grid = stride(from: 0, to: count, by: columns).flatMap {
      generated[$0..<$0 + columns] + nearest[$0..<$0 + columns]
    }
    guard !grid.isEmpty else { return }
    run.add(
      PictureGrid(
        title: "Made pictures, and below each the real one nearest to it, with their difference",
        columns: columns, pictures: grid), as: "nearest")
  }
}
