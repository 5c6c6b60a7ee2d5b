import FlyingFox
import FlyingSocks
import Foundation
import Synchronization

/// Serves the page: the gallery, what it can run, and what can be tried.
final class GalleryServer: Sendable {
  private let server: HTTPServer
  private let gatekeeper: Gatekeeper
  private let places: Places
  private let runs: RunCenter
  private let studio: Studio
  private let pages = PageCache()
  /// How many photographs are on their way or looked at: each takes memory.
  private let uploads = Mutex(0)
  private static let uploadLimit = 8
  /// Whether the threads that answer take lower priority than what the server starts.
  private let givesWay: Bool

  /// - Parameters:
  ///   - address: an address of IPv4 or IPv6.
  ///   - port: 0 for a free one.
  ///   - givesWay: whether the threads that answer take lower priority than what the server starts.
  /// - Throws: if it is no address.
  init(
    places: Places, runs: RunCenter, studio: Studio, address: String, port: UInt16,
    givesWay: Bool = false
  ) throws {
    (self.places, self.runs, self.studio, self.givesWay) = (places, runs, studio, givesWay)
    gatekeeper = Gatekeeper(address: address)
    // What is longer is not read at all: see `LastBody`.
    let replay = Gatekeeper.bodyLimit
    let pool = PromptPool(base: HTTPServer.defaultPool())
    let place: HTTPServer.Configuration =
      if address.contains(":") {
        HTTPServer.Configuration(
          address: try sockaddr_in6.inet6(ip6: address, port: port),
          sharedRequestReplaySize: replay, pool: pool,
          logger: .disabled)
      } else {
        HTTPServer.Configuration(
          address: try sockaddr_in.inet(ip4: address, port: port), sharedRequestReplaySize: replay,
          pool: pool,
          logger: .disabled)
      }
    server = HTTPServer(config: place)
  }

  /// Serves until the task is cancelled.
  func run() async throws {
    // A browser that has gone is no reason to end. A handler, as programs that are started would inherit SIG_IGN.
    signal(SIGPIPE) { _ in }
    await server.appendRoute("*") { [self] request in await answer(request) }
    try await server.run()
  }

  /// The port, as soon as there is one: at once, but for a machine that is very busy.
  func listeningPort() async throws -> UInt16 {
    try await server.waitUntilListening(timeout: 600)
    switch await server.listeningAddress {
    case .ip4(_, let port), .ip6(_, let port): return port
    default: throw Refusal(500, "The server does not listen.")
    }
  }

  func stop() async { await server.stop() }

  // MARK: Answers

  private func answer(_ request: HTTPRequest) async -> HTTPResponse {
    if givesWay { Launcher.giveWay() }
    let method = request.method.rawValue
    // The header X-Forwarded-For, which anybody can write, says nothing here.
    let peer: String? =
      switch request.remoteAddress {
      case .ip4(let address, _), .ip6(let address, _): address
      default: nil
      }
    if let refusal = gatekeeper.refusal(
      method: method, path: request.path, host: request.headers[.host],
      origin: request.headers[HTTPHeader("Origin")],
      site: request.headers[HTTPHeader("Sec-Fetch-Site")],
      contentType: request.headers[.contentType], bodyLength: request.bodySequence.count,
      peer: peer)
    {
      return Self.response(to: refusal)
    }
    do {
      if method == "GET" { return try await get(request.path) }
      if Gatekeeper.photographPaths.contains(request.path) {
        return try await photograph(request, peer: peer)
      }
      return try await post(request.path, request.bodyData, peer: peer)
    } catch let refusal as Refusal {
      return Self.response(to: refusal)
    } catch {
      return Self.response(to: Refusal(500, "\(error)"))
    }
  }

  private func get(_ path: String) async throws -> HTTPResponse {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map(
      String.init)
    switch (parts.first ?? "", parts.count) {
    case ("", 1), ("index.html", 1):
      let html = await pages.page { [places] in PageWriter(places: places, mode: .live).page() }
      return Self.response(Data(html.utf8), type: "text/html; charset=utf-8")
    case ("events", 1):
      return HTTPResponse(
        statusCode: .ok, headers: Self.headers("text/event-stream"),
        body: HTTPBodySequence(from: EventBody(messages: try await runs.subscribe())))
    case ("exhibit", 2):
      guard let entry = Catalogue.entry(parts[1]) else { throw Refusal.notFound }
      let html = PageWriter(places: places, mode: .live).results(Exhibit(entry, in: places))
      return Self.response(Data(html.utf8), type: "text/html; charset=utf-8")
    case ("results", 3), ("chapters", 3): return try file(parts[0], parts[1], parts[2])
    case ("photographs", 2):
      let bytes = try await studio.photograph(parts[1])
      return Self.response(bytes, type: bytes.first == 0x89 ? "image/png" : "image/jpeg")
    case ("try", 3) where parts[1] == "plane" && parts[2] == "map":
      return try Self.json(await studio.planeMap())
    case ("try", 2):
      guard let panel = TryPanel.allCases.first(where: { "\($0)" == parts[1] }) else {
        throw Refusal.notFound
      }
      return try Self.json(await studio.about(panel))
    default:
      guard parts.count == 1, let file = Web.files[parts[0]] else { throw Refusal.notFound }
      return Self.response(Data(file.bytes), type: file.type)
    }
  }

  /// Looks at a photograph, or begins to dream about it.
  private func photograph(_ request: HTTPRequest, peer: String?) async throws -> HTTPResponse {
    let isDream = request.path == "/dream"
    if isDream { try checkMayRun(peer) }
    let choice = try Dream.Choice(
      Dictionary(request.query.map { ($0.name, $0.value) }) { first, _ in first })
    let isRoom = uploads.withLock { count in
      guard count < Self.uploadLimit else { return false }
      count += 1
      return true
    }
    guard isRoom else {
      throw Refusal(503, "Many photographs are on their way: try again in a moment.")
    }
    defer { uploads.withLock { $0 -= 1 } }
    let bytes = try await request.bodyData
    guard isDream else { return try Self.json(await studio.look(at: bytes)) }
    let dream = try await studio.dream(choice, about: bytes, in: places)
    try await runs.start(RunRequest(program: TryPanel.dream.rawValue, dream: dream))
    return try Self.json(["ok": true])
  }

  private func checkMayRun(_ peer: String?) throws {
    guard gatekeeper.mayRun(peer) else {
      throw Refusal(
        403, "Only who sits at the machine on which the gallery runs can start and stop programs.")
    }
  }

  /// A figure or a report: nothing else of these folders is shown.
  private func file(_ kind: String, _ program: String, _ name: String) throws -> HTTPResponse {
    guard Catalogue.entry(program) != nil else { throw Refusal.notFound }
    let isReport = kind == "results" && name == "report.html"
    guard isReport || FileNames.isPicture(name) else { throw Refusal.notFound }
    let folder =
      kind == "results"
      ? places.results(of: program) : places.chapter(program)?.appending(path: "figures")
    guard let bytes = folder.flatMap({ RunSummary.read($0.appending(path: name), limit: 1 << 26) })
    else { throw Refusal.notFound }
    if isReport { return Self.response(bytes, type: "text/html; charset=utf-8") }
    return Self.response(bytes, type: "image/png", caching: "max-age=31536000, immutable")
  }

  private func post(_ path: String, _ body: Data, peer: String?) async throws -> HTTPResponse {
    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
      guard let value = try? JSONDecoder().decode(type, from: body) else {
        throw Refusal(400, "This request is not what the page sends.")
      }
      return value
    }
    switch path {
    case "/run", "/stop":
      try checkMayRun(peer)
      if path == "/run" {
        try await runs.start(decode(RunRequest.self))
      } else {
        try await runs.stop()
      }
      return try Self.json(["ok": true])
    case "/try/review": return try Self.json(await studio.review(decode(ReviewQuestion.self)))
    case "/try/dense", "/try/convnet":
      return try Self.json(
        await studio.digit(decode(DigitQuestion.self), isConvnet: path == "/try/convnet"))
    case "/try/plane": return try Self.json(await studio.plane(decode(PlaneQuestion.self)))
    case "/try/writer": return try Self.json(await studio.write(decode(WriterQuestion.self)))
    default: throw Refusal.notFound
    }
  }

  // MARK: Responses

  private static func headers(_ type: String, caching: String = "no-cache") -> HTTPHeaders {
    [
      .contentType: type, .cacheControl: caching,
      HTTPHeader("X-Content-Type-Options"): "nosniff",
      HTTPHeader("Cross-Origin-Resource-Policy"): "same-origin",
      HTTPHeader("Referrer-Policy"): "no-referrer",
      HTTPHeader("Content-Security-Policy"):
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ]
  }

  private static func response(
    _ bytes: Data, type: String, caching: String = "no-cache"
  ) -> HTTPResponse {
    HTTPResponse(statusCode: .ok, headers: headers(type, caching: caching), body: bytes)
  }

  private static func json(_ value: some Encodable) throws -> HTTPResponse {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    return response(try encoder.encode(value), type: "application/json")
  }

  private static func response(to refusal: Refusal) -> HTTPResponse {
    struct Reason: Encodable {
      let error: String
      let program: String?
    }
    let reason = Reason(error: refusal.description, program: refusal.program)
    let bytes = Array((try? JSONEncoder().encode(reason)) ?? Data())
    var headers = headers("application/json")
    headers[.connection] = "close"
    return HTTPResponse(
      statusCode: HTTPStatusCode(refusal.status, phrase: "Refused"), headers: headers,
      body: HTTPBodySequence(from: LastBody(bytes: bytes), count: bytes.count))
  }
}
