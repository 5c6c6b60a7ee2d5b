import ArgumentParser
import DataFiles
import DeepLearning
import Figures
import Gallery
import PretrainedModels

@main
struct Chapter7Functional: ParsableCommand {
  static let configuration = CommandConfiguration.chapter(
    "chapter7-functional", "Build networks that are graphs (book section 7.1).",
    discussion: """
      Builds, draws and runs the section's networks on random data as in the book, then trains \
      small versions of three of them on tasks that can be learned.
      """,
    subcommands: [Experiments.self])

  @OptionGroup var options: RunOptions

  @Option(
    help:
      "Do only this as printed, and end as that ends: graph, embedding, answers, posts or inception."
  )
  var slip: Slip?

  @Flag(help: "Look for Keras' weights of Xception for (j), 84 MB, instead of random ones.")
  var pretrained = false

  func run() throws {
    if let slip { return try slip.commit(seed: options.seed) }
    let run = try ChapterRun(
      "chapter7-functional", section: "7.1", title: "networks that are graphs", options)
    run.data = Self.data
    let random = RandomRuns(run)
    try random.writeTheSameNetworkTwice()
    try showSlips(run)
    try random.answerQuestions()
    try random.guessWriters()
    random.joinBranches()
    try random.compareSentences()
    try random.lookWithTwoCameras(isPretrained: pretrained)

    let tasks = Tasks(run)
    try tasks.answerQuestions()
    try tasks.guessWriters()
    try tasks.findParaphrases()
    try run.finish()
  }

  static let data = DataOrigin(
    name: "random numbers", kind: .drawn,
    detail:
      "Random as in the book, so its losses mean nothing; the three tasks are made up as well, but can be learned.",
    trainSamples: 1000, testSamples: 0)

  /// (c) and what else is printed in a way that fails: this program is started once for each.
  private func showSlips(_ run: ChapterRun) throws {
    var table = ResultTable("as printed", "what comes of it", words: 2)
    for slip in Slip.allCases where !run.isInterrupted {
      table.add([slip.description, try slip.sentence(seed: options.seed)])
    }
    run.add(table, titled: "What is printed and does not work")
  }
}
