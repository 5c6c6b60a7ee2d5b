import Foundation
import Testing

@testable import DataFiles
@testable import Datasets

@Suite("Cats and dogs")
struct CatsAndDogsTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func load(
    perClass: Int? = nil, report: @escaping @Sendable (String) -> Void = { _ in }
  ) throws -> PetPictures {
    try CatsAndDogs.load(
      perClass: perClass, from: DataLocation(folder: folder.path), report: report)
  }

  /// Opaque contents that tell the picture's path.
  private func bytes(_ name: String) -> [UInt8] { Array("picture \(name)".utf8) }

  /// Two pictures of each class in each part.
  private static let sorted = ["train", "validation", "test"].flatMap { part in
    ["cat", "dog"].flatMap { animal in
      [9, 10].map { "\(part)/\(animal)s/\(animal).\($0).jpg" }
    }
  }

  private func contents(_ part: PetPictures.Part) throws -> [String] {
    try part.files.map { String(decoding: try $0.data(), as: UTF8.self) }
  }

  private func expectSorted(_ pets: PetPictures, prefix: String = "") throws {
    for (name, part) in [
      ("train", pets.train), ("validation", pets.validation), ("test", pets.test),
    ] {
      // By number, not by letter.
      #expect(
        try contents(part) == [
          "picture \(prefix)\(name)/cats/cat.9.jpg", "picture \(prefix)\(name)/cats/cat.10.jpg",
          "picture \(prefix)\(name)/dogs/dog.9.jpg", "picture \(prefix)\(name)/dogs/dog.10.jpg",
        ])
      #expect(part.labels == [0, 0, 1, 1])
    }
    #expect(pets.origin.kind == .otherContent)
    #expect(pets.origin.trainSamples == 4 && pets.origin.testSamples == 4)
  }

  @Test("The book's folders, whatever else lies in them")
  func sortedFolder() throws {
    for name in Self.sorted { try folder.write(bytes(name), as: "cats_and_dogs_small/" + name) }
    for name in [
      "train/cats/notes.txt", "train/cats/.cat.1.jpg", "train/birds/bird.1.jpg", "cat.3.jpg",
    ] {
      try folder.write(bytes(name), as: "cats_and_dogs_small/" + name)
    }
    let lines = Lines()
    try expectSorted(load(report: lines.add))
    #expect(lines.all.count == 1 && lines.all[0].contains("(other content)"))
    #expect(lines.all[0].contains("4 pictures to train, 4 to validate, 4 to test."))
  }

  @Test("The same in archives", arguments: ["tar", "zip", "filtered.zip"])
  func sortedArchives(form: String) throws {
    let top = form == "filtered.zip" ? "cats_and_dogs_filtered" : "cats_and_dogs_small"
    let members = Self.sorted.map { (name: top + "/" + $0, bytes: bytes($0)) }
    let file = form == "tar" ? tape(members) : storedZip(members)
    try folder.write(file, as: top + (form == "tar" ? ".tar" : ".zip"))
    try expectSorted(load())
  }

  @Test("Without pictures for testing there is no such part")
  func noTest() throws {
    for name in Self.sorted where !name.hasPrefix("test") {
      try folder.write(bytes(name), as: "cats_and_dogs_small/" + name)
    }
    let pets = try load()
    #expect(pets.train.count == 4 && pets.validation.count == 4 && pets.test.count == 0)
    #expect(pets.origin.detail.contains("none to test"))
  }

  @Test(
    "Of Kaggle's and Microsoft's pictures the book's are taken, by number",
    arguments: [
      "train.zip", "dogs-vs-cats.zip", "train", "PetImages", "kagglecatsanddogs_5340.zip",
    ])
  func selection(source: String) throws {
    let numbers = [0, 7, 999, 1000, 1499, 1500, 1999, 2000, 12_499]
    let isMicrosoft = source.hasPrefix("PetImages") || source.hasPrefix("kaggle")
    let names = ["cat", "dog"].flatMap { animal in
      numbers.reversed().map { number in
        isMicrosoft
          ? "PetImages/\(animal.capitalized)/\(number).jpg" : "train/\(animal).\(number).jpg"
      }
    }
    if source.hasSuffix(".zip") {
      let others = ["readme[1].txt", "test1/1.jpg", "__MACOSX/train/._cat.1.jpg"]
      try folder.write(storedZip((others + names).map { ($0, bytes($0)) }), as: source)
    } else {
      for name in names { try folder.write(bytes(name), as: name) }
      try folder.write("no picture", as: source + "/Thumbs.db")
    }
    let pets = try load()
    func number(_ content: String) -> Int {
      Int(content.filter { $0.isNumber }) ?? -1
    }
    #expect(try contents(pets.train).map(number) == [0, 7, 999, 0, 7, 999])
    #expect(try contents(pets.validation).map(number) == [1000, 1499, 1000, 1499])
    #expect(try contents(pets.test).map(number) == [1500, 1999, 1500, 1999])
    #expect(pets.train.labels == [0, 0, 0, 1, 1, 1] && pets.test.labels == [0, 0, 1, 1])
    #expect(try contents(pets.train)[5].lowercased().contains("dog"))
    #expect(pets.origin.detail.contains("numbering") == isMicrosoft)
  }

  @Test("A limit takes the first of each class, and half as many for the other parts")
  func limit() throws {
    for name in Self.sorted { try folder.write(bytes(name), as: "cats_and_dogs_small/" + name) }
    let pets = try load(perClass: 2)
    #expect(pets.train.count == 4 && pets.validation.count == 2 && pets.test.count == 2)
    #expect(try contents(pets.validation)[0] == "picture validation/cats/cat.9.jpg")
    #expect(sentence { _ = try load(perClass: 1) }.contains("At least 2"))
  }

  @Test(
    "Sources that cannot be used are named, with what is wrong",
    arguments: [
      ("no dogs", ["train/cats/cat.1.jpg", "validation/cats/cat.1.jpg"], "dogs"),
      ("no validation", ["train/cats/cat.1.jpg", "train/dogs/dog.1.jpg"], "validation"),
      ("other endings", ["train/cats/cat.1.gif", "train/dogs/dog.1.txt"], "(.jpg)"),
      (
        "half a test",
        [
          "train/cats/1.jpg", "train/dogs/1.jpg", "validation/cats/1.jpg", "validation/dogs/1.jpg",
          "test/cats/1.jpg",
        ], "part test"
      ),
    ])
  func incomplete(_: String, names: [String], word: String) throws {
    for name in names { try folder.write(bytes(name), as: "cats_and_dogs_small/" + name) }
    let text = sentence { _ = try load() }
    #expect(text.contains(folder.path + "/cats_and_dogs_small") && text.contains(word), "\(text)")
  }

  @Test("An empty folder, a file in a folder's place and broken archives are refused")
  func broken() throws {
    let file = folder.path + "/cats_and_dogs_small"
    try FileManager.default.createDirectory(atPath: file, withIntermediateDirectories: true)
    #expect(sentence { _ = try load() }.contains("no pictures of cats"))
    try folder.write("no folder", as: "cats_and_dogs_small/train/cats")
    #expect(sentence { _ = try load() }.contains("cats_and_dogs_small/train/cats"))
    try FileManager.default.removeItem(atPath: file)

    let members = Self.sorted.map { (name: "cats_and_dogs_small/" + $0, bytes: bytes($0)) }
    try folder.write(Array(tape(members).dropLast(2500)), as: "cats_and_dogs_small.tar")
    #expect(sentence { _ = try load() }.contains("not a complete tar archive"))
    try folder.write(tape([("../../train/cats/cat.1.jpg", [1])]), as: "cats_and_dogs_small.tar")
    #expect(sentence { _ = try load() }.contains("leads out of its folder"))
    try FileManager.default.removeItem(atPath: folder.path + "/cats_and_dogs_small.tar")

    try folder.write("no archive", as: "train.zip")
    #expect(sentence { _ = try load() }.contains("train.zip is not a whole ZIP archive"))
    try FileManager.default.removeItem(atPath: folder.path + "/train.zip")
    try folder.write(storedZip([("train.zip", [1]), ("test1.zip", [1])]), as: "dogs-vs-cats.zip")
    #expect(sentence { _ = try load() }.contains("unzip dogs-vs-cats.zip train.zip"))
  }

  @Test("A folder or archive train without cats is somebody else's")
  func foreign() throws {
    try folder.write("text", as: "train/pos/1.txt")
    try folder.write(storedZip([("train/1.txt", [1])]), as: "train.zip")
    #expect(try load(perClass: 2).origin.kind == .standIn)
  }

  @Test(
    "A picture that is a pipe, a folder or much too large fails when it is asked for, not before")
  func strangeFiles() throws {
    for name in Self.sorted { try folder.write(bytes(name), as: "cats_and_dogs_small/" + name) }
    let cats = folder.path + "/cats_and_dogs_small/train/cats/"
    #expect(mkfifo(cats + "cat.1.jpg", 0o600) == 0)
    try FileManager.default.createDirectory(
      atPath: cats + "cat.2.jpg", withIntermediateDirectories: false)
    try folder.write("", as: "cats_and_dogs_small/train/cats/cat.3.jpg")
    #expect(truncate(cats + "cat.3.jpg", 1 << 40) == 0)
    let files = try load().train.files
    #expect(files.count == 7)
    for (index, word) in ["regular file", "regular file", "bytes, more than"].enumerated() {
      let text = sentence { _ = try files[index].data() }
      #expect(text.contains(word) && text.contains("cat.\(index + 1).jpg"), "\(text)")
    }
    #expect(try files[3].data() == bytes("train/cats/cat.9.jpg"))
  }

  @Test("Without pictures they are drawn, and that is said")
  func standIn() throws {
    let lines = Lines()
    let pets = try load(perClass: 4, report: lines.add)
    #expect(pets.origin.kind == .standIn && lines.all[0].contains("(stand-in)"))
    #expect(pets.train.labels == [0, 0, 0, 0, 1, 1, 1, 1])
    #expect(pets.validation.labels == [0, 0, 1, 1] && pets.test.count == 4)
    let files = try pets.train.files.map { try $0.data() }
    // 150 x 150 pixels of 8-bit red, green and blue.
    let head: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13, 73, 72, 68, 82]
    let size: [UInt8] = [0, 0, 0, 150, 0, 0, 0, 150, 8, 2, 0, 0, 0]
    #expect(files.allSatisfy { $0.starts(with: head + size) && $0.count > 67_500 })
    #expect(Set(files).count == 8)
    // The same every time, and fewer are the first of more.
    let fewer = try load(perClass: 2)
    #expect(
      try fewer.train.files.map { try $0.data() } == [files[0], files[1], files[4], files[5]])
    let validation = try Set((pets.validation.files + pets.test.files).map { try $0.data() })
    #expect(validation.count == 8 && validation.isDisjoint(with: files))
  }
}

@Suite("The book's folders of cats and dogs")
struct CatsAndDogsPreparationTests {
  private let folder: TemporaryFolder
  private var source: String { folder.path + "/train" }
  private var target: String { folder.path + "/small" }

  init() throws {
    folder = try TemporaryFolder()
    for animal in ["cat", "dog"] {
      for number in [0, 1000, 1500, 2000] {
        try folder.write("\(animal) \(number)", as: "train/\(animal).\(number).jpg")
      }
    }
  }

  private func files() throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: target).filter { $0.hasSuffix(".jpg") }
      .sorted()
  }

  @Test("Copies the selection; a second call finds everything there")
  func copies() throws {
    #expect(try CatsAndDogs.prepare(from: source, to: target) == (6, 0))
    let expected = [("test", 1500), ("train", 0), ("validation", 1000)].flatMap { part, number in
      ["cat", "dog"].map { "\(part)/\($0)s/\($0).\(number).jpg" }
    }
    #expect(try files() == expected)
    let dog = try String(contentsOfFile: target + "/test/dogs/dog.1500.jpg", encoding: .utf8)
    #expect(dog == "dog 1500")
    // As after an interruption.
    try FileManager.default.removeItem(atPath: target + "/train/cats/cat.0.jpg")
    // No process has this number, as numbers end at four million.
    let left = target + "/train/cats/cat.0.jpg.1999999999.tmp"
    try Data().write(to: URL(fileURLWithPath: left))
    #expect(try CatsAndDogs.prepare(from: source, to: target) == (1, 5))
    #expect(!FileManager.default.fileExists(atPath: left))
    // What was made can be read.
    let small = folder.path + "/cats_and_dogs_small"
    try FileManager.default.moveItem(atPath: target, toPath: small)
    let pets = try CatsAndDogs.load(from: DataLocation(folder: folder.path)) { _ in }
    #expect(pets.train.count == 2 && pets.test.count == 2)
  }

  @Test("Archives too, Microsoft's names as well; nothing leaves the folder")
  func archives() throws {
    let names = ["Cat", "Dog"].flatMap { animal in
      [1, 1001, 1501].map { "../../PetImages/\(animal)/\($0).jpg" }
    }
    let zip = try folder.write(storedZip(names.map { ($0, Array($0.utf8)) }), as: "pets.zip")
    let before = try folder.names()
    #expect(try CatsAndDogs.prepare(from: zip, to: target) == (6, 0))
    #expect(try files().contains("validation/dogs/dog.1001.jpg"))
    #expect(try folder.names() == (before + ["small"]).sorted())
  }

  @Test("A file with other contents is never replaced")
  func foreign() throws {
    let path = try folder.write("mine", as: "small/train/cats/cat.0.jpg")
    let text = sentence { _ = try CatsAndDogs.prepare(from: source, to: target) }
    #expect(text.contains(path) && text.contains("not replaced"))
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "mine")
  }

  @Test("What is not there, holds nothing or cannot be written is refused")
  func refusals() throws {
    #expect(
      sentence { _ = try CatsAndDogs.prepare(from: source + "s", to: target) }
        .contains("There is no \(source)s"))
    try folder.write("no picture", as: "empty/readme.txt")
    let empty = folder.path + "/empty"
    #expect(
      sentence { _ = try CatsAndDogs.prepare(from: empty, to: target) }.contains("no pictures"))
    #expect(!FileManager.default.fileExists(atPath: target))
    let file = try folder.write("a file", as: "file")
    #expect(
      sentence { _ = try CatsAndDogs.prepare(from: source, to: file) }.contains("cannot be written")
    )
  }
}

/// The bytes of a tape archive.
private func tape(_ members: [(name: String, bytes: [UInt8])]) -> [UInt8] {
  func field(_ text: String, _ width: Int) -> [UInt8] {
    Array(text.utf8) + [UInt8](repeating: 0, count: width - text.utf8.count)
  }
  func octal(_ value: Int, _ width: Int) -> [UInt8] {
    let digits = String(value, radix: 8)
    return field(String(repeating: "0", count: width - 1 - digits.count) + digits, width)
  }
  var archive: [UInt8] = []
  for (name, bytes) in members {
    let front = field(name, 100) + octal(0o644, 8) + octal(0, 8) + octal(0, 8)
    let middle = octal(bytes.count, 12) + octal(0, 12)
    let back = field("0", 1) + field("", 100) + field("ustar", 6) + field("00", 2) + field("", 247)
    let blank = front + middle + field("        ", 8) + back
    let sum = blank.reduce(0) { $0 + Int($1) }
    archive += front + middle + octal(sum, 7) + field(" ", 1) + back + bytes
    archive += [UInt8](repeating: 0, count: (512 - bytes.count % 512) % 512)
  }
  return archive + [UInt8](repeating: 0, count: 1024)
}
