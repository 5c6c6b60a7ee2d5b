import Foundation
import Gallery
import Synchronization

/// A program that the server has started: what it says, and how it ends.
final class ChildProgram: Sendable {
  /// What is heard of it.
  enum Word: Sendable {
    case event(ProgressEvent)
    case line(String)
    /// The end, with the exit code; that of a signal is 128 and its number.
    case end(Int32)
  }

  private let process: Mutex<Process>
  private let identifier: pid_t

  /// Starts a program.
  ///
  /// - Parameters:
  ///   - program: the file.
  ///   - arguments: the command line after its name.
  ///   - environment: all of its environment.
  ///   - folder: where it runs.
  ///   - listener: called on a thread of its own with all that is heard, the end last.
  init(
    _ program: URL, _ arguments: [String], environment: [String: String], in folder: URL,
    listener: @escaping @Sendable (Word) -> Void
  ) throws {
    let pipe = try EventPipe()
    let output = Pipe()
    let queue = DispatchQueue(label: "child")
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.environment = environment.merging(["DLWP_PROGRESS_EVENTS": pipe.path]) { $1 }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = output

    let lines = LineReader(output.fileHandleForReading.fileDescriptor)
    let events = LineReader(pipe.descriptor)
    @Sendable func read() {
      for line in events.read() {
        if let event = try? JSONDecoder().decode(ProgressEvent.self, from: Data(line.utf8)) {
          listener(.event(event))
        }
      }
      for line in lines.read() { listener(.line(line)) }
    }
    let heard = DispatchSource.makeReadSource(fileDescriptor: pipe.descriptor, queue: queue)
    let said = DispatchSource.makeReadSource(
      fileDescriptor: output.fileHandleForReading.fileDescriptor, queue: queue)
    // Descriptors must stay open until nobody watches them any more.
    heard.setCancelHandler { pipe.close() }
    said.setCancelHandler { try? output.fileHandleForReading.close() }
    nonisolated(unsafe) let sources = [heard, said]
    for source in sources { source.setEventHandler(handler: read) }
    process.terminationHandler = { process in
      let code = process.terminationStatus
      let isSignal = process.terminationReason == .uncaughtSignal
      queue.async {
        read()
        for source in sources { source.cancel() }
        listener(.end(isSignal ? 128 + code : code))
      }
    }
    do { try process.run() } catch {
      // A source that was never started must not go.
      for source in sources {
        source.resume()
        source.cancel()
      }
      throw error
    }
    for source in sources { source.resume() }
    identifier = process.processIdentifier
    self.process = Mutex(process)
  }

  /// Sends a signal, unless the program has ended.
  func send(_ number: Int32) {
    process.withLock { if $0.isRunning { kill(identifier, number) } }
  }
}

/// A named pipe on which a program writes its events.
///
/// The program ends when this end is closed, and so it ends with this process, however that ends.
private struct EventPipe {
  let path: String
  let descriptor: Int32

  init() throws {
    let folder = FileManager.default.temporaryDirectory.path
    path = folder + "/gallery-\(getpid())-\(UInt32.random(in: 0 ... .max)).events"
    guard mkfifo(path, 0o600) == 0 else {
      throw Refusal(
        500, "No pipe can be made in \(folder): \(String(cString: strerror(errno))).")
    }
    // Open for writing too, so that it does not seem to end before the program opens it.
    descriptor = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else {
      unlink(path)
      throw Refusal(500, "\(path) cannot be opened: \(String(cString: strerror(errno))).")
    }
  }

  func close() {
    unlink(path)
    Foundation.close(descriptor)
  }
}

/// Takes lines out of a descriptor, as far as they are there; used by one thread at a time.
private final class LineReader: Sendable {
  private static let limit = 1 << 16
  private let descriptor: Int32
  private let rest = Mutex<[UInt8]>([])

  init(_ descriptor: Int32) {
    self.descriptor = descriptor
    _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
  }

  /// The whole lines that have come; what is too long for one is cut.
  func read() -> [String] {
    rest.withLock { rest in
      var buffer = [UInt8](repeating: 0, count: Self.limit)
      let count = Foundation.read(descriptor, &buffer, buffer.count)
      if count > 0 { rest += buffer[..<count] }
      var lines = rest.split(separator: 10, omittingEmptySubsequences: false)
      let last = lines.removeLast()
      let texts = lines.map { String(decoding: $0, as: UTF8.self) }
      rest = last.count > Self.limit ? [] : Array(last)
      return texts
    }
  }
}
