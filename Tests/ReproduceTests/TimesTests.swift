import ArgumentParser
import Foundation
import Testing

@testable import reproduce

@Suite("Timing one program after another")
struct TimesTests {
  private let place: Workplace
  private let run: Run

  init() throws {
    place = try Workplace()
    run = Run(job: try #require(Job.all.first { $0.name == "chapter3-imdb" }), seed: 1)
  }

  private var times: URL { place.folder.appending(path: "times") }

  /// Times a script that notes its call, leaves what a run leaves, and ends with an exit code.
  private func time(exitCode: Int = 0) throws -> FinishedRun {
    try place.addRun(seed: 1, accuracy: 0.88)
    let script = try place.addScript(
      """
      #!/bin/sh
      echo "$DLWP_THREADS $*" >> '\(place.folder.path)/calls'
      while [ "$1" != --output ]; do shift; done
      [ \(exitCode) = 3 ] || cp -r '\(place.folder.path)/output/chapter3-imdb/seed-1/chapter3-imdb' "$2"
      exit \(exitCode)
      """, as: "program")
    return try TimesCommand.finished(run, in: times, Place.parse([]), program: script)
  }

  private var calls: [Substring] {
    get throws { try place.text(of: "calls").split(separator: "\n") }
  }

  @Test("A program is run with all cores, and not again when it has been timed")
  func once() throws {
    let first = try time()
    #expect(first.metrics.trainings?.first?.secondsPerEpoch.value == 0.05)
    let cores = ProcessInfo.processInfo.activeProcessorCount
    #expect(try calls.count == 1 && calls[0].hasPrefix("\(cores) --seed 1 --output "))
    #expect(try calls[0].hasSuffix("--no-progress"))
    _ = try time()
    #expect(try calls.count == 1)
  }

  @Test("What was stopped half-way begins anew; Ctrl-C ends all, a failure is told with its log")
  func failures() throws {
    #expect(throws: ExitCode(130)) { try time(exitCode: 130) }
    try FileManager.default.removeItem(at: times)
    let error = #expect(throws: ReproduceError.self) { try time(exitCode: 3) }
    let text = try #require(error).description
    #expect(text.contains("chapter3-imdb failed with exit code 3") && text.contains("log.txt"))
    try place.add("half", as: "times/chapter3-imdb/seed-1/chapter3-imdb/unfinished.txt")
    _ = try time()
    #expect(!place.has("times/chapter3-imdb/seed-1/chapter3-imdb/unfinished.txt"))
  }
}
