/// A graph of named boxes, such as the layers of a network: what feeds a box stands above it.
///
/// ```swift
/// let graph = BoxGraph(title: "A residual connection", boxes: [
///   .init("x"),
///   .init("conv2d_1", details: ["Conv2D"], inputs: [0]),
///   .init("add_1", details: ["Add"], inputs: [1, 0]),
/// ])
/// ```
///
/// A graph that is too tall for one column goes on in the next, beginning with the box at which it was cut.
public struct BoxGraph: Drawable {
  /// A box.
  public struct Box: Sendable {
    let name: String
    let details: [String]
    let inputs: [Int]
    let isMarked: Bool

    /// Describes a box.
    ///
    /// - Parameters:
    ///   - name: its first line, in bold.
    ///   - details: more lines.
    ///   - inputs: the boxes that feed it, by their positions in the graph.
    ///   - isMarked: whether it has another colour than the rest.
    public init(
      _ name: String, details: [String] = [], inputs: [Int] = [], isMarked: Bool = false
    ) {
      (self.name, self.details, self.inputs, self.isMarked) = (name, details, inputs, isMarked)
    }
  }

  /// The heading; a long one is broken into lines.
  public var title: String
  /// A remark below the graph.
  public var footnote: String?
  let boxes: [Box]

  /// Describes a graph.
  ///
  /// - Parameters:
  ///   - title: the heading.
  ///   - footnote: a remark below the graph.
  ///   - boxes: up to 1000, each behind those that feed it.
  public init(title: String, footnote: String? = nil, boxes: [Box]) {
    guard boxes.count <= 1000 else {
      fail("A graph has room for 1000 boxes, not for \(boxes.count): draw a part of it.")
    }
    for (index, box) in boxes.enumerated() {
      guard box.inputs.allSatisfy({ (0..<index).contains($0) }) else {
        fail(
          "The box \(box.name) of the graph is fed by \(box.inputs): give positions below its own, \(index)."
        )
      }
    }
    self.title = title
    self.footnote = footnote
    self.boxes = boxes
  }

  /// The graph as the bytes of a PNG file, two pixels to the point.
  /// - Throws: ``FigureError`` when the memory does not suffice.
  public func png() throws -> [UInt8] { try BoxGraphPage(self).png() }

  /// The graph as an SVG document whose text is text, ready to be embedded in a web page.
  public func svg() -> String { BoxGraphPage(self).svg() }
}
