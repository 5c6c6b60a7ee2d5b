import Foundation

/// Standard error, for progress and remarks.
///
/// Nothing that is said there is worth a result: a full disk, a closed descriptor or a reader that has gone neither
/// ends the program nor throws, as `FileHandle.standardError.write` would.
public enum StandardError {
  /// Writes text as far as it can be written; what cannot is lost.
  public static func write(_ text: String) { write(text, to: STDERR_FILENO) }

  /// Opens `/dev/null` in place of those of the three standard streams that are closed. To be called when a program
  /// starts: else the next file that is opened, a checkpoint for instance, takes the number, and progress goes into it.
  public static func fillClosedStreams() {
    for stream in STDIN_FILENO...STDERR_FILENO where fcntl(stream, F_GETFD) < 0 {
      // The lowest free number is given, and that is this one.
      _ = open("/dev/null", O_RDWR)
    }
  }

  static func write(_ text: String, to descriptor: Int32) {
    withoutBrokenPipe {
      var text = text
      text.withUTF8 { bytes in
        var start = 0
        while start < bytes.count {
          let piece = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[start...])
          let count = Foundation.write(descriptor, piece.baseAddress, piece.count)
          if count > 0 {
            start += count
          } else if count < 0, errno == EAGAIN {
            // Somebody has made the terminal non-blocking: wait for it as a blocking one would.
            var watched = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            guard poll(&watched, 1, 1000) > 0 else { return }
          } else if count == 0 || errno != EINTR {
            return
          }
        }
      }
    }
  }

  /// Keeps the signal that a pipe without a reader gives from ending the program, for this thread and this call only:
  /// on standard output it keeps its meaning.
  private static func withoutBrokenPipe(_ body: () -> Void) {
    var (signal, before, pending) = (sigset_t(), sigset_t(), sigset_t())
    sigemptyset(&signal)
    sigaddset(&signal, SIGPIPE)
    sigemptyset(&pending)
    sigpending(&pending)
    let wasPending = sigismember(&pending, SIGPIPE) == 1
    pthread_sigmask(SIG_BLOCK, &signal, &before)
    body()
    sigpending(&pending)
    var number: Int32 = 0
    if !wasPending, sigismember(&pending, SIGPIPE) == 1 { sigwait(&signal, &number) }
    pthread_sigmask(SIG_SETMASK, &before, nil)
  }
}
