import Datasets
import Figures
import Gallery

/// Words in the plane: what the vectors of both kinds have learned.
enum WordMap {
  private static let themes: [(name: String, words: [String])] = [
    ("praise", words("wonderful excellent superb brilliant perfect delightful touching fantastic")),
    ("blame", words("awful terrible boring dull stupid worst pathetic horrible")),
    ("film people", words("director actor actress writer producer filmmaker")),
    ("family", words("mother father sister brother son daughter wife husband")),
    ("animals", words("cat dog wolf tiger horse bird")),
    ("numbers", words("two three five six ten")),
    ("places", words("london paris york america japan germany")),
  ]

  private static func words(_ text: String) -> [String] {
    text.split(separator: " ").map(String.init)
  }

  /// Both maps, with the same words and colours.
  static func draw(_ pretrained: PretrainedVectors, _ learned: WordVectors, _ run: ChapterRun) {
    add(
      pretrained.vectors, "map-glove",
      title: pretrained.origin.kind == .standIn
        ? "Words in vectors from the reviews' own words (stand-in for GloVe)"
        : "Words in GloVe's vectors", run)
    add(learned, "map-learned", title: "Words in the learned embedding", run)
  }

  private static func add(
    _ vectors: WordVectors, _ name: String, title: String, _ run: ChapterRun
  ) {
    let (places, shares) = vectors.plane(of: themes.flatMap(\.words))
    guard places.count > 2 else { return }
    let place = Dictionary(uniqueKeysWithValues: places.map { ($0.word, (x: $0.x, y: $0.y)) })
    let percent = shares.map { "\(Int(($0 * 100).rounded()))%" }.joined(separator: " and ")
    run.add(
      Figure(
        title: title, x: "First principal axis", y: "Second principal axis",
        footnote:
          "The axes show \(percent) of the variance of these words' \(vectors.dimension) numbers.",
        width: 900, height: 680
      ) {
        for theme in themes {
          let known = theme.words.filter { place[$0] != nil }
          Labels(
            known, x: known.compactMap { place[$0]?.x }, y: known.compactMap { place[$0]?.y },
            theme.name)
        }
      }, as: name)
  }
}
