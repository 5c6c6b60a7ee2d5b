import Foundation

/// Whether data is what its publisher has published.
extension DataLocation {
  /// Whether content is the official one of a data set, as `data/manifest.json` knows it by its fingerprint.
  ///
  /// - Parameters:
  ///   - dataSet: its name in the manifest.
  ///   - files: what the content was read from: while these do not change, the fingerprint is not computed again.
  ///   - fingerprint: goes through the content.
  /// - Returns: ``DataOrigin/Kind/official`` or ``DataOrigin/Kind/otherContent``, which it also is where there is no
  ///   manifest.
  public func kind(
    of dataSet: String, readFrom files: [String], fingerprint: () -> String
  ) -> DataOrigin.Kind {
    let known = (try? DataManifest(of: self).dataSet(dataSet))?.content ?? []
    guard !known.isEmpty else { return .otherContent }
    let found = cached("content of \(dataSet)", files, fingerprint)
    return known.contains { $0.sha256 == found } ? .official : .otherContent
  }

  /// Whether a file is one that a data set's publisher has published: by name, length and check sum in
  /// `data/manifest.json`, where the check sums inside an archive do if its publisher gives none.
  public func kind(ofFile path: String, of dataSet: String) -> DataOrigin.Kind {
    let name = (path as NSString).lastPathComponent
    guard let entry = try? DataManifest(of: self).dataSet(dataSet) else { return .otherContent }
    func isPublished(_ bytes: Int, _ program: String?, _ sum: String) -> Bool {
      if DataManifest.fault(of: path, bytes: bytes) != nil { return false }
      guard let program else { return true }
      let found = cached("\(program) of a file", [path]) {
        (try? Fetcher.checkSum(of: path, by: program)) ?? ""
      }
      return found == sum
    }
    let isOfficial = entry.files.contains { file in
      guard file.name == name else { return false }
      if let sum = file.sha256 { return isPublished(file.bytes, "sha256sum", sum) }
      if let sum = file.md5 { return isPublished(file.bytes, "md5sum", sum) }
      return file.checksItself == true && isPublished(file.bytes, nil, "")
    }
    return isOfficial ? .official : .otherContent
  }

  /// Says of data in the official form whether its content is official; other data stays what it is.
  package func checked(
    _ origin: DataOrigin, as dataSet: String, readFrom files: [String], fingerprint: () -> String
  ) -> DataOrigin {
    guard origin.kind == .otherContent else { return origin }
    return told(origin, kind(of: dataSet, readFrom: files, fingerprint: fingerprint))
  }

  /// The same where no fingerprint of the content is known, and the file has to be the published one.
  package func checked(_ origin: DataOrigin, as dataSet: String, file path: String) -> DataOrigin {
    guard origin.kind == .otherContent else { return origin }
    return told(origin, kind(ofFile: path, of: dataSet))
  }

  private func told(_ origin: DataOrigin, _ kind: DataOrigin.Kind) -> DataOrigin {
    var origin = origin
    origin.kind = kind
    if kind == .otherContent {
      origin.detail +=
        manifest == nil
        ? " Whether this is the official content cannot be told without data/manifest.json."
        : " This is not known to be the official content."
    }
    return origin
  }

  /// Whether it takes time to go through files; it does for folders.
  private func isLarge(_ files: [String]) -> Bool {
    let bytes = files.reduce(0) { sum, path in
      var facts = stat()
      guard stat(path, &facts) == 0 else { return sum }
      return sum + (facts.st_mode & S_IFMT == S_IFDIR ? smallestKept : Int(facts.st_size))
    }
    return !files.isEmpty && bytes >= smallestKept
  }

  /// A sum that is computed only if it is not in the cache.
  private func cached(_ what: String, _ files: [String], _ compute: () -> String) -> String {
    guard isLarge(files), let mark = FingerprintCache.mark(of: files) else { return compute() }
    let found = caches.map(FingerprintCache.init(in:))
    let all = "\(what): \(mark)"
    for cache in found {
      if let sum = cache.fingerprint(of: all) { return sum }
    }
    let sum = compute()
    _ = found.first { $0.keep(sum, of: all) }
    return sum
  }
}
