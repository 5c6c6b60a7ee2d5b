import Foundation

/// Starts programs in this one's process group, so that whoever stops one stops all.
///
/// Foundation's `Process` would put them into a group of their own.
package enum Spawn {
  #if canImport(Darwin)
    package typealias FileActions = posix_spawn_file_actions_t?
    package typealias Attributes = posix_spawnattr_t?
  #else
    package typealias FileActions = posix_spawn_file_actions_t
    package typealias Attributes = posix_spawnattr_t
  #endif

  /// Starts a program.
  ///
  /// - Parameters:
  ///   - words: its path, or its name to have it looked for, and its arguments.
  ///   - environment: variables for it, beside those that there are.
  ///   - prepare: says which files it has and which signals it hears.
  /// - Returns: the process, and the number of the system's error, 0 if there was none.
  package static func start(
    _ words: [String], _ environment: [String: String],
    _ prepare: (inout FileActions, inout Attributes) -> Void
  ) -> (process: pid_t, failure: Int32) {
    #if canImport(Darwin)
      var (actions, attributes): (FileActions, Attributes)
    #else
      var (actions, attributes) = (FileActions(), Attributes())
    #endif
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    prepare(&actions, &attributes)
    let all = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    let arguments = words.map { strdup($0) }
    let variables = all.map { strdup("\($0.key)=\($0.value)") }
    defer { for word in arguments + variables { free(word) } }
    var process = pid_t()
    let failure = posix_spawnp(
      &process, words[0], &actions, &attributes, arguments + [nil], variables + [nil])
    return (process, failure)
  }
}
