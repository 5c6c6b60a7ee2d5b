import DeepLearning
import Figures
import Gallery
import Images

/// What a dream leaves: figures, a table, numbers.
struct DreamResults {
  let subject: Subject
  let network: DreamNetwork
  let dream: Dream
  let watch: DreamWatch

  /// The longest side of a picture in a figure.
  private static let side = 640

  /// Adds everything to the record of the run.
  ///
  /// - Parameter frames: how many pictures of the ascent to show.
  func add(to run: ChapterRun, frames: Int) {
    for octave in dream.octaves where octave.end == .notANumber {
      run.note(
        """
        The loss of the size \(octave.width) x \(octave.height) was no number any more after \
        \(octave.losses.count) steps; the last good picture is kept. Try a smaller --step-size.
        """)
    }
    addSheet(to: run)
    addStrip(to: run)
    let shown = watch.film.some(frames)
    run.add(
      noted(
        PictureGrid(
          title: "How the dream comes about", columns: shown.count > 4 ? 4 : nil,
          pictures: shown.map {
            $0.image.limited(to: 320).picture(caption: $0.caption)
          })), as: "ascent")
    addLosses(to: run)
  }

  /// The photograph and the dream.
  private func addSheet(to run: ChapterRun) {
    let dreamt = Image(dream: dream.picture).limited(to: Self.side)
    let pictures = [
      subject.image.limited(to: Self.side).picture(caption: subject.name),
      dreamt.picture(caption: "what the network dreams"),
    ]
    run.add(
      noted(
        PictureGrid(title: "The picture and the dream", columns: 2, pictures: pictures)),
      as: "sheet", book: "8.5")
  }

  /// Every size: before the ascent, after it, and with its lost detail.
  private func addStrip(to run: ChapterRun) {
    let rows: [(String, KeyPath<DreamWatch.Strip, Image>)] = [
      ("at the start", \.before), ("dreamt", \.dreamt), ("with its detail", \.final),
    ]
    let pictures = rows.flatMap { caption, image in
      zip(dream.octaves, watch.strips).map { octave, strip in
        strip[keyPath: image].limited(to: 320).picture(
          caption: "\(octave.width) x \(octave.height), \(caption)")
      }
    }
    run.add(
      noted(
        PictureGrid(
          title: "From size to size", columns: dream.octaves.count, pictures: pictures)),
      as: "octaves", book: "8.4")
  }

  private func addLosses(to run: ChapterRun) {
    let colors: [Color] = [.blue, .vermilion, .green, .purple, .orange, .sky]
    let book = zip(BookLog.sides, BookLog.losses)
    run.add(
      noted(
        Figure(title: "Loss in every size", x: "Step", y: "Loss") {
          for (index, octave) in dream.octaves.enumerated() {
            Line(
              octave.losses, "\(octave.width) x \(octave.height)",
              color: colors[index % colors.count])
          }
          for (index, (side, losses)) in book.enumerated() {
            Dots(losses, "book, \(side) x \(side)", color: colors[index])
          }
        },
        " The dots are the book's, of InceptionV3 and another photograph: no yardstick."),
      as: "losses")
    var table = ResultTable([
      ("size", .left), ("steps", .right), ("loss", .left), ("book's size", .left),
      ("steps", .right), ("loss", .left),
    ])
    for (index, octave) in dream.octaves.enumerated() {
      let (number, losses) = (index + 1, octave.losses.map { Double($0) })
      let there = index < BookLog.losses.count ? BookLog.losses[index] : []
      table.add(
        ["\(octave.width) x \(octave.height)", "\(losses.count)", Self.range(losses)]
          + (there.isEmpty
            ? []
            : [
              "\(BookLog.sides[index]) x \(BookLog.sides[index])", "\(there.count)",
              Self.range(there),
            ]))
      guard let first = losses.first, let last = losses.last else { continue }
      run.result(
        "size \(number): loss at the start", book: there.first, here: first, better: .higher)
      run.result("size \(number): loss at the end", book: there.last, here: last, better: .higher)
      run.result(
        "size \(number): steps", book: there.isEmpty ? nil : Double(there.count),
        here: Double(losses.count), better: .higher)
    }
    run.add(table, titled: "Losses; the book's are of another photograph")
    run.result(
      "time", here: watch.seconds.reduce(0, +), unit: "s", better: .lower)
  }

  private static func range(_ losses: [Double]) -> String {
    guard let first = losses.first, let last = losses.last else { return "–" }
    return "\(ResultTable.number(first)) to \(ResultTable.number(last))"
  }

  private func noted<Drawing: Drawable>(_ drawing: Drawing, _ remark: String = "") -> Drawing {
    var drawing = drawing
    drawing.footnote = network.label + remark
    return drawing
  }
}

extension Image {
  /// The picture for a figure.
  func picture(caption: String? = nil) -> Picture {
    Picture(pixels: pixels, width: width, height: height, channels: 3, caption: caption)
  }
}
