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
  private let pictures: ClassPictures
  /// From made to made, from real to real, as many of each.
  private let amongMade: Neighbours
  private let amongReal: Neighbours
  /// To all that was learned from.
  private let madeToAll: Neighbours
  private let realToAll: Neighbours
  /// What sheets are compared with: the same measure of as many real pictures as stand on one.
  private let sheetGap: Float

  init(of training: AdversarialTraining, beside pictures: ClassPictures, count: Int) {
    var random = RandomGenerator(seed: training.plan.seed ^ 0xD1FF << 32)
    made = training.pictures(at: .normal([count, Recipe.latentSize], using: &random))
    let order = random.permutation(pictures.count)
    func real(_ numbers: ArraySlice<Int>) -> Tensor {
      Pixels(
        numbers.flatMap { pictures.bytes($0) }, shape: [numbers.count, 32, 32, 3]
      ).tensor
    }
    let some = real(order.prefix(count))
    let all = (pictures.count, { (range: Range<Int>) in pictures.pixels[range].tensor })
    amongMade = Neighbours(within: made)
    amongReal = Neighbours(within: some)
    madeToAll = Neighbours(of: made, among: all)
    realToAll = Neighbours(of: some, among: all, own: Array(order.prefix(count)))
    let size = min(SampleSheet.count, pictures.count)
    let sheets = (0..<min(10, pictures.count / size)).map { number in
      Neighbours(within: real(order[number * size..<(number + 1) * size])).mean
    }
    sheetGap = sheets.reduce(0, +) / Float(sheets.count)
    self.pictures = pictures
  }

  /// Table, numbers and figures.
  func add(to run: ChapterRun, sheets: [SheetRecord]) {
    var table = ResultTable([("from", .left), ("to the nearest", .left), ("distance", .right)])
    let count = made.count
    let rows = [
      ("made", "of \(count - 1) other made", amongMade),
      ("real", "of \(count - 1) other real", amongReal),
      ("made", "of all \(pictures.count) real", madeToAll),
      ("real", "of all \(pictures.count - 1) other real", realToAll),
    ]
    for (from, to, neighbours) in rows {
      table.add([from, to, ResultTable.number(Double(median(neighbours.distances)))])
    }
    run.add(table, titled: "Difference of each picture from the most similar other one, median")
    run.note(
      "A difference is the root of the mean squared difference of all pixels, from 0 to 1. Blurred pictures lie "
        + "closer together than sharp ones, whatever is on them.")
    run.result(
      "diversity: nearest made, compared with nearest real",
      here: median(amongMade.distances) / median(amongReal.distances), better: .higher)
    run.result(
      "novelty: made to nearest real, compared with real to nearest real",
      here: median(madeToAll.distances) / median(realToAll.distances), better: .higher)
    addDistances(to: run)
    addNearest(to: run)
    guard let last = sheets.last else { return }
    run.add(
      Figure(
        title: "How different the \(SampleSheet.count) pictures of each sheet are", x: "Steps",
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
    func curve(_ neighbours: Neighbours, _ name: String, _ color: Color, dashed: Bool) -> Line {
      Line(
        shares, name, at: neighbours.distances.sorted().map(Double.init), dashed: dashed,
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
    let bytes = made.bytes
    var grid: [Picture] = []
    for start in stride(from: 0, to: min(3 * columns, made.count / columns * columns), by: columns)
    {
      let numbers = start..<start + columns
      grid += numbers.map { picture(Array(bytes[$0 * 3072..<($0 + 1) * 3072]), "made") }
      grid += numbers.map {
        picture(
          pictures.bytes(madeToAll.indices[$0]), String(format: "%.3f", madeToAll.distances[$0]))
      }
    }
    guard !grid.isEmpty else { return }
    run.add(
      PictureGrid(
        title: "Made pictures, and below each the real one nearest to it, with their difference",
        columns: columns, pictures: grid), as: "nearest")
  }
}
