import TestSupport
import Testing

@testable import Figures

@Suite("Graphs of boxes") struct BoxGraphTests {
  /// A graph made by chance; names and details of all widths.
  static func graph(_ number: Int) -> BoxGraph {
    var state = UInt64(number) &* 0x9E37_79B9_7F4A_7C15 | 1
    func draw(_ count: Int) -> Int {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return Int(state % UInt64(count))
    }
    let count = [1, 2, 5, 12, 40, 120][number % 6]
    let boxes = (0..<count).map { index -> BoxGraph.Box in
      let inputs =
        index == 0 || draw(8) == 0
        ? []
        : (0...draw(3)).map { _ in
          // Mostly near ones, sometimes any.
          draw(5) == 0 ? draw(index) : max(0, index - 1 - draw(4))
        }
      return .init(
        String(repeating: "name", count: 1 + draw(4)) + "\(index)",
        details: (0..<draw(4)).map { "detail \($0)" }, inputs: inputs, isMarked: draw(2) == 0)
    }
    return BoxGraph(title: "Graph \(number)", footnote: "A remark", boxes: boxes)
  }

  /// As deep as InceptionV3, with waists to be cut at.
  static let tower: BoxGraph = {
    var boxes = [BoxGraph.Box("start")]
    for block in 0..<40 {
      let top = boxes.count - 1
      for branch in 0..<4 {
        boxes.append(.init("a\(block)_\(branch)", inputs: [top]))
        boxes.append(.init("b\(block)_\(branch)", inputs: [boxes.count - 1]))
      }
      boxes.append(.init("mixed\(block)", inputs: [1, 3, 5, 7].map { top + $0 + 1 }))
    }
    return BoxGraph(title: "A tower", boxes: boxes)
  }()

  static let all = (0..<60).map(graph) + [tower]

  @Test("Nothing overlaps and edges lead downward", arguments: all.indices)
  func nothingOverlapsAndEdgesLeadDownward(index: Int) {
    let graph = Self.all[index]
    let page = BoxGraphPage(graph)
    let bottom = page.height - page.text.bottom
    for (number, cell) in page.cells.enumerated() {
      let place = cell.place
      #expect(
        place.left >= 1 && place.right <= page.width - 1 && place.top >= page.text.top
          && place.bottom <= bottom, "\(cell.lines[0]) is clipped")
      for other in page.cells[(number + 1)...].map(\.place) {
        #expect(
          place.right + 4 <= other.left || other.right + 4 <= place.left
            || place.bottom + 4 <= other.top || other.bottom + 4 <= place.top,
          "\(cell.lines[0]) overlaps another box")
      }
    }
    for edge in page.edges {
      for (from, to) in zip(edge, edge.dropFirst()) {
        #expect(to.y >= from.y, "an edge leads upward")
        let crossed = page.cells.first { Self.crosses(from, to, $0.place) }
        #expect(crossed == nil, "an edge crosses \(crossed?.lines[0] ?? "")")
      }
      #expect(edge.allSatisfy { $0.x >= 0 && $0.x <= page.width && $0.y <= bottom })
    }
  }

  /// Whether some of a line lies within a rectangle, its edge not counted: what is left of the line
  /// when each side has cut away what lies beyond it (the method of Liang and Barsky).
  private static func crosses(_ from: Point, _ to: Point, _ place: Rectangle) -> Bool {
    var (first, last) = (0.0, 1.0)
    func cut(_ start: Double, _ end: Double, _ low: Double, _ high: Double) {
      if start == end {
        if start <= low || start >= high { last = -1 }
        return
      }
      let (a, b) = ((low - start) / (end - start), (high - start) / (end - start))
      (first, last) = (max(first, min(a, b)), min(last, max(a, b)))
    }
    cut(from.x, to.x, place.left + 0.01, place.right - 0.01)
    cut(from.y, to.y, place.top + 0.01, place.bottom - 0.01)
    return first < last
  }

  @Test("Every box and edge is there", arguments: all.indices)
  func everyBoxAndEdgeIsThere(index: Int) {
    let graph = Self.all[index]
    let page = BoxGraphPage(graph)
    #expect(page.cells.filter { !$0.isRepeated }.map(\.box).sorted() == Array(graph.boxes.indices))
    let edges = Set(
      page.edges.map { edge -> [Int] in
        func box(_ point: Point?, _ isEnd: (Rectangle) -> Double) -> Int {
          page.cells.first {
            isEnd($0.place) == point?.y
              && abs($0.place.left + $0.place.width / 2 - (point?.x ?? 0)) < 0.01
          }?.box ?? -1
        }
        return [box(edge.first, \.bottom), box(edge.last, \.top)]
      })
    let expected = Set(
      graph.boxes.enumerated().flatMap { box in box.element.inputs.map { [$0, box.offset] } })
    #expect(edges == expected)
  }

  @Test("A tall graph is cut into columns")
  func aTallGraphIsCutIntoColumns() {
    let page = BoxGraphPage(Self.tower)
    let repeated = page.cells.filter(\.isRepeated)
    #expect(repeated.count >= 2)
    for cell in repeated { #expect(cell.lines[0].hasPrefix("mixed")) }
    #expect(page.height < 2000)
  }

  @Test("Branches that need not cross do not")
  func branchesThatNeedNotCrossDoNot() {
    // Drawn in the order of the boxes, the two lines would cross.
    let graph = BoxGraph(
      title: "t",
      boxes: [
        .init("a"), .init("b"), .init("d", inputs: [1]), .init("c", inputs: [0]),
      ])
    let centres = BoxGraphPage(graph).edges.map { [$0[0].x, $0[$0.count - 1].x] }
    #expect((centres[0][0] < centres[1][0]) == (centres[0][1] < centres[1][1]))
  }

  @Test("Names are escaped and marked boxes have another colour")
  func namesAreEscapedAndMarkedBoxesHaveAnotherColour() throws {
    let graph = BoxGraph(
      title: "t",
      boxes: [.init("<a&b>", details: ["[2, 3]"]), .init("c", inputs: [0], isMarked: true)])
    #expect(graph.svg().contains("&lt;a&amp;b&gt;") && graph.svg().contains("[2, 3]"))
    let image = try DecodedPNG(graph)
    let cells = BoxGraphPage(graph).cells
    let colours = cells.map { image[Point(x: $0.place.left, y: $0.place.top + 8)] }
    #expect(colours[0] != colours[1])
    #expect(Double(image.width) == 2 * BoxGraphPage(graph).width)
  }

  @Test("Nothing to draw is said")
  func nothingToDrawIsSaid() {
    #expect(BoxGraph(title: "t", boxes: []).svg().contains("no boxes to show"))
  }

  @Test("A box fed by itself is refused", .ahead)
  func aBoxFedByItselfIsRefused() async throws {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = BoxGraph(title: "t", boxes: [.init("loop", inputs: [0])])
    }
    let output = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
    #expect(
      output.contains("The box loop of the graph is fed by [0]: give positions below its own"))
  }
}
