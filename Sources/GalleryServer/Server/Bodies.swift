import FlyingFox
import FlyingSocks
import Foundation

/// A body after which the connection is closed.
///
/// FlyingFox reads the next request from where the last one ended. After one whose body has not been read, the body would
/// be taken for a request, and a foreign page can put into a body what it likes.
struct LastBody: AsyncBufferedSequence {
  typealias Element = UInt8
  let bytes: [UInt8]

  func makeAsyncIterator() -> Iterator { Iterator(bytes: bytes) }

  struct Iterator: AsyncBufferedIteratorProtocol {
    var bytes: [UInt8]?

    mutating func next() async throws -> UInt8? { try await nextBuffer(suggested: 1)?.first }

    mutating func nextBuffer(suggested count: Int) async throws -> [UInt8]? {
      guard let all = bytes else { throw ConnectionEnds() }
      bytes = nil
      return all
    }
  }

  private struct ConnectionEnds: Error {}
}

/// Events for a browser, as long as it listens.
struct EventBody: AsyncBufferedSequence {
  typealias Element = UInt8
  let messages: AsyncStream<String>

  func makeAsyncIterator() -> Iterator { Iterator(messages: messages.makeAsyncIterator()) }

  struct Iterator: AsyncBufferedIteratorProtocol {
    var messages: AsyncStream<String>.Iterator

    mutating func next() async throws -> UInt8? { try await nextBuffer(suggested: 1)?.first }

    mutating func nextBuffer(suggested count: Int) async throws -> [UInt8]? {
      guard let message = await messages.next() else { return nil }
      // A remark keeps the connection alive; data has no line breaks in it, as it is JSON.
      return Array((message.isEmpty ? ":\n\n" : "data: \(message)\n\n").utf8)
    }
  }
}
