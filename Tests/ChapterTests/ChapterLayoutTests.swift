import Foundation
import Testing

/// A chapter's folder: one Swift file that tells the book's section, `Program/` and `Experiments/` beside it.
@Suite("The layout of a chapter")
struct ChapterLayoutTests {
  /// Sections with two or more models may be longer, and so may files that hold the program too.
  private static let withSeveralModels: Set = [
    "chapter4-overfitting", "chapter5-pretrained", "chapter5-visualizing", "chapter6-imdb-rnn",
    "chapter6-temperature", "chapter7-best-practices", "chapter7-functional", "chapter8-gan",
    "chapter8-vae",
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
        let exists = FileManager.default.fileExists(
          atPath: path + "/" + $0, isDirectory: &isFolder)
        return exists && isFolder.boolValue
      })
  }

  @Test(
    "One Swift file stands at the root, not longer than a screen or two",
    arguments: NewcomerTests.chapters)
  func section(chapter: String) throws {
    let folder = "Chapters/" + chapter
    let files = try swiftFiles(in: folder)
    try #require(files.count == 1, "\(files.sorted())")
    let source = try text(folder + "/" + files[0])
    let lines = source.split(separator: "\n", omittingEmptySubsequences: false)
    let isLong = Self.withSeveralModels.contains(chapter) || source.contains("@main")
    let limit = isLong ? 160 : 120
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
    "A section apart from its program knows no flags, no figures and no reports",
    arguments: NewcomerTests.chapters)
  func imports(chapter: String) throws {
    let folder = "Chapters/" + chapter
    let sources = try swiftFiles(in: folder).map { try text(folder + "/" + $0) }
    if sources.contains(where: { $0.contains("@main") }) {
      // A small chapter: what lies in Program/ helps it.
      return
    }
    #expect(try folders(in: folder).contains("Program"))
    for source in sources {
      for module in ["ArgumentParser", "Figures", "Gallery"] {
        #expect(!source.contains("import \(module)\n"), "\(chapter) imports \(module)")
      }
    }
  }

  private func text(_ path: String) throws -> String {
    try String(contentsOf: checkout.appending(path: path), encoding: .utf8)
  }
}
