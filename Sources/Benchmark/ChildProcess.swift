import Foundation

/// What a process printed, warnings and result in one.
struct ChildProcess {
  private let text: String

  /// All of it, without the white space around it.
  var output: String { text.trimmingCharacters(in: .whitespacesAndNewlines) }

  /// The last line of JSON.
  func decode<Value: Decodable>(_ type: Value.Type) -> Value? {
    text.split(separator: "\n").last { $0.hasPrefix("{\"") }
      .flatMap { try? JSONDecoder().decode(type, from: Data($0.utf8)) }
  }

  /// What it said of its failure: its last line, or the one before the trace of a crash.
  var complaint: String {
    let lines = text.split(separator: "\n").filter { !$0.allSatisfy(\.isWhitespace) }
    return (lines.first { $0.contains("Fatal error: ") } ?? lines.last).map(String.init)
      ?? "it ended without a word."
  }

  /// Runs a program to its end.
  ///
  /// Foundation's `Process` would put it into a process group of its own, which Ctrl-C in the
  /// terminal does not reach: it would go on measuring.
  static func run(_ program: URL, _ arguments: [String]) throws -> ChildProcess {
    let pipe = Pipe()
    let (input, output) = (pipe.fileHandleForReading, pipe.fileHandleForWriting)
    #if os(Linux)
      var actions = posix_spawn_file_actions_t()
    #else
      var actions: posix_spawn_file_actions_t?
    #endif
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, output.fileDescriptor, STDOUT_FILENO)
    posix_spawn_file_actions_adddup2(&actions, output.fileDescriptor, STDERR_FILENO)
    posix_spawn_file_actions_addclose(&actions, input.fileDescriptor)
    posix_spawn_file_actions_addclose(&actions, output.fileDescriptor)
    let words = ([program.path] + arguments).map { strdup($0) }
    defer { for word in words { free(word) } }
    var identifier = pid_t()
    let failure = posix_spawn(&identifier, program.path, &actions, nil, words + [nil], environ)
    // Only the child may hold this end, or reading would not come to an end.
    try output.close()
    guard failure == 0 else {
      throw BenchmarkError(
        "\(program.path) could not be started: \(String(cString: strerror(failure))).")
    }
    let data = try input.readToEnd() ?? Data()
    var status: Int32 = 0
    while waitpid(identifier, &status, 0) < 0 && errno == EINTR {}
    return ChildProcess(text: String(decoding: data, as: UTF8.self))
  }
}
