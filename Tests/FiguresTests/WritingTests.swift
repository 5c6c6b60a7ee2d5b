import Foundation
import TestSupport
import Testing

@testable import Figures

@Suite struct WritingTests {
  /// Runs `body` with a new folder that is removed afterwards.
  static func withFolder(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }

  static func sentence(_ body: () throws -> Void) -> String {
    do {
      try body()
      return "no error"
    } catch {
      return "\(error)"
    }
  }

  private static func names(in folder: URL) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path()).sorted()
  }

  @Test("A figure is written as PNG and SVG")
  func writesBothKinds() throws {
    try Self.withFolder { folder in
      let png = folder.appending(path: "a figure.png")
      let svg = folder.appending(path: "a figure.svg")
      try Data("old".utf8).write(to: png)
      try Book.figure().writePNG(to: png)
      try Book.figure().writeSVG(to: svg)
      #expect(try [UInt8](Data(contentsOf: png)) == Book.figure().png())
      #expect(try String(contentsOf: svg, encoding: .utf8) == Book.figure().svg())
      #expect(try Self.names(in: folder) == ["a figure.png", "a figure.svg"])
    }
  }

  @Test("A missing folder is named")
  func aMissingFolderIsNamed() throws {
    try Self.withFolder { folder in
      let text = Self.sentence {
        try Book.figure().writePNG(to: folder.appending(path: "none/loss.png"))
      }
      #expect(text.hasPrefix("Cannot write the figure \(folder.path())/none/loss.png: "))
      #expect(text.contains("does not exist; create it"))
    }
  }

  @Test("A file in place of the folder is named")
  func aFileInPlaceOfTheFolderIsNamed() throws {
    try Self.withFolder { folder in
      let file = folder.appending(path: "file")
      try Data("precious".utf8).write(to: file)
      let text = Self.sentence { try Book.figure().writeSVG(to: file.appending(path: "loss.svg")) }
      #expect(text.contains("is a file, not a folder"), "\(text)")
      #expect(try String(contentsOf: file, encoding: .utf8) == "precious")
    }
  }

  @Test("Folders and devices are not replaced")
  func foldersAndDevicesAreNotReplaced() throws {
    try Self.withFolder { folder in
      let taken = folder.appending(path: "loss.png")
      try FileManager.default.createDirectory(at: taken, withIntermediateDirectories: false)
      let text = Self.sentence { try Book.figure().writePNG(to: taken) }
      #expect(text.contains("choose another name"), "\(text)")
      #expect(try Self.names(in: folder) == ["loss.png"])

      let pipe = folder.appending(path: "pipe.png")
      try #require(mkfifo(pipe.path(), 0o600) == 0)
      let other = Self.sentence { try Book.figure().writePNG(to: pipe) }
      #expect(other.contains("choose another name"), "\(other)")
    }
  }

  /// The limit on the size of files stands for a disk that fills up; it needs a process of its own.
  @Test("A write that fails leaves nothing behind", .ahead)
  func aWriteThatFailsLeavesNothingBehind() async {
    await #expect(processExitsWith: .success) {
      signal(SIGXFSZ, SIG_IGN)
      try WritingTests.withFolder { folder in
        let file = folder.appending(path: "loss.png")
        try Data("the earlier figure".utf8).write(to: file)
        var limit = rlimit(rlim_cur: 4096, rlim_max: 4096)
        try #require(setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0)
        let text = WritingTests.sentence { try Book.figure().writePNG(to: file) }
        #expect(text.hasPrefix("Cannot write the figure \(file.path()): "), "\(text)")
        #expect(text.hasSuffix("choose another folder."), "\(text)")
        #expect(try WritingTests.names(in: folder) == ["loss.png"])
        #expect(try String(contentsOf: file, encoding: .utf8) == "the earlier figure")
      }
    }
  }

  @Test(
    "Causes are explained",
    arguments: [
      (CocoaError.Code.fileWriteOutOfSpace, "the disk is full"),
      (.fileWriteNoPermission, "may not be written to"),
      (.fileWriteVolumeReadOnly, "may only be read"),
    ])
  func causesAreExplained(code: CocoaError.Code, words: String) {
    #expect(Figure.reason(of: CocoaError(code)).contains(words))
  }

  @Test("Mistakes of the program stop it with a sentence", .ahead)
  func mistakesOfTheProgramStopItWithASentence() async throws {
    let places = try #require(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Dots([1.0, 2], at: [1])
      })
    #expect(
      String(decoding: places.standardErrorContent, as: UTF8.self)
        .contains("2 values but 1 places"))
    let size = try #require(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Figure(title: "t", x: "x", y: "y", width: 1_000_000) {}
      })
    #expect(
      String(decoding: size.standardErrorContent, as: UTF8.self)
        .contains("cannot have 1000000 x 480 points"))
  }
}
