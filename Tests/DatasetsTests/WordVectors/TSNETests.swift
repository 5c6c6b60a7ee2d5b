import DeepLearning
import Testing

@testable import Datasets

@Suite("t-SNE")
struct TSNETests {
  /// Three clouds of twenty points in ten dimensions, far apart along axes of their own.
  private static func cloudPoints() -> [[Float]] {
    var random = RandomGenerator(seed: 3)
    let noise = Tensor.normal([60, 10], using: &random).scalars
    return (0..<60).map { point -> [Float] in
      (0..<10).map { axis -> Float in
        let centre: Float = axis == point % 3 ? 12 : 0
        return noise[point * 10 + axis] + centre
      }
    }
  }

  private static let start: [(x: Double, y: Double)] = (0..<60).map {
    let (x, y) = ($0 * 7 % 60, $0 * 11 % 60)
    return (x: Double(x), y: Double(y))
  }

  @Test("Points of one cloud become neighbours wherever they start")
  func neighbours() {
    let places = TSNE(perplexity: 10, steps: 300).map(Self.cloudPoints(), from: Self.start)
    for point in places.indices {
      func distance(_ other: Int) -> Double {
        let dx: Double = places[point].x - places[other].x
        let dy: Double = places[point].y - places[other].y
        return dx * dx + dy * dy
      }
      let others = places.indices.filter { $0 != point }
      let nearest = others.sorted { distance($0) < distance($1) }
      #expect(nearest.prefix(10).allSatisfy { $0 % 3 == point % 3 }, "\(point)")
    }
  }

  @Test("The same points give the same map to the last bit")
  func bits() {
    let maps = (0..<2).map { _ in
      TSNE(perplexity: 5, steps: 50).map(Self.cloudPoints(), from: Self.start)
    }
    #expect(zip(maps[0], maps[1]).allSatisfy { $0 == $1 })
  }

  @Test("Few points, equal points and no points end in numbers")
  func edges() {
    #expect(TSNE().map([], from: []).isEmpty)
    #expect(TSNE().map([[1]], from: [(2, 3)]).map(\.x) == [2])
    let same = TSNE(steps: 20).map(
      [[Float]](repeating: [1, 2], count: 8), from: (0..<8).map { (Double($0), 0) })
    #expect(same.allSatisfy { $0.x.isFinite && $0.y.isFinite })
  }
}
