import Foundation
import Testing

@testable import reproduce

/// The scripts of the kit, with a kit that has two programs in it; Tests/Platforms/kit.sh tries a whole one.
@Suite("The kit's scripts")
struct KitTests {
  private let place: Workplace
  private let scripts = checkout.appending(path: "Sources/Kit").path

  init() throws {
    place = try Workplace()
    for (name, text) in [
      ("programs/chapter1-one", "#!/bin/sh\necho \"one $*, $DLWP_DATA, $FONTCONFIG_FILE\"\n"),
      ("programs/chapter1-two", "#!/bin/sh\necho \"two $*\"\nexit 7\n"),
    ] {
      try place.addScript(text, as: "a kit/" + name)
    }
    try place.add(
      "chapter1-one\t1.1\tone & <only>\ta second\nchapter1-two\t1.2\tnothing: it shows two\thours\n",
      as: "a kit/chapters.txt")
    try place.add("made <today>\n", as: "a kit/kit.txt")
    try place.addScript(
      String(contentsOfFile: scripts + "/run", encoding: .utf8), as: "a kit/run")
  }

  /// Runs the kit's `run` in a folder beside it, and returns what it prints.
  private func run(_ arguments: String, input: String = "") throws -> (code: Int32, text: String) {
    let log = place.folder.appending(path: "log.txt").path
    try? FileManager.default.removeItem(atPath: log)
    let code = try Child.run(
      "sh",
      [
        "-c", "cd \"$1\" && printf '%s\\n' \"$2\" | \"$1/a kit/run\" \(arguments)", "--",
        place.folder.path, input,
      ], environment: ["DLWP_DATA": ""], log: log)
    return (code, try place.text(of: "log.txt"))
  }

  @Test(
    "A program gets its arguments, the kit's data and the kit's font; its exit code is passed on")
  func program() throws {
    let one = try run("chapter1-one --quick --seed 3")
    let kit = place.folder.path + "/a kit"
    #expect(one.code == 0)
    #expect(one.text == "one --quick --seed 3, \(kit)/data, \(kit)/fonts/fonts.conf\n")
    let two = try run("chapter1-two")
    #expect(two.code == 7 && two.text == "two \n")
  }

  @Test("Without a name there is a menu, which takes a number and flags, or a name")
  func menu() throws {
    let answer = try run("", input: "2 --quick --seed 3")
    #expect(answer.code == 7 && answer.text.hasSuffix("two --quick --seed 3\n"))
    #expect(answer.text.contains("  1  chapter1-one"))
    let named = try run("", input: "chapter1-one")
    #expect(named.code == 0 && named.text.contains("one , "), "\(named)")
  }

  @Test("A program that there is not is refused, with those that there are")
  func refusal() throws {
    for (arguments, input) in [("chapter9", ""), ("../run", ""), ("", "3")] {
      let outcome = try run(arguments, input: input)
      #expect(outcome.code == 1, "\(arguments) \(input)")
      #expect(outcome.text.contains("There is no program"), "\(outcome.text)")
      #expect(outcome.text.contains("chapter1-one chapter1-two"))
    }
  }

  @Test(
    "The gallery is started among the chapters' pages, and shows and writes results where it was called"
  )
  func gallery() throws {
    try place.add("x", as: "a kit/sources/README.md")
    try place.addScript("#!/bin/sh\necho \"$*\"\nls\n", as: "a kit/programs/gallery")
    let output = place.folder.path + "/output"
    #expect(try run("gallery page").text == "page --output \(output)\nREADME.md\n")
    // Whoever names a folder names it from where he is.
    #expect(try run("gallery --output mine").text.hasPrefix("--output mine\na kit\n"))
  }

  @Test(
    "The start page names each chapter, and nothing in it means anything to HTML that should not")
  func startPage() throws {
    try place.add("x", as: "a kit/sources/Chapters/chapter1-one/figures/loss.png")
    let page = try Child.output(
      of: scripts + "/start-page.sh", [place.folder.path + "/a kit", "imdb: <there>"])
    #expect(page.hasPrefix("<!DOCTYPE html>") && page.hasSuffix("</html>"))
    for text in [
      "<code>./run chapter1-one</code>", "<code>./run chapter1-two</code>",
      "one &amp; &lt;only&gt;", "1.2: it shows two",
      "made &lt;today&gt;", "imdb: &lt;there&gt;",
      "<img src=\"sources/Chapters/chapter1-one/figures/loss.png\"",
    ] {
      #expect(page.contains(text), "\(text)")
    }
    #expect(page.components(separatedBy: "<img").count == 2)
  }

  @Test("Every chapter of the first page is in the kit's list")
  func chapters() throws {
    let lines = try Child.output(of: scripts + "/chapters.sh", []).split(separator: "\n")
    let folders = try FileManager.default.contentsOfDirectory(
      atPath: checkout.appending(path: "Chapters").path)
    let rows = lines.map { $0.split(separator: "\t").map(String.init) }
    #expect(rows.allSatisfy { $0.count == 4 })
    #expect(Set(rows.map { $0[0] }) == Set(folders.filter { $0.hasPrefix("chapter") }))
  }

  @Test("A folder that holds something else is not overwritten")
  func otherFolder() throws {
    try place.add("mine", as: "thesis/chapter.txt")
    let log = place.folder.appending(path: "log.txt").path
    let code = try Child.run(
      scripts + "/build.sh", [place.folder.path + "/thesis"], log: log)
    #expect(code == 1)
    #expect(try place.text(of: "log.txt").contains("holds something else"))
    #expect(try place.text(of: "thesis/chapter.txt") == "mine")
  }
}
