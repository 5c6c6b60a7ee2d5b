import DataFiles

/// Measurements that are missing.
enum Gaps {
  /// Replaces what is not a number by what lies on a straight line between its neighbours in time; at an end of a
  /// stretch by the nearest number.
  ///
  /// - Parameters:
  ///   - table: row by row.
  ///   - columns: what the columns are called.
  ///   - stretches: rows that follow one another in time.
  ///   - name: what the table is called.
  /// - Returns: how many numbers were missing.
  /// - Throws: `DataError` if a column has no number in a stretch.
  static func fill(
    _ table: inout [Float], columns: [String], in stretches: [Range<Int>], name: String
  ) throws -> Int {
    let width = columns.count
    var missing = 0
    for stretch in stretches {
      for column in 0..<width {
        var last: Int?
        var row = stretch.lowerBound
        while row < stretch.upperBound {
          if !table[row * width + column].isNaN {
            last = row
            row += 1
            continue
          }
          let gap = row
          while row < stretch.upperBound, table[row * width + column].isNaN { row += 1 }
          let next = row < stretch.upperBound ? row : nil
          missing += row - gap
          guard let before = last ?? next, let after = next ?? last else {
            throw DataError("\(name) has no measurement of \(columns[column]) at all.")
          }
          let (from, to) = (table[before * width + column], table[after * width + column])
          for hole in gap..<row {
            let way = before == after ? 0 : Float(hole - before) / Float(after - before)
            table[hole * width + column] = from + way * (to - from)
          }
        }
      }
    }
    return missing
  }
}
