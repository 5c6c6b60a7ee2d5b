import DataFiles
import Foundation

/// Programs that are started and awaited.
enum Child {
  /// The process that is being waited for, or 0.
  nonisolated(unsafe) private static var current: pid_t = 0

  /// Runs a program to its end, with this one's input and output.
  ///
  /// - Parameters:
  ///   - program: its path, or its name to have it looked for.
  ///   - arguments: its command line.
  ///   - environment: variables to set.
  ///   - log: the file for what it prints, from its end on; nil for where this program prints.
  /// - Returns: its exit code, as a shell has it.
  /// - Throws: ``ReproduceError`` if it cannot be started.
  static func run(
    _ program: String, _ arguments: [String], environment: [String: String] = [:],
    log: String? = nil
  ) throws -> Int32 {
    // The child's end is awaited. Ctrl-C reaches it too; what is sent to this process alone is passed on.
    let before = [
      signal(SIGINT, { _ in }),
      signal(SIGTERM, { if Child.current > 0 { kill(Child.current, $0) } }),
    ]
    defer { for (number, handler) in zip([SIGINT, SIGTERM], before) { signal(number, handler) } }
    return try start(program, arguments, environment) { actions in
      guard let log else { return }
      posix_spawn_file_actions_addopen(
        &actions, STDOUT_FILENO, log, O_WRONLY | O_CREAT | O_APPEND, 0o644)
      posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO)
    }
  }

  /// What a program prints, without line breaks at its ends.
  ///
  /// - Throws: ``ReproduceError`` if it cannot be started or fails.
  static func output(of program: String, _ arguments: [String]) throws -> String {
    let pipe = Pipe()
    let (input, output) = (pipe.fileHandleForReading, pipe.fileHandleForWriting)
    // A pipe holds 64 KB; what is asked for here is a line or two.
    let code = try start(program, arguments, [:]) { actions in
      posix_spawn_file_actions_adddup2(&actions, output.fileDescriptor, STDOUT_FILENO)
      posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
    }
    try output.close()
    let data = try input.readToEnd() ?? Data()
    guard code == 0 else { throw ReproduceError("\(program) ended with exit code \(code).") }
    return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .newlines)
  }

  private static func start(
    _ program: String, _ arguments: [String], _ environment: [String: String],
    _ prepare: (inout Spawn.FileActions) -> Void
  ) throws -> Int32 {
    let (identifier, failure) = Spawn.start([program] + arguments, environment) {
      actions, attributes in
      // Threads of a pool are deaf to signals, and what they start would be, too.
      var none = sigset_t()
      sigemptyset(&none)
      posix_spawnattr_setsigmask(&attributes, &none)
      posix_spawnattr_setflags(&attributes, numericCast(POSIX_SPAWN_SETSIGMASK))
      prepare(&actions)
    }
    guard failure == 0 else {
      throw ReproduceError(
        "\(program) could not be started: \(String(cString: strerror(failure))).")
    }
    current = identifier
    defer { current = 0 }
    var status: Int32 = 0
    while waitpid(identifier, &status, 0) < 0 {
      guard errno == EINTR else {
        throw ReproduceError(
          "The end of \(program) could not be awaited: \(String(cString: strerror(errno))).")
      }
    }
    let signal = status & 0x7F
    return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
  }
}
