import Foundation
import Gallery
import TestSupport
import Testing

@testable import gallery_server

/// A gallery in a fresh folder; gone with the last reference.
final class Venue: Sendable {
  let folder: URL
  let places: Places
  /// What programs run with: no network, and no data but what they make.
  let environment: [String: String]

  init() throws {
    folder = FileManager.default.temporaryDirectory
      .appending(path: "gallery-tests-" + UUID().uuidString).resolvingSymlinksInPath()
    for name in ["output", "data", "caches"] {
      try FileManager.default.createDirectory(
        at: folder.appending(path: name), withIntermediateDirectories: true)
    }
    let bundles = Bundle.allBundles.map(\.bundleURL).filter { $0.pathExtension == "xctest" }
    let starts = bundles + [URL(fileURLWithPath: CommandLine.arguments[0])]
    let withPrograms = starts.map { $0.deletingLastPathComponent() }.first {
      FileManager.default.isExecutableFile(atPath: $0.appending(path: "chapter3-imdb").path)
    }
    let programs: URL = try #require(
      withPrograms, "Build the programs first: swift build --build-tests.")
    places = Places(
      output: folder.appending(path: "output").path, folder: folder, programs: programs)
    let nowhere = "http://127.0.0.1:9"
    let surroundings = ProcessInfo.processInfo.environment
    // The first of the ways to pip; without an index it would only think for half a second.
    let tools = folder.appending(path: "tools")
    try writeScript(
      "#!/bin/sh\necho 'ERROR: There is no index here.' >&2\nexit 1\n",
      to: tools.appending(path: "python3"))
    environment = surroundings.merging([
      "PATH": tools.path + ":" + (surroundings["PATH"] ?? "/usr/bin:/bin"),
      "DLWP_DATA": folder.appending(path: "data").path, "DLWP_THREADS": "1", "PIP_NO_INDEX": "1",
      "XDG_CACHE_HOME": folder.appending(path: "caches").path,
      "XDG_DATA_DIRS": folder.appending(path: "data").path, "http_proxy": nowhere,
      "https_proxy": nowhere, "ALL_PROXY": nowhere, "no_proxy": "",
    ]) { $1 }
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// Puts a file into the folder of results.
  func add(_ text: String, as name: String) throws {
    let file = places.output.appending(path: name)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
  }

  func makeRuns() -> RunCenter {
    RunCenter(places: places, launcher: Launcher(), environment: environment)
  }

  /// Runs whose program waits after its second epoch to be stopped, rather than train on while a busy test is slow.
  func makeWaitingRuns() -> RunCenter {
    RunCenter(
      places: places, launcher: Launcher(),
      environment: environment.merging(["DLWP_WAIT_AT": "2"]) { $1 })
  }

  /// Serves on a free port while a body is at work.
  func serve(
    _ runs: RunCenter? = nil, _ body: (RawClient) async throws -> Void
  ) async throws {
    let server = try GalleryServer(
      places: places, runs: runs ?? makeRuns(),
      studio: Studio(places: places, environment: environment), address: "127.0.0.1", port: 0)
    let task = Task { try await server.run() }
    defer { task.cancel() }
    try await body(RawClient(port: server.listeningPort()))
  }
}

/// The messages that a browser gets.
struct Message: Decodable {
  let kind: String
  let phase: String
  let program: String?
  let ending: String?
  let event: ProgressEvent?
  let events: [ProgressEvent]?
  let before: [ProgressEvent]?
  let results: [ResultChange]?

  init(_ text: String) throws {
    self = try JSONDecoder().decode(Self.self, from: Data(text.utf8))
  }
}
