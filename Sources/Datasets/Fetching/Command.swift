import Foundation

/// A program that is started to do one thing, and what it said.
struct Command {
  /// Its exit code, or nil if a signal ended it.
  let code: Int32?
  /// What it wrote to standard output and standard error.
  let output: String

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
  ///   - tick: called ten times a second meanwhile.
  /// - Returns: nil if the program is not installed.
  static func run(_ arguments: [String], tick: () -> Void = {}) throws -> Command? {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { throw DataError("No pipe: \(String(cString: strerror(errno))).") }
    defer { close(ends[0]) }
    let started: pid_t?
    do {
      defer { close(ends[1]) }
      started = try start(arguments, output: ends[1], unused: ends[0])
    }
    guard let process = started else { return nil }
    var collected = [UInt8]()
    var status: Int32 = 0
    var hasEnded = false
    while true {
      var watched = pollfd(fd: ends[0], events: Int16(POLLIN), revents: 0)
      let ready = poll(&watched, 1, 100)
      if ready > 0 {
        var piece = [UInt8](repeating: 0, count: 4096)
        let count = read(ends[0], &piece, piece.count)
        if count > 0 {
          // The end of a long output is what tells why something failed.
          collected.append(contentsOf: piece[..<count])
          if collected.count > 1 << 16 { collected.removeFirst(1 << 15) }
          continue
        }
        if count == 0 { break }
      }
      tick()
      if hasEnded { break }
      hasEnded = waitpid(process, &status, WNOHANG) == process
    }
    while !hasEnded, waitpid(process, &status, 0) < 0, errno == EINTR {}
    return Command(
      code: status & 0x7f == 0 ? status >> 8 & 0xff : nil,
      output: String(decoding: collected, as: UTF8.self))
  }

  private static func start(_ arguments: [String], output: Int32, unused: Int32) throws -> pid_t? {
    #if canImport(Darwin)
      var actions: posix_spawn_file_actions_t?
      var attributes: posix_spawnattr_t?
    #else
      var actions = posix_spawn_file_actions_t()
      var attributes = posix_spawnattr_t()
    #endif
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    // Ctrl-C must end the program even where this one has chosen to handle it in its own way.
    var interrupts = sigset_t()
    sigemptyset(&interrupts)
    sigaddset(&interrupts, SIGINT)
    posix_spawnattr_setsigdefault(&attributes, &interrupts)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, output, 1)
    posix_spawn_file_actions_adddup2(&actions, output, 2)
    posix_spawn_file_actions_addclose(&actions, unused)
    posix_spawn_file_actions_addclose(&actions, output)
    var copies: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
    defer { copies.forEach { free($0) } }
    var process: pid_t = 0
    let failure = posix_spawnp(&process, arguments[0], &actions, &attributes, &copies, environ)
    if failure == ENOENT { return nil }
    guard failure == 0 else {
      throw DataError(
        "The program \(arguments[0]) did not start: \(String(cString: strerror(failure))).")
    }
    return process
  }
}
