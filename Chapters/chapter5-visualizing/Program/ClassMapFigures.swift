import DeepLearning
import Figures
import Gallery
import Images
import PretrainedModels

/// Part three: what an ImageNet classifier takes a photograph for, and where it looks (Grad-CAM).
struct ClassMapFigures {
  private let photograph: Photograph
  private let classifier: Classifier
  private let classes: ImageNetClasses
  private let score: ClassScore
  private let run: ChapterRun

  /// The classes whose probabilities the book prints.
  private static let book: [(index: Int, name: String, probability: Double)] = [
    (386, "African elephant", 0.9094), (101, "tusker", 0.0862), (385, "Indian elephant", 0.0044),
  ]

  /// Finds photograph, network and names.
  ///
  /// - Throws: `DataError` or `ImageError` if a file cannot be used.
  init(image: String?, score: ClassScore, _ run: ChapterRun) throws {
    let options = run.options
    photograph = try Photograph(image, options)
    classifier = try Classifier.load(options)
    classes = try ImageNetClasses.load(from: options.location, offline: options.offline)
    self.score = score
    self.run = run
    run.note("Grad-CAM: \(classifier.origin.label)")
    if !classifier.isBooks {
      run.note(
        "The book's classifier is VGG16: `swift run fetch-data vgg16-classifier` fetches its 553 MB."
      )
    }
  }

  /// Draws photograph, map and both together.
  func show() {
    let probabilities = classifier.model(classifier.input(photograph.image))
    let best = classes.best(5, of: probabilities)
    report(best, probabilities)
    let guess = best[0]
    let map = classifier.map(of: photograph.image, class: guess.index, score: score)
    let sure = "“\(guess.name)”, \(ResultTable.number(Double(guess.probability)))"
    add(
      "A photograph, taken for \(sure)", photograph.image.picture(caption: photograph.name),
      as: "photograph", book: "5.34")
    add(
      "What speaks for “\(guess.name)”",
      Picture(
        pixels: ColorMap.viridis.pixels(map.rectified), width: map.width, height: map.height,
        channels: 3, caption: "\(map.width) x \(map.height) places, yellow speaks for it most"),
      as: "heat-map", book: "5.35")
    add(
      "Where the network sees “\(guess.name)”", photograph.overlaid(with: map).picture(),
      as: "overlay", book: "5.36")
  }

  private func report(_ best: [ImageNetClasses.Guess], _ probabilities: Tensor) {
    var table = ResultTable([("class", .right), ("name", .left), ("probability", .right)])
    for guess in best {
      table.add([
        "\(guess.index)", guess.name, ResultTable.number(Double(guess.probability)),
      ])
    }
    run.add(table, titled: "What \(classifier.origin.name) takes \(photograph.name) for")
    if photograph.isBooks {
      let all = probabilities.scalars
      for (index, name, probability) in Self.book {
        run.result(
          "probability of \(name)", book: classifier.isBooks ? probability : nil, here: all[index],
          better: index == 386 ? .higher : .lower)
      }
    }
    run.result("best class: its number", here: Double(best[0].index), better: .higher)
    run.result("best class: its probability", here: best[0].probability, better: .higher)
  }

  private func add(_ title: String, _ picture: Picture, as name: String, book: String) {
    let names = classes.kind == .standIn ? " The names of the classes are not here." : ""
    run.add(
      PictureGrid(title: title, footnote: classifier.origin.label + names, pictures: [picture]),
      as: name, book: photograph.isBooks ? book : nil)
  }
}
