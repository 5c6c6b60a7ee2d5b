/// For each new position of an axis the old ones that it is mixed from.
struct ResizingWeights {
  /// Where the parts of each new position start; one more at the end.
  private var starts = [0]
  private var positions: [Int] = []
  private var weights: [Float] = []

  /// The number of new positions.
  var count: Int { starts.count - 1 }

  /// The old positions that a new one is mixed from, with their weights, which add up to 1.
  func parts(of position: Int) -> Zip2Sequence<ArraySlice<Int>, ArraySlice<Float>> {
    let range = starts[position]..<starts[position + 1]
    return zip(positions[range], weights[range])
  }

  private mutating func append(_ position: Int, _ weight: Double) {
    positions.append(position)
    weights.append(Float(weight))
  }

  /// Straight lines between the centres of the old positions; beyond the outermost their values.
  static func lines(_ old: Int, to new: Int) -> ResizingWeights {
    var result = ResizingWeights()
    let step = Double(old) / Double(new)
    for position in 0..<new {
      let middle = min(max((Double(position) + 0.5) * step - 0.5, 0), Double(old - 1))
      let left = Int(middle)
      let share = middle - Double(left)
      result.append(left, 1 - share)
      if share > 0 { result.append(left + 1, share) }
      result.starts.append(result.positions.count)
    }
    return result
  }

  /// Each new position covers a stretch of the old axis and is the mean of it.
  static func boxes(_ old: Int, to new: Int) -> ResizingWeights {
    var result = ResizingWeights()
    for position in 0..<new {
      // In units of 1/new, so that all borders are whole numbers.
      let (start, end) = (position * old, (position + 1) * old)
      for covered in start / new...(end - 1) / new {
        let overlap = min(end, (covered + 1) * new) - max(start, covered * new)
        result.append(covered, Double(overlap) / Double(old))
      }
      result.starts.append(result.positions.count)
    }
    return result
  }
}
