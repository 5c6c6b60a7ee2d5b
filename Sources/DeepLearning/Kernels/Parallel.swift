import Dispatch
import Foundation

/// Spreads work over the processor's cores.
///
/// oneDNN brings a pool of OpenMP threads that wait actively for the next piece of work; a second pool
/// beside it would fight it for the cores. So loops run on OpenMP's pool where oneDNN has loaded it
/// (about 1 µs to start), and on Dispatch otherwise.
public enum Parallel {
  /// The number of cores that work started from here may use.
  @TaskLocal static var width = ProcessInfo.processInfo.activeProcessorCount

  /// The number of cores that kernels use when called from here.
  public static var threads: Int { width }

  /// Calls `body` with consecutive ranges that together cover `0..<count`, one range per core.
  ///
  /// - Parameters:
  ///   - count: the number of elements.
  ///   - grain: the smallest number of elements worth a core of its own. Ranges start at multiples of 16.
  static func ranges(_ count: Int, grain: Int, _ body: (Range<Int>) -> Void) {
    if count < 2 * grain { return body(0..<count) }
    let pieces = min(width, count / grain)
    if pieces < 2 { return body(0..<count) }
    func bound(_ piece: Int) -> Int {
      piece == pieces ? count : (count * piece / pieces) & ~15
    }
    run(pieces) { piece in body(bound(piece)..<bound(piece + 1)) }
  }

  /// Calls `body` with every number below `pieces`, each on a thread of its own as far as cores allow.
  static func run(_ pieces: Int, _ body: (Int) -> Void) {
    if pieces < 2 || width < 2 {
      for piece in 0..<pieces { body(piece) }
    } else if let openMP {
      openMP.run(pieces, body)
    } else {
      // Dispatch returns only when all pieces are done; nothing escapes.
      withoutActuallyEscaping(body) { body in
        nonisolated(unsafe) let body = body
        DispatchQueue.concurrentPerform(iterations: pieces) { body($0) }
      }
    }
  }

  /// Runs independent pieces of work side by side, one core each, and returns their results in order.
  ///
  /// Inside a piece every kernel stays on its core, so that the result does not depend on how many
  /// cores there are: folds of a cross-validation, runs with several seeds.
  ///
  /// - Throws: the error of the first piece, in order, that failed.
  public static func map<Result: Sendable>(
    _ count: Int, _ body: @escaping @Sendable (Int) throws -> Result
  ) throws -> [Result] {
    let results = Results<Result>(count)
    DispatchQueue.concurrentPerform(iterations: count) { index in
      $width.withValue(1) {
        openMP?.setThreads(1)
        defer { openMP?.setThreads(ProcessInfo.processInfo.activeProcessorCount) }
        results.set(index, Swift.Result { try body(index) })
      }
    }
    return try results.all()
  }

  /// A place for each piece's result, filled from several threads.
  private final class Results<Value: Sendable>: @unchecked Sendable {
    private let lock = NSLock()
    private var values: [Swift.Result<Value, any Error>?]

    init(_ count: Int) { values = Array(repeating: nil, count: count) }

    func set(_ index: Int, _ value: Swift.Result<Value, any Error>) {
      lock.withLock { values[index] = value }
    }

    func all() throws -> [Value] { try lock.withLock { try values.compactMap { try $0?.get() } } }
  }

  private static let openMP = OpenMP()
}

/// The OpenMP runtime, if a library of this process has loaded one with GNU's interface.
private struct OpenMP: Sendable {
  private typealias Region = @convention(c) (UnsafeMutableRawPointer?) -> Void
  private typealias Fork = @convention(c) (Region, UnsafeMutableRawPointer?, UInt32, UInt32) -> Void

  private let fork: Fork
  private let thread: @convention(c) () -> Int32
  private let team: @convention(c) () -> Int32
  private let setCount: @convention(c) (Int32) -> Void

  init?() {
    let program = dlopen(nil, RTLD_NOW)
    guard let fork = dlsym(program, "GOMP_parallel"),
      let thread = dlsym(program, "omp_get_thread_num"),
      let team = dlsym(program, "omp_get_num_threads"),
      let setCount = dlsym(program, "omp_set_num_threads")
    else { return nil }
    self.fork = unsafeBitCast(fork, to: Fork.self)
    self.thread = unsafeBitCast(thread, to: (@convention(c) () -> Int32).self)
    self.team = unsafeBitCast(team, to: (@convention(c) () -> Int32).self)
    self.setCount = unsafeBitCast(setCount, to: (@convention(c) (Int32) -> Void).self)
  }

  /// The number of OpenMP threads that libraries called from this thread use.
  func setThreads(_ count: Int) { setCount(Int32(count)) }

  func run(_ pieces: Int, _ body: (Int) -> Void) {
    withoutActuallyEscaping(body) { body in
      var job = Job(pieces: pieces, body: body, thread: thread, team: team)
      withUnsafeMutablePointer(to: &job) { pointer in
        fork(
          { context in
            guard let job = context?.assumingMemoryBound(to: Job.self) else { return }
            let (first, step) = (Int(job.pointee.thread()), Int(job.pointee.team()))
            for piece in stride(from: first, to: job.pointee.pieces, by: step) {
              job.pointee.body(piece)
            }
          }, pointer, UInt32(pieces), 0)
      }
    }
  }

  private struct Job {
    let pieces: Int
    let body: (Int) -> Void
    let thread: @convention(c) () -> Int32
    let team: @convention(c) () -> Int32
  }
}
