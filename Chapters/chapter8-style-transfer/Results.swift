import DeepLearning
import Figures
import Foundation
import Gallery
import Images

/// What a run leaves: a picture for each iteration, the last one, the way of the loss, figures and numbers.
struct Results {
  /// The loss after each iteration, as the author's notebook prints it.
  static let book: [Double] = [
    7.409e9, 3.065e9, 2.170e9, 1.606e9, 1.314e9, 1.126e9, 1.011e9, 9.301e8, 8.637e8, 8.030e8,
    7.470e8, 7.061e8, 6.692e8, 6.378e8, 6.116e8, 5.796e8, 5.537e8, 5.339e8, 5.168e8, 5.004e8,
  ]

  private let pair: StylePictures.Pair
  private let network: StyleNetwork
  private let iterations: Int
  private let run: ChapterRun
  /// The names of the iterations' pictures.
  private var files: Set<String> = []
  private var stages: [(parts: StyleLoss.Parts, evaluations: Int, image: Image)] = []

  init(
    _ pair: StylePictures.Pair, _ network: StyleNetwork, iterations: Int, _ run: ChapterRun
  ) {
    (self.pair, self.network, self.iterations, self.run) = (pair, network, iterations, run)
  }

  /// Notes the end of an iteration and keeps its picture.
  mutating func add(_ descent: Descent, iteration: Int) throws {
    guard let best = descent.best else { return }
    let image = Image(networkInput: best.picture)
    stages.append((best.parts, descent.evaluations, image))
    let number = String(iteration)
    let width = max(String(iterations).count, 2)
    let file = String(repeating: "0", count: width - number.count) + number
    try image.write(to: run.folder.appending(path: "iteration-\(file).png").path)
    files.insert("iteration-\(file).png")
    let (parts, text) = (best.parts, Self.text)
    print(
      "iteration \(number)/\(iterations): loss \(text(parts.total)) = content "
        + "\(text(parts.content)) + style \(text(parts.style)) + variation \(text(parts.variation))"
    )
    fflush(nil)
  }

  /// Says that the descent ended early.
  func stop(after evaluations: Int) {
    run.note(
      "The loss was no longer a number in evaluation \(evaluations); the last good picture is kept. "
        + "Give smaller weights.")
    run.markNotComparable("stopped, as the loss was no longer a number")
  }

  /// Four digits and a power of ten, as in `5.004e+08`.
  static func text(_ value: Float) -> String { String(format: "%.3e", Double(value)) }

  /// Writes what there is.
  func finish(_ descent: Descent, isBooks: Bool) throws {
    if !run.isInterrupted {
      // An earlier run may have made more.
      run.folder.removeFiles(except: files) { $0.wholeMatch(of: /iteration-\d+\.png/) != nil }
    }
    if !isBooks { run.markNotComparable("other pictures or another network than the book's") }
    let result = descent.best.map { Image(networkInput: $0.picture) } ?? pair.content
    try result.write(to: run.folder.appending(path: "result.png").path)
    try pair.style.write(to: run.folder.appending(path: "style.png").path)
    addFigures(result, isBooks: isBooks)
    if let best = descent.best {
      try writeLosses()
      addNumbers(best.parts, evaluations: descent.evaluations)
    }
    try run.finish()
  }

  private func addFigures(_ result: Image, isBooks: Bool) {
    var sheet = PictureGrid(
      title: "Content, style, and both", columns: 3,
      pictures: [
        pair.content.picture("content"), pair.style.picture("style"), result.picture("result"),
      ])
    sheet.footnote = network.footnote
    run.add(sheet, as: "side-by-side", book: "8.8")
    guard !stages.isEmpty else { return }
    let shown = Self.milestones(stages.count)
    var grid = PictureGrid(
      title: "The picture after so many iterations", columns: min(shown.count, 4),
      pictures: shown.map { stages[$0 - 1].image.picture("\($0)") })
    grid.footnote = network.footnote
    run.add(grid, as: "iterations")
    let parts = stages.map(\.parts)
    var figure = Figure(
      title: "What the loss is made of", x: "Iteration", y: "Loss", yScale: .logarithmic
    ) {
      Line(parts.map(\.total), "total")
      Line(parts.map(\.content), "content")
      Line(parts.map(\.style), "style")
      Line(parts.map(\.variation), "total variation")
      if isBooks { Dots(Self.book.prefix(parts.count), "total, the author's notebook") }
    }
    figure.footnote = network.footnote
    run.add(figure, as: "loss")
  }

  /// Up to eight iterations from the first to the last, close at the beginning, where most happens.
  static func milestones(_ count: Int) -> [Int] {
    let shown = (1...8).map { step in
      max(Int((Double(count) * pow(Double(step) / 8, 1.7)).rounded()), 1)
    }
    return Array(Set(shown)).sorted()
  }

  private func writeLosses() throws {
    let lines = stages.enumerated().map { index, stage in
      let parts = stage.parts
      return "\(index + 1),\(stage.evaluations),\(parts.total),\(parts.content),\(parts.style),"
        + "\(parts.variation)"
    }
    let head = "iteration,evaluations,loss,content,style,variation"
    try Data((([head] + lines).joined(separator: "\n") + "\n").utf8)
      .write(atomicallyTo: run.folder.appending(path: "losses.csv"))
  }

  private func addNumbers(_ last: StyleLoss.Parts, evaluations: Int) {
    if let first = stages.first {
      run.result(
        "total loss after iteration 1", book: Self.book[0], here: first.parts.total, better: .lower,
        tolerance: 1e9)
    }
    run.result(
      "total loss at the end", book: Self.book.last, here: last.total, better: .lower,
      tolerance: 5e7)
    run.result("content loss at the end", here: last.content, better: .lower)
    run.result("style loss at the end", here: last.style, better: .lower)
    run.result("total variation at the end", here: last.variation, better: .lower)
    run.result("evaluations", here: Double(evaluations), better: .lower)
  }
}

extension Image {
  /// For a figure.
  func picture(_ caption: String? = nil) -> Picture {
    Picture(pixels: pixels, width: width, height: height, channels: 3, caption: caption)
  }
}
