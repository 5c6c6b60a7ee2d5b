import Foundation
import Testing

@testable import reproduce

@Suite("The list of jobs")
struct JobTests {
  @Test("Every chapter is in it, and the parts that no chapter's own command runs")
  func complete() throws {
    let chapters = try FileManager.default.contentsOfDirectory(
      atPath: checkout.appending(path: "Chapters").path
    ).filter { $0.hasPrefix("chapter") }
    #expect(chapters.count > 20)
    #expect(Set(Job.all.map(\.program)) == Set(chapters))
    let commands = Job.all.map { ([$0.program] + $0.arguments).joined(separator: " ") }
    for part in [
      "chapter6-conv1d temperature", "chapter5-pretrained --run trainable",
      "chapter8-text-generation --as-printed", "chapter8-vae --sampling both",
    ] {
      #expect(commands.contains(part))
    }
    #expect(Set(Job.all.map(\.name)).count == Job.all.count)
    // A folder is found again by the job's name.
    #expect(Job.all.allSatisfy { $0.name.hasPrefix($0.program) && $0.seeds > 0 })
  }

  @Test("The longest begin, and the list can be narrowed")
  func runs() {
    let all = Job.runs(only: [], seeds: nil)
    #expect(all.count == Job.all.map(\.seeds).reduce(0, +))
    #expect(zip(all, all.dropFirst()).allSatisfy { $0.job.minutes >= $1.job.minutes })
    let some = Job.runs(only: ["chapter3-imdb", "chapter8-gan"], seeds: 3)
    #expect(
      some.map(\.line) == [
        "chapter8-gan 1", "chapter3-imdb 1", "chapter3-imdb 2", "chapter3-imdb 3",
      ])
    #expect(
      Set(Job.runs(only: ["chapter6"], seeds: 1).map(\.job.name)) == [
        "chapter6-word-vectors", "chapter6-imdb-rnn", "chapter6-temperature", "chapter6-conv1d",
        "chapter6-conv1d-temperature",
      ])
  }

  @Test("A subcommand stands first; what can be resumed is")
  func arguments() throws {
    let weather = try #require(Job.runs(only: ["chapter6-conv1d-temperature"], seeds: 1).first)
    #expect(
      weather.arguments(output: "out", flags: ["--quick"]) == [
        "temperature", "--seed", "1", "--output", "out/chapter6-conv1d-temperature/seed-1",
        "--no-progress", "--quick",
      ])
    let frogs = try #require(Job.runs(only: ["chapter8-gan"], seeds: 1).first)
    #expect(frogs.arguments(output: "out", flags: []).last == "--resume")
  }

  @Test("Names that there are not, and numbers beyond reason, are refused")
  func refusals() throws {
    #expect(throws: (any Error).self) { try Choice.parse(["--only", "chapter9"]) }
    #expect(throws: (any Error).self) { try Choice.parse(["--seeds", "0"]) }
    #expect(throws: (any Error).self) { try Place.parse(["--output", "a{}b"]) }
    #expect(try Choice.parse(["--only", "chapter6", "--seeds", "2"]).runs.count == 10)
  }

  @Test("Runs that were stopped, rehearsals and other seeds' are not the ones that are wanted")
  func finished() throws {
    let place = try Workplace()
    #expect(try place.run(seed: 1) == nil)
    try place.add("{", as: "output/chapter3-imdb/seed-1/chapter3-imdb/metrics.json")
    #expect(try place.run(seed: 1) == nil)
    try place.addRun(seed: 1, accuracy: 0.88, interrupted: true)
    #expect(try place.run(seed: 1) == nil)
    try place.addRun(seed: 1, accuracy: 0.88, quick: true)
    #expect(try place.run(seed: 1) == nil)
    #expect(try place.run(seed: 1, quick: true) != nil)
    try place.addRun(seed: 1, accuracy: 0.88, losses: [0.5, 0.25])
    let run = try #require(try place.run(seed: 1))
    #expect(run.history("history", "val_loss") == [0.5, 0.25])
    #expect(run.history("history", "acc").isEmpty && run.history("none", "acc").isEmpty)
  }
}
