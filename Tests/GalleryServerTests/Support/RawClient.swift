import Foundation

/// Sends bytes to a server of this machine and reads what comes back: also what no browser would send.
struct RawClient {
  /// What came back.
  struct Answer {
    let status: Int
    let head: String
    let body: Data

    var text: String { String(decoding: body, as: UTF8.self) }

    /// The body as JSON.
    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
      try JSONDecoder().decode(type, from: body)
    }
  }

  enum Failure: Error { case noConnection, noAnswer(String) }

  let port: UInt16

  /// A page.
  func get(_ path: String, headers: [String] = []) async throws -> Answer {
    try await send(
      (["GET \(path) HTTP/1.1", "Host: 127.0.0.1:\(port)"] + headers).joined(separator: "\r\n")
        + "\r\nConnection: close\r\n\r\n")
  }

  /// What the page sends.
  func post(_ path: String, _ json: String, headers: [String] = []) async throws -> Answer {
    try await send(
      ([
        "POST \(path) HTTP/1.1", "Host: 127.0.0.1:\(port)", "Content-Type: application/json",
        "Content-Length: \(json.utf8.count)",
      ] + headers).joined(separator: "\r\n") + "\r\nConnection: close\r\n\r\n" + json)
  }

  /// What the page sends with a photograph.
  func post(
    _ path: String, photograph: Data, type: String = "application/octet-stream"
  ) async throws -> Answer {
    let head = head(path, photographOf: photograph.count, type: type)
    return try await send(Data(head.utf8) + photograph)
  }

  /// What comes before a photograph of so many bytes.
  func head(
    _ path: String, photographOf bytes: Int, type: String = "application/octet-stream"
  ) -> String {
    [
      "POST \(path) HTTP/1.1", "Host: 127.0.0.1:\(port)", "Content-Type: \(type)",
      "Content-Length: \(bytes)", "Connection: close", "\r\n",
    ].joined(separator: "\r\n")
  }

  /// Sends text, and reads until the server closes the connection.
  func send(_ text: String) async throws -> Answer { try await send(Data(text.utf8)) }

  /// Sends bytes, and reads until the server closes the connection.
  func send(_ request: Data) async throws -> Answer {
    let bytes = try await exchange(request) { _ in false }
    guard let end = bytes.range(of: Data("\r\n\r\n".utf8)) else {
      throw Failure.noAnswer(String(decoding: bytes, as: UTF8.self))
    }
    let head = String(decoding: bytes[..<end.lowerBound], as: UTF8.self)
    let status = head.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    return Answer(status: status, head: head, body: Data(bytes[end.upperBound...]))
  }

  /// Sends text, and reads until the server closes the connection or enough has come.
  func exchange(
    _ text: String, until isEnough: @escaping @Sendable (Data) -> Bool
  ) async throws -> Data { try await exchange(Data(text.utf8), until: isEnough) }

  /// Sends bytes, and reads until the server closes the connection or enough has come.
  ///
  /// On a thread of its own, as it waits.
  private func exchange(
    _ request: Data, until isEnough: @escaping @Sendable (Data) -> Bool
  ) async throws -> Data {
    let port = port
    return try await withCheckedThrowingContinuation { continuation in
      Thread.detachNewThread {
        continuation.resume(with: Result { try Self.exchange(request, port, until: isEnough) })
      }
    }
  }

  /// A connection whose request has not come to its end; closed with the last reference.
  final class Unfinished: Sendable {
    fileprivate let file: Int32

    fileprivate init(_ file: Int32) { self.file = file }

    deinit { close(file) }
  }

  /// Sends the beginning of a request and reads nothing.
  func begin(_ text: String) throws -> Unfinished { try Self.begin(Data(text.utf8), port) }

  private static func begin(_ request: Data, _ port: UInt16) throws -> Unfinished {
    #if os(Linux)
      let file = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    #else
      let file = socket(AF_INET, SOCK_STREAM, 0)
    #endif
    let connection = Unfinished(file)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    let isConnected = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(file, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
    guard isConnected else { throw Failure.noConnection }
    var rest = Array(request)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        Foundation.send(file, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if count <= 0 { break }
      rest = rest.dropFirst(count)
    }
    return connection
  }

  private static func exchange(
    _ request: Data, _ port: UInt16, until isEnough: (Data) -> Bool
  ) throws -> Data {
    let connection = try begin(request, port)
    var data = Data()
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while !isEnough(data) {
      let count = read(connection.file, &buffer, buffer.count)
      if count <= 0 { break }
      data.append(contentsOf: buffer[..<count])
    }
    return data
  }
}
