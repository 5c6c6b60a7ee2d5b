import DeepLearning
import Foundation

/// What a program runs on, for headers and reports.
enum Machine {
  /// The name of the processor; "unknown" where the system does not tell.
  static var processor: String {
    let line = lines(of: "/proc/cpuinfo").first { $0.hasPrefix("model name") }
    return line?.split(separator: ":", maxSplits: 1).last?
      .trimmingCharacters(in: .whitespaces) ?? "unknown"
  }

  /// How the program was compiled; debug builds of this package are optimised too.
  static var build: String {
    #if DEBUG
      "optimised debug build"
    #else
      "release build"
    #endif
  }

  /// The largest amount of memory that the program has occupied so far; 0 if the system does not tell.
  ///
  /// `ru_maxrss` will not do: see ``hasReplacedAnother``.
  static var peakMemoryBytes: Int {
    let line = lines(of: "/proc/self/status").first { $0.hasPrefix("VmHWM:") }
    let kilobytes = line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap {
      Int($0)
    }
    return (kilobytes ?? 0) * 1024
  }

  /// Whether the process ran a larger program before this one, as `swift run` does: it replaces itself
  /// by the program it has built. `ru_maxrss` remembers the first one's memory.
  static var hasReplacedAnother: Bool {
    #if os(Linux)
      var usage = rusage()
      getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
      // The two counters are not updated at the same moments.
      return Double(usage.ru_maxrss) * 1024 > 1.2 * Double(peakMemoryBytes)
    #else
      return true
    #endif
  }

  /// How long ago the program started; nil if the system does not tell.
  ///
  /// Reads the 22nd field of /proc/self/stat, in clock ticks since the machine was started, which
  /// resolves 10 ms.
  static var secondsSinceStart: Double? {
    #if os(Linux)
      // The second field is the program's name in parentheses, which may hold spaces.
      guard
        let fields = lines(of: "/proc/self/stat").first?.split(separator: ")").last?
          .split(separator: " "), fields.count > 19, let ticks = Double(fields[19])
      else { return nil }
      var now = timespec()
      clock_gettime(CLOCK_BOOTTIME, &now)
      let seconds = Double(now.tv_sec) + Double(now.tv_nsec) * 1e-9
      return max(0, seconds - ticks / Double(sysconf(Int32(_SC_CLK_TCK))))
    #else
      return nil
    #endif
  }

  private static func lines(of path: String) -> [Substring] {
    ((try? String(contentsOfFile: path, encoding: .utf8)) ?? "").split(separator: "\n")
  }
}

/// Counts the seconds since the program started.
struct Stopwatch: Sendable {
  private let beginning: ContinuousClock.Instant

  /// Finds out when the program started.
  ///
  /// If the process ran another program before, that one's time must not count, and the first moment
  /// known is this one.
  init() {
    let age = Machine.hasReplacedAnother ? 0 : Machine.secondsSinceStart ?? 0
    beginning = ContinuousClock.now - .seconds(age)
  }

  var seconds: Double { (ContinuousClock.now - beginning) / .seconds(1) }
}
