import Testing

@testable import Figures

@Suite struct RulerTests {
  let ruler = Ruler()
  let style = TextStyle(size: 14)

  @Test("Text is as wide as it should be")
  func measuresText() {
    #expect(ruler.width(of: "", style) == 0)
    let one = ruler.width(of: "m", style)
    #expect(one > 5 && one < 20)
    #expect(abs(ruler.width(of: "mmmm", style) - 4 * one) < 0.01)
    #expect(ruler.width(of: "m", TextStyle(size: 28)) > 1.9 * one)
    #expect(ruler.width(of: "mm", TextStyle(size: 14, isBold: true)) > 2 * one)
  }

  @Test("Broken lines fit and keep all letters", arguments: [40.0, 90, 200, 1000])
  func brokenLinesFitAndKeepAllLetters(limit: Double) {
    let text = "Validation loss of a network with averylongwordthatfitsnowhere <b> and more"
    let lines = ruler.lines(of: text, style, limit: limit, atMost: 100)
    #expect(lines.allSatisfy { ruler.width(of: $0, style) <= limit })
    #expect(lines.joined().filter { $0 != " " } == text.filter { $0 != " " })
  }

  @Test("What does not fit ends with an ellipsis")
  func whatDoesNotFitEndsWithAnEllipsis() throws {
    let text = String(repeating: "word ", count: 5000)
    let lines = ruler.lines(of: text, style, limit: 100, atMost: 2)
    #expect(lines.count == 2)
    #expect(try #require(lines.last).hasSuffix("…"))
    #expect(lines.allSatisfy { ruler.width(of: $0, style) <= 100 })
    #expect(ruler.lines(of: "short", style, limit: 100, atMost: 2) == ["short"])
  }

  @Test("Characters that cannot be shown become spaces")
  func charactersThatCannotBeShownBecomeSpaces() {
    let text = "\u{0}one\u{8}two\nthree\u{2028}four\u{FFFF}\u{1B}five "
    #expect(
      ruler.lines(of: text, style, limit: 1000, atMost: 3) == ["one two three four five"])
    #expect(ruler.lines(of: " \n\u{0} ", style, limit: 1000, atMost: 3) == [])
  }

  @Test("A line narrower than a letter still ends")
  func aLineNarrowerThanALetterStillEnds() {
    #expect(ruler.lines(of: "abc", style, limit: 0, atMost: 2).count == 2)
  }
}
