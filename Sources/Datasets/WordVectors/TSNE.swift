import DeepLearning
import Foundation

/// A map of points of many dimensions in the plane on which neighbours stay neighbours: t-distributed stochastic
/// neighbour embedding (van der Maaten and Hinton, 2008).
///
/// Computed exactly, with work that grows with the square of the number of points: a few seconds for 2,000. It starts
/// from the plane given to it, so that the same points always give the same map.
public struct TSNE: Sendable {
  /// How many neighbours a point has, roughly.
  public var perplexity = 30.0
  /// The number of steps of gradient descent.
  public var steps = 500

  /// Creates a description.
  public init(perplexity: Double = 30, steps: Int = 500) {
    require(
      perplexity >= 1 && steps >= 0,
      "t-SNE needs a perplexity of at least 1 and steps, not \(perplexity) and \(steps).")
    (self.perplexity, self.steps) = (perplexity, steps)
  }

  /// Lays the points out.
  ///
  /// - Parameters:
  ///   - points: as long as one another.
  ///   - start: where they start in the plane; the principal axes are a good choice.
  /// - Returns: their places in the plane.
  public func map(
    _ points: [[Float]], from start: [(x: Double, y: Double)]
  ) -> [(x: Double, y: Double)] {
    let count = points.count
    require(start.count == count, "\(count) points need as many places to start at.")
    // Fewer points than three times the perplexity have too few neighbours for it.
    guard count > 3 else { return start }
    let likeness = symmetricLikeness(of: points, perplexity: min(perplexity, Double(count - 1) / 3))
    // A small beginning, as in the paper: first groups form, then they part.
    let spread = (start.reduce(0) { $0 + $1.x * $1.x } / Double(count)).squareRoot()
    var places = start.flatMap { [$0.x, $0.y].map { $0 / max(spread, 1e-12) * 1e-4 } }
    var speed = [Double](repeating: 0, count: 2 * count)
    var gains = [Double](repeating: 1, count: 2 * count)
    let rate = max(Double(count) / 12 / 4, 50)
    for step in 0..<steps {
      // At first likeness counts twelvefold, so that groups find each other.
      let isEarly = step < steps / 2 && step < 250
      let gradient = Self.gradient(likeness, places, exaggeration: isEarly ? 12 : 1)
      for i in places.indices {
        let goesOn = (gradient[i] > 0) != (speed[i] > 0)
        gains[i] = max(goesOn ? gains[i] + 0.2 : gains[i] * 0.8, 0.01)
        speed[i] = (isEarly ? 0.5 : 0.8) * speed[i] - rate * gains[i] * gradient[i]
        places[i] += speed[i]
      }
    }
    return (0..<count).map { (places[2 * $0], places[2 * $0 + 1]) }
  }

  /// The gradient of the divergence between likeness among the points and nearness in the plane.
  private static func gradient(
    _ likeness: [Float], _ places: [Double], exaggeration: Double
  ) -> [Double] {
    let count = places.count / 2
    // Each row is computed by one thread in one order, and rows are added in order: the same bits on every machine
    // with any number of threads.
    let rows = Self.rows(count) { i -> (nearness: Double, pull: [Double]) in
      let (x, y) = (places[2 * i], places[2 * i + 1])
      var nearness = 0.0
      var pull = [0.0, 0.0, 0.0, 0.0]
      likeness.withUnsafeBufferPointer { likeness in
        places.withUnsafeBufferPointer { places in
          var (ax, ay, rx, ry) = (0.0, 0.0, 0.0, 0.0)
          for j in 0..<count where j != i {
            let (dx, dy) = (x - places[2 * j], y - places[2 * j + 1])
            let near = 1 / (1 + dx * dx + dy * dy)
            let attraction = Double(likeness[i * count + j]) * near
            nearness += near
            ax += attraction * dx
            ay += attraction * dy
            rx += near * near * dx
            ry += near * near * dy
          }
          pull = [ax, ay, rx, ry]
        }
      }
      return (nearness, pull)
    }
    let total = max(rows.reduce(0) { $0 + $1.nearness }, 1e-12)
    return rows.flatMap { row in
      (0..<2).map { 4 * (exaggeration * row.pull[$0] - row.pull[2 + $0] / total) }
    }
  }

  /// One result for each row, computed side by side.
  private static func rows<Row: Sendable>(
    _ count: Int, _ body: @Sendable (Int) -> Row
  ) -> [Row] {
    // What throws nothing fails at nothing.
    (try? Parallel.map(count, body)) ?? []
  }

  /// How alike each two points are, all together 1: for each point the width of its bell curve is such that the curve's
  /// entropy is that of `perplexity` equal neighbours.
  private func symmetricLikeness(of points: [[Float]], perplexity: Double) -> [Float] {
    let count = points.count
    let target = log(perplexity)
    let rows = Self.rows(count) { i -> [Float] in
      let distances = points.map { other in
        Double(zip(points[i], other).reduce(Float(0)) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) })
      }
      let nearest = distances.indices.filter { $0 != i }.map { distances[$0] }.min() ?? 0
      var (low, high, beta) = (0.0, Double.infinity, 1.0)
      var weights = [Double](repeating: 0, count: count)
      for _ in 0..<60 {
        var (sum, weighted) = (0.0, 0.0)
        for j in 0..<count where j != i {
          weights[j] = exp(-beta * (distances[j] - nearest))
          sum += weights[j]
          weighted += weights[j] * (distances[j] - nearest)
        }
        let entropy = log(sum) + beta * weighted / sum
        for j in 0..<count { weights[j] /= sum }
        if (entropy - target).magnitude < 1e-5 { break }
        if entropy > target { low = beta } else { high = beta }
        beta = high.isFinite ? (low + high) / 2 : beta * 2
      }
      return weights.map(Float.init)
    }
    var likeness = [Float](repeating: 0, count: count * count)
    for i in 0..<count {
      for j in 0..<count {
        likeness[i * count + j] = (rows[i][j] + rows[j][i]) / Float(2 * count)
      }
    }
    return likeness
  }
}
