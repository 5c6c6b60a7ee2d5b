import Foundation
import Testing

@testable import gallery_server

@Suite("What the server answers")
struct ServerTests {
  private let venue: Venue

  init() throws { venue = try Venue() }

  @Test("The page, its files, a fragment, with headers that keep other pages out")
  func pages() async throws {
    try await venue.serve { client in
      for path in ["/", "/index.html", "/exhibit/chapter3-imdb"] + Web.files.keys.map({ "/" + $0 })
      {
        let answer = try await client.get(path)
        #expect(answer.status == 200 && answer.body.count > 50, "\(path)")
        #expect(answer.head.contains("Content-Security-Policy: default-src 'none'"))
        #expect(answer.head.contains("nosniff"))
      }
      #expect(try await client.get("/").text.contains("chapter8-gan"))
    }
  }

  @Test("Figures and reports of programs, and nothing else of the disk")
  func files() async throws {
    try venue.add("picture", as: "chapter3-imdb/loss.png")
    try venue.add("report", as: "chapter3-imdb/report.html")
    try venue.add("secret", as: "chapter3-imdb/metrics.json")
    try venue.add("secret", as: "secret.png")
    try FileManager.default.createDirectory(
      at: venue.places.output.appending(path: "chapter3-imdb/folder.png"),
      withIntermediateDirectories: true)
    try await venue.serve { client in
      #expect(try await client.get("/results/chapter3-imdb/loss.png?123").text == "picture")
      #expect(try await client.get("/results/chapter3-imdb/report.html").text == "report")
      for path in [
        "/results/chapter3-imdb/metrics.json", "/results/chapter3-imdb/../secret.png",
        "/results/chapter3-imdb/..%2fsecret.png", "/results/chapter3-imdb/%2e%2e/secret.png",
        "/results/../secret.png", "/results/chapter3-imdb/folder.png", "/results/gallery/a.png",
        "/results//loss.png", "/results/chapter3-imdb/", "/results/chapter3-imdb/loss.png/x",
        "/chapters/chapter3-imdb/report.html", "/etc/passwd", "//etc/passwd", "/../../etc/passwd",
        "/try/", "/try/nothing", "/exhibit/", "/exhibit/x", "/page.css/x", "/%00", "/*", "/\u{7f}",
      ] {
        let answer = try await client.get(path)
        #expect(answer.status == 404, "\(path): \(answer.head)")
        #expect(!answer.text.contains("secret"))
      }
    }
  }

  @Test(
    "Foreign names and pages, forms, other methods: refused in a sentence, the connection closed")
  func foreign() async throws {
    try await venue.serve { client in
      let body = #"{"program": "chapter3-imdb", "quick": true}"#
      let json = "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)"
      let host = "Host: 127.0.0.1:\(client.port)"
      for (request, status) in [
        ("GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", 403),
        ("GET / HTTP/1.1\r\n\r\n", 403),
        ("GET / HTTP/1.1\r\n\(host)\r\nOrigin: http://evil.example\r\n\r\n", 403),
        ("POST /run HTTP/1.1\r\nHost: evil.example\r\n\(json)\r\n\r\n\(body)", 403),
        ("POST /run HTTP/1.1\r\n\(host)\r\nOrigin: null\r\n\(json)\r\n\r\n\(body)", 403),
        (
          "POST /run HTTP/1.1\r\n\(host)\r\nSec-Fetch-Site: cross-site\r\n\(json)\r\n\r\n\(body)",
          403
        ),
        ("POST /run HTTP/1.1\r\n\(host)\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)", 415),
        ("DELETE / HTTP/1.1\r\n\(host)\r\n\r\n", 405),
        ("POST /run HTTP/1.1\r\n\(host)\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 411),
      ] {
        // Kept alive as far as the request goes: that it ends here is the server's doing.
        let answer = try await client.send(request)
        #expect(answer.status == status, "\(request): \(answer.head)")
        #expect(answer.text.contains(#"{"error":""#) && answer.text.hasSuffix("}"))
      }
    }
  }

  @Test("A request hidden in the body of one that is refused is not taken for one")
  func smuggling() async throws {
    let runs = venue.makeRuns()
    try await venue.serve(runs) { client in
      let body = #"{"program": "chapter3-imdb", "quick": true}"#
      let hidden =
        "POST /run HTTP/1.1\r\nHost: 127.0.0.1:\(client.port)\r\nContent-Type: application/json\r\n"
        + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
      for length in [hidden.utf8.count, Gatekeeper.bodyLimit + 1] {
        let answer = try await client.send(
          "POST /run HTTP/1.1\r\nHost: 127.0.0.1:\(client.port)\r\nContent-Type: text/plain\r\n"
            + "Content-Length: \(length)\r\n\r\n\(hidden)")
        #expect([413, 415].contains(answer.status))
        #expect(answer.text.matches(of: /HTTP\/1\.1/).isEmpty)
      }
      var messages = try await runs.subscribe().makeAsyncIterator()
      let first = try Message(try #require(await messages.next()))
      #expect(first.phase == "idle" && first.program == nil)
    }
  }

  @Test(
    "What is no HTTP ends its connection and nothing else",
    arguments: [
      "\r\n\r\n", "nonsense\r\n\r\n", "GET /\r\n\r\n", "\u{0}\u{1}\u{2}\r\n\r\n",
      "POST /run HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
      "POST /run HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999999999999\r\n\r\n",
      "POST /run HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
      "GET / HTTP/9.9\r\nHost: localhost\r\nConnection: close\r\n\r\n",
    ])
  func noise(text: String) async throws {
    try await venue.serve { client in
      _ = try await client.exchange(text) { _ in false }
      #expect(try await client.get("/page.css").status == 200)
    }
  }

  @Test(
    "Bodies that are not what the page sends", arguments: ["/run", "/try/review", "/try/plane"])
  func bodies(path: String) async throws {
    try await venue.serve { client in
      for body in [
        "", "{", "[]", "null", #"{"program": 3}"#, #"{"program": "sh"}"#, #"{"text": null}"#,
        #"{"x": 1e999, "y": 0}"#, String(repeating: "[", count: 60_000),
      ] {
        let answer = try await client.post(path, body)
        #expect((400..<500).contains(answer.status), "\(body.prefix(40)): \(answer.head)")
      }
      #expect(try await client.post("/nowhere", "{}").status == 404)
      #expect(try await client.post("/stop", "{}").status == 409)
    }
  }

  @Test("Many browsers at once get the page, and hear of what goes on")
  func many() async throws {
    let runs = venue.makeRuns()
    try await venue.serve(runs) { client in
      try await withThrowingTaskGroup(of: Bool.self) { group in
        for _ in 0..<30 {
          group.addTask {
            let head = "GET /events HTTP/1.1\r\nHost: 127.0.0.1:\(client.port)\r\n\r\n"
            let data = try await client.exchange(head) {
              String(decoding: $0, as: UTF8.self).contains("\n\n")
            }
            return String(decoding: data, as: UTF8.self).contains(#"data: {"#)
          }
          group.addTask { try await client.get("/").status == 200 }
        }
        for try await isRight in group { #expect(isRight) }
      }
    }
  }

  @Test("A browser too many is refused; one that has gone is forgotten")
  func watchers() async throws {
    let runs = venue.makeRuns()
    var streams: [AsyncStream<String>] = []
    for _ in 0..<200 { streams.append(try await runs.subscribe()) }
    await #expect(throws: Refusal.self) { try await runs.subscribe() }
    streams = []
    // Forgetting is a task of its own.
    while await runs.browserCount > 0 { await Task.yield() }
    _ = try await runs.subscribe()
  }
}
