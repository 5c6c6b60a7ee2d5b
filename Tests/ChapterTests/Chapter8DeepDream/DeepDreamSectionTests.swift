import DeepLearning
import Gallery
import Testing

@testable import chapter8_deepdream

/// The section's functions, and what the program wraps around them, with random weights.
@Suite("The functions of DeepDream")
struct DeepDreamSectionTests {
  private let network: DreamNetwork
  private let original: Tensor
  private let dream: DeepDream

  init() throws {
    let nowhere = try Workplace()
    let options = try RunOptions.parse(["--offline", "--data", nowhere.data.path])
    network = try DreamNetwork.load(.efficientnet, options)
    var random = RandomGenerator(seed: 1)
    original = .uniform([1, 106, 112, 3], in: -1..<1, using: &random)
    dream = DeepDream(contributions: network.contributions, iterations: 2)
  }

  private func run(_ plan: DreamPlan) throws -> DreamRun {
    let run = DreamRun(plan, by: network, seed: 1, shouldStop: { false })
    try run.dream(about: original)
    return run
  }

  @Test("The loss is a weighted sum of squares without a border, over the number of activations")
  func loss() {
    let dream = DeepDream(contributions: [
      .init(layer: "a", weight: 21), .init(layer: "b", weight: 0.5),
    ])
    // Of 6 x 7 activations of 2 channels 2 x 3 are within the border; of 1 x 1 all are.
    let activations = [
      Tensor(repeating: 2, shape: [1, 6, 7, 2]), Tensor([4], shape: [1, 1, 1, 1]),
    ]
    let expected: Float = 21 * 12 * 4 / 84 + 0.5 * 16
    #expect(dream.loss(of: activations).item == expected)
  }

  @Test("Sizes rise to the original's; those too small to see anything are left out")
  func sizes() {
    var dream = DeepDream()
    func sides(_ height: Int, _ width: Int) -> [[Int]] {
      dream.sizes(of: .zeros([1, height, width, 3])).map { [$0.height, $0.width] }
    }
    #expect(sides(350, 350) == [[178, 178], [250, 250], [350, 350]])
    #expect(sides(90, 112) == [[90, 112]])
    dream.octaves = 1
    #expect(sides(350, 350) == [[350, 350]])
  }

  @Test("Ascent takes steps of the mean size asked for, and none above the maximum loss")
  func ascent() {
    var dream = DeepDream(iterations: 3, stepSize: 0.25, maxLoss: 5)
    var losses: [Float] = [1, 4, 6]
    let gradient = Tensor([-2, 6], shape: [1, 1, 2, 1])
    var seen: [Float] = []
    let image = dream.ascend(from: .zeros(gradient.shape)) { _ in
      (.scalar(losses.removeFirst()), gradient)
    } stepDidEnd: {
      seen.append($1)
    }
    #expect(image.scalars == [-0.25, 0.75] && seen == [1, 4])
    dream.maxLoss = 0
    let untouched = dream.ascend(from: gradient) { _ in
      (.scalar(1), gradient)
    } stepDidEnd: { _, _ in
    }
    #expect(untouched.scalars == gradient.scalars)
  }

  @Test("What smaller sizes lose of the original is put back")
  func detail() {
    var random = RandomGenerator(seed: 2)
    let original = Tensor.uniform([1, 200, 210, 3], in: -1..<1, using: &random)
    var ends = 0
    let image = DeepDream().dream(about: original) {
      $0
    } octaveDidEnd: { _ in
      ends += 1
    }
    let furthest = zip(image.scalars, original.scalars).map { abs($0 - $1) }.max() ?? 1
    #expect(furthest < 1e-5 && ends == 3)
  }

  @Test("The program's dream is the section's, bit for bit; without detail, or in tiles, it is not")
  func program() throws {
    let section = dream(original, network).scalars
    let plain = try run(DreamPlan(dream: dream))
    #expect(plain.image.scalars == section)
    #expect(plain.octaves.map(\.losses.count) == [2, 2])
    #expect(plain.octaves.allSatisfy { $0.stopReason == .allSteps })
    #expect(try run(DreamPlan(dream: dream, reinjectsDetail: false)).image.scalars != section)
    #expect(try run(DreamPlan(dream: dream, jitter: 5)).image.scalars != section)
    #expect(try run(DreamPlan(dream: dream, tile: 80)).image.scalars != section)
  }

  @Test("Tiles cover an axis once, and show the network all around their cores")
  func tiles() {
    var random = RandomGenerator(seed: 3)
    #expect(
      Tile.cut(128, size: 128, using: &random) == [Tile(window: 0..<128, core: 0..<128)])
    for extent in [129, 200, 1000] {
      let tiles = Tile.cut(extent, size: 128, using: &random)
      #expect(tiles.flatMap { Array($0.core) } == Array(0..<extent))
      for tile in tiles {
        #expect(tile.window.count == 128 && tile.window.clamped(to: 0..<extent) == tile.window)
        #expect(tile.core.clamped(to: tile.window) == tile.core)
        #expect(Array(tile.window)[tile.coreInWindow] == Array(tile.core)[...])
      }
    }
  }
}
