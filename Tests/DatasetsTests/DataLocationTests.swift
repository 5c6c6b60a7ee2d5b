import Foundation
import TestSupport
import Testing

@testable import DataFiles

@Suite("Where data lies")
struct DataLocationTests {
  @Test("A folder that is not there is an error that names it and who asked for it")
  func missing() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/none"
    #expect(
      sentence { _ = try DataLocation(folder: path) }.contains(
        "no folder \(path), which --data names"))
    let environment = ["DLWP_DATA": path]
    #expect(sentence { _ = try DataLocation(environment: environment) }.contains("DLWP_DATA names"))
    let file = try folder.write("", as: "file")
    #expect(sentence { _ = try DataLocation(folder: file) }.contains("no folder \(file)"))
  }

  @Test("What the user gives goes before the environment, that before the checkout")
  func order() throws {
    let given = try TemporaryFolder()
    let named = try TemporaryFolder()
    let checkout = try TemporaryFolder()
    try checkout.write("", as: "Package.swift")
    try checkout.write("{}", as: "data/manifest.json")
    try checkout.write("", as: "data/cache/x")
    try checkout.write("", as: "Sources/Deep/file")
    let start = checkout.path + "/Sources/Deep"
    let environment = ["DLWP_DATA": named.path]
    let first = try DataLocation(folder: given.path, environment: environment, start: start)
    #expect(first.folders[0] == given.path && first.downloads == given.path)
    let second = try DataLocation(environment: environment, start: start)
    #expect(second.folders[0] == named.path && second.downloads == named.path)
    let third = try DataLocation(environment: ["DLWP_DATA": ""], start: start)
    #expect(third.folders == [checkout.path + "/data", checkout.path + "/data/downloads"])
    #expect(third.downloads == checkout.path + "/data/downloads")
    #expect(
      [first, second, third].map(\.manifest)
        == Array(
          repeating: checkout.path + "/data/manifest.json", count: 3))
  }

  @Test(
    "A program of a kit finds the checkout in the folder sources beside its own, and anybody's sources are none"
  )
  func kit() throws {
    let kit = try TemporaryFolder()
    try kit.write("", as: "sources/Package.swift")
    try kit.write("", as: "programs/chapter")
    try kit.write("{}", as: "data/manifest.json")
    let start = kit.path + "/programs/chapter"
    #expect(try DataLocation(environment: [:], start: start).checkout != kit.path + "/sources")
    try kit.write("{}", as: "sources/data/manifest.json")
    #expect(try DataLocation(environment: [:], start: start).checkout == kit.path + "/sources")
  }

  @Test("The system's data sets are looked for where XDG_DATA_DIRS says, else in /usr/share")
  func system() throws {
    let (first, second) = (try TemporaryFolder(), try TemporaryFolder())
    try second.write("", as: "datasets/x")
    func system(_ named: String?) throws -> String {
      try DataLocation(environment: named.map { ["XDG_DATA_DIRS": $0] } ?? [:]).system
    }
    #expect(try system(nil) == "/usr/share/datasets")
    #expect(try system("") == "/usr/share/datasets")
    #expect(try system("\(first.path):\(second.path)") == second.path + "/datasets")
    #expect(try system(first.path) == first.path + "/datasets")
  }

  @Test("Caches belong where the user wants them, to the checkout or to the home, not to the data")
  func caches() throws {
    let given = try TemporaryFolder()
    let checkout = try TemporaryFolder()
    try checkout.write("", as: "Package.swift")
    try checkout.write("{}", as: "data/manifest.json")
    func caches(_ environment: [String: String], folder: String? = nil) throws -> [String] {
      try DataLocation(
        folder: folder, environment: environment, start: checkout.path
      ).caches
    }
    let own = checkout.path + "/data/cache"
    for folder in [nil, given.path] {
      #expect(try caches([:], folder: folder) == [own])
      #expect(
        try caches(["HOME": "/home/x"], folder: folder) == [own, "/home/x/.cache/dlwp"])
      #expect(
        try caches(["HOME": "/home/x", "XDG_CACHE_HOME": "/c"], folder: folder)
          == ["/c/dlwp", own, "/home/x/.cache/dlwp"])
      // Relative paths do not count.
      #expect(
        try caches(["HOME": "/home/x", "XDG_CACHE_HOME": "c"], folder: folder)
          == [own, "/home/x/.cache/dlwp"])
    }
    #expect(try caches(["DLWP_DATA": given.path, "HOME": "x"]) == [own])
    #expect(try given.names().isEmpty)
  }

  @Test(
    "A folder that may not be read is an error, not an empty one", .ahead,
    arguments: ["", "/downloads"])
  func unreadable(part: String) async {
    if part.isEmpty {
      await #expect(processExitsWith: .success) {
        exit(Self.refusesUnreadable(part: "") ? 0 : 3)
      }
    } else {
      await #expect(processExitsWith: .success) {
        exit(Self.refusesUnreadable(part: "/downloads") ? 0 : 3)
      }
    }
  }

  /// Whether a folder, or a part of it, that may not be read is refused by name.
  private static func refusesUnreadable(part: String) -> Bool {
    guard let folder = try? TemporaryFolder() else { return false }
    mkdir(folder.path + "/downloads", 0o755)
    chmod(folder.path + part, 0)
    defer { chmod(folder.path + part, 0o755) }
    // The administrator may read everything; `access` asks about the real user.
    if geteuid() == 0 { setreuid(65_534, 0) }
    do {
      _ = try DataLocation(folder: folder.path, environment: [:], start: "/")
      return false
    } catch {
      return "\(error)".contains("\(folder.path + part) may not be read")
    }
  }
}
