import Foundation
import Testing

/// A chapter's folder: one Swift file that tells the book's section, `Program/` and `Experiments/` beside it.
@Suite("The layout of a chapter")
struct ChapterLayoutTests {
  /// Sections with two or more models may be longer.
  private static let withSeveralModels: Set = [
    "chapter3-boston-housing", "chapter3-imdb", "chapter3-reuters", "chapter4-overfitting",
    "chapter5-mnist-convnet", "chapter5-pretrained", "chapter5-visualizing", "chapter6-temperature",
    "chapter7-best-practices", "chapter8-gan", "chapter8-vae",
  ]

  private func swiftFiles(in folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: checkout.appending(path: folder).path)
      .filter { $0.hasSuffix(".swift") }
  }

  private func folders(in chapter: String) throws -> Set<String> {
    let path = checkout.appending(path: chapter).path
    return Set(
      try FileManager.default.contentsOfDirectory(atPath: path).filter {
        var isFolder: ObjCBool = false
        FileManager.default.fileExists(atPath: path + "/" + $0, isDirectory: &isFolder)
        return isFolder.boolValue
      })
  }

  @Test(
    "One Swift file stands at the root, not longer than a screen or two",
    arguments: NewcomerTests.chapters)
  func section(chapter: String) throws {
    let folder = "Chapters/" + chapter
    let files = try swiftFiles(in: folder)
    try #require(files.count == 1, "\(files.sorted())")
    let lines = try text(folder + "/" + files[0]).split(
      separator: "\n", omittingEmptySubsequences: false)
    let limit = Self.withSeveralModels.contains(chapter) ? 160 : 120
    #expect(lines.count - 1 <= limit, "\(files[0]) has \(lines.count - 1) lines")
  }

  @Test(
    "Beside it are the program, the experiments and the figures, and nothing else",
    arguments: NewcomerTests.chapters)
  func rooms(chapter: String) throws {
    let folders = try folders(in: "Chapters/" + chapter)
    #expect(folders.isSubset(of: ["Program", "Experiments", "figures"]), "\(folders.sorted())")
    #expect(folders.contains("figures"))
  }

  @Test(
    "A section that has its program beside it knows no flags, no figures and no reports",
    arguments: NewcomerTests.chapters)
  func imports(chapter: String) throws {
    let folder = "Chapters/" + chapter
    guard try folders(in: folder).contains("Program") else { return }
    for file in try swiftFiles(in: folder) {
      let source = try text(folder + "/" + file)
      for module in ["ArgumentParser", "Figures", "Gallery"] {
        #expect(!source.contains("import \(module)\n"), "\(file) imports \(module)")
      }
      #expect(!source.contains("@main"), "\(file)")
    }
  }

  private func text(_ path: String) throws -> String {
    try String(contentsOf: checkout.appending(path: path), encoding: .utf8)
  }
}
