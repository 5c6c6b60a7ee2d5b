import Foundation

/// What the system tells about the machine and this process.
enum Machine {
  /// The clock that all processes of the machine share, in nanoseconds.
  static var monotonicNanoseconds: UInt64 {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    return UInt64(now.tv_sec) * 1_000_000_000 + UInt64(now.tv_nsec)
  }

  /// The name of the processor; "unknown processor" where the system does not tell.
  static var processor: String {
    let line = lines(of: "/proc/cpuinfo").first { $0.hasPrefix("model name") }
    return line?.split(separator: ":", maxSplits: 1).last?
      .trimmingCharacters(in: .whitespaces) ?? "unknown processor"
  }

  /// How many programs wanted to run at a time during the last minute.
  static var loadAverage: Double {
    var load = 0.0
    return getloadavg(&load, 1) == 1 ? load : 0
  }

  /// The largest amount of memory that this process has occupied.
  ///
  /// Linux' `ru_maxrss` still counts the process that this one was started from, so the kernel's
  /// status file is asked there.
  static var peakMemoryBytes: Int {
    #if os(Linux)
      let line = lines(of: "/proc/self/status").first { $0.hasPrefix("VmHWM:") }
      let kilobytes = line?.split(whereSeparator: \.isWhitespace).dropFirst().first
      return 1024 * (kilobytes.flatMap { Int($0) } ?? 0)
    #else
      var usage = rusage()
      getrusage(RUSAGE_SELF, &usage)
      return usage.ru_maxrss
    #endif
  }

  private static func lines(of path: String) -> [Substring] {
    ((try? String(contentsOfFile: path, encoding: .utf8)) ?? "").split(separator: "\n")
  }

  /// Counts the processor time that programs other than this one and its children use.
  struct Usage {
    private let beginning = Sample()

    /// The share of the machine that others have used since this was created; nil if unknown.
    var shareUsedByOthers: Double? {
      let now = Sample()
      guard let before = beginning.everybody, let after = now.everybody, after.all > before.all
      else { return nil }
      let others = (after.busy - before.busy) - (now.own - beginning.own)
      return max(0, others / (after.all - before.all))
    }

    private struct Sample {
      /// Seconds of all cores together since the machine was started: working, and in all.
      var everybody: (busy: Double, all: Double)?
      /// Seconds of this process and of its children that have ended.
      var own = 0.0

      init() {
        let perSecond = Double(sysconf(Int32(_SC_CLK_TCK)))
        let fields = Machine.lines(of: "/proc/stat").first?.split(separator: " ").dropFirst()
        // user, nice, system, idle, waiting for disks, interrupts (2), stolen by other guests
        let ticks = (fields ?? []).prefix(8).compactMap { Double($0) }
        if ticks.count == 8 {
          let all = ticks.reduce(0, +)
          everybody = ((all - ticks[3] - ticks[4]) / perSecond, all / perSecond)
        }
        var used = tms()
        _ = times(&used)
        own =
          Double(used.tms_utime + used.tms_stime + used.tms_cutime + used.tms_cstime) / perSecond
      }
    }
  }
}
