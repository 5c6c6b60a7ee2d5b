import DeepLearning
import Foundation
import Testing

@testable import Gallery

@Suite("Progress events")
struct ProgressEventsTests {
  private let path = FileManager.default.temporaryDirectory
    .appending(path: "progress-events-" + UUID().uuidString).path

  private func events() throws -> [ProgressEvent] {
    try Data(contentsOf: URL(fileURLWithPath: path)).split(separator: 10).map {
      try JSONDecoder().decode(ProgressEvent.self, from: Data($0))
    }
  }

  /// Hands a training's progress on, as a chapter's run does.
  private final class Reporter: Callback {
    let events: ProgressEvents
    init(_ events: ProgressEvents) { self.events = events }
    func trainingWillBegin(_ run: TrainingRun) { events.trainingWillBegin(run) }
    func stepDidEnd(_ run: TrainingRun) { events.stepDidEnd(run) }
    func epochDidEnd(_ run: TrainingRun) { events.epochDidEnd(run) }
  }

  @Test("Trainings are numbered; each epoch is told with what was measured, and not each step")
  func trainings() throws {
    defer { unlink(path) }
    let reporter = Reporter(try #require(ProgressEvents(path: path)))
    var histories: [History] = []
    for _ in 0..<2 {
      let (model, x, y) = smallTask()
      histories.append(try model.fit(x, y, epochs: 3, batchSize: 1, callbacks: [reporter]))
    }
    let events = try events()
    #expect(events.filter { $0.kind == .training }.map(\.training) == [1, 2])
    let epochs = events.filter { $0.kind == .epoch }
    #expect(
      epochs.map(\.epoch) == [1, 2, 3, 1, 2, 3] && epochs.map(\.training) == [1, 1, 1, 2, 2, 2])
    #expect(epochs.allSatisfy { $0.epochs == 3 && $0.seconds != nil && $0.step == $0.steps })
    let losses = histories.flatMap { $0["loss"] }.map { Double("\($0)") }
    #expect(epochs.map { $0.values?["loss"] } == losses)
    let steps = events.filter { $0.kind == .step }
    let count = try #require(epochs[0].steps)
    #expect(!steps.isEmpty && steps.count <= 6 * count)
  }

  @Test("What is not finite is left out, and text is one line")
  func content() throws {
    defer { unlink(path) }
    let events = try #require(ProgressEvents(path: path))
    var event = ProgressEvent(.step)
    event.setValues([("loss", .nan), ("acc", 0.8846), ("mae", .infinity)])
    event.text = "two\nlines"
    events.send(event)
    #expect(try self.events() == [event])
    #expect(event.values == ["acc": 0.8846])
  }

  @Test("A pipe that nobody empties does not hold the program up")
  func fullPipe() throws {
    try #require(mkfifo(path, 0o600) == 0)
    defer { unlink(path) }
    let reader = open(path, O_RDWR | O_NONBLOCK)
    defer { close(reader) }
    let file = open(path, O_WRONLY | O_NONBLOCK)
    defer { close(file) }
    let junk = [UInt8](repeating: 32, count: 4096)
    while write(file, junk, junk.count) > 0 {}
    let events = try #require(ProgressEvents(path: path))
    for _ in 0..<100 { events.send(ProgressEvent(.end)) }
  }

  @Test("A file that cannot be written to, a pipe that nobody reads")
  func noFile() throws {
    #expect(ProgressEvents(path: "/nowhere/events") == nil)
    try #require(mkfifo(path, 0o600) == 0)
    defer { unlink(path) }
    #expect(ProgressEvents(path: path) == nil)
  }
}
