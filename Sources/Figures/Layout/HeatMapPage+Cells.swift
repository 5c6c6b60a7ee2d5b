extension HeatMapPage {
  /// The colour of a value; white for none.
  func color(of value: Double) -> Color {
    // Halves, because the range of the greatest values there are would overflow.
    let place = (value / 2 - scale.lower / 2) / (scale.upper / 2 - scale.lower / 2)
    return value.isNaN ? .white : Ramp.color(at: place)
  }

  func drawCells(on canvas: inout some Canvas) {
    guard let columns = map.values.first?.count, columns > 0 else { return }
    canvas.drawRectangle(
      matrix.grown(by: 1), fill: .white, outline: Stroke(color: .grid, width: 1))
    if min(cell.width, cell.height) < 8 || map.values.count * columns > HeatMapPage.mostCells {
      let colors = map.values.flatMap { $0.map { color(of: $0).code } }
      canvas.drawRaster(
        Raster(width: columns, height: map.values.count, colors: colors), in: matrix)
    } else {
      for (row, values) in map.values.enumerated() {
        for (column, value) in values.enumerated() {
          // The gap of a point tells neighbours of one colour apart.
          canvas.drawRectangle(
            place(row, column).grown(by: -0.5), fill: color(of: value), outline: nil)
        }
      }
    }
    guard let style = numberStyle else { return }
    for (row, texts) in texts.enumerated() {
      for (column, text) in texts.enumerated() where !text.isEmpty {
        let place = place(row, column)
        let baseLine = place.top + place.height / 2 + 0.36 * style.size
        let value = map.values[row][column]
        // The many zeros of a confusion matrix stand back.
        let color = value == 0 && scale.lower >= 0 ? .zero : color(of: value).textOnTop
        canvas.drawText(
          text, at: Point(x: place.left + place.width / 2, y: baseLine),
          TextStyle(size: style.size, color: color), anchor: .middle, degrees: 0)
      }
    }
  }

  /// Where a cell is.
  func place(_ row: Int, _ column: Int) -> Rectangle {
    Rectangle(
      left: matrix.left + Double(column) * cell.width,
      top: matrix.top + Double(row) * cell.height, width: cell.width, height: cell.height)
  }
}

extension Color {
  fileprivate static let zero = Color(red: 128, green: 138, blue: 148)
}
