import DataFiles
import DeepLearning

/// Districts with the median price of their homes: a part of the Boston housing data.
///
/// ```swift
/// let (train, test) = try BostonHousing.load()
/// let scaled = train.standardized(by: train)
/// let scaledTest = test.standardized(by: train)
/// ```
public struct Houses: Sendable {
  /// Where the data comes from.
  public let origin: DataOrigin
  /// The facts about each district: shape [count, 13].
  public let x: Tensor
  /// The median prices in thousands of dollars: shape [count].
  public let y: Tensor

  /// The short names of the 13 columns of `x`.
  public var featureNames: [String] { BostonHousing.featureNames }

  /// What the 13 columns of `x` are measured in, before they are standardized.
  public var units: [String] { BostonHousing.units }

  /// The number of districts.
  public var count: Int { y.count }

  init(_ table: BostonHousing.Table, rows: ArraySlice<Int32>, origin: DataOrigin) {
    let width = BostonHousing.featureNames.count
    let features = rows.flatMap { row in
      table.features[(Int(row) * width)..<((Int(row) + 1) * width)].map { Float($0) }
    }
    self.init(
      x: Tensor(features, shape: [rows.count, width]),
      y: Tensor(rows.map { Float(table.prices[Int($0)]) }), origin: origin)
  }

  private init(x: Tensor, y: Tensor, origin: DataOrigin) {
    (self.x, self.y, self.origin) = (x, y, origin)
  }

  /// The same districts, each column of `x` shifted and scaled so that in `reference` it has mean 0
  /// and standard deviation 1.
  ///
  /// The training half is the reference for itself and for the test half: nothing about the test
  /// half may be learned from. The standard deviation is that of a population (divided by n), as
  /// NumPy computes it. A column that is the same everywhere in the reference is only shifted.
  public func standardized(by reference: Houses) -> Houses {
    guard reference.count > 0 else {
      fatalError("Houses cannot be standardized by none: the reference is empty.")
    }
    let width = BostonHousing.featureNames.count
    let known = reference.x.scalars
    var scaled = x.scalars
    for column in 0..<width {
      let values = stride(from: column, to: known.count, by: width).map { Double(known[$0]) }
      let mean = values.reduce(0, +) / Double(values.count)
      let variance =
        values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
      let deviation = variance > 0 ? variance.squareRoot() : 1
      for index in stride(from: column, to: scaled.count, by: width) {
        scaled[index] = Float((Double(scaled[index]) - mean) / deviation)
      }
    }
    return Houses(x: Tensor(scaled, shape: x.shape), y: y, origin: origin)
  }

  /// The districts before an index, and those from it on.
  public func split(at index: Int) -> (head: Houses, tail: Houses) {
    guard index >= 0, index <= count else {
      fatalError("\(count) districts cannot be split at \(index).")
    }
    return (
      Houses(x: x[0..<index], y: y[0..<index], origin: origin),
      Houses(x: x[index..<count], y: y[index..<count], origin: origin)
    )
  }
}
