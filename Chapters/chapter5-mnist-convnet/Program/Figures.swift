import Datasets
import DeepLearning
import Figures
import Gallery

extension Chapter5MNISTConvnet {
  /// The test pictures of which the network was surest while wrong, and which classes are mixed up.
  func showMistakes(_ probabilities: Tensor, on test: Digits, _ run: ChapterRun) {
    let mistakes = run.addMistakes(probabilities, on: test, isInverted: !fashion)
    if mistakes.isEmpty { return }
    var counts = [[Double]](repeating: [Double](repeating: 0, count: 10), count: 10)
    for (picture, guess) in mistakes { counts[Int(test.labels[picture])][guess] += 1 }
    run.add(
      HeatMap(
        title: "How many pictures are taken for what (right answers left out)",
        x: "What the network says", y: "What it is", rows: test.classNames,
        columns: test.classNames, values: counts.map { row in row.map { $0 == 0 ? .nan : $0 } }),
      as: "confusion")
  }

  /// What the filters of the first layer look for, and where they find it in one picture.
  func showFilters(of model: Sequential, on test: Digits, _ run: ChapterRun) {
    guard let convolution = model.layers.first as? Conv2D, let kernel = convolution.kernel else {
      return
    }
    let filters = kernel.shape[3]
    let weights = kernel.value.scalars
    let pictures = (0..<filters).map { filter in
      Picture(
        pixels: Self.stretched((0..<9).map { weights[$0 * filters + filter] }), width: 3, height: 3)
    }
    run.add(
      PictureGrid(
        title: "The 32 filters of the first layer: light counts for, dark against", columns: 8,
        pictures: pictures), as: "filters")

    let tap = model.outputs(of: [convolution.name])
    let response = tap(test.pictures[0..<1])
    let (height, width) = (response.shape[1], response.shape[2])
    let values = response.scalars
    run.add(
      PictureGrid(
        title: "Response maps: a test picture, and where each filter finds its pattern in it",
        columns: 11,
        pictures: [test.picture(0)]
          + (0..<filters).map { filter in
            let map = (0..<height * width).map { values[$0 * filters + filter] }
            return Picture(pixels: Self.stretched(map), width: width, height: height)
          }), as: "response-maps", book: "5.3")
  }

  /// The numbers spread over 0 to 1; all 0 if they are equal.
  private static func stretched(_ values: [Float]) -> [Float] {
    guard let low = values.min(), let high = values.max(), high > low else {
      return values.map { _ in 0 }
    }
    return values.map { ($0 - low) / (high - low) }
  }
}
