import Gallery

/// The events of a run that are worth keeping: enough to draw its curves, and never too many.
struct EventLog {
  /// Of a loop without epochs, at most this many points are kept, evenly spaced.
  static let pointLimit = 1_000
  /// A program may not fill the memory with events.
  static let limit = 20_000

  private(set) var events: [ProgressEvent] = []
  private var points = 0
  private var stride = 1
  private var offered = 0

  /// Whether the program has written all of its files.
  var hasEnd: Bool { events.last?.kind == .end }

  /// Takes an event.
  ///
  /// - Returns: whether browsers should hear of it.
  mutating func add(_ event: ProgressEvent) -> Bool {
    guard events.count < Self.limit || event.kind == .end else { return false }
    switch event.kind {
    // Within an epoch only the latest counts; the epoch's own event takes its place.
    case .step:
      if events.last?.kind == .step { events.removeLast() }
      events.append(event)
    case .epoch:
      if events.last?.kind == .step { events.removeLast() }
      events.append(event)
    case .progress:
      offered += 1
      guard offered % stride == 0 || event.step == event.steps else { return false }
      events.append(event)
      points += 1
      if points >= Self.pointLimit { thin() }
    default: events.append(event)
    }
    return true
  }

  /// Keeps every second point.
  private mutating func thin() {
    var isKept = false
    events.removeAll { event in
      guard event.kind == .progress else { return false }
      isKept.toggle()
      return isKept
    }
    points = events.count { $0.kind == .progress }
    stride *= 2
  }
}
