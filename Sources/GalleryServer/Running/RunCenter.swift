import DeepLearning
import Foundation
import Gallery

/// Runs one program at a time, and tells all browsers how it goes.
actor RunCenter {
  /// What is going on.
  enum Phase: String, Codable, Sendable {
    case idle, building, running, stopping
  }

  /// What browsers hear.
  private struct Message: Encodable {
    enum Kind: String, Encodable { case snapshot, status, event, line }
    var kind: Kind
    var phase: Phase
    var program: String?
    var command: String?
    /// How the last run ended: a sentence.
    var ending: String?
    var event: ProgressEvent?
    var line: String?
    // Only in a snapshot: all that was missed.
    var events: [ProgressEvent]?
    var lines: [String]?
    /// The run before, of the same kind.
    var before: [ProgressEvent]?
    var book: BookCurves?
    var results: [ResultChange]?
  }

  private static let browserLimit = 200

  private let places: Places
  private let launcher: Launcher
  private let environment: [String: String]
  private let runs: RunArchive
  private var phase = Phase.idle
  private var request: RunRequest?
  private var child: ChildProgram?
  private var isStopRequested = false
  private var ending: String?
  private var log = EventLog()
  private var lines: [String] = []
  private var before: [ProgressEvent] = []
  private var resultsBefore: RunSummary?
  private var changes: [ResultChange] = []
  private var browsers: [UUID: AsyncStream<String>.Continuation] = [:]
  private var ended: [CheckedContinuation<Void, Never>] = []

  /// - Parameters:
  ///   - launcher: what starts programs.
  ///   - environment: that of the programs.
  init(places: Places, launcher: Launcher, environment: [String: String]) {
    (self.places, self.launcher, self.environment) = (places, launcher, environment)
    runs = RunArchive(folder: places.output.appending(path: "gallery"))
  }

  // MARK: Starting and stopping

  /// Starts a program, building it first if that is needed.
  ///
  /// - Throws: `Refusal` if it is not to be started, or another is running.
  func start(_ request: RunRequest) async throws {
    let arguments = try request.arguments(output: places.output.path)
    if let current = self.request, phase != .idle {
      throw Refusal(
        409, "\(current.program) is running: one training at a time. Wait for its end, or stop it.")
    }
    let step = try Builder(places: places).step(for: request.program)
    // Not before it is clear that no other dream is about to read it.
    if let dream = request.dream { try dream.picture.write(atomicallyTo: dream.file) }
    self.request = request
    (isStopRequested, ending, log, lines, changes) = (false, nil, EventLog(), [], [])
    before = runs.read(request)
    resultsBefore = RunSummary(in: places.results(of: request.program))
    switch step {
    case .run(let program): try await launch(program, arguments, as: .running)
    case .build(let swift, let words, let program):
      try await launch(swift, words, as: .building, then: (program, arguments))
    }
  }

  private func launch(
    _ program: URL, _ arguments: [String], as phase: Phase, then next: (URL, [String])? = nil
  ) async throws {
    self.phase = phase
    tellAll(.snapshot)
    let folder = places.checkout ?? URL(fileURLWithPath: FileManager.default.currentDirectoryPath)
    let environment = environment
    // The words come one after the other, and the end last.
    let (words, source) = AsyncStream.makeStream(of: ChildProgram.Word.self)
    do {
      child = try await launcher.perform {
        try ChildProgram(program, arguments, environment: environment, in: folder) { word in
          source.yield(word)
          if case .end = word { source.finish() }
        }
      }
    } catch {
      finish("\(program.lastPathComponent) could not be started: \(error)")
      throw Refusal(500, ending ?? "")
    }
    // Somebody may have been quick.
    if isStopRequested { child?.send(SIGINT) }
    Task { for await word in words { await hear(word, then: next) } }
  }

  /// Asks the program to end, as Ctrl-C does: it keeps what it has learned. The second time it ends at once.
  func stop() throws {
    guard phase != .idle else { throw Refusal(409, "Nothing is running.") }
    isStopRequested = true
    phase = .stopping
    child?.send(SIGINT)
    tellAll(.status)
  }

  /// Ends the program, and comes back when it has ended.
  func shutDown() async {
    guard phase != .idle else { return }
    try? stop()
    let child = child
    let killer = Task {
      try await Task.sleep(for: .seconds(20))
      child?.send(SIGKILL)
    }
    await withCheckedContinuation { ended.append($0) }
    killer.cancel()
  }

  // MARK: What the program says

  private func hear(_ word: ChildProgram.Word, then next: (URL, [String])?) async {
    switch word {
    case .event(let event):
      if log.add(event) { tellAll(.event) { $0.event = event } }
    case .line(let line):
      // Some make a new line by going back to the start of the old one.
      let text = String((line.split(separator: "\r").last ?? "").prefix(400))
      lines.append(text)
      if lines.count > 200 { lines.removeFirst(100) }
      tellAll(.line) { $0.line = text }
    case .end(let code):
      child = nil
      if let (program, arguments) = next, code == 0, !isStopRequested {
        do { try await launch(program, arguments, as: .running) } catch {}
        return
      }
      finish(sentence(code, isBuild: next != nil))
    }
  }

  private func sentence(_ code: Int32, isBuild: Bool) -> String {
    let name = request?.program ?? "The program"
    if isBuild {
      return isStopRequested
        ? "The build was stopped." : "\(name) could not be built: its last lines say why."
    }
    if isStopRequested || code == 130 {
      return log.hasEnd
        ? "\(name) was stopped and has kept what it had learned."
        : "\(name) was stopped before there was anything to keep."
    }
    return code == 0
      ? "\(name) is done." : "\(name) ended with a failure (\(code)): its last lines say why."
  }

  private func finish(_ sentence: String) {
    (phase, ending, child) = (.idle, sentence, nil)
    // Two dreams have nothing to be compared by: photograph and layer are others.
    if let request, request.dream == nil {
      if log.hasEnd {
        runs.write(log.events, of: request)
        if let now = RunSummary(in: places.results(of: request.program)) {
          changes = ResultChange.changes(from: resultsBefore, to: now)
        }
      }
    }
    tellAll(.snapshot)
    for continuation in ended { continuation.resume() }
    ended = []
  }

  // MARK: Browsers

  /// What a browser hears from now on, beginning with all that it has missed.
  ///
  /// - Throws: `Refusal` if there are too many.
  func subscribe() throws -> AsyncStream<String> {
    guard browsers.count < Self.browserLimit else {
      throw Refusal(503, "Too many browsers are watching.")
    }
    let name = UUID()
    // A browser that does not keep up loses the oldest, and not this server its memory.
    let (stream, continuation) = AsyncStream.makeStream(
      of: String.self, bufferingPolicy: .bufferingNewest(500))
    continuation.onTermination = { _ in Task { await self.forget(name) } }
    browsers[name] = continuation
    if let text = text(.snapshot) { continuation.yield(text) }
    return stream
  }

  /// Keeps connections alive, and finds out which are not.
  func beat() { for browser in browsers.values { browser.yield("") } }

  private func forget(_ name: UUID) { browsers[name] = nil }

  /// The number of browsers that listen.
  var browserCount: Int { browsers.count }

  private func tellAll(_ kind: Message.Kind, _ change: (inout Message) -> Void = { _ in }) {
    guard !browsers.isEmpty, let text = text(kind, change) else { return }
    for browser in browsers.values { browser.yield(text) }
  }

  private func text(_ kind: Message.Kind, _ change: (inout Message) -> Void = { _ in }) -> String? {
    var message = Message(kind: kind, phase: phase, program: request?.program, ending: ending)
    if kind == .snapshot {
      message.command = request.map {
        (["swift run", $0.program] + $0.flags).joined(separator: " ")
      }
      (message.events, message.lines) = (log.events, lines)
      (message.before, message.results) = (before, changes)
      message.book = request.map { BookCurves(of: $0.program) }
    }
    change(&message)
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    return (try? encoder.encode(message)).map { String(decoding: $0, as: UTF8.self) }
  }
}
