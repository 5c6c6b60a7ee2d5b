import Foundation
import Testing

/// What the checkout tells people to type must be there.
@Suite("What a newcomer types")
struct NewcomerTests {
  /// The folders in `Chapters/`.
  static let chapters: [String] = {
    let names = try? FileManager.default.contentsOfDirectory(
      atPath: checkout.appending(path: "Chapters").path)
    return (names ?? []).filter { $0.hasPrefix("chapter") }.sorted()
  }()
  /// All pages with commands.
  static let pages =
    [
      "README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "docs/Data.md", "docs/Performance.md",
      "docs/Gallery.md", "docs/Reproduction.md", "docs/Winograd.md", "docs/Workshop.md",
    ]
    + chapters.map { "Chapters/\($0)/README.md" }

  /// The help of the programs; pages name the same ones again and again.
  private static let helpPages = Once<[String], String>()

  private let products: Set<String>
  private let makeTargets: Set<String>

  init() throws {
    let package = try Self.text("Package.swift")
    let declarations = package.matches(
      of: /(?:executable(?:Target)?\(\s*name:|chapter\()\s*"([^"]+)"/)
    products = Set(declarations.map { String($0.1) })
    let makefile = try Self.text("Makefile")
    makeTargets = Set(makefile.matches(of: /(?m)^([a-z%\/-]+):/).map { String($0.1) })
  }

  @Test("There is at least the first chapter, the set-up and the tests")
  func essentials() {
    #expect(Self.chapters.contains("chapter3-imdb"))
    #expect(products.isSuperset(of: ["chapter3-imdb", "fetch-data", "benchmark"]))
    #expect(makeTargets.isSuperset(of: ["setup", "demo", "test", "data/%"]))
  }

  @Test("Every chapter is a product and has a page that names its command", arguments: chapters)
  func chapter(name: String) throws {
    #expect(products.contains(name))
    let page = try Self.text("Chapters/\(name)/README.md")
    #expect(page.contains("swift run \(name)"))
    let readme = try Self.text("README.md")
    #expect(readme.contains("Chapters/\(name)/README.md"))
  }

  @Test("The first page shows code at once, and leads from the clone to a figure and to the tests")
  func firstPage() throws {
    let lines = try Self.text("README.md").split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.prefix(30).contains("```swift") && lines.count < 120)
    let commands = try Self.commands(in: "README.md")
    #expect(commands.contains(["make", "demo"]) && commands.contains(["make", "test"]))
    #expect(commands.contains(["swift", "run", "chapter3-imdb"]))
  }

  @Test("The commands of every page exist, with their flags", arguments: pages)
  func commands(page: String) async throws {
    for command in try Self.commands(in: page) {
      switch command.prefix(2) {
      case ["swift", "run"]:
        guard let start = command.dropFirst(2).firstIndex(where: { !$0.hasPrefix("-") }) else {
          continue
        }
        #expect(products.contains(command[start]), "\(command)")
        if Self.chapters.contains(command[start]) {
          try await checkFlags(of: command[start], Array(command[(start + 1)...]))
        }
      case let words where words.first == "make":
        // `make reproduce ONLY=chapter3`
        for target in command.dropFirst() where !target.hasPrefix("-") && !target.contains("=") {
          try check(target: target)
        }
      default: break
      }
    }
  }

  @Test("The pages' pictures and links inside the checkout lead somewhere", arguments: pages)
  func links(page: String) throws {
    let folder = checkout.appending(path: page).deletingLastPathComponent()
    for match in try Self.text(page).matches(of: /\]\(([^)#\s]+)/)
    where !match.1.contains("://") {
      let place = folder.appending(path: String(match.1)).path
      #expect(FileManager.default.fileExists(atPath: place), "\(match.1)")
    }
  }

  @Test("How long chapters take is said in README.md alone", arguments: chapters)
  func times(chapter: String) throws {
    let folder = checkout.appending(path: "Chapters/" + chapter).path
    let page = try Self.text("Chapters/\(chapter)/README.md")
    #expect(
      !page.contains(
        /(?i)\bon (?:one|two|1|2) cores?\b|\btakes? [^.|]*(?:seconds?|minutes?|hours?)\b/))
    for file in try FileManager.default.subpathsOfDirectory(atPath: folder)
    where file.hasSuffix(".swift") {
      let source = try Self.text("Chapters/\(chapter)/\(file)")
      #expect(!source.contains(/Takes (?:about [a-z0-9]|some|an? |half|hours|minutes)/), "\(file)")
    }
  }

  @Test("The programs that the Makefile runs are products, and its own targets exist")
  func makefile() throws {
    let makefile = try Self.text("Makefile")
    let programs = makefile.matches(of: /swift run (?:-\S+ )*([a-z][a-z0-9-]+)/)
    #expect(programs.count >= 3)
    for program in programs { #expect(products.contains(String(program.1)), "\(program.1)") }
    let phony = try #require(makefile.firstMatch(of: /\.PHONY: (.+)/)).1.split(separator: " ")
    for target in phony { #expect(makeTargets.contains(String(target)), "\(target)") }
  }

  @Test("Chapters declare each module they import: else they are not rebuilt when it changes")
  func dependencies() throws {
    let package = try Self.text("Package.swift")
    let declaration = try #require(package.firstMatch(of: /(?s)let gallery: .*?\]\n/)).0
    #expect(package.contains(/(?s)func chapter\(.*?dependencies: gallery/))
    let modules = try FileManager.default.contentsOfDirectory(
      atPath: checkout.appending(path: "Sources").path)
    for chapter in Self.chapters {
      let own = package.split(separator: "\n").first { $0.contains("chapter(\"\(chapter)\"") } ?? ""
      let folder = checkout.appending(path: "Chapters/" + chapter).path
      for file in try FileManager.default.subpathsOfDirectory(atPath: folder)
      where file.hasSuffix(".swift") {
        let source = try Self.text("Chapters/\(chapter)/\(file)")
        for match in source.matches(of: /(?m)^import (\w+)/) where modules.contains("\(match.1)") {
          let name = "\"\(match.1)\""
          #expect(
            declaration.contains(name) || own.contains(name), "\(chapter) imports \(match.1)")
        }
      }
    }
  }

  private func check(target: String) throws {
    // In `make data/imdb` the name is that of a data set.
    if target.hasPrefix("data/"), target.contains(where: \.isLowercase) {
      let manifest = try Self.text("data/manifest.json")
      let name = String(target.dropFirst("data/".count))
      #expect(name.allSatisfy(\.isUppercase) || manifest.contains("\"\(name)\""), "make \(target)")
    } else {
      #expect(makeTargets.contains(target), "make \(target)")
    }
  }

  private func checkFlags(of program: String, _ arguments: [String]) async throws {
    let flags = arguments.filter { $0.hasPrefix("--") }
    let subcommand = arguments.prefix { !$0.hasPrefix("-") }
    let help = try await Self.helpPages.value(of: [program] + subcommand) {
      let outcome = try await Program(name: program).run(subcommand + ["--help"], in: Workplace())
      try #require(outcome.exitCode == 0, "\(program) \(subcommand): \(outcome.errors)")
      return outcome.output
    }
    for flag in flags {
      let name = flag.prefix { $0 != "=" }
      #expect(help.contains(name), "\(program) \(arguments)")
    }
  }

  /// The commands in code blocks and between back-ticks, word by word, without remarks.
  private static func commands(in page: String) throws -> [[String]] {
    let text = try text(page)
    let blocks = text.matches(of: /(?s)```[a-z]*\n(.*?)```/).map { String($0.1) }
    let phrases = text.replacing(/(?s)```.*?```/, with: "").matches(of: /`([^`\n]+)`/)
    let lines = blocks.flatMap { $0.split(separator: "\n").map(String.init) }
    return (lines + phrases.map { String($0.1) }).map { line in
      line.prefix { $0 != "#" }.split(separator: " ").map(String.init)
        // `DLWP_DATA=folder swift run ...`
        .drop { $0.contains("=") && $0.first?.isUppercase == true }
    }
    .map(Array.init)
  }

  private static func text(_ path: String) throws -> String {
    try String(contentsOf: checkout.appending(path: path), encoding: .utf8)
  }
}
