import Foundation

/// Stops the program because the *programmer* made a mistake: mismatched shapes, an index out of range.
///
/// `precondition` prints nothing in optimised builds, and every build of this package is optimised.
///
/// - Parameters:
///   - message: what was wrong, with the shapes involved and the likely fix.
///   - file: where the mistake was noticed.
///   - line: where the mistake was noticed.
public func fail(
  _ message: @autoclosure () -> String, file: StaticString = #fileID, line: UInt = #line
) -> Never {
  fatalError(message(), file: file, line: line)
}

/// Stops the program with `message` unless `condition` holds.
@inline(__always)
public func require(
  _ condition: Bool, _ message: @autoclosure () -> String, file: StaticString = #fileID,
  line: UInt = #line
) {
  if !condition { fail(message(), file: file, line: line) }
}

/// Ends the program because the machine has too little memory: nobody's mistake, so a line without a trace.
///
/// - Parameter reason: what needs more than there is.
func failForMemory(_ reason: String) -> Never {
  let sentence = "error: Out of memory: \(reason). Use smaller batches.\n"
  sentence.withCString { _ = write(STDERR_FILENO, $0, strlen($0)) }
  fflush(nil)
  _exit(EXIT_FAILURE)
}
