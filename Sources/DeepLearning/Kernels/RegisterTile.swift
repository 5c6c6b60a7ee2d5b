import CVector

/// The innermost loop of convolutions: products are added up to a tile of the result that stays in registers.
///
/// In each step the tile's rows are a factor each, its columns a few vectors that all rows share. With 32 registers that
/// hold a vector a tile has up to 8 rows and 48 columns, elsewhere up to 6 rows and 16 columns: as many sums as the
/// registers hold, so that each number that is loaded takes part in many products.
enum RegisterTile {
  typealias Source = UnsafePointer<Float>
  typealias Target = UnsafeMutablePointer<Float>

  /// The most rows of a tile.
  @inline(__always)
  static var mostRows: Int { vector_has_many_registers() != 0 ? 8 : 6 }

  /// How many of the vectors that are left the next tile takes.
  @inline(__always)
  static func vectors(of left: Int) -> Int {
    if vector_has_many_registers() == 0 { return 1 }
    // Two tiles of two vectors are faster than one of three and one of one.
    return left == 4 ? 2 : min(left, 3)
  }

  /// Calls `body` with the tiles that a row of vectors is cut into: the first vector, and how many.
  @inline(__always)
  static func forEachTile(of vectors: Int, _ body: (_ first: Int, _ count: Int) -> Void) {
    var first = 0
    while first < vectors {
      let count = self.vectors(of: vectors - first)
      body(first, count)
      first += count
    }
  }

  /// Where the operands of each step lie: in runs of steps that are equally far apart.
  struct Steps {
    let runs, length: Int
    /// Where each run begins: left anywhere, right at equal distances. Nil if there are no runs.
    let left: UnsafePointer<Int>?
    let rightStride: Int
    /// From one step to the next.
    let leftStep, rightStep: Int
    /// From one row's factor to the next row's, and from one vector to the next.
    let rowStride, vectorStride: Int
  }

  /// Where a tile's rows and vectors lie.
  struct Place {
    let pointer: Target
    let rowStride, vectorStride: Int

    /// The place of the rows that come after some.
    @inline(__always)
    fileprivate func below(_ rows: Int) -> Place {
      Place(pointer: pointer + rows * rowStride, rowStride: rowStride, vectorStride: vectorStride)
    }

    /// Where a vector of the first row is.
    @inline(__always)
    fileprivate func vector(_ number: Int) -> Target { pointer + number * vectorStride }
  }

  /// Where the sums go.
  struct Ending {
    /// What is added to them, if anything; may be where they go. Vectors are read whole.
    var start: Place?
    let result: Place
    /// How many numbers of each row's last vector are stored.
    var lanes = SIMD16<Float>.scalarCount
    /// Whether negative sums become zero.
    var isRectified = false

    @inline(__always)
    fileprivate func below(_ rows: Int) -> Ending {
      Ending(
        start: start?.below(rows), result: result.below(rows), lanes: lanes,
        isRectified: isRectified)
    }
  }

  /// Computes `result = start + Σ left · right`, a tile after another; the sum for itself, so that long chains of sums
  /// round less.
  ///
  /// - Parameters:
  ///   - rows: any number.
  ///   - vectors: at most what ``vectors(of:)`` says.
  static func add(
    rows: Int, vectors: Int, _ left: Source, _ right: Source, _ steps: Steps, _ ending: Ending
  ) {
    if vector_has_many_registers() != 0 && vectors == 3 {
      add(Vectors3.self, rows, left, right, steps, ending)
    } else if vector_has_many_registers() != 0 && vectors == 2 {
      add(Vectors2.self, rows, left, right, steps, ending)
    } else {
      add(SIMD16<Float>.self, rows, left, right, steps, ending)
    }
  }

  @inline(__always)
  private static func add<Row: TileRow>(
    _: Row.Type, _ rows: Int, _ left: Source, _ right: Source, _ steps: Steps, _ ending: Ending
  ) {
    typealias Two = Rows<Row, Row>
    typealias Four = Rows<Two, Two>
    // Tiles of about equal height.
    let tiles = (rows + mostRows - 1) / mostRows
    var row = 0
    for tile in 0..<tiles {
      let (left, ending) = (left + row * steps.rowStride, ending.below(row))
      let next = rows * (tile + 1) / tiles
      switch next - row {
      case 1: add(Row.self, left, right, steps, ending)
      case 2: add(Two.self, left, right, steps, ending)
      case 3: add(Rows<Two, Row>.self, left, right, steps, ending)
      case 4: add(Four.self, left, right, steps, ending)
      case 5: add(Rows<Four, Row>.self, left, right, steps, ending)
      case 6: add(Rows<Four, Two>.self, left, right, steps, ending)
      case 7: add(Rows<Four, Rows<Two, Row>>.self, left, right, steps, ending)
      default: add(Rows<Four, Four>.self, left, right, steps, ending)
      }
      row = next
    }
  }

  @inline(__always)
  private static func add<Tile: TileRows>(
    _: Tile.Type, _ left: Source, _ right: Source, _ steps: Steps, _ ending: Ending
  ) {
    var tile = Tile()
    let (rowStride, vectorStride) = (steps.rowStride, steps.vectorStride)
    for run in 0..<steps.runs {
      var a = left + (steps.left?[run] ?? 0)
      var b = right + run * steps.rightStride
      for _ in 0..<steps.length {
        tile.add(a, rowStride, Tile.Row(b, vectorStride))
        a += steps.leftStep
        b += steps.rightStep
      }
    }
    if let start = ending.start { tile.add(start) }
    if ending.isRectified { tile.rectify() }
    tile.store(ending.result, lanes: ending.lanes)
  }
}

/// Some rows of a tile; zeros at first.
private protocol TileRows {
  associatedtype Row: TileRow
  static var count: Int { get }
  init()
  /// Adds a factor for each row times the same vectors.
  mutating func add(_ factors: UnsafePointer<Float>, _ rowStride: Int, _ vectors: Row)
  /// Adds what stands somewhere.
  mutating func add(_ place: RegisterTile.Place)
  mutating func rectify()
  /// - Parameter lanes: how many numbers of each row's last vector are stored.
  func store(_ place: RegisterTile.Place, lanes: Int)
}

/// One row of a tile: some vectors side by side.
private protocol TileRow: TileRows where Row == Self {
  init(_ source: UnsafePointer<Float>, _ vectorStride: Int)
}

extension TileRow {
  @inline(__always)
  static var count: Int { 1 }
}

/// Rows above other rows.
private struct Rows<Upper: TileRows, Lower: TileRows>: TileRows where Upper.Row == Lower.Row {
  typealias Row = Upper.Row
  private var upper = Upper()
  private var lower = Lower()

  @inline(__always)
  init() {}

  @inline(__always)
  static var count: Int { Upper.count + Lower.count }

  @inline(__always)
  mutating func add(_ factors: UnsafePointer<Float>, _ rowStride: Int, _ vectors: Row) {
    upper.add(factors, rowStride, vectors)
    lower.add(factors + Upper.count * rowStride, rowStride, vectors)
  }

  @inline(__always)
  mutating func add(_ place: RegisterTile.Place) {
    upper.add(place)
    lower.add(place.below(Upper.count))
  }

  @inline(__always)
  mutating func rectify() {
    upper.rectify()
    lower.rectify()
  }

  @inline(__always)
  func store(_ place: RegisterTile.Place, lanes: Int) {
    upper.store(place, lanes: lanes)
    lower.store(place.below(Upper.count), lanes: lanes)
  }
}

extension SIMD16<Float>: TileRow, TileRows {
  fileprivate typealias Row = Self

  @inline(__always)
  fileprivate init(_ source: UnsafePointer<Float>, _ vectorStride: Int) {
    self = vector_load(source)
  }

  @inline(__always)
  fileprivate mutating func add(
    _ factors: UnsafePointer<Float>, _ rowStride: Int, _ vectors: Self
  ) {
    self = vector_fma(Self(repeating: factors[0]), vectors, self)
  }

  @inline(__always)
  fileprivate mutating func add(_ place: RegisterTile.Place) { self += vector_load(place.pointer) }

  @inline(__always)
  fileprivate mutating func rectify() { replace(with: 0, where: self .< 0) }

  @inline(__always)
  fileprivate func store(_ place: RegisterTile.Place, lanes: Int) {
    vector_store_first(self, place.pointer, lanes)
  }
}

private struct Vectors2: TileRow {
  typealias Row = Self
  private var a, b: SIMD16<Float>

  @inline(__always)
  init() { (a, b) = (.zero, .zero) }

  @inline(__always)
  init(_ source: UnsafePointer<Float>, _ vectorStride: Int) {
    (a, b) = (vector_load(source), vector_load(source + vectorStride))
  }

  @inline(__always)
  mutating func add(_ factors: UnsafePointer<Float>, _ rowStride: Int, _ vectors: Self) {
    let factor = SIMD16<Float>(repeating: factors[0])
    a = vector_fma(factor, vectors.a, a)
    b = vector_fma(factor, vectors.b, b)
  }

  @inline(__always)
  mutating func add(_ place: RegisterTile.Place) {
    a += vector_load(place.pointer)
    b += vector_load(place.vector(1))
  }

  @inline(__always)
  mutating func rectify() {
    a.rectify()
    b.rectify()
  }

  @inline(__always)
  func store(_ place: RegisterTile.Place, lanes: Int) {
    vector_store(a, place.pointer)
    vector_store_first(b, place.vector(1), lanes)
  }
}

private struct Vectors3: TileRow {
  typealias Row = Self
  private var a, b, c: SIMD16<Float>

  @inline(__always)
  init() { (a, b, c) = (.zero, .zero, .zero) }

  @inline(__always)
  init(_ source: UnsafePointer<Float>, _ vectorStride: Int) {
    (a, b) = (vector_load(source), vector_load(source + vectorStride))
    c = vector_load(source + 2 * vectorStride)
  }

  @inline(__always)
  mutating func add(_ factors: UnsafePointer<Float>, _ rowStride: Int, _ vectors: Self) {
    let factor = SIMD16<Float>(repeating: factors[0])
    a = vector_fma(factor, vectors.a, a)
    b = vector_fma(factor, vectors.b, b)
    c = vector_fma(factor, vectors.c, c)
  }

  @inline(__always)
  mutating func add(_ place: RegisterTile.Place) {
    a += vector_load(place.pointer)
    b += vector_load(place.vector(1))
    c += vector_load(place.vector(2))
  }

  @inline(__always)
  mutating func rectify() {
    a.rectify()
    b.rectify()
    c.rectify()
  }

  @inline(__always)
  func store(_ place: RegisterTile.Place, lanes: Int) {
    vector_store(a, place.pointer)
    vector_store(b, place.vector(1))
    vector_store_first(c, place.vector(2), lanes)
  }
}
