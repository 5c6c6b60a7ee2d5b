import Foundation
import Testing

@testable import DataFiles
@testable import Datasets

@Suite("The list of data sets")
struct DataManifestTests {
  /// The list that ships with the project.
  private func shipped() throws -> DataManifest {
    try DataManifest(path: checkout + "/data/manifest.json")
  }

  @Test("Every file has an address, a size and a check sum of the right form")
  func complete() throws {
    let manifest = try shipped()
    #expect(manifest.dataSets.map(\.name).contains("imdb"))
    for dataSet in manifest.dataSets {
      #expect(!dataSet.title.isEmpty && !dataSet.licence.isEmpty && !dataSet.usedBy.isEmpty)
      for file in dataSet.files {
        #expect(file.url.hasPrefix("https://") && file.bytes > 0, "\(file.name)")
        let sums = [file.sha256.map { ($0, 64) }, file.md5.map { ($0, 32) }].compactMap { $0 }
        #expect(sums.isEmpty == (file.checksItself == true), "\(file.name)")
        #expect(file.checksItself != true || file.name.hasSuffix(".zip"), "\(file.name)")
        for (sum, length) in sums {
          #expect(sum.count == length && sum.allSatisfy { "0123456789abcdef".contains($0) })
        }
      }
      for content in dataSet.content ?? [] {
        #expect(!content.of.isEmpty && content.sha256.count == 64)
        #expect(content.sha256.allSatisfy { "0123456789abcdef".contains($0) })
      }
    }
  }

  @Test("The reader of the mirror looks for what the list fetches")
  func mirrorAgrees() throws {
    let mirror = try #require(shipped().dataSet("imdb").mirror)
    #expect(mirror.name == IMDB.packageFile && mirror.member == IMDB.mirrorMember)
    let digits = try #require(shipped().dataSet("mnist").mirror)
    #expect(digits.name == MNIST.packageFile && digits.member == MNIST.mirrorMember)
    let newswires = try #require(shipped().dataSet("reuters").mirror)
    #expect(newswires.name == Reuters.packageFile)
    #expect(newswires.member == Reuters.mirrorMembers.train)
    let weather = try #require(shipped().dataSet("jena-climate").mirror)
    #expect(weather.name == Climate.packageFile && weather.member == Climate.mirrorMember)
  }

  @Test("What is there is found: official files, a part, the mirror, what ships, a package")
  func presence() throws {
    let folder = try TemporaryFolder()
    let location = try DataLocation(folder: folder.path)
    let manifest = try shipped()
    let reuters = try manifest.dataSet("reuters")
    #expect(reuters.presence(in: location) == .absent)
    /// A file of the published size.
    func place(_ name: String) throws -> String {
      let path = try folder.write("", as: name)
      let published =
        reuters.files.map { ($0.name, $0.bytes) } + [
          (reuters.mirror?.name ?? "", reuters.mirror?.bytes ?? 0)
        ]
      truncate(path, off_t(published.first { $0.0 == name }?.1 ?? 0))
      return path
    }
    let package = try place(Reuters.packageFile)
    #expect(reuters.presence(in: location) == .mirror(package))
    let words = try place("reuters_word_index.json")
    #expect(reuters.presence(in: location) == .part([words]))
    let data = try place("reuters.npz")
    #expect(reuters.presence(in: location) == .whole([data, words]))
    truncate(data, 5)
    #expect(
      reuters.presence(in: location)
        == .unfit(["\(data) has 5 bytes, where the published file has 2110848"]))
    unlink(data)
    mkdir(data, 0o755)
    #expect(reuters.presence(in: location) == .unfit(["\(data) is a folder, not a file"]))
    let rows = try #require(location.shipped) + "/boston_housing.csv"
    #expect(try manifest.dataSet("boston").presence(in: location) == .whole([rows]))
    var clothes = try manifest.dataSet("fashion-mnist")
    clothes.debian = .init(package: "x", folder: folder.path + "/none")
    #expect(clothes.presence(in: location) == .absent)
    clothes.debian = .init(package: "x", folder: folder.path)
    #expect(clothes.presence(in: location) == .whole([folder.path]))
  }

  @Test("An unknown data set is refused with the names of those there are")
  func unknown() throws {
    let manifest = try shipped()
    #expect(sentence { _ = try manifest.dataSet("nothing") }.contains("imdb"))
  }

  @Test("What is not a list is refused; so are file names with folders in them")
  func refused() throws {
    let folder = try TemporaryFolder()
    for text in ["", "{}", "{\"dataSets\": 5}", "{\"dataSets\": [{\"name\": \"x\"}]}"] {
      let path = try folder.write(text, as: "manifest.json")
      #expect(sentence { _ = try DataManifest(path: path) }.contains("manifest.json is not a list"))
    }
    let path = try folder.write(
      """
      {"dataSets": [{"name": "x", "title": "", "usedBy": [], "licence": "", "files": [
        {"name": "../x", "url": "", "bytes": 1}]}]}
      """, as: "manifest.json")
    #expect(
      sentence { _ = try DataManifest(path: path) }.contains("\"../x\", which is not a plain file"))
    for bytes in [-1, Int.max] {
      let path = try folder.write(
        """
        {"dataSets": [{"name": "x", "title": "", "usedBy": [], "licence": "", "files": [
          {"name": "x", "url": "", "bytes": \(bytes)}]}]}
        """, as: "manifest.json")
      #expect(sentence { _ = try DataManifest(path: path) }.contains("size of \(bytes) bytes"))
    }
  }
}
