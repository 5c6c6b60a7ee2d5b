import DataFiles
import DeepLearning
import Dispatch
import Synchronization

/// Handwritten digits, or pieces of clothing, with their labels: half of MNIST or of
/// Fashion-MNIST, or a part of it.
///
/// ```swift
/// let (train, test) = try MNIST.load()
/// try network.fit(train.x, train.oneHot, epochs: 5, batchSize: 128)
/// print(network.evaluate(test.x, test.oneHot).accuracy)
/// ```
///
/// Pixels are kept as bytes. The numbers that a network takes need four times the room; they are
/// made when first asked for, and shared by all parts of the same half.
public struct Digits: Sendable {
  /// Where the pictures come from.
  public let origin: DataOrigin
  /// What the classes are called, by label.
  public let classNames: [String]
  /// The class of each picture, 0 to 9.
  public let labels: [Int32]
  private let whole: Whole
  /// The part of `whole`.
  private let range: Range<Int>

  /// The pictures of a half, as bytes and as numbers.
  private final class Whole: Sendable {
    let set: DigitSet
    let count: Int
    private let numbers = Mutex<Tensor?>(nil)

    init(_ set: DigitSet, count: Int) { (self.set, self.count) = (set, count) }

    /// Shape [count, 784].
    var scaled: Tensor {
      numbers.withLock { numbers in
        if let numbers { return numbers }
        let made = Tensor(
          shape: [count, DigitSet.area],
          initializingWith: { scale(set.pixels, into: $0) })
        numbers = made
        return made
      }
    }
  }

  init(_ set: DigitSet, count: Int, classNames: [String], origin: DataOrigin) {
    (self.origin, self.classNames) = (origin, classNames)
    whole = Whole(set, count: count)
    range = 0..<count
    labels = Array(set.labels[range])
  }

  private init(_ half: Digits, range: Range<Int>) {
    (origin, classNames, whole, self.range) = (half.origin, half.classNames, half.whole, range)
    labels = Array(half.whole.set.labels[range])
  }

  /// The number of pictures.
  public var count: Int { range.count }

  /// The pictures as vectors: shape [count, 784], 0 for background to 1 for ink.
  public var x: Tensor {
    let all = whole.scaled
    guard range.count < whole.count, case .dense(let part) = Samples.dense(all)[range] else {
      return all
    }
    return part
  }

  /// The pictures as bytes, for convolutions: shape [count, 28, 28, 1], 0 for background to 1 for ink once they are
  /// numbers. Numbers are made only batch by batch.
  public var pictures: Pixels {
    let bytes = whole.set.pixels
    let part = (range.lowerBound * DigitSet.area)..<(range.upperBound * DigitSet.area)
    return Pixels(
      part == bytes.indices ? bytes : Array(bytes[part]),
      shape: [count, DigitSet.side, DigitSet.side, 1])
  }

  /// The pictures: shape [count, 28, 28], 0 for background to 1 for ink. Shares the memory of `x`.
  public var images: Tensor { x.reshaped([count, DigitSet.side, DigitSet.side]) }

  /// The labels as vectors: shape [count, 10], 1 in the column of the class and 0 elsewhere.
  public var oneHot: Tensor { .oneHot(labels, classes: DigitSet.classes) }

  /// The 784 pixels of one picture, row by row from the top: 0 for background, 255 for ink.
  public func pixels(_ index: Int) -> [UInt8] {
    guard index >= 0, index < count else {
      fatalError("There is no picture \(index): there are \(count).")
    }
    let start = (range.lowerBound + index) * DigitSet.area
    return Array(whole.set.pixels[start..<(start + DigitSet.area)])
  }

  /// The pictures before an index, and those from it on.
  public func split(at index: Int) -> (head: Digits, tail: Digits) {
    guard index >= 0, index <= count else {
      fatalError("\(count) pictures cannot be split at \(index).")
    }
    let middle = range.lowerBound + index
    return (
      Digits(self, range: range.lowerBound..<middle),
      Digits(self, range: middle..<range.upperBound)
    )
  }
}

extension Tensor {
  /// Labels as rows of zeros with a 1 in the column of the label: shape [count, classes].
  static func oneHot(_ labels: [Int32], classes: Int) -> Tensor {
    Tensor(shape: [labels.count, classes]) { buffer in
      buffer.update(repeating: 0)
      for (row, label) in labels.enumerated() { buffer[row * classes + Int(label)] = 1 }
    }
  }
}

/// Divides bytes by 255, as many as there is room for; a table has every quotient.
private func scale(_ bytes: [UInt8], into target: UnsafeMutableBufferPointer<Float>) {
  let quotients = (0...255).map { Float($0) / 255 }
  let parts = 4
  bytes.withUnsafeBufferPointer { bytes in
    quotients.withUnsafeBufferPointer { quotients in
      nonisolated(unsafe) let (bytes, quotients, target) = (bytes, quotients, target)
      DispatchQueue.concurrentPerform(iterations: parts) { part in
        for index in (target.count * part / parts)..<(target.count * (part + 1) / parts) {
          target[index] = quotients[Int(bytes[index])]
        }
      }
    }
  }
}
