import Foundation

/// The folders in which data is looked for, fetched into and cached.
///
/// Data lies in the folder given with `--data`, else in the one that the environment variable
/// `DLWP_DATA` names, else in `data/` of the checkout, which is found from the current folder
/// upward or, failing that, from the program's own place upward. Downloads go into the given folder
/// or into `data/downloads/` of the checkout.
///
/// Caches go into `dlwp` in the folder that `XDG_CACHE_HOME` names, else into `data/cache/` of the checkout, else
/// into `~/.cache/dlwp`, and never into a folder that the user named for data. If none of them is possible there is
/// no cache.
public struct DataLocation: Sendable {
  /// The folders to look in, the most important first; empty when there is none.
  public let folders: [String]
  /// Where downloads go; nil when there is no folder for them.
  public let downloads: String?
  /// The list of data sets that can be fetched; nil outside a checkout.
  public let manifest: String?
  /// The folder of this package; nil outside a checkout.
  public var checkout: String? { shipped.map { ($0 as NSString).deletingLastPathComponent } }
  /// The folder of the small data that comes with the project; nil outside a checkout.
  public internal(set) var shipped: String?
  /// Where the packages of the operating system put data sets: `datasets` in a folder that `XDG_DATA_DIRS` names.
  package internal(set) var system: String
  /// Where caches may go, the best place first.
  package internal(set) var caches: [String]
  /// How many bytes files must have for their fingerprint to be worth keeping.
  var smallestKept = 1 << 20

  /// Finds the folders.
  ///
  /// - Parameters:
  ///   - folder: what the user gave with `--data`, if anything.
  ///   - environment: the environment variables.
  ///   - start: where the search for the checkout begins.
  public init(
    folder: String? = nil, environment: [String: String] = ProcessInfo.processInfo.environment,
    start: String = FileManager.default.currentDirectoryPath
  ) throws {
    let checkout =
      Self.checkout(above: start)
      ?? Bundle.main.executablePath.flatMap { Self.checkout(above: $0) }
    shipped = checkout.map { $0 + "/data" }
    system = Self.systemFolder(environment)
    let wanted = folder ?? environment["DLWP_DATA"].flatMap { $0.isEmpty ? nil : $0 }
    let ownManifest = wanted.map { $0 + "/manifest.json" }
      .flatMap { FileManager.default.fileExists(atPath: $0) ? $0 : nil }
    manifest = shipped.map { $0 + "/manifest.json" } ?? ownManifest
    let ownCache = shipped.map { $0 + "/cache" }
    caches = [Self.chosenCache(environment), ownCache, Self.homeCache(environment)]
      .compactMap { $0 }
    guard let wanted else {
      folders = shipped.map { [$0, $0 + "/downloads"] } ?? []
      downloads = shipped.map { $0 + "/downloads" }
      try folders.forEach(Self.checkReadable)
      return
    }
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: wanted, isDirectory: &isFolder), isFolder.boolValue
    else {
      let source = folder == nil ? "the environment variable DLWP_DATA names" : "--data names"
      throw DataError(
        "There is no folder \(wanted), which \(source): create it or give the folder that holds "
          + "the data."
      )
    }
    folders = [wanted, wanted + "/downloads"]
    downloads = wanted
    try folders.forEach(Self.checkReadable)
  }

  /// The first folder of shared data that holds data sets; the last that was named if none does.
  private static func systemFolder(_ environment: [String: String]) -> String {
    let named = environment["XDG_DATA_DIRS"].flatMap { $0.isEmpty ? nil : $0 }
    let folders = (named ?? "/usr/share").split(separator: ":").map { "\($0)/datasets" }
    return folders.first { FileManager.default.fileExists(atPath: $0) } ?? folders.last
      ?? "/usr/share/datasets"
  }

  /// The program's folder among the caches for which the user has chosen a place, if that is so.
  private static func chosenCache(_ environment: [String: String]) -> String? {
    // By the rules of freedesktop.org relative paths do not count.
    environment["XDG_CACHE_HOME"].flatMap { $0.hasPrefix("/") ? $0 + "/dlwp" : nil }
  }

  /// The program's folder among the user's caches; nil for a user without a home.
  private static func homeCache(_ environment: [String: String]) -> String? {
    guard let home = environment["HOME"], home.hasPrefix("/") else { return nil }
    return home + "/.cache/dlwp"
  }

  /// Makes sure that what lies in a folder can be seen: what cannot would count as not there, and something generated
  /// would take its place.
  private static func checkReadable(_ folder: String) throws {
    guard access(folder, R_OK | X_OK) != 0, errno == EACCES else { return }
    throw DataError(
      "\(folder) may not be read: change its permissions, or name another folder with --data.")
  }

  /// The path of a file or folder of that name in the first folder that has it.
  public func find(_ name: String) -> String? {
    folders.lazy.map { $0 + "/" + name }.first { FileManager.default.fileExists(atPath: $0) }
  }

  /// The nearest folder at or above a path that is a checkout of this package, or has one in `sources` as a kit has.
  private static func checkout(above start: String) -> String? {
    var folder = URL(fileURLWithPath: start).standardizedFileURL.path
    while true {
      let marks = ["/Package.swift", "/data/manifest.json"]
      let found = [folder, folder + "/sources"].first { place in
        marks.allSatisfy { FileManager.default.fileExists(atPath: place + $0) }
      }
      if let found { return found }
      let parent = (folder as NSString).deletingLastPathComponent
      if parent == folder || parent.isEmpty { return nil }
      folder = parent
    }
  }

  /// Whether files may be put into a folder. Its permission bits count for the administrator too,
  /// so that a folder which is meant to stay as it is does.
  static func isWritable(_ folder: String) -> Bool {
    var facts = stat()
    return stat(folder, &facts) == 0 && facts.st_mode & 0o222 != 0 && access(folder, W_OK) == 0
  }
}
