/// Places for the boxes of a graph in ranks, one below another, so that every edge leads downward.
///
/// The method of Sugiyama, Tagawa and Toda (1981): a box's rank is the length of the longest path to it; edges over
/// several ranks get a point in each of them; ranks are sorted by barycentres as long as fewer edges cross; last, boxes
/// move towards their neighbours, as near as the order allows.
struct LayeredLayout {
  /// Room between boxes beside each other, and between ranks.
  static let gap = (across: 18.0, down: 26.0)

  /// The place of each box; the upper left corner of all is the origin.
  private(set) var places: [Rectangle] = []
  /// The ways of the edges, from the lower edge of a box to the upper edge of another.
  private(set) var edges: [[Point]] = []
  private(set) var width = 0.0
  private(set) var height = 0.0

  /// A box, or a point that an edge passes.
  private struct Item {
    let width: Double
    let height: Double
    let rank: Int
    var above: [Int] = []
    var below: [Int] = []
  }

  private var items: [Item] = []
  private var ranks: [[Int]] = []

  /// - Parameters:
  ///   - sizes: of the boxes.
  ///   - inputs: the boxes that feed each box, all of which come before it.
  init(sizes: [(width: Double, height: Double)], inputs: [[Int]]) {
    guard !sizes.isEmpty else { return }
    let levels = LayeredLayout.ranks(of: inputs)
    items = zip(sizes, levels).map { Item(width: $0.width, height: $0.height, rank: $1) }
    let chains = addPoints(inputs)
    ranks = (0...(levels.max() ?? 0)).map { rank in
      items.indices.filter { items[$0].rank == rank }
    }
    sort()
    place(count: sizes.count, chains, centres: centres())
  }

  /// The length of the longest path to each box; but what nothing feeds stands just above what it feeds.
  static func ranks(of inputs: [[Int]]) -> [Int] {
    var ranks: [Int] = []
    for sources in inputs { ranks.append((sources.map { ranks[$0] }.max() ?? -1) + 1) }
    var nearest = [Int](repeating: .max, count: inputs.count)
    for (box, sources) in inputs.enumerated() {
      for source in sources { nearest[source] = min(nearest[source], ranks[box] - 1) }
    }
    for box in inputs.indices where inputs[box].isEmpty && nearest[box] < .max {
      ranks[box] = nearest[box]
    }
    return ranks
  }

  /// Adds a point for each rank that an edge passes; edges of one box share theirs.
  ///
  /// - Returns: what each edge goes through, its two boxes included.
  private mutating func addPoints(_ inputs: [[Int]]) -> [[Int]] {
    var chains: [[Int]] = []
    var shared: [[Int]: Int] = [:]
    for (box, sources) in inputs.enumerated() {
      for source in Set(sources).sorted() {
        var chain = [source]
        for rank in (items[source].rank + 1)..<items[box].rank {
          let key = [source, rank]
          let point = shared[key] ?? items.count
          if shared[key] == nil {
            shared[key] = point
            items.append(Item(width: 0, height: 0, rank: rank))
            link(chain[chain.count - 1], point)
          }
          chain.append(point)
        }
        link(chain[chain.count - 1], box)
        chains.append(chain + [box])
      }
    }
    return chains
  }

  private mutating func link(_ upper: Int, _ lower: Int) {
    items[upper].below.append(lower)
    items[lower].above.append(upper)
  }

  /// Orders the ranks by the mean place of neighbours, down and up in turn; the best order found stays.
  private mutating func sort() {
    var best = (crossings: crossings(), ranks: ranks)
    for sweep in 0..<12 where best.crossings > 0 {
      let isDown = sweep.isMultiple(of: 2)
      for rank in isDown ? Array(ranks.indices.dropFirst()) : ranks.indices.dropLast().reversed() {
        let places = positions(in: ranks[rank + (isDown ? -1 : 1)])
        let keys = ranks[rank].enumerated().map { index, item in
          let near = (isDown ? items[item].above : items[item].below).compactMap { places[$0] }
          let mean = Double(near.reduce(0, +)) / Double(max(near.count, 1))
          return (key: near.isEmpty ? Double(index) : mean, index: index, item: item)
        }
        ranks[rank] = keys.sorted { ($0.key, $0.index) < ($1.key, $1.index) }.map(\.item)
      }
      let count = crossings()
      if count < best.crossings { best = (count, ranks) }
    }
    ranks = best.ranks
  }

  private func positions(in rank: [Int]) -> [Int: Int] {
    Dictionary(uniqueKeysWithValues: rank.enumerated().map { ($1, $0) })
  }

  /// How many pairs of edges cross.
  private func crossings() -> Int {
    zip(ranks, ranks.dropFirst()).reduce(0) { total, pair in
      let places = positions(in: pair.1)
      let ends = pair.0.flatMap { items[$0].below.compactMap { places[$0] }.sorted() }
      var count = 0
      for (index, end) in ends.enumerated() { count += ends[..<index].count { $0 > end } }
      // Edges of one box do not cross: they were sorted, so none of them was counted.
      return total + count
    }
  }

  /// The horizontal centre of each item: near the mean of its neighbours, none nearer to the next than they are wide.
  private func centres() -> [Double] {
    var centres = [Double](repeating: 0, count: items.count)
    for rank in ranks { spread(rank, over: rank.map { _ in 0 }, &centres) }
    for sweep in 0..<24 {
      let isDown = sweep.isMultiple(of: 2)
      for rank in isDown ? ranks : ranks.reversed() {
        let wanted = rank.map { item in
          let near =
            sweep < 20
            ? (isDown ? items[item].above : items[item].below)
            : items[item].above + items[item].below
          return near.isEmpty
            ? centres[item] : near.map { centres[$0] }.reduce(0, +) / Double(near.count)
        }
        spread(rank, over: wanted, &centres)
      }
    }
    return centres
  }

  /// Sets the centres of a rank as near to the wanted ones as order and distances allow, in the sense of least squares:
  /// neighbours that want to be too near to each other form a block around the mean of what they want.
  private func spread(_ rank: [Int], over wanted: [Double], _ centres: inout [Double]) {
    var offsets: [Double] = []
    for (index, item) in rank.enumerated() {
      let before = index > 0 ? items[rank[index - 1]].width : 0
      offsets.append(
        index == 0 ? 0 : offsets[index - 1] + (before + items[item].width) / 2 + Self.gap.across)
    }
    var blocks: [(sum: Double, weight: Double, count: Int)] = []
    for index in rank.indices {
      // A bend in a long edge is worse than a box beside the middle.
      let weight = items[rank[index]].width == 0 ? 4.0 : 1
      blocks.append(((wanted[index] - offsets[index]) * weight, weight, 1))
      while blocks.count > 1,
        blocks[blocks.count - 2].sum / blocks[blocks.count - 2].weight
          > blocks[blocks.count - 1].sum / blocks[blocks.count - 1].weight
      {
        let last = blocks.removeLast()
        blocks[blocks.count - 1].sum += last.sum
        blocks[blocks.count - 1].weight += last.weight
        blocks[blocks.count - 1].count += last.count
      }
    }
    var index = 0
    for block in blocks {
      for _ in 0..<block.count {
        centres[rank[index]] = block.sum / block.weight + offsets[index]
        index += 1
      }
    }
  }

  /// Decides all places, and the ways of the edges between them.
  private mutating func place(count: Int, _ chains: [[Int]], centres: [Double]) {
    let left = items.indices.map { centres[$0] - items[$0].width / 2 }.min() ?? 0
    let right = items.indices.map { centres[$0] + items[$0].width / 2 }.max() ?? 0
    var bands: [(top: Double, bottom: Double)] = []
    for rank in ranks {
      let top = bands.last.map { $0.bottom + Self.gap.down } ?? 0
      bands.append((top, top + (rank.map { items[$0].height }.max() ?? 0)))
    }
    (width, height) = (right - left, bands.last?.bottom ?? 0)
    places = (0..<count).map { box in
      let (item, band) = (items[box], bands[items[box].rank])
      return Rectangle(
        left: centres[box] - item.width / 2 - left,
        top: (band.top + band.bottom - item.height) / 2, width: item.width, height: item.height)
    }
    edges = chains.map { chain in
      var points: [Point] = []
      for (index, item) in chain.enumerated() {
        let (x, band) = (centres[item] - left, bands[items[item].rank])
        // Straight through the rank, so that bends lie between ranks, where no box is.
        if index > 0 { points.append(Point(x: x, y: band.top)) }
        if item < count {
          points.append(Point(x: x, y: index == 0 ? places[item].bottom : places[item].top))
        }
        if index < chain.count - 1 { points.append(Point(x: x, y: band.bottom)) }
      }
      return points
    }
  }
}
