/// What a model is fed or compared with: as many samples as targets, in one of six forms.
public enum Samples: Sendable {
  /// Numbers; the first axis counts the samples.
  case dense(Tensor)
  /// Mostly zeros, one row a sample.
  case sparse(SparseRows)
  /// Whole numbers: class labels `[count]`, or token ids `[count, length]`.
  case integers([Int32], shape: Shape)
  /// Pictures as bytes; the first axis counts the samples.
  case pixels(Pixels)
  /// Windows over a table of measurements.
  case windows(TimeSeriesWindows)
  /// Windows over a text, a row with a single one for each character.
  case oneHot(OneHotWindows)

  /// The number of samples.
  public var count: Int { shape.rank == 0 ? 1 : shape[0] }

  /// The extents, samples first.
  public var shape: Shape {
    switch self {
    case .dense(let tensor): tensor.shape
    case .sparse(let rows): rows.shape
    case .integers(_, let shape): shape
    case .pixels(let pixels): pixels.shape
    case .windows(let windows): windows.shape
    case .oneHot(let windows): windows.shape
    }
  }

  /// The samples of a range.
  public subscript(range: Range<Int>) -> Samples {
    switch self {
    case .dense(let tensor): return .dense(tensor.rows(range))
    case .sparse(let rows): return .sparse(rows[range])
    case .pixels(let pixels): return .pixels(pixels[range])
    case .windows(let windows): return .windows(windows[range])
    case .oneHot(let windows): return .oneHot(windows[range])
    case .integers(let values, let shape):
      let size = shape.droppingFirst.elementCount
      return .integers(
        Array(values[range.lowerBound * size..<range.upperBound * size]),
        shape: shape.droppingFirst.prepending(range.count))
    }
  }

  /// The samples with the given numbers, in that order.
  func gathering(_ rows: ArraySlice<Int>) -> Samples {
    switch self {
    case .dense(let tensor): return .dense(tensor.gathering(rows: rows))
    case .sparse(let matrix): return .sparse(matrix.gathering(rows: rows))
    case .pixels(let pixels): return .dense(pixels.gathering(rows))
    case .windows(let windows): return .dense(windows.gathering(rows))
    case .oneHot(let windows): return .oneHot(windows.gathering(rows))
    case .integers(let values, let shape):
      let sample = shape.droppingFirst
      let size = sample.elementCount
      let gathered = [Int32](unsafeUninitializedCapacity: rows.count * size) { target, count in
        values.withUnsafeBufferPointer { values in
          guard let from = values.baseAddress, let to = target.baseAddress else { return }
          for (position, row) in rows.enumerated() {
            require(
              row >= 0 && (row + 1) * size <= values.count,
              "Sample \(row) does not exist: there are \(shape[0]).")
            (to + position * size).update(from: from + row * size, count: size)
          }
          count = rows.count * size
        }
      }
      return .integers(gathered, shape: sample.prepending(rows.count))
    }
  }

  /// The numbers as a tensor; `owner` names the layer or loss that needs them so.
  public func tensor(for owner: @autoclosure () -> String) -> Tensor {
    switch self {
    case .dense(let tensor): tensor
    case .pixels(let pixels): pixels.tensor
    case .windows(let windows): windows.tensor
    case .oneHot(let windows): windows.tensor
    case .sparse:
      fail(
        "\(owner()) takes a dense tensor, but got sparse rows. Put a Dense layer first, or use `.dense`."
      )
    case .integers:
      fail("\(owner()) takes a tensor of numbers, but got whole numbers. Encode them first.")
    }
  }
}

/// A type whose values can be fed to a model: `Tensor`, `SparseRows`, `[Int32]`, `Pixels`, `TimeSeriesWindows`,
/// `OneHotWindows` and `Samples` itself.
public protocol SamplesConvertible {
  /// The value as samples.
  var samples: Samples { get }
}

extension Tensor: SamplesConvertible {
  /// The rows of the first axis.
  public var samples: Samples { .dense(self) }
}

extension SparseRows: SamplesConvertible {
  /// One sample a row.
  public var samples: Samples { .sparse(self) }
}

extension [Int32]: SamplesConvertible {
  /// One whole number a sample, such as a class label.
  public var samples: Samples { .integers(self, shape: [count]) }
}

extension Samples: SamplesConvertible {
  /// Itself.
  public var samples: Samples { self }
}
