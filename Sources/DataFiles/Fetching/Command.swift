import Foundation

/// A program that is started to do one thing, and what it said.
struct Command {
  /// Its exit code, or nil if a signal ended it.
  let code: Int32?
  /// What it wrote to standard output and standard error.
  let output: String
  /// Whether it was ended because it went too far.
  var wasStopped = false

  /// The last line of the output that says something, for error messages.
  var lastLine: String {
    let line = output.split(whereSeparator: \.isNewline).last ?? ""
    return line.trimmingCharacters(in: .whitespaces)
  }

  /// Runs a program to its end.
  ///
  /// It belongs to the same process group, so that Ctrl-C ends it as well.
  ///
  /// - Parameters:
  ///   - arguments: the name of the program, looked up in the search path, and its arguments.
  ///   - target: a file that takes its standard output.
  ///   - environment: variables for it, beside those that there are.
  ///   - isWithinBounds: asked about ten times a second; when it says no the program is ended.
  /// - Returns: nil if the program is not installed.
  static func run(
    _ arguments: [String], writingTo target: Int32? = nil, environment: [String: String] = [:],
    while isWithinBounds: () -> Bool = { true }
  ) throws -> Command? {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { throw DataError("No pipe: \(String(cString: strerror(errno))).") }
    defer { close(ends[0]) }
    let started: pid_t?
    do {
      defer { close(ends[1]) }
      started = try start(
        arguments, environment, output: ends[1], target: target, unused: ends[0])
    }
    guard let process = started else { return nil }
    var collected = [UInt8]()
    var piece = [UInt8](repeating: 0, count: 4096)
    var status: Int32 = 0
    var (hasEnded, wasStopped, isOpen) = (false, false, true)
    // Another process that holds the pipe may keep writing after the program has ended.
    var leftAfterEnd = 64
    var nextQuestion = ContinuousClock.now
    while !hasEnded || (isOpen && leftAfterEnd > 0) {
      // A negative number is only waited for.
      var watched = pollfd(fd: isOpen ? ends[0] : -1, events: Int16(POLLIN), revents: 0)
      let ready = poll(&watched, 1, hasEnded ? 0 : isOpen ? 100 : 10)
      if ready > 0 {
        let count = read(ends[0], &piece, piece.count)
        isOpen = count > 0 || count < 0 && errno == EINTR
        // The end of a long output is what tells why something failed.
        collected.append(contentsOf: piece[..<max(count, 0)])
        if collected.count > 1 << 16 { collected.removeFirst(1 << 15) }
      }
      if hasEnded {
        leftAfterEnd = ready > 0 ? leftAfterEnd - 1 : 0
        continue
      }
      if ContinuousClock.now >= nextQuestion {
        nextQuestion = .now + .milliseconds(100)
        if !wasStopped, !isWithinBounds() {
          wasStopped = true
          kill(process, SIGKILL)
        }
      }
      let ended = waitpid(process, &status, WNOHANG)
      hasEnded = ended == process || ended < 0 && errno == ECHILD
    }
    return Command(
      code: status & 0x7f == 0 ? status >> 8 & 0xff : nil,
      output: String(decoding: collected, as: UTF8.self), wasStopped: wasStopped)
  }

  private static func start(
    _ arguments: [String], _ environment: [String: String], output: Int32, target: Int32?,
    unused: Int32
  ) throws -> pid_t? {
    let (process, failure) = Spawn.start(arguments, environment) { actions, attributes in
      // Ctrl-C must end the program even where this one has chosen to handle it in its own way.
      var interrupts = sigset_t()
      sigemptyset(&interrupts)
      sigaddset(&interrupts, SIGINT)
      posix_spawnattr_setsigdefault(&attributes, &interrupts)
      posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))
      posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
      posix_spawn_file_actions_adddup2(&actions, target ?? output, 1)
      posix_spawn_file_actions_adddup2(&actions, output, 2)
      posix_spawn_file_actions_addclose(&actions, unused)
      posix_spawn_file_actions_addclose(&actions, output)
    }
    if failure == ENOENT { return nil }
    guard failure == 0 else {
      throw DataError(
        "The program \(arguments[0]) did not start: \(String(cString: strerror(failure))).")
    }
    return process
  }
}
