import FlyingSocks
import Foundation

/// Sends small answers at once.
///
/// An answer goes out in two pieces, head and body. The system would hold the second back until the browser has
/// confirmed the first, which it does after 40 ms: too long for a digit that follows the mouse.
struct PromptPool: AsyncSocketPool {
  let base: any AsyncSocketPool

  func prepare() async throws { try await base.prepare() }

  func run() async throws { try await base.run() }

  func suspendSocket(_ socket: Socket, untilReadyFor events: Socket.Events) async throws {
    // Every connection waits for its first request here. 6 is TCP.
    try? socket.setValue(true, for: BoolSocketOption(level: 6, name: TCP_NODELAY))
    try await base.suspendSocket(socket, untilReadyFor: events)
  }
}
