import Foundation
import Testing

@testable import DataFiles

@Suite("ZIP archives")
struct ZipArchiveTests {
  @Test("Members come out by name, stored and deflated")
  func members() throws {
    let archive = try ZipArchive(path: fixture("arrays.npz"))
    #expect(archive.members.map(\.name).contains("int32.npy"))
    #expect(try archive.contents(of: "int32.npy").count == archive.member("int32.npy").size)
    #expect(try archive.contents(of: "byte.npy").suffix(6) == [250, 251, 252, 253, 254, 255])
  }

  @Test("The 64-bit extensions are understood")
  func zip64() throws {
    let archive = try ZipArchive(path: fixture("zip64.zip"))
    #expect(try archive.contents(of: "a.txt") == Array("sixty-four bits".utf8))
  }

  @Test("A missing member is named together with those that are there")
  func missing() throws {
    let archive = try ZipArchive(path: fixture("zip64.zip"))
    let text = sentence { _ = try archive.contents(of: "b.txt") }
    #expect(text.contains("no member b.txt") && text.contains("a.txt"))
  }

  @Test("An archive cut off anywhere is refused")
  func truncated() throws {
    let folder = try TemporaryFolder()
    let whole = try bytes(of: "arrays.npz")
    for length in sampledLengths(whole.count) {
      let path = try folder.write(Array(whole[..<length]), as: "cut.npz")
      #expect(sentence { _ = try ZipArchive(path: path) }.contains("cut.npz"), "length \(length)")
    }
  }

  @Test("A claimed size that cannot be is refused before memory is taken")
  func oversized() throws {
    let folder = try TemporaryFolder()
    var whole = try bytes(of: "arrays.npz")
    let entry = try #require((0..<whole.count).first { whole.number32(at: $0) == 0x0201_4b50 })
    for (index, byte) in [0xfe, 0xff, 0xff, 0x3f].enumerated() {
      whole[entry + 24 + index] = UInt8(byte)
    }
    let archive = try ZipArchive(path: folder.write(whole, as: "huge.npz"))
    let text = sentence { _ = try archive.contents(of: archive.members[0].name, limit: 1 << 40) }
    #expect(text.contains("claims 1073741822 bytes"))
  }

  @Test("Neither sizes nor limits are taken on trust")
  func limits() throws {
    let archive = try ZipArchive(path: fixture("arrays.npz"))
    #expect(sentence { _ = try archive.contents(of: "float.npy", limit: 10) }.contains("claims"))
    let size = try archive.member("float.npy").size
    #expect(
      sentence { _ = try archive.open("float.npy", limit: size - 1) }
        .contains("claims \(size) bytes, more than the \(size - 1) expected at most"))
    try archive.open("float.npy", limit: size).skipToEnd()
  }

  @Test(
    "A flipped bit anywhere gives an error or leaves the contents as they are",
    arguments: ["zip64.zip", "scalars-protocol2.npz"])
  func flipped(archive: String) throws {
    let folder = try TemporaryFolder()
    let whole = try bytes(of: archive)
    let original = try ZipArchive(path: fixture(archive))
    let name = original.members[0].name
    let contents = try original.contents(of: name)
    var errors = 0
    for position in 0..<whole.count {
      var copy = whole
      copy[position] ^= 1 << UInt8(position % 8)
      let path = try folder.write(copy, as: "flipped.zip")
      do {
        let archive = try ZipArchive(path: path)
        #expect(try archive.contents(of: name) == contents, "byte \(position)")
      } catch is DataError {
        errors += 1
      }
    }
    #expect(errors > 100)
  }
}

@Suite("gzip files")
struct GzipTests {
  @Test("Compressed and plain files are told apart by their first bytes")
  func plainAndCompressed() throws {
    let folder = try TemporaryFolder()
    let plain = try folder.write("no gzip at all", as: "plain.gz")
    #expect(try Gzip.contents(ofFile: plain, limit: 100) == Array("no gzip at all".utf8))
    let tape = try Gzip.contents(ofFile: fixture("aclImdb_v1.tar.gz"), limit: 1 << 20)
    #expect(tape.count % 512 == 0 && tape.starts(with: Array("aclImdb".utf8)))
    let twice = try folder.write(
      bytes(of: "aclImdb_v1.tar.gz") + bytes(of: "aclImdb_v1.tar.gz"), as: "twice.gz")
    #expect(try Gzip.contents(ofFile: twice, limit: 1 << 20) == tape + tape)
  }

  @Test("More than the limit is refused")
  func limit() {
    let text = sentence { _ = try Gzip.contents(ofFile: fixture("aclImdb_v1.tar.gz"), limit: 999) }
    #expect(text.contains("more than the 999 bytes"))
  }

  @Test("A file cut off anywhere is refused; an empty one is empty")
  func truncated() throws {
    let folder = try TemporaryFolder()
    let whole = try bytes(of: "aclImdb_v1.tar.gz")
    for length in 2..<whole.count {
      let path = try folder.write(Array(whole[..<length]), as: "cut.gz")
      let text = sentence { _ = try Gzip.contents(ofFile: path, limit: 1 << 20) }
      #expect(text.contains("truncated"), "length \(length)")
    }
    let empty = try folder.write([], as: "empty.gz")
    #expect(try Gzip.contents(ofFile: empty, limit: 1).isEmpty)
  }

  @Test("A flipped bit gives an error or leaves the contents as they are")
  func flipped() throws {
    let folder = try TemporaryFolder()
    let whole = try bytes(of: "aclImdb_v1.tar.gz")
    let contents = try Gzip.contents(ofFile: fixture("aclImdb_v1.tar.gz"), limit: 1 << 20)
    var errors = 0
    // The first two bytes decide whether it is gzip at all.
    for position in 2..<whole.count {
      var copy = whole
      copy[position] ^= 1 << UInt8(position % 8)
      let path = try folder.write(copy, as: "flipped.gz")
      do {
        #expect(try Gzip.contents(ofFile: path, limit: 1 << 20) == contents, "byte \(position)")
      } catch is DataError {
        errors += 1
      }
    }
    #expect(errors > whole.count * 9 / 10)
  }
}

@Suite("Tape archives")
struct TarReaderTests {
  private func files(_ path: String) throws -> [String: String] {
    let tape = try TarReader(path: path)
    var files = [String: String]()
    while let member = try tape.next() {
      files[member.path] = String(decoding: try tape.contents(limit: 1 << 16), as: UTF8.self)
    }
    return files
  }

  @Test("Ordinary files come out of a compressed archive; folders and links do not")
  func compressed() throws {
    let files = try files(fixture("aclImdb_v1.tar.gz"))
    #expect(files.count == 18)
    #expect(files["aclImdb/imdb.vocab"] == "not a review\n")
    #expect(files["aclImdb/train/pos/0_0.txt"] == "A warm, clever little film. I'd watch it again!")
    #expect(files["aclImdb/link"] == nil)
  }

  @Test("Long paths in all three forms, and a leading ./", arguments: ["gnu", "pax", "ustar"])
  func longPaths(form: String) throws {
    let long = String(repeating: "folder/", count: 20) + "file.txt"
    #expect(try files(fixture("long-\(form).tar")) == [long: "long", "short.txt": "short"])
  }

  @Test("Members may be passed over unread")
  func passedOver() throws {
    let tape = try TarReader(path: fixture("long-pax.tar"))
    #expect(try tape.next()?.size == 4)
    #expect(try tape.next()?.path == "short.txt")
    #expect(try tape.contents(limit: 10) == Array("short".utf8))
    #expect(try tape.contents(limit: 10).isEmpty)
    #expect(try tape.next() == nil)
  }

  @Test("Paths that lead out of the folder are refused", arguments: ["up", "root"])
  func escape(kind: String) {
    let text = sentence { _ = try files(fixture("escape-\(kind).tar")) }
    #expect(text.contains("evil.txt") && text.contains("leads out of its folder"))
  }

  @Test("A larger member than expected is refused")
  func limit() throws {
    let tape = try TarReader(path: fixture("long-gnu.tar"))
    _ = try tape.next()
    #expect(sentence { _ = try tape.contents(limit: 3) }.contains("claims 4 bytes"))
  }

  @Test("More members or bytes than expected are refused, be the members empty or passed over")
  func tooMuch() throws {
    func count(memberLimit: Int = 100, sizeLimit: Int = 1 << 20) throws -> Int {
      let tape = try TarReader(
        path: fixture("aclImdb_v1.tar.gz"), memberLimit: memberLimit, sizeLimit: sizeLimit)
      var count = 0
      while try tape.next() != nil { count += 1 }
      return count
    }
    #expect(try count() == 19)
    #expect(sentence { _ = try count(memberLimit: 20) }.contains("more than the 20 members"))
    #expect(sentence { _ = try count(sizeLimit: 9000) }.contains("more than the 9000 bytes"))
  }

  @Test("An archive cut off anywhere before its end mark is refused")
  func truncated() throws {
    let folder = try TemporaryFolder()
    for name in ["long-gnu.tar", "long-pax.tar", "long-ustar.tar"] {
      let whole = try bytes(of: name)
      let end = try #require(
        (0..<whole.count / 512).last { whole[($0 * 512)..<($0 * 512 + 512)].contains { $0 != 0 } })
      for length in sampledLengths(512 * end + 1024) {
        let path = try folder.write(Array(whole[..<length]), as: "cut.tar")
        let text = sentence { _ = try files(path) }
        #expect(text.contains("ends too early"), "\(name), length \(length)")
      }
    }
  }

  @Test("A flipped bit never does worse than an error or another text")
  func flipped() throws {
    let folder = try TemporaryFolder()
    for name in ["long-gnu.tar", "long-pax.tar"] {
      let whole = try bytes(of: name)
      var errors = 0
      for position in stride(from: 0, to: 4096, by: 11) {
        var copy = whole
        copy[position] ^= 1 << UInt8(position % 8)
        do {
          #expect(try files(folder.write(copy, as: "flipped.tar")).count <= 2)
        } catch is DataError {
          errors += 1
        }
      }
      #expect(errors > 50)
    }
  }
}
