import DeepLearning
import Figures
import Gallery
import Images

/// The figures of a dream.
struct DreamFigures {
  let input: InputImage
  let network: DreamNetwork
  let dream: DreamRun
  let recorder: Recorder

  /// Adds them to the record of the run.
  ///
  /// - Parameter frames: how many images of the ascent to show.
  func add(to run: ChapterRun, frames: Int) {
    let pair = [
      input.image.limited(to: 640).picture(caption: input.name),
      Image(dream: dream.image).limited(to: 640).picture(caption: "what the network dreams"),
    ]
    run.add(grid("The picture and the dream", columns: 2, pair), as: "sheet", book: "8.5")
    run.add(
      grid("The picture at each size", columns: dream.octaves.count, octaves), as: "octaves",
      book: "8.4")
    let shown = recorder.animation.some(frames).map {
      $0.image.limited(to: 320).picture(caption: $0.caption)
    }
    run.add(
      grid("The picture during gradient ascent", columns: shown.count > 4 ? 4 : nil, shown),
      as: "ascent")
    run.add(losses, as: "losses")
  }

  /// Every size: before the ascent, after it, and with its lost detail.
  private var octaves: [Picture] {
    let rows: [(String, KeyPath<Recorder.OctaveImages, Image>)] = [
      ("at the start", \.start), ("after ascent", \.ascended), ("with its detail", \.withDetail),
    ]
    return rows.flatMap { caption, image in
      zip(dream.octaves, recorder.octaves).map { octave, images in
        images[keyPath: image].limited(to: 320).picture(
          caption: "\(octave.width) x \(octave.height), \(caption)")
      }
    }
  }

  private var losses: Figure {
    let colors: [Color] = [.blue, .vermilion, .green, .purple, .orange, .sky]
    return Figure(
      title: "Loss at each size", x: "Step", y: "Loss",
      footnote: network.label + " The dots are the book's, of InceptionV3 and another photograph."
    ) {
      for (index, octave) in dream.octaves.enumerated() {
        Line(
          octave.losses, "\(octave.width) x \(octave.height)", color: colors[index % colors.count])
      }
      for (index, octave) in BookResults.octaves.enumerated() {
        Dots(octave.losses, "book, \(octave.side) x \(octave.side)", color: colors[index])
      }
    }
  }

  private func grid(_ title: String, columns: Int?, _ pictures: [Picture]) -> PictureGrid {
    PictureGrid(title: title, columns: columns, footnote: network.label, pictures: pictures)
  }
}
