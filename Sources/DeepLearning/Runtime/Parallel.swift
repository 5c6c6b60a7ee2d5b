import CVector
import Foundation

/// Spreads work over the processor's cores.
///
/// All of the engine's threads come from one pool. OpenBLAS (and oneDNN, with its trait) is told to use a single
/// thread and is called once per core with a part of the work: pools of their own would wait
/// actively for the same few cores.
public enum Parallel {
  /// The number of cores that work started from here may use.
  @TaskLocal static var width = cores

  /// The number of cores that the process may use.
  ///
  /// `taskset` can make it less than the machine has, and so can `DLWP_THREADS` in the environment.
  static let cores: Int = {
    let allowed = Int(processor_core_count())
    let available = allowed > 0 ? allowed : ProcessInfo.processInfo.activeProcessorCount
    let wanted = ProcessInfo.processInfo.environment["DLWP_THREADS"].flatMap(Int.init) ?? available
    return max(min(wanted, available), 1)
  }()

  /// The number of cores that kernels use when called from here.
  public static var threads: Int { width }

  /// Calls `body` with consecutive ranges that together cover `0..<count`, one range per core.
  ///
  /// - Parameters:
  ///   - count: the number of elements.
  ///   - grain: the smallest number of elements worth a core of its own.
  ///   - alignment: what ranges start at multiples of, a power of two.
  static func ranges(
    _ count: Int, grain: Int, alignment: Int = 16, _ body: (Range<Int>) -> Void
  ) {
    processor_flush_subnormals()
    if count < 2 * grain { return body(0..<count) }
    let pieces = min(width, count / grain)
    if pieces < 2 { return body(0..<count) }
    run(pieces) { body(part($0, of: pieces, count, alignment: alignment)) }
  }

  /// Copies rows of `length` numbers from and to places that lie some numbers apart; all cores share what is large.
  static func copy(
    _ rows: Int, _ length: Int, from source: UnsafePointer<Float>, _ sourceStride: Int,
    to target: UnsafeMutablePointer<Float>, _ targetStride: Int
  ) {
    ranges(rows * length, grain: 1 << 15) { range in
      var place = range.lowerBound
      while place < range.upperBound {
        let (row, column) = place.quotientAndRemainder(dividingBy: length)
        let count = min(length - column, range.upperBound - place)
        (target + row * targetStride + column)
          .update(from: source + row * sourceStride + column, count: count)
        place += count
      }
    }
  }

  /// One of several ranges that together cover `0..<count` and start at multiples of `alignment`.
  static func part(
    _ piece: Int, of pieces: Int, _ count: Int, alignment: Int = 16
  ) -> Range<Int> {
    let start = (count * piece / pieces) & ~(alignment - 1)
    let end =
      piece + 1 == pieces ? count : (count * (piece + 1) / pieces) & ~(alignment - 1)
    return start..<end
  }

  /// Calls `body` with every number below `pieces`, side by side as far as there are cores.
  static func run(_ pieces: Int, _ body: (Int) -> Void) {
    processor_flush_subnormals()
    if pieces < 2 || width < 2 {
      for piece in 0..<pieces { body(piece) }
    } else {
      WorkerPool.shared.run(pieces, body)
    }
  }

  /// Runs independent pieces of work side by side, one core each, and returns their results in order.
  ///
  /// Inside a piece every kernel stays on its core, so that the result does not depend on how many
  /// cores there are: folds of a cross-validation, runs with several seeds.
  ///
  /// - Throws: the error of the first piece, in order, that failed.
  public static func map<Result: Sendable>(
    _ count: Int, _ body: @Sendable (Int) throws -> Result
  ) throws -> [Result] {
    var results = [Swift.Result<Result, any Error>?](repeating: nil, count: count)
    results.withUnsafeMutableBufferPointer { results in
      // Each piece writes its own element.
      nonisolated(unsafe) let results = results
      run(count) { index in
        $width.withValue(1) { results[index] = Swift.Result { try body(index) } }
      }
    }
    return try results.compactMap { try $0?.get() }
  }
}
