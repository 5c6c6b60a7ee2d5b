/// A matrix of which each row holds few non-zero elements, such as multi-hot encoded texts.
///
/// Only the non-zero elements are kept (compressed sparse rows): 25,000 reviews over 10,000 words
/// take 14 MB instead of 1 GB. `Dense` multiplies it directly. Batches and slices share the elements
/// of the matrix that they were taken from.
public struct SparseRows: Sendable {
  /// The number of columns.
  public let columns: Int

  private let elements: Elements
  /// Where the elements of each row begin and end.
  let bounds: [Range<Int32>]

  /// The column numbers of all rows one after another, and what stands there.
  private final class Elements: Sendable {
    let indices: [Int32]
    let values: [Float]?
    /// The column up to which half of all elements lie: where two cores share a gradient evenly.
    let median: Int32

    init(indices: [Int32], values: [Float]?, columns: Int) {
      self.indices = indices
      self.values = values
      var histogram = [Int](repeating: 0, count: columns)
      for index in indices { histogram[Int(index)] += 1 }
      var (column, seen) = (0, 0)
      while column < columns, seen < indices.count / 2 {
        seen += histogram[column]
        column += 1
      }
      median = Int32(column)
    }
  }

  /// Creates a matrix from its non-zero elements.
  ///
  /// - Parameters:
  ///   - columns: the number of columns.
  ///   - starts: for each row the position of its first element in `indices`, then `indices.count`.
  ///   - indices: the columns of the elements, ascending and distinct within a row.
  ///   - values: the elements; all are 1 if left out.
  public init(columns: Int, starts: [Int32], indices: [Int32], values: [Float]? = nil) {
    require(
      starts.first == 0 && starts.last == Int32(indices.count),
      "The row starts of a sparse matrix must run from 0 to the number of its elements.")
    require(
      values == nil || values?.count == indices.count,
      "A sparse matrix needs one value for each of its \(indices.count) column numbers.")
    let bounds = zip(starts, starts.dropFirst()).map { start, end in
      require(start <= end, "The row starts of a sparse matrix must ascend.")
      return start..<end
    }
    for row in bounds {
      var previous: Int32 = -1
      for position in row {
        let column = indices[Int(position)]
        require(
          column > previous && column < columns,
          "The columns of a sparse row must ascend and lie below \(columns).")
        previous = column
      }
    }
    self.columns = columns
    self.bounds = bounds
    elements = Elements(indices: indices, values: values, columns: columns)
  }

  private init(_ source: SparseRows, bounds: [Range<Int32>]) {
    columns = source.columns
    elements = source.elements
    self.bounds = bounds
  }

  /// Encodes sequences of column numbers as rows with a 1 in each column named at least once.
  ///
  /// - Parameters:
  ///   - sequences: the column numbers of each row, in any order, repeated or not.
  ///   - columns: the number of columns; larger column numbers are left out.
  public init(multiHot sequences: some Sequence<some Sequence<Int>>, columns: Int) {
    var starts: [Int32] = [0]
    var indices: [Int32] = []
    for sequence in sequences {
      indices += Set(sequence.filter { $0 >= 0 && $0 < columns }).sorted().map(Int32.init)
      starts.append(Int32(indices.count))
    }
    self.init(columns: columns, starts: starts, indices: indices)
  }

  /// The number of rows.
  public var count: Int { bounds.count }
  /// `[rows, columns]`.
  public var shape: Shape { [count, columns] }
  /// The column up to which half of the elements of the whole matrix lie.
  var medianColumn: Int32 { elements.median }
  var indices: [Int32] { elements.indices }
  var values: [Float]? { elements.values }

  /// The rows of a range, sharing the elements.
  public subscript(range: Range<Int>) -> SparseRows {
    require(
      range.lowerBound >= 0 && range.upperBound <= count,
      "Rows \(range) do not exist in a sparse matrix of shape \(shape).")
    return SparseRows(self, bounds: Array(bounds[range]))
  }

  /// The rows with the given numbers, in that order, sharing the elements.
  func gathering(rows: ArraySlice<Int>) -> SparseRows {
    SparseRows(self, bounds: rows.map { bounds[$0] })
  }

  /// The columns of the elements of one row, ascending.
  public func columns(ofRow row: Int) -> ArraySlice<Int32> {
    indices[Int(bounds[row].lowerBound)..<Int(bounds[row].upperBound)]
  }

  /// The same matrix with its zeros written out.
  public var dense: Tensor {
    Tensor(shape: shape) { buffer in
      buffer.update(repeating: 0)
      for (row, range) in bounds.enumerated() {
        for position in range {
          buffer[row * columns + Int(indices[Int(position)])] = values?[Int(position)] ?? 1
        }
      }
    }
  }
}
