/// Windows over a text, each character as a row with a single one, without a single row being written out.
///
/// 200,000 windows of 60 characters out of 57 would take 2.7 GB as numbers. Recurrent layers read the characters
/// themselves: a product with a row that has a single one picks a row of the kernel. Other layers get the
/// rows written out, batch by batch.
public struct OneHotWindows: Sendable {
  /// The text as numbers below ``depth``.
  public let ids: [Int32]
  /// For each sample where its window begins.
  public let starts: [Int]
  /// The number of characters in a window.
  public let length: Int
  /// The number of different characters.
  public let depth: Int

  /// Creates windows over a text.
  ///
  /// - Parameters:
  ///   - ids: the text as numbers of at least 0, below `depth`.
  ///   - starts: for each sample where its window begins.
  ///   - length: the number of characters in a window.
  ///   - depth: the number of different characters.
  public init(_ ids: [Int32], starts: [Int], length: Int, depth: Int) {
    require(
      length > 0 && depth > 0,
      "A window needs a length and a depth of at least 1, not \(length) and \(depth).")
    for id in ids where id < 0 || id >= depth {
      fail(
        "Character \(id) is out of range 0..<\(depth). Raise `depth`, or leave the character out.")
    }
    for start in starts where start < 0 || start > ids.count - length {
      fail(
        "A window of \(length) characters cannot begin at \(start) of a text of \(ids.count) characters. Starts run from 0 to \(ids.count - length)."
      )
    }
    (self.ids, self.starts, self.length, self.depth) = (ids, starts, length, depth)
  }

  private init(_ source: OneHotWindows, starts: [Int]) {
    (ids, length, depth) = (source.ids, source.length, source.depth)
    self.starts = starts
  }

  /// The number of samples.
  public var count: Int { starts.count }
  /// `[samples, length, depth]`
  public var shape: Shape { [count, length, depth] }

  /// The samples of a range.
  public subscript(range: Range<Int>) -> OneHotWindows {
    OneHotWindows(self, starts: Array(starts[range]))
  }

  /// The samples with the given numbers, in that order.
  func gathering(_ rows: ArraySlice<Int>) -> OneHotWindows {
    OneHotWindows(self, starts: rows.map { starts[$0] })
  }

  /// All samples written out.
  public var tensor: Tensor {
    Tensor(shape: shape) { target in
      target.update(repeating: 0)
      for (sample, start) in starts.enumerated() {
        for timeStep in 0..<length {
          target[(sample * length + timeStep) * depth + Int(ids[start + timeStep])] = 1
        }
      }
    }
  }
}

extension OneHotWindows: SamplesConvertible {
  /// One window a sample.
  public var samples: Samples { .oneHot(self) }
}
