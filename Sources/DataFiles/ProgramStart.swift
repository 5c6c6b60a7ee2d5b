// Not Foundation: with it the system's `stdout` could not be used, which Swift takes for shared mutable state.
#if canImport(Darwin)
  @preconcurrency import Darwin
#else
  @preconcurrency import Glibc
#endif

/// What every program does before anything else.
public enum ProgramStart {
  /// Makes failures of the outside world errors with a sentence, where they would otherwise end the program in the
  /// middle of its work, or pass unnoticed.
  ///
  /// - Throws: `DataError` where a program cannot learn what it was asked to do.
  public static func prepare() throws {
    #if os(Linux)
      // Swift reads the command line from there; without it all flags would be passed over in silence.
      guard access("/proc/self/cmdline", R_OK) == 0 else {
        throw DataError("This program cannot read its command line: mount /proc.")
      }
    #endif
    _ = once
  }

  private static let once: Void = {
    StandardError.fillClosedStreams()
    // A reader that has gone and a limit on the size of files: both are errors of write(2) then.
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
    #if os(Linux)
      // The end is at once: OpenBLAS would wait for its threads, which never start where memory is too short for them.
      on_exit({ status, _ in _exit(ProgramStart.isAllPrinted() ? status : EXIT_FAILURE) }, nil)
    #else
      atexit { if !ProgramStart.isAllPrinted() { _exit(EXIT_FAILURE) } }
    #endif
  }()

  /// Whether all output has arrived where it was sent; if not, it is said.
  private static func isAllPrinted() -> Bool {
    fflush(nil)
    if ferror(stdout) == 0 { return true }
    StandardError.write(
      "Error: Not all that this program has to say could be written to standard output, which may be a full "
        + "disk or a program that has ended; the files that it wrote are whole.\n")
    return false
  }
}
