import Foundation
import Testing

@testable import reproduce

@Suite("GNU parallel")
struct ParallelTests {
  private let place: Workplace
  private let parallel: Parallel
  private let runs = Job.runs(only: ["chapter3-imdb", "chapter2-mnist"], seeds: 2)

  init() throws {
    place = try Workplace()
    parallel = Parallel(output: place.folder.path + "/out put's")
  }

  @Test("One thread each as long as there are more runs than cores and memory for them")
  func division() {
    func divided(_ runs: Int, _ cores: Int, gigabytes: Double) -> [Int] {
      let division = Parallel.division(
        runs: runs, cores: cores, freeBytes: Int(gigabytes * 1e9))
      return [division.atOnce, division.threads]
    }
    #expect(divided(100, 8, gigabytes: 64) == [8, 1])
    #expect(divided(2, 8, gigabytes: 64) == [2, 4])
    #expect(divided(100, 8, gigabytes: 4) == [3, 2])
    #expect(divided(100, 2, gigabytes: 0.5) == [1, 2])
    #expect(divided(1, 1, gigabytes: 1) == [1, 1])
  }

  @Test("On several machines results come back, and each takes as many as it has cores")
  func hosts() {
    let alone = parallel.arguments(program: "reproduce", division: (3, 2))
    #expect(alone.contains("3") && !alone.contains("--sshloginfile"))
    #expect(alone.contains { $0.hasPrefix("'reproduce' job {1} {2} --threads 2") })
    var many = parallel
    (many.hosts, many.flags) = ("hosts.txt", ["--quick"])
    let words = many.arguments(program: "reproduce", division: (3, 2))
    #expect(words.contains("100%") && words.contains("\(parallel.output)/{1}/seed-{2}"))
    #expect(words.contains { $0.contains("--threads 1 --output '") && $0.hasSuffix("--quick") })
    for option in ["--joblog", "--resume-failed", "--retries"] { #expect(words.contains(option)) }
  }

  private func log(_ lines: (Int, exit: Int)...) throws {
    let head = "Seq\tHost\tStarttime\tJobRuntime\tSend\tReceive\tExitval\tSignal\tCommand\n"
    let rows = lines.map { "\($0)\t:\t1\t2\t0\t0\t\($1)\t0\tsome command\n" }
    try Data((head + rows.joined()).utf8).write(to: parallel.log)
  }

  @Test("What is done stands in the record as done, at its place in the list")
  func record() throws {
    try parallel.prepare(runs) { $0 == runs[1] || $0 == runs[3] }
    #expect(
      try String(contentsOf: parallel.list, encoding: .utf8)
        == runs.map { $0.line + "\n" }.joined())
    let lines = try String(contentsOf: parallel.log, encoding: .utf8).split(separator: "\n")
    #expect(lines.map { $0.prefix(2) } == ["Se", "2\t", "4\t"])
    #expect(parallel.failures(among: runs).isEmpty)
  }

  @Test("A run has failed if its last try did")
  func failures() throws {
    try parallel.prepare(runs) { _ in true }
    #expect(parallel.failures(among: runs).isEmpty)
    try log((1, 1), (1, 0), (2, 0), (3, 1), (3, 134))
    #expect(parallel.failures(among: runs) == [runs[2]])
  }

  private static let isThere =
    (try? Child.output(of: "parallel", ["--version"]))?.hasPrefix("GNU parallel") == true

  /// A program in the place of this one: does as it is told by the seed, and writes down each call.
  private func standIn() throws -> String {
    try place.addScript(
      """
      #!/bin/sh
      echo "$2 $3 $4 $5" >> \(place.folder.path)/calls.txt
      mkdir -p "$7/$2" && echo done > "$7/$2/result-$3"
      # With seed 2 it dies, and the second try with seed 1 of the other job goes well.
      [ "$3" != 2 ] || exit 3
      [ "$2" != chapter2-mnist ] || mkdir \(place.folder.path)/second 2>/dev/null && \
        [ "$2" = chapter2-mnist ] && exit 4
      exit 0
      """, as: "program")
  }

  @Test(
    "Jobs are run, tried three times, and not again when they are done",
    .enabled(if: isThere, "GNU parallel is not installed: sudo apt-get install parallel"))
  func realRun() throws {
    let program = try standIn()
    try parallel.prepare(runs) { _ in false }
    let code = try parallel.run(program: program, division: (2, 1))
    #expect(code == 2)
    let failed = parallel.failures(among: runs)
    #expect(Set(failed.map(\.line)) == ["chapter2-mnist 2", "chapter3-imdb 2"])
    let calls = try place.text(of: "calls.txt").split(separator: "\n").sorted()
    #expect(
      calls == [
        "chapter2-mnist 1 --threads 1", "chapter2-mnist 1 --threads 1",
        "chapter2-mnist 2 --threads 1", "chapter2-mnist 2 --threads 1",
        "chapter2-mnist 2 --threads 1", "chapter3-imdb 1 --threads 1",
        "chapter3-imdb 2 --threads 1", "chapter3-imdb 2 --threads 1",
        "chapter3-imdb 2 --threads 1",
      ])
    #expect(place.has("out put's/chapter3-imdb/result-1"))
    // Going on: only what failed is tried again.
    try parallel.prepare(runs) { $0.seed == 1 }
    #expect(try parallel.run(program: program, division: (2, 1)) == 2)
    let more = try place.text(of: "calls.txt").split(separator: "\n").dropFirst(calls.count)
    #expect(more.count == 6 && more.allSatisfy { $0.contains(" 2 ") })
  }

  @Test("Programs that are not there, and those that fail, are named")
  func child() throws {
    #expect(throws: ReproduceError.self) { try Child.run("/no/such/program", []) }
    #expect(throws: ReproduceError.self) { try Child.output(of: "sh", ["-c", "exit 3"]) }
    #expect(try Child.output(of: "sh", ["-c", "echo hello"]) == "hello")
    let log = place.folder.path + "/log.txt"
    for word in ["one", "two"] {
      let code = try Child.run(
        "sh", ["-c", "echo $WORD; echo $WORD >&2; exit 7"], environment: ["WORD": word], log: log)
      #expect(code == 7)
    }
    #expect(try place.text(of: "log.txt") == "one\none\ntwo\ntwo\n")
    #expect(try Child.run("sh", ["-c", "kill -TERM $$"]) == 143)
  }
}
