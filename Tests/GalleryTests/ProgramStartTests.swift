import ArgumentParser
import DataFiles
import DeepLearning
import Foundation
import TestSupport
import Testing

@testable import Gallery

/// What a program does before anything else; each test of it is a process of its own.
@Suite struct ProgramStartTests {
  @Test("Results that could not be written are a failure", .ahead)
  func resultsThatCouldNotBeWrittenAreAFailure() async {
    let result = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent])
    {
      try ProgramStart.prepare()
      dup2(open("/dev/full", O_WRONLY), STDOUT_FILENO)
      print("what came out")
      exit(0)
    }
    let sentence = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(sentence.contains("Error: ") && sentence.contains("standard output"))
  }

  #if os(Linux)
    @Test("The end waits for no library", .ahead)
    func theEndWaitsForNoLibrary() async {
      await #expect(processExitsWith: .exitCode(7)) {
        // As a library would that cannot stop its threads.
        atexit { while true { sleep(1) } }
        try ProgramStart.prepare()
        exit(7)
      }
    }
  #endif

  @Test("Readers that have gone and limits on files are errors", .ahead)
  func readersThatHaveGoneAndLimitsOnFilesAreErrors() async {
    await #expect(processExitsWith: .success) {
      try ProgramStart.prepare()
      let folder = FileManager.default.temporaryDirectory.appending(path: "gallery-\(UUID())")
      defer { try? FileManager.default.removeItem(at: folder) }
      raise(SIGPIPE)
      var limit = rlimit(rlim_cur: 1000, rlim_max: 1000)
      #if os(Linux)
        setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
      #else
        setrlimit(RLIMIT_FSIZE, &limit)
      #endif
      do {
        try Data(count: 2000).write(atomicallyTo: folder.appending(path: "weights"))
        exit(1)
      } catch let error as FileError {
        guard error.description.contains("Cannot write") else { exit(2) }
      }
      let left = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      if !left.isEmpty { exit(3) }
    }
  }

  @Test("Training goes on without standard error", .ahead)
  func trainingGoesOnWithoutStandardError() async {
    await #expect(processExitsWith: .success) {
      let full = open("/dev/full", O_WRONLY)
      let (model, x, y) = smallTask()
      dup2(full, STDERR_FILENO)
      let first = try model.fit(x, y, epochs: 2, callbacks: [ProgressBar()])
      close(STDERR_FILENO)
      let second = try model.fit(x, y, epochs: 2, callbacks: [ProgressBar()])
      if first.epochs.count != 2 || second.epochs.count != 2 { exit(1) }
    }
  }

  @Test("Numbers on the command line have ranges")
  func numbersHaveRanges() throws {
    try check("--steps", nil, in: 1...9)
    try check("--steps", 1, in: 1...9)
    try check("--steps", 9, in: 1...9)
    func sentence<Number: Comparable>(_ value: Number, _ range: ClosedRange<Number>) throws
      -> String
    {
      let error = #expect(throws: ValidationError.self) { try check("--x", value, in: range) }
      return try #require(error).message
    }
    #expect(try sentence(0, 1...9) == "--x needs a number of at least 1, not 0.")
    #expect(try sentence(Int.max, 1...9) == "--x needs a number of at most 9, not \(Int.max).")
    #expect(try sentence(Double.nan, 0...1) == "--x needs a number of at least 0.0, not nan.")
    #expect(try sentence(Double.infinity, 0...1) == "--x needs a number of at most 1.0, not inf.")
  }

  @Test("No number is too large to be refused", arguments: ["--epochs", "--batch-size", "--seeds"])
  func noNumberIsTooLargeToBeRefused(option: String) throws {
    struct Both: ParsableArguments {
      @OptionGroup var options: RunOptions
      @OptionGroup var seeds: SeedOptions
    }
    #expect(throws: (any Error).self) { try Both.parse([option, "\(Int.max)"]) }
    #expect(throws: (any Error).self) { try Both.parse([option, "\(Int.min)"]) }
    _ = try Both.parse(["--epochs", "1000000"])
  }
}

/// What earlier runs have left in a folder.
@Suite final class LeftoversTests {
  let folder = FileManager.default.temporaryDirectory.appending(path: "gallery-\(UUID())")

  deinit { try? FileManager.default.removeItem(at: folder) }

  private func add(_ names: String...) throws {
    for name in names {
      let file = folder.appending(path: name)
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data("x".utf8).write(to: file)
    }
  }

  private func names(_ part: String = "") throws -> Set<String> {
    Set(try FileManager.default.contentsOfDirectory(atPath: folder.appending(path: part).path))
  }

  /// No process has so large a number; this one is still at work.
  @Test("Half files go with their process")
  func halfFilesGoWithTheirProcess() throws {
    let own = "weights.safetensors.\(ProcessInfo.processInfo.processIdentifier).tmp"
    try add(
      "a.safetensors.2147483000.tmp", "samples/b.png.2147483000.tmp", own, "c.tmp", "d.0.tmp",
      "e.-1.tmp", "f.2147483000", "g.2147483000.tmp/h")
    folder.removeLeftovers()
    #expect(
      try names() == [
        own, "c.tmp", "d.0.tmp", "e.-1.tmp", "f.2147483000", "g.2147483000.tmp", "samples",
      ])
    #expect(try names("samples").isEmpty)
  }

  @Test("A run begins by removing leftovers")
  func aRunBeginsByTidyingUp() throws {
    try add("chapter0-example/a.safetensors.2147483000.tmp")
    _ = try ChapterRun(
      "chapter0-example", section: "0.1", title: "An example",
      RunOptions.parse(["--output", folder.path]))
    #expect(try names("chapter0-example").isEmpty)
  }

  @Test("Files of an earlier run go when this one is whole")
  func filesOfAnEarlierRunGoWhenThisOneIsWhole() throws {
    try add("page-1", "page-2", "page-3", "other")
    folder.removeFiles(except: ["page-2"]) { $0.hasPrefix("page-") }
    #expect(try names() == ["page-2", "other"])
  }

  @Test("Old state goes after the first epoch and only once")
  func oldStateGoesAfterTheFirstEpochAndOnlyOnce() throws {
    try add("old")
    var calls = 0
    let (model, x, y) = smallTask()
    try model.fit(
      x, y, epochs: 3,
      callbacks: [
        AfterFirstEpoch {
          calls += 1
          try FileManager.default.removeItem(at: self.folder.appending(path: "old"))
        }
      ])
    #expect(try calls == 1 && names().isEmpty)
  }
}
