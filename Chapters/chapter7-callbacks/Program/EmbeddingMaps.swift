import Datasets
import DeepLearning
import Figures
import Gallery

/// The learned word vectors in the plane: as TensorBoard's projector shows them, by their principal axes and by t-SNE.
struct EmbeddingMaps {
  private static let themes: [(name: String, words: String)] = [
    ("praise", "wonderful excellent superb brilliant perfect great amazing favorite enjoyed"),
    ("blame", "awful terrible boring dull stupid worst poor waste horrible worse"),
    ("film people", "director actor actress writer actors"),
    ("numbers", "two three five six ten"),
    ("family", "mother father brother son daughter wife"),
  ]

  private let words: [String]
  private let vectors: [[Float]]
  private let principal: [(x: Double, y: Double)]
  private let neighbourly: [(x: Double, y: Double)]
  private let shares: [Double]

  /// Lays the words out that have a name and occur.
  init(of model: Model, _ reviews: ReviewSet, _ run: ChapterRun) {
    let weights = model.layer("embed").weights[0].value
    let (rows, dimension) = (weights.shape[0], weights.shape[1])
    let values = weights.scalars
    let named = (0..<rows).filter { !reviews.vocabulary[$0].hasPrefix("<") }
      // A rehearsal is content with the most frequent ones.
      .prefix(run.options.quick ? 300 : rows)
    words = named.map { reviews.vocabulary[$0] }
    vectors = named.map { Array(values[$0 * dimension..<($0 + 1) * dimension]) }
    let plane = WordVectors(
      words: words, values: vectors.flatMap { $0 }, dimension: dimension
    ).plane(of: words)
    (principal, shares) = (plane.places.map { ($0.x, $0.y) }, plane.shares)
    neighbourly = TSNE(steps: run.options.quick ? 100 : 500).map(vectors, from: principal)
  }

  /// Adds both maps, and how many of the nearest words each keeps near.
  func add(to run: ChapterRun) {
    let percent = shares.map { "\(Int(($0 * 100).rounded()))%" }.joined(separator: " and ")
    run.add(
      map(
        "The embedding by its principal axes", principal,
        "The axes show \(percent) of the variance."), as: "embedding-pca", book: "7.12")
    run.add(
      map("The embedding by t-SNE", neighbourly, "Perplexity 30, from the principal axes."),
      as: "embedding-tsne", book: "7.12")
    let near = vectors.indices.map {
      nearest(to: $0) { Double(Self.distance(vectors[$0], vectors[$1])) }
    }
    for (name, places) in [("PCA", principal), ("t-SNE", neighbourly)] {
      let kept = vectors.indices.map { index in
        near[index].intersection(
          nearest(to: index) { a, b in
            let (dx, dy) = (places[a].x - places[b].x, places[a].y - places[b].y)
            return dx * dx + dy * dy
          }
        ).count
      }
      run.result(
        "\(name): share of the 10 nearest words that stay so on the map",
        here: Double(kept.reduce(0, +)) / Double(max(10 * kept.count, 1)), better: .higher)
    }
  }

  private func map(
    _ title: String, _ places: [(x: Double, y: Double)], _ footnote: String
  ) -> Figure {
    let index = Dictionary(zip(words, words.indices), uniquingKeysWith: { first, _ in first })
    return Figure(
      title: title, x: "", y: "", footnote: "\(words.count) words. " + footnote, width: 900,
      height: 680
    ) {
      Dots(
        places.map(\.y), "all words", at: places.map(\.x),
        color: Color(red: 205, green: 205, blue: 205))
      for (name, list) in Self.themes {
        let known = list.split(separator: " ").compactMap { index[String($0)] }
        Labels(
          known.map { words[$0] }, x: known.map { places[$0].x }, y: known.map { places[$0].y },
          name)
      }
    }
  }

  private func nearest(to index: Int, _ distance: (Int, Int) -> Double) -> Set<Int> {
    let others = words.indices.filter { $0 != index }.map { ($0, distance(index, $0)) }
    return Set(others.sorted { ($0.1, $0.0) < ($1.1, $1.0) }.prefix(10).map(\.0))
  }

  private static func distance(_ a: [Float], _ b: [Float]) -> Float {
    zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
  }
}
