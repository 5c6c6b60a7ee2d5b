import Foundation
import Testing

@Suite("fetch-data and benchmark")
struct ToolTests {
  private let workplace: Workplace

  init() throws { workplace = try Workplace() }

  private func fetch(_ arguments: String...) async throws -> Program.Outcome {
    try await Program(name: "fetch-data").run(arguments, in: workplace)
  }

  private struct Manifest: Decodable {
    struct DataSet: Decodable {
      let name: String
      let title: String
      let usedBy: [String]
    }
    let dataSets: [DataSet]

    init() throws {
      self = try JSONDecoder().decode(
        Manifest.self, from: Data(contentsOf: checkout.appending(path: "data/manifest.json")))
    }

    init(from decoder: any Decoder) throws {
      enum Key: CodingKey { case dataSets }
      dataSets = try decoder.container(keyedBy: Key.self)
        .decode([DataSet].self, forKey: .dataSets)
    }
  }

  @Test("Without a name the data sets are listed, with what is there and who uses them")
  func list() async throws {
    try workplace.addData([1], as: "reuters.npz")
    // The published size, with nothing in it.
    truncate(workplace.data.path + "/reuters.npz", 2_110_848)
    try workplace.addData([1], as: "imdb.npz")
    let outcome = try await fetch()
    #expect(outcome.exitCode == 0 && outcome.errors.isEmpty)
    let dataSets = try Manifest().dataSets
    #expect(dataSets.count >= 5)
    for dataSet in dataSets {
      #expect(outcome.output.contains("\(dataSet.name): \(dataSet.title)\n"))
      #expect(dataSet.usedBy.allSatisfy(NewcomerTests.chapters.contains), "\(dataSet.name)")
    }
    let states = outcome.outputLines.filter { $0.hasPrefix("  state ") }
    #expect(states.count == dataSets.count)
    #expect(outcome.output.contains("not there; `swift run fetch-data mnist` fetches it"))
    #expect(outcome.output.contains("in part: \(workplace.data.path)/reuters.npz"))
    #expect(
      outcome.output.contains(
        "not as published: \(workplace.data.path)/imdb.npz has 1 bytes, where"))
    #expect(outcome.output.contains("/data/boston_housing.csv"))
    #expect(try workplace.files().isEmpty)
  }

  @Test("What ships needs no fetching")
  func shipped() async throws {
    let outcome = try await fetch("boston")
    #expect(outcome.exitCode == 0 && outcome.errors.isEmpty)
    #expect(outcome.output.hasPrefix("boston is there: "))
  }

  @Test("An unknown data set, even beside a known one, before anything is fetched")
  func unknownDataSet() async throws {
    let names = try Manifest().dataSets.map(\.name).joined(separator: ", ")
    for arguments in [["cifar"], ["boston", "cifar"], ["../boston", "boston"]] {
      let outcome = try await Program(name: "fetch-data").run(arguments, in: workplace)
      let name = arguments.first { $0 != "boston" } ?? ""
      expectRefusal(outcome, naming: "There is no data set \(name)", "there are: \(names).")
      #expect(outcome.output.isEmpty)
    }
    expectRefusal(try await fetch("--data", "nowhere"), naming: "no folder nowhere")
  }

  @Test("Without network a data set cannot be fetched, and says how to do it by hand")
  func noNetwork() async throws {
    let outcome = try await fetch("mnist")
    #expect(outcome.exitCode == 1 && !outcome.isCrash)
    for word in ["https://", "SHA-256", workplace.data.path] {
      #expect(outcome.errors.contains(word), "\(outcome.errors)")
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: workplace.data.path).isEmpty)
  }

  @Test(
    "Benchmarks that do not exist",
    arguments: [
      (["nosuch"], "There is no workload nosuch. Choose from: imdb_dense, reuters_dense, "),
      (["imdb_dense", "nosuch"], "There is no workload nosuch."),
      (["--peers", "nosuch"], "There is no peer nosuch. Choose from: "),
      (["--rounds", "0"], "--rounds needs a number from 1 to 1000, not 0."),
    ])
  func benchmark(arguments: [String], words: String) async throws {
    let outcome = try await Program(name: "benchmark").run(arguments, in: workplace)
    expectRefusal(outcome, exitCode: 64, naming: words)
    if words.contains("workload") {
      for name in ["boston_kfold", "mnist_dense"] { #expect(outcome.errors.contains(name)) }
    }
    #expect(try workplace.files().isEmpty)
  }

  @Test("A table is put into a page between its comments, and the rest of the page stays")
  func markdown() async throws {
    let benchmark = Program(name: "benchmark")
    let (front, back) = ("# Speed\n\n<!-- benchmark native -->\n", "<!-- end -->\nmore\n")
    try workplace.add(front + "old\n" + back, as: "page.md")
    let arguments = ["boston_kfold", "--rounds", "1", "--markdown", "page.md"]
    let outcome = try await benchmark.run(arguments, in: workplace)
    try #require(outcome.exitCode == 0, "\(outcome.errors)")
    let page = try workplace.text(of: "page.md")
    #expect(page.hasPrefix(front + "```\nworkload") && page.hasSuffix(back))
    #expect(page.contains("boston_kfold") && !page.contains("old\n"))

    try workplace.add("no place\n", as: "page.md")
    let refused = try await benchmark.run(arguments, in: workplace)
    expectRefusal(refused, naming: "page.md", "<!-- benchmark native -->")
    #expect(try workplace.text(of: "page.md") == "no place\n")
    let missing = try await benchmark.run(
      ["boston_kfold", "--markdown", "none.md"], in: workplace)
    expectRefusal(missing, naming: "none.md")
  }

  @Test(
    "A list that cannot be printed is a failure, as results of a chapter are",
    arguments: [("fetch-data", []), ("reproduce", ["list"])] as [(String, [String])])
  func fullOutput(name: String, arguments: [String]) async throws {
    let program = Program(
      name: name, launcher: ["/bin/sh", "-c", "exec \"$0\" \"$@\" > /dev/full"])
    expectRefusal(try await program.run(arguments, in: Workplace()), naming: "standard output")
  }
}
