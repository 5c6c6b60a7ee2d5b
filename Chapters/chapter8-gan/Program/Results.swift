import Datasets
import DeepLearning
import Figures
import Foundation
import Gallery
import Images

/// What a training has to show.
struct Results {
  let training: GANTraining
  let pictures: ClassPictures
  let run: ChapterRun
  private let folder: URL

  init(_ training: GANTraining, _ pictures: ClassPictures, _ run: ChapterRun) {
    (self.training, self.pictures, self.run) = (training, pictures, run)
    folder = run.folder
  }

  /// Figures and numbers.
  func add() throws {
    markDeviations()
    addLosses()
    try writeTables()
    addGrowth()
    // After Ctrl-C nobody wants to wait, nor is it worth while after a few steps.
    let isShort = run.options.quick || run.isInterrupted || training.steps < 100
    let diversity = Diversity.measured(
      of: training, beside: pictures, count: min(isShort ? 100 : 500, pictures.count))
    addGame(diversity.made)
    addSheet(diversity.made)
    diversity.add(to: run, sheets: training.state.sheets)
  }

  /// What was asked for otherwise than in the book.
  private func markDeviations() {
    if training.steps != 10_000 { run.markDeviation("\(training.steps) steps instead of 10000") }
    if training.plan.recipe.dataRange != .unit { run.markDeviation("--data-range tanh") }
    if pictures.className != "frog" {
      run.markDeviation("\(pictures.className) instead of frog")
    }
  }

  // MARK: Losses

  private func addLosses() {
    let (mine, adversarial) = (
      training.state.discriminatorLosses, training.state.adversarialLosses
    )
    // A step's loss tells little; the mean of a hundredth of the training tells more.
    let length = max(1, mine.count / 100)
    let starts = stride(from: 0, through: mine.count - length, by: length)
    func means(_ losses: [Float]) -> [Float] {
      starts.map { losses[$0..<$0 + length].reduce(0, +) / Float(length) }
    }
    let places = starts.map { Double($0) + Double(length + 1) / 2 }
    let reached = BookResults.log.filter { $0.step <= mine.count }
    let highest = max(means(mine).max() ?? 0, means(adversarial).max() ?? 0)
    let title = "Losses" + (length > 1 ? ", means of \(length) steps" : "")
    run.add(
      Figure(
        title: title, x: "Steps", y: "Loss", yScale: highest > 4 ? .logarithmic : .linear
      ) {
        Line(means(mine), "Discriminator", at: places, color: .blue)
        Line(means(adversarial), "Generator", at: places, color: .vermilion)
        Dots(
          reached.map(\.discriminator), "Discriminator, the book's log",
          at: reached.map { Double($0.step) }, color: .blue)
        Dots(
          reached.map(\.adversarial), "Generator, the book's log",
          at: reached.map { Double($0.step) }, color: .vermilion)
      }, as: "losses")
    let settled = mine.count > 200 ? 100 : 0
    run.result(
      "discriminator loss, median", book: BookResults.discriminatorMedian,
      here: Statistics.median(mine[settled...]), better: .lower)
    run.result(
      "adversarial loss, median", book: BookResults.adversarialMedian,
      here: Statistics.median(adversarial[settled...]), better: .lower)
  }

  /// Each step's losses and what each sheet has shown, as comma-separated values.
  private func writeTables() throws {
    let state = training.state
    var losses = "step,discriminator,adversarial\n"
    for (index, loss) in state.discriminatorLosses.enumerated() {
      losses += "\(index + 1),\(loss),\(state.adversarialLosses[index])\n"
    }
    try Data(losses.utf8).write(atomicallyTo: folder.appending(path: "losses.csv"))
    let sheets = state.sheets.map { "\($0.step),\($0.madeGap),\($0.deceptions)\n" }
    try Data(("step,nearest_made,taken_for_real\n" + sheets.joined()).utf8)
      .write(atomicallyTo: folder.appending(path: "sheets.csv"))
  }

  // MARK: Pictures

  /// The same points, from one sheet to another.
  private func addGrowth() {
    let steps = training.state.sheets.map(\.step)
    let wanted = [1, 2, 5, 10, 20, 50, 100].map { $0 * (steps.first ?? 0) }
    let shown = Set(wanted + steps.suffix(1)).intersection(steps).sorted()
    let number = 8
    let rows = shown.compactMap { step -> (step: Int, pictures: [Picture])? in
      guard let sheet = try? Image(contentsOf: CheckpointStore.sheet(step, in: folder).path),
        let row = CheckpointStore.grid.images(number, width: 32, height: 32, in: sheet)
      else { return nil }
      return (step, row)
    }
    guard !rows.isEmpty else { return }
    let list = rows.map { String($0.step) }.joined(separator: ", ")
    run.add(
      PictureGrid(
        title: "The same \(number) points after \(list) steps", columns: number,
        pictures: rows.flatMap(\.pictures)), as: "growth")
  }

  /// The book's figure: in each column one picture is real.
  private func addGame(_ made: Tensor) {
    let (columns, rows) = (4, 3)
    guard made.count >= columns * rows else { return }
    var random = RandomGenerator(seed: training.plan.seed ^ 0x6A3E << 32)
    let answers = (0..<columns).map { _ in random.below(rows) }
    let real = random.permutation(pictures.count).prefix(columns)
      .map { pictures.pixels.picture($0) }
    var grid = made[0..<rows * columns].pictures()
    for column in 0..<columns { grid[answers[column] * columns + column] = real[column] }
    let names = answers.map { ["top", "middle", "bottom"][$0] }.joined(separator: ", ")
    run.add(
      PictureGrid(
        title: "In each column one \(pictures.className) is real and two are made: which?",
        columns: columns, footnote: "The real ones, from left to right: \(names).",
        pictures: grid), as: "which-is-real", book: "8.18")
  }

  /// Made pictures above real ones.
  private func addSheet(_ made: Tensor) {
    let number = min(40, made.count)
    var random = RandomGenerator(seed: training.plan.seed ^ 0x5EE7 << 32)
    let real = random.permutation(pictures.count).prefix(20).map { pictures.pixels.picture($0) }
    run.add(
      PictureGrid(
        title: "Made after \(training.steps) steps; the last two rows are real", columns: 10,
        pictures: made[0..<number].pictures() + real), as: "made-and-real")
  }
}
