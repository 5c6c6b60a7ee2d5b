import Figures
import Foundation
import Gallery
import Images

/// The figures of a run.
struct StyleFigures {
  let pair: StylePictures.Pair
  let network: StyleNetwork
  let recorder: Recorder

  /// Adds them to the record of the run.
  ///
  /// - Parameter isBooks: whether the loss may be held against the book's.
  func add(to run: ChapterRun, isBooks: Bool) {
    let sheet = [
      pair.content.picture(caption: "content"), pair.style.picture(caption: "style"),
      (recorder.result ?? pair.content).picture(caption: "result"),
    ]
    run.add(
      grid("Content, style, and both", columns: 3, sheet), as: "side-by-side", book: "8.8")
    let stages = recorder.stages
    guard !stages.isEmpty else { return }
    let shown = Self.milestones(stages.count)
    run.add(
      grid(
        "The picture after so many iterations", columns: min(shown.count, 4),
        shown.map { stages[$0 - 1].image.picture(caption: "\($0)") }), as: "iterations")
    let losses = stages.map(\.loss)
    let figure = Figure(
      title: "What the loss is made of", x: "Iteration", y: "Loss", yScale: .logarithmic,
      footnote: network.footnote
    ) {
      Line(losses.map(\.total), "total")
      Line(losses.map(\.content), "content")
      Line(losses.map(\.style), "style")
      Line(losses.map(\.variation), "total variation")
      if isBooks {
        Dots(BookResults.losses.prefix(losses.count), "total, the author's notebook")
      }
    }
    run.add(figure, as: "loss")
  }

  /// Up to eight iterations from the first to the last, close at the beginning, where most happens.
  static func milestones(_ count: Int) -> [Int] {
    let shown = (1...8).map { step in
      max(Int((Double(count) * pow(Double(step) / 8, 1.7)).rounded()), 1)
    }
    return Array(Set(shown)).sorted()
  }

  private func grid(_ title: String, columns: Int, _ pictures: [Picture]) -> PictureGrid {
    PictureGrid(title: title, columns: columns, footnote: network.footnote, pictures: pictures)
  }
}
