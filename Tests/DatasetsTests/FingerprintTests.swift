import Foundation
import Testing

@testable import DataFiles
@testable import Datasets

@Suite("What data is")
struct FingerprintTests {
  private let checkout: TemporaryFolder
  private let caches: TemporaryFolder

  init() throws {
    (checkout, caches) = (try TemporaryFolder(), try TemporaryFolder())
    try checkout.write("", as: "Package.swift")
  }

  /// A location in a checkout whose manifest has one data set.
  private func location(_ name: String, content: [String] = [], files: String = "") throws
    -> DataLocation
  {
    let list = content.map { "{\"of\": \"all\", \"sha256\": \"\($0)\"}" }.joined(separator: ",")
    try checkout.write(
      """
      {"dataSets": [{"name": "\(name)", "title": "", "usedBy": [], "licence": "", "files": [\(files)],
        "content": [\(list)]}]}
      """, as: "data/manifest.json")
    var location = try DataLocation(environment: [:], start: checkout.path)
    location.caches = [caches.path]
    return location
  }

  /// From the standard, and what `sha256sum` says of a million times the letter a.
  @Test(
    "SHA-256 of nothing, of a few letters, of a million, in pieces of all sizes",
    arguments: [
      (0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      (1_000_000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
    ])
  func sha256(count: Int, expected: String) {
    let bytes = [UInt8](repeating: 97, count: count)
    var (sum, rest, size) = (SHA256(), bytes[...], 1)
    while !rest.isEmpty {
      Array(rest.prefix(size)).withUnsafeBytes { sum.add($0) }
      rest = rest.dropFirst(size)
      size = size * 3 % 1009 + 1
    }
    #expect(sum.text == expected)
    // What was read out may go on.
    "abc".utf8.withContiguousStorageIfAvailable { sum.add(UnsafeRawBufferPointer($0)) }
    #expect(sum.text != expected)
    var short = SHA256()
    Array("abc".utf8).withUnsafeBytes { short.add($0) }
    #expect(
      short.text == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
  }

  @Test("Sums of all lengths around a block differ, and do not depend on the pieces")
  func lengths() {
    var seen = Set<String>()
    for count in 0..<200 {
      let bytes = [UInt8](repeating: 7, count: count)
      var (whole, parts) = (SHA256(), SHA256())
      bytes.withUnsafeBytes { whole.add($0) }
      for byte in bytes { [byte].withUnsafeBytes { parts.add($0) } }
      #expect(whole.text == parts.text)
      seen.insert(whole.text)
    }
    #expect(seen.count == 200)
  }

  @Test("Content is official if its fingerprint stands in the manifest, whatever file it is in")
  func content() throws {
    let digits = try MNIST.corpus(of: .archive(fixture("mnist.npz")))
    let known = try location("mnist", content: ["0", digits.fingerprint])
    for _ in 0..<2 {
      let archive = known.checked(digits.origin, as: "mnist", readFrom: [fixture("mnist.npz")]) {
        digits.fingerprint
      }
      #expect(archive.kind == .official && archive.detail == digits.origin.detail)
    }
    // The same digits in other files.
    for name in ["train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1"] {
      try checkout.copy(name + "-ubyte.gz", as: "data/\(name)-ubyte.gz")
    }
    let (train, _) = try MNIST.load(from: known, offline: true) { _ in }
    #expect(train.origin.kind == .official)
    let other = try location("mnist", content: ["0"])
    let origin = try MNIST.load(from: other, offline: true) { _ in }.train.origin
    #expect(origin.kind == .otherContent)
    #expect(origin.detail.hasSuffix("This is not known to be the official content."))
    // A data set without a fingerprint, and none at all.
    for name in ["mnist", "other"] {
      #expect(try location(name).kind(of: "mnist", readFrom: []) { "0" } == .otherContent)
    }
  }

  @Test("A fingerprint is computed again only when a file changes")
  func cache() throws {
    let path = try checkout.write("one", as: "data/file")
    var location = try location("mnist", content: ["a"])
    location.smallestKept = 1
    var count = 0
    func kind() -> DataOrigin.Kind {
      location.kind(of: "mnist", readFrom: [path]) {
        count += 1
        return "a"
      }
    }
    #expect(kind() == .official && kind() == .official && count == 1)
    try checkout.write("two more", as: "data/file")
    #expect(kind() == .official && count == 2)
    // Neither damage nor a folder in its place costs more than time.
    try caches.write([0xff, 0, 10, 10, 32, 10], as: "fingerprints.txt")
    #expect(kind() == .official && count == 3)
    try FileManager.default.removeItem(atPath: caches.path + "/fingerprints.txt")
    try caches.write("", as: "fingerprints.txt/x")
    #expect(kind() == .official && count == 4)
    // What is gone through in no time is not worth a line.
    location.smallestKept = 100
    try FileManager.default.removeItem(atPath: caches.path + "/fingerprints.txt")
    #expect(kind() == .official && kind() == .official && count == 6)
    #expect(try caches.names().isEmpty)
  }

  @Test("Where no fingerprint is known, the published file is official: its name, length and sum")
  func files() throws {
    let sum = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    func entry(_ bytes: Int, _ check: String) -> String {
      "{\"name\": \"frogs.tar\", \"url\": \"\", \"bytes\": \(bytes), \(check)}"
    }
    let path = try checkout.write("abc", as: "data/frogs.tar")
    func kind(_ entry: String, _ path: String) throws -> DataOrigin.Kind {
      try location("cifar10", files: entry).kind(ofFile: path, of: "cifar10")
    }
    #expect(try kind(entry(3, "\"sha256\": \"\(sum)\""), path) == .official)
    #expect(try kind(entry(3, "\"md5\": \"900150983cd24fb0d6963f7d28e17f72\""), path) == .official)
    #expect(try kind(entry(3, "\"checksItself\": true"), path) == .official)
    for check in ["\"sha256\": \"\(sum.dropLast())0\"", "\"md5\": \"\"", "\"checksItself\": false"]
    {
      #expect(try kind(entry(3, check), path) == .otherContent)
    }
    #expect(try kind(entry(4, "\"checksItself\": true"), path) == .otherContent)
    let other = try checkout.write("abc", as: "data/toads.tar")
    #expect(try kind(entry(3, "\"sha256\": \"\(sum)\""), other) == .otherContent)
  }

  @Test("The 506 districts that ship are Keras' own; one changed price and they are not")
  func boston() throws {
    let (train, _) = try BostonHousing.load { _ in }
    #expect(train.origin.kind == .official)
    let path = try #require(DataLocation().shipped) + "/boston_housing.csv"
    let text = try String(contentsOfFile: path, encoding: .utf8)
    try checkout.write(
      text.replacing(",24\n", with: ",24.5\n", maxReplacements: 1), as: "data/boston_housing.csv")
    try FileManager.default.copyItem(
      atPath: #require(DataLocation().manifest), toPath: checkout.path + "/data/manifest.json")
    let changed = try BostonHousing.load(
      from: DataLocation(environment: [:], start: checkout.path)
    ) { _ in }
    #expect(changed.train.origin.kind == .otherContent)
  }

  @Test(
    "The book's photographs are known by the list of their names, with the test part or without")
  func pets() throws {
    func files(_ parts: [PetPart], _ shift: Int = 0) throws -> [PetFile] {
      try parts.flatMap { part in
        try ["cat", "dog"].flatMap { animal in
          try part.numbers.map { number in
            let path = "\(part.name)/\(animal)s/\(animal).\(number + shift).jpg"
            return PetFile(place: try #require(.init(sorted: path)), name: path) { [] }
          }
        }
      }
    }
    let location = try DataLocation(environment: [:])
    func kind(_ source: CatsAndDogs.Source, _ files: [PetFile]) -> DataOrigin.Kind {
      CatsAndDogs.kind(of: source, files, in: location)
    }
    let book = try files([.train, .validation])
    #expect(kind(.sorted("x"), book.shuffled()) == .official)
    #expect(try kind(.sorted("x"), files(PetPart.allCases)) == .official)
    #expect(kind(.microsoft("x"), book) == .otherContent)
    #expect(kind(.sorted("x"), book.dropLast()) == .otherContent)
    #expect(try kind(.sorted("x"), files([.train, .validation], 1)) == .otherContent)
  }
}
