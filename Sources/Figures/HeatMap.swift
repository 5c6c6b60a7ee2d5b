/// A matrix whose cells are the darker the greater their values, for example a confusion matrix.
///
/// ```swift
/// let map = HeatMap(
///   title: "What the network takes a newswire for", x: "predicted topic", y: "true topic",
///   rows: topics, columns: topics, values: shares, format: .percent)
/// try map.writePNG(to: folder.appending(path: "confusion.png"))
/// ```
public struct HeatMap: Drawable {
  /// How the values are written into the cells; where they do not fit a colour bar explains them.
  public enum Format: Sendable, Equatable {
    /// Whole numbers without decimals, others with two or three digits of the greatest value.
    case automatic
    /// With this many digits after the point, 0 to 9.
    case decimals(Int)
    /// Shares of one as whole percentages.
    case percent
    /// Not at all.
    case hidden
  }

  /// The heading; a long one is broken into lines.
  public var title: String
  /// A remark below the matrix.
  public var footnote: String?
  let x: String
  let y: String
  let rows: [String]
  let columns: [String]
  let values: [[Double]]
  let format: Format

  /// Describes a heat map.
  ///
  /// - Parameters:
  ///   - title: the heading.
  ///   - x: what the columns are.
  ///   - y: what the rows are.
  ///   - rows: a label for each row, from the top; none for a map without labels.
  ///   - columns: a label for each column; none for a map without labels.
  ///   - values: the rows from the top, equally long, up to 1000 x 1000 values; those that are NaN
  ///     or infinite leave their cells blank.
  ///   - format: how the values are written into the cells.
  ///   - footnote: a remark below the matrix.
  public init(
    title: String, x: String = "", y: String = "", rows: [String] = [], columns: [String] = [],
    values: [[Double]], format: Format = .automatic, footnote: String? = nil
  ) {
    let width = values.first?.count ?? 0
    guard values.allSatisfy({ $0.count == width }) else {
      let counts = Set(values.map(\.count)).sorted().map(String.init).joined(separator: ", ")
      fail("The rows of a heat map have different lengths (\(counts)): give equally many values.")
    }
    guard values.count <= 1000, width <= 1000 else {
      fail("A heat map has room for 1000 x 1000 values, not for \(values.count) x \(width).")
    }
    for (kind, labels, count) in [("row", rows, values.count), ("column", columns, width)]
    where !labels.isEmpty && labels.count != count {
      fail(
        "A heat map has \(labels.count) \(kind) labels for \(count) \(kind)s: give one for each.")
    }
    self.title = title
    self.x = x
    self.y = y
    self.rows = rows
    self.columns = columns
    self.values = values.map { $0.map(MarkLayer.drawable) }
    self.format = format
    self.footnote = footnote
  }

  /// The matrix as the bytes of a PNG file, two pixels to the point.
  /// - Throws: ``FigureError`` when the memory does not suffice.
  public func png() throws -> [UInt8] { try HeatMapPage(self).png() }

  /// The matrix as an SVG document whose text is text.
  public func svg() -> String { HeatMapPage(self).svg() }
}

extension HeatMap {
  /// The values as they are written into the cells, row by row; nothing in blank cells.
  var texts: [[String]] {
    let decimals = decimals
    return values.map { row in
      row.map { value in
        guard let decimals, !value.isNaN else { return "" }
        return format == .percent
          ? Ticks.decimal(value * 100, decimals: 0) + "%"
          : Ticks.decimal(value, decimals: decimals)
      }
    }
  }

  private var decimals: Int? {
    switch format {
    case .hidden: return nil
    case .percent: return 0
    case .decimals(let count): return min(max(count, 0), 9)
    case .automatic:
      let shown = values.joined().filter { !$0.isNaN }
      if shown.allSatisfy({ $0 == $0.rounded() }) { return 0 }
      let greatest = shown.map(\.magnitude).max() ?? 0
      return [100, 10, 0.1, 0.01].firstIndex { greatest >= $0 } ?? 4
    }
  }
}
