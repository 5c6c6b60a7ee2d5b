import ArgumentParser
import DeepLearning
import Figures
import Foundation
import Gallery
import PretrainedModels

/// Reader questions, answered by experiment.
struct Study: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Try other ways, and see what each part of the method is good for.",
    usage: "chapter8-style-transfer study [options]",
    discussion: """
      Seven questions: texture, variation, sums, layer, weight, optimizer and start. Each compares a \
      few ways on small pictures. Takes some minutes a question. Figures and a report are written to \
      output/chapter8-style-transfer-study.
      """)

  @OptionGroup var options: RunOptions

  @OptionGroup var pictures: StylePictures

  @Option(
    help: """
      What to find out: texture, variation, sums, layer, weight, optimizer or start. May be \
      repeated. Default: all.
      """)
  var question: [Question] = []

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "How many iterations of 20 evaluations for each way. Default: 6.", valueName: "number"))
  var iterations: Int?

  func validate() throws {
    try check("--iterations", iterations, in: 1...1_000)
  }

  func run() throws {
    let run = try ChapterRun(
      "chapter8-style-transfer-study", section: "8.3", title: "what style transfer is made of",
      options)
    Interruption.listen()
    let pair = try pictures.load(options, height: options.quick ? 32 : 200)
    run.data = pair.origin
    let network = try StyleNetwork(height: pair.height, width: pair.width, options)
    run.note("Style and content are seen by \(network.origin.name): \(network.origin.detail)")
    run.markNotComparable("another experiment than the book's")
    let laboratory = Laboratory(
      pair, network, iterations: iterations ?? options.epochs(book: 6, quick: 1),
      evaluations: options.quick ? 1 : 20, run)
    for question in Question.allCases
    where self.question.isEmpty || self.question.contains(question) {
      if run.isInterrupted { break }
      try answer(question, laboratory, pair)
    }
    try run.finish()
  }

  /// Compares the ways of one question: a row of pictures, a table, and curves for the optimisers.
  private func answer(
    _ question: Question, _ laboratory: Laboratory, _ pair: StylePictures.Pair
  ) throws {
    let run = laboratory.run
    var outcomes: [Trial.Outcome] = []
    for trial in question.trials(laboratory.network.weights) {
      guard let outcome = try laboratory.run(trial) else { break }
      outcomes.append(outcome)
    }
    guard !outcomes.isEmpty else { return }
    var table = ResultTable([
      ("way", .left), ("content loss", .right), ("style loss", .right), ("variation", .right),
    ])
    for outcome in outcomes {
      let parts = outcome.judgement
      table.add(
        [outcome.trial.name] + [parts.content, parts.style, parts.variation].map(Results.text))
      let way = "\(question.rawValue), \(outcome.trial.name)"
      run.result("\(way): content loss", here: parts.content, better: .lower)
      run.result("\(way): style loss", here: parts.style, better: .lower)
      run.result("\(way): variation", here: parts.variation, better: .lower)
    }
    run.add(table, titled: question.title + " What the book's loss says of each:")
    var grid = PictureGrid(
      title: question.title, columns: min(outcomes.count, 5),
      pictures: outcomes.map { $0.image.picture($0.trial.name) })
    grid.footnote = laboratory.network.footnote
    run.add(grid, as: question.rawValue)
    if question == .optimizer { addCourses(outcomes, laboratory) }
    if laboratory.network.origin.kind != .standIn, !options.quick, !run.isInterrupted {
      run.note("To be expected: " + question.answer)
    }
  }

  /// The lowest loss so far, by evaluation.
  private func addCourses(_ outcomes: [Trial.Outcome], _ laboratory: Laboratory) {
    var figure = Figure(
      title: "The lowest loss so far", x: "Evaluations", y: "Loss", yScale: .logarithmic
    ) {
      outcomes.map { outcome in
        var lowest = Float.infinity
        return Line(
          outcome.course.map { loss in
            lowest = min(lowest, loss)
            return lowest
          }, outcome.trial.name)
      }
    }
    figure.footnote = laboratory.network.footnote
    laboratory.run.add(figure, as: "optimizer-loss")
  }
}
