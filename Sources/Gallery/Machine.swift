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
  /// `swift run` replaces itself by the program it has built, and `ru_maxrss` then still counts
  /// the compiler driver's memory. The kernel's status file does not.
  static var peakMemoryBytes: Int {
    let line = lines(of: "/proc/self/status").first { $0.hasPrefix("VmHWM:") }
    let kilobytes = line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap {
      Int($0)
    }
    return (kilobytes ?? 0) * 1024
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
struct Stopwatch {
  private let beginning: ContinuousClock.Instant

  /// Finds out when the program started.
  ///
  /// `swift run` replaces itself by the program, which then seems to have started before it was
  /// built. No program takes half a second from its start to here, so in that case time counts
  /// from here.
  init() {
    let age = Machine.secondsSinceStart ?? 0
    beginning = ContinuousClock.now - .seconds(age < 0.5 ? age : 0)
  }

  var seconds: Double { (ContinuousClock.now - beginning) / .seconds(1) }
}
