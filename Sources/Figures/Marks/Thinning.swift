/// Leaves out points that no eye could see: a series of 400,000 measurements has a thousand times
/// more points than the chart has columns.
enum Thinning {
  /// The points of a curve that decide how it looks: of each half unit of width the first, the
  /// highest, the lowest and the last. Short curves, and curves that run backwards, stay whole.
  static func outline(of points: [Point]) -> [Point] {
    guard points.count > 4000, zip(points, points.dropFirst()).allSatisfy({ $0.x <= $1.x }) else {
      return points
    }
    var kept: [Point] = []
    var start = 0
    while start < points.count {
      let column = (points[start].x * 2).rounded(.down)
      var (end, highest, lowest) = (start, start, start)
      while end < points.count, (points[end].x * 2).rounded(.down) == column {
        if points[end].y < points[highest].y { highest = end }
        if points[end].y > points[lowest].y { lowest = end }
        end += 1
      }
      var previous = -1
      for index in [start, min(highest, lowest), max(highest, lowest), end - 1]
      where index != previous {
        kept.append(points[index])
        previous = index
      }
      start = end
    }
    return kept
  }

  /// The points without those that would cover an earlier one to within a quarter of a unit.
  static func distinct(_ points: [Point]) -> [Point] {
    guard points.count > 1000 else { return points }
    var seen: Set<[Int]> = []
    return points.filter {
      seen.insert([Int(($0.x * 4).rounded()), Int(($0.y * 4).rounded())]).inserted
    }
  }
}
