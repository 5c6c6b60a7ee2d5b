import Testing

@testable import gallery_server

@Suite("Who is answered")
struct GatekeeperTests {
  private func status(
    _ address: String = "127.0.0.1", method: String = "GET", path: String = "/run",
    host: String? = "127.0.0.1:8080",
    origin: String? = nil, site: String? = nil, type: String? = "application/json",
    length: Int? = 0
  ) -> Int? {
    Gatekeeper(address: address).refusal(
      method: method, path: path, host: host, origin: origin, site: site, contentType: type,
      bodyLength: length, peer: "127.0.0.1")?.status
  }

  @Test(
    "This machine's own names, with any port",
    arguments: ["127.0.0.1:8080", "localhost:8080", "LOCALHOST", "[::1]:8080", "localhost:9000"])
  func own(host: String) { #expect(status(host: host) == nil) }

  @Test(
    "Other names, which another page could have pointed here",
    arguments: [
      nil, "", "example.com", "example.com:8080", "127.0.0.1.example.com:8080", "localhost.evil",
      "192.168.1.5:8080", "[::2]:8080", "[", "]", ":8080", "127.0.0.1@evil",
    ])
  func foreign(host: String?) { #expect(status(host: host) == 403) }

  @Test("Opened to others it answers to addresses, and to no names but its own")
  func open() {
    #expect(status("0.0.0.0", host: "192.168.1.5:8080") == nil)
    #expect(status("0.0.0.0", host: "[fe80::1]:8080") == nil)
    #expect(status("192.168.1.5", host: "192.168.1.5:8080") == nil)
    #expect(status("0.0.0.0", host: "example.com:8080") == 403)
  }

  @Test(
    "Pages of other origins", arguments: ["GET", "POST"],
    ["http://example.com", "null", "https://127.0.0.1:8080", "http://127.0.0.1:9090", ""])
  func origin(method: String, origin: String) {
    #expect(status(method: method, origin: origin) == 403)
    #expect(status(method: method, origin: "http://127.0.0.1:8080") == nil)
  }

  @Test("What a form of another page could send, and what is too long")
  func forms() {
    #expect(status(method: "POST", type: "text/plain") == 415)
    #expect(status(method: "POST", type: nil) == 415)
    #expect(status(method: "POST", type: "application/json; charset=utf-8") == nil)
    #expect(status(method: "POST", site: "cross-site") == 403)
    #expect(status(method: "POST", site: "same-origin") == nil)
    #expect(status(method: "POST", length: Gatekeeper.bodyLimit + 1) == 413)
    #expect(status(method: "POST", length: Gatekeeper.bodyLimit) == nil)
    #expect(status(method: "POST", length: nil) == 411)
    #expect(status(method: "PUT") == 405)
  }

  @Test(
    "Photographs may be larger, and only where they are asked for",
    arguments: ["/dream", "/try/gradcam"])
  func photographs(path: String) {
    let type = "application/octet-stream"
    let limit = SentPhotograph.byteLimit
    #expect(status(method: "POST", path: path, type: type, length: limit) == nil)
    #expect(status(method: "POST", path: path, type: type, length: limit + 1) == 413)
    #expect(status(method: "GET", path: path, type: type, length: limit) == 413)
    #expect(status(method: "POST", path: "/run", type: type, length: limit) == 413)
    #expect(status(method: "POST", path: "/run", type: type) == 415)
    // What forms and pages elsewhere can send without being asked for permission.
    for type in ["text/plain", "multipart/form-data", "application/json", nil] {
      #expect(status(method: "POST", path: path, type: type) == 415)
    }
    #expect(status(method: "POST", path: path, site: "cross-site", type: type) == 403)
  }

  @Test("Only who sits at this machine may start programs")
  func running() {
    let gatekeeper = Gatekeeper(address: "0.0.0.0")
    for peer in ["127.0.0.1", "::1", "::ffff:127.0.0.1"] { #expect(gatekeeper.mayRun(peer)) }
    for peer in ["192.168.1.5", "::ffff:192.168.1.5", "127.0.0.1.evil", "", nil] {
      #expect(!gatekeeper.mayRun(peer), "\(peer ?? "nobody")")
    }
  }
}
