import Foundation
import FoundationXML
import Testing

@testable import Figures

/// Collects what an XML parser finds in a document.
final class SVGReader: NSObject, XMLParserDelegate {
  var texts: [String] = []
  var elements: [String: Int] = [:]
  /// The attributes of all pictures.
  var images: [[String: String]] = []
  private var text: String?

  init(_ drawing: some Drawable) throws {
    super.init()
    let parser = XMLParser(data: Data(drawing.svg().utf8))
    parser.delegate = self
    try #require(parser.parse(), "\(String(describing: parser.parserError))")
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String] = [:]
  ) {
    elements[name, default: 0] += 1
    if name == "text" { text = "" }
    if name == "image" { images.append(attributes) }
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) {
    text? += string
  }

  func parser(
    _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
  ) {
    if name == "text", let text { texts.append(text) }
    text = nil
  }
}

@Suite struct SVGTests {
  @Test("Labels are text in the vector file")
  func textsAreTexts() throws {
    var figure = Book.figure()
    figure.footnote = "Stand-in data"
    let reader = try SVGReader(figure)
    for text in [
      "Training and validation loss", "Epochs", "Loss", "Training loss", "Validation loss", "0.3",
      "20", "Stand-in data",
    ] {
      #expect(reader.texts.contains(text), "\(text)")
    }
    #expect(reader.elements["circle"] == 21, "a dot for every epoch and one in the legend")
    #expect(reader.elements["title"] == 1)
  }

  @Test("Marks of XML in labels stay text")
  func marksOfXMLInLabelsStayText() throws {
    let figure = Figure(title: "a < b & \"c\" > 'd' ]]>", x: "<svg>", y: "&amp;") {
      Line([1.0, 2], "</text><script>alert(1)</script>\u{0}\u{B}")
    }
    let reader = try SVGReader(figure)
    #expect(reader.texts.contains("a < b & \"c\" > 'd' ]]>"))
    #expect(reader.texts.contains("<svg>"))
    #expect(reader.texts.contains("&amp;"))
    #expect(reader.texts.contains("</text><script>alert(1)</script>"))
    #expect(reader.elements["script"] == nil && reader.elements["svg"] == 1)
  }

  @Test("Difficult charts are well formed", arguments: PictureTests.difficult.indices)
  func difficultChartsAreWellFormed(index: Int)
    throws
  {
    #expect(try SVGReader(PictureTests.difficult[index]).elements["svg"] == 1)
  }

  @Test("A long series makes a small file")
  func aLongSeriesMakesASmallFile() {
    let figure = Figure(title: "t", x: "x", y: "y") {
      Line((0..<200_000).map { sin(Double($0)) })
    }
    #expect(figure.svg().utf8.count < 100_000)
  }

  @Test("Numbers in the vector file are short")
  func numbersAreShort() {
    var canvas = SVGCanvas(width: 10, height: 10, title: "")
    canvas.drawLine(
      through: [Point(x: 1.005, y: -0.004), Point(x: -2.5, y: 3.14159)],
      Stroke(color: .blue, width: 2.4))
    #expect(canvas.text.contains("points=\"1,0 -2.5,3.14\""), "\(canvas.text)")
    #expect(canvas.text.contains("stroke=\"#0072b2\" stroke-width=\"2.4\""))
  }
}
