import Testing

@testable import Figures

@Suite struct LabelsTests {
  private func svg(_ texts: [String], _ points: [(x: Double, y: Double)]) -> String {
    Figure(title: "t", x: "x", y: "y") {
      Labels(texts, x: points.map(\.x), y: points.map(\.y), "words")
      Labels(["elsewhere"], x: [10], y: [10])
    }.svg()
  }

  @Test("Every point with room has its text")
  func everyPointWithRoomHasItsText() {
    let texts = (0..<9).map { "word \($0)" }
    let points = (0..<9).map { index -> (x: Double, y: Double) in
      let square = index * index
      return (Double(index), Double(square % 7))
    }
    let svg = svg(texts, points)
    for text in texts + ["elsewhere"] { #expect(svg.contains(">\(text)</text>"), "\(text)") }
    #expect(svg.contains(">words</text>"))
  }

  @Test("Texts in a crowd stand apart or are left out")
  func textsInACrowdStandApartOrAreLeftOut() throws {
    let texts = (0..<40).map { "neighbour\($0)" }
    let crowd = (0..<40).map { index -> (x: Double, y: Double) in
      (Double(index % 8) / 3, Double(index / 8) / 2)
    }
    let svg = svg(texts, crowd)
    let shown = texts.filter { svg.contains(">\($0)</text>") }
    #expect(shown.count >= 4 && shown.count < 40)
    // The text's start and base line, as the SVG gives them.
    let matches = svg.matches(of: /<text x="([0-9.]+)" y="([0-9.]+)"[^>]*>neighbour[0-9]+</)
    let places = try matches.map { match in
      Point(x: try #require(Double(match.1)), y: try #require(Double(match.2)))
    }
    #expect(places.count == shown.count)
    let ruler = Ruler()
    let width = ruler.width(of: "neighbour1", TextStyle(size: 12))
    for (index, one) in places.enumerated() {
      for other in places[..<index] {
        let distance = (x: abs(one.x - other.x), y: abs(one.y - other.y))
        #expect(distance.x > width - 3 || distance.y > 10)
      }
    }
  }

  @Test("Points that cannot be shown have no text")
  func pointsThatCannotBeShownHaveNoText() {
    let svg = svg(["here", "nowhere"], [(1, 1), (.nan, 2)])
    #expect(svg.contains(">here</text>") && !svg.contains("nowhere"))
  }

  @Test("The same words stand in the same places")
  func theSameWordsStandInTheSamePlaces() {
    let points = (0..<30).map { index -> (x: Double, y: Double) in
      let (x, y) = (index * 7 % 11, index * 5 % 13)
      return (Double(x), Double(y))
    }
    let texts = (0..<30).map { "w\($0)" }
    #expect(svg(texts, points) == svg(texts, points))
  }
}
