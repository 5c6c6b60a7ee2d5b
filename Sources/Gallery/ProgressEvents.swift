import DataFiles
import DeepLearning
import Foundation
import Synchronization

/// How a training goes, for another program to read: one line of JSON per event.
///
/// What is not meant by an event of its kind is left out. Numbers that are not finite are left out too.
package struct ProgressEvent: Codable, Sendable, Equatable {
  /// What an event tells.
  package enum Kind: String, Codable, Sendable {
    /// A program has begun: `chapter`, `title`, `seed`.
    case program
    /// The data is there: `text` says what it is.
    case data
    /// A training of `epochs` epochs of `steps` steps begins.
    case training
    /// A step of a training is done: `epoch`, `step`, the `values` so far. Not every step is told.
    case step
    /// An epoch is done: `epoch`, `seconds`, `values`.
    case epoch
    /// A training is over, and its measurements go into the file `text` without its ending.
    case history
    /// A loop without epochs, or an experiment, has come to `step` of `steps`; `text` says of what.
    case progress
    /// All files are written; `text` says whether the run was interrupted.
    case end
  }

  package var kind: Kind
  package var chapter: String?
  package var title: String?
  package var text: String?
  package var seed: UInt64?
  /// Which training of the program this is, counted from 1.
  package var training: Int?
  package var epoch: Int?
  package var epochs: Int?
  package var step: Int?
  package var steps: Int?
  package var seconds: Double?
  package var values: [String: Double]?

  /// An event about which nothing more is known.
  package init(_ kind: Kind) { self.kind = kind }

  /// Takes over measurements.
  mutating func setValues(_ entries: [(name: String, value: Float)]) {
    values = Dictionary(
      entries.compactMap { $0.value.isFinite ? ($0.name, Double("\($0.value)") ?? 0) : nil }
    ) { $1 }
  }
}

/// Writes the events of a program to the file that `DLWP_PROGRESS_EVENTS` names.
///
/// The file may be a named pipe, as the gallery's page uses it. When nobody reads the pipe any more, the program ends
/// as it does on Ctrl-C: whoever has started it is gone.
final class ProgressEvents: Sendable {
  /// The program's events; nil if nobody wants them.
  static let shared: ProgressEvents? = {
    guard let path = ProcessInfo.processInfo.environment["DLWP_PROGRESS_EVENTS"] else { return nil }
    let events = ProgressEvents(path: path)
    if events == nil {
      StandardError.write("Progress events cannot be written to \(path); going on without.\n")
    }
    events?.endWithReader()
    return events
  }()

  /// Steps are told ten times a second at most.
  private static let pause = Duration.milliseconds(100)

  private struct State {
    var nextStep = ContinuousClock.now
    var trainings = 0
  }

  private let file: Int32
  private let state = Mutex(State())

  /// Opens the file, at its end if it is there.
  init?(path: String) {
    // A pipe without a reader would keep a blocking open waiting; a full one, a blocking write.
    file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_NONBLOCK | O_CLOEXEC, 0o666)
    guard file >= 0 else { return nil }
  }

  /// Ends the program when nobody reads the pipe any more, if it is one.
  private func endWithReader() {
    let file = file
    var status = stat()
    guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFIFO else { return }
    Thread.detachNewThread {
      // Errors are watched without asking, and there is nothing else to wait for.
      var watched = pollfd(fd: file, events: 0, revents: 0)
      while poll(&watched, 1, -1) < 0, errno == EINTR {}
      kill(getpid(), SIGINT)
    }
  }

  /// Writes an event; one that does not fit into a full pipe is lost.
  func send(_ event: ProgressEvent) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let line = try? encoder.encode(event) + Data("\n".utf8) else { return }
    // One write for a line: lines of several threads do not mix.
    state.withLock { _ in
      _ = line.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
    }
  }

  /// Writes an event unless another was written a moment ago.
  func sendStep(_ make: () -> ProgressEvent) {
    let isTime = state.withLock { state in
      guard ContinuousClock.now >= state.nextStep else { return false }
      state.nextStep = .now + Self.pause
      return true
    }
    if isTime { send(make()) }
  }

  /// A training begins.
  func trainingWillBegin(_ run: TrainingRun) {
    var event = ProgressEvent(.training)
    event.training = state.withLock { state in
      state.trainings += 1
      return state.trainings
    }
    (event.epochs, event.steps) = (run.epochs, run.steps)
    send(event)
  }

  /// A step of a training is done.
  func stepDidEnd(_ run: TrainingRun) {
    sendStep { event(.step, run) }
  }

  /// An epoch is done.
  func epochDidEnd(_ run: TrainingRun) {
    var event = event(.epoch, run)
    event.seconds = run.history.seconds.last
    send(event)
  }

  /// The measurements of the latest training have got a name.
  func historyWasNamed(_ name: String) {
    var event = ProgressEvent(.history)
    event.training = state.withLock(\.trainings)
    event.text = name
    send(event)
  }

  private func event(_ kind: ProgressEvent.Kind, _ run: TrainingRun) -> ProgressEvent {
    var event = ProgressEvent(kind)
    event.training = state.withLock(\.trainings)
    (event.epoch, event.epochs, event.step, event.steps) =
      (run.epoch, run.epochs, run.step, run.steps)
    event.setValues(run.logs.entries)
    return event
  }
}
