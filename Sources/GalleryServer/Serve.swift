import ArgumentParser
import Foundation
import Gallery

/// `gallery`, the server.
struct Serve: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve", abstract: "Serve the page on this machine (what gallery does by itself).",
    discussion: """
      Open http://127.0.0.1:8080. Only this machine can reach it, unless --host names another address; programs can \
      be started from this machine only. Ctrl-C ends the server, and a training that it has started, which keeps what it \
      has learned.
      """)

  @OptionGroup var output: OutputOption

  @Option(
    help: ArgumentHelp(
      "The address to listen on; 0.0.0.0 for all that this machine has.", valueName: "address"))
  var host = "127.0.0.1"

  @Option(help: ArgumentHelp("The port; 0 for a free one.", valueName: "number"))
  var port = 8080

  func validate() throws {
    try check("--port", port, in: 0...65_535)
    var (four, six) = (in_addr(), in6_addr())
    guard inet_pton(AF_INET, host, &four) == 1 || inet_pton(AF_INET6, host, &six) == 1 else {
      throw ValidationError("--host needs an address such as 127.0.0.1 or 0.0.0.0, not \(host).")
    }
  }

  func run() throws {
    // Before the priority is lowered, and with the environment as it came.
    let launcher = Launcher()
    let environment = ProcessInfo.processInfo.environment
    Launcher.giveWay()
    // One core is enough for what is tried, and leaves the other to a training.
    setenv("DLWP_THREADS", "1", 1)
    Self.allowManyConnections()

    let places = Places(output: output.output)
    let runs = RunCenter(places: places, launcher: launcher, environment: environment)
    let server = try GalleryServer(
      places: places, runs: runs, studio: Studio(places: places), address: host,
      port: UInt16(port))
    Self.endOnSignal(runs)
    Task { await serve(server, runs) }
    dispatchMain()
  }

  private func serve(_ server: GalleryServer, _ runs: RunCenter) async {
    let beats = Task {
      while !Task.isCancelled {
        try await Task.sleep(for: .seconds(10))
        await runs.beat()
      }
    }
    defer { beats.cancel() }
    let greeting = Task {
      let port = try await server.listeningPort()
      let name = host.contains(":") ? "[\(host)]" : host
      print("The gallery: http://\(name):\(port)")
      fflush(nil)
    }
    do { try await server.run() } catch {
      greeting.cancel()
      let reason =
        "The gallery cannot listen on \(host), port \(port): \(error). Choose another with --port."
      FileHandle.standardError.write(Data("Error: \(reason)\n".utf8))
      await runs.shutDown()
      Foundation.exit(EXIT_FAILURE)
    }
  }

  /// Each browser keeps a connection or two.
  private static func allowManyConnections() {
    var limit = rlimit()
    #if os(Linux)
      let kind = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    #else
      let kind = RLIMIT_NOFILE
    #endif
    guard getrlimit(kind, &limit) == 0 else { return }
    limit.rlim_cur = min(limit.rlim_max, 65_536)
    setrlimit(kind, &limit)
  }

  /// Ends a training with the server. A second signal ends the server at once, and the training notices.
  private static func endOnSignal(_ runs: RunCenter) {
    EndSignals.listen { number, count in
      if count > 1 { Foundation.exit(128 + number) }
      Task {
        await runs.shutDown()
        Foundation.exit(128 + number)
      }
    }
  }
}

/// Signals that ask the server to end.
private enum EndSignals {
  /// The handler writes into one end, and a thread waits at the other.
  nonisolated(unsafe) private static var ends: (read: Int32, write: Int32) = (-1, -1)

  /// Calls a function on a thread of its own with each signal, and how many there have been.
  static func listen(_ body: @escaping @Sendable (_ number: Int32, _ count: Int) -> Void) {
    var pair: [Int32] = [-1, -1]
    guard pipe(&pair) == 0 else { return }
    for end in pair { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    ends = (pair[0], pair[1])
    for number in [SIGINT, SIGTERM, SIGHUP] {
      // A handler, and not SIG_IGN, which the programs that are started would inherit.
      signal(number) { number in
        var byte = UInt8(truncatingIfNeeded: number)
        _ = write(EndSignals.ends.write, &byte, 1)
      }
    }
    Thread.detachNewThread {
      var count = 0
      var byte: UInt8 = 0
      while read(ends.read, &byte, 1) != 0 {
        count += 1
        body(Int32(byte), count)
      }
    }
  }
}
