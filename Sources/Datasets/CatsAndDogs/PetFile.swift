/// One picture of a source: which animal, in which part of the data, and how to get its bytes.
struct PetFile: Sendable {
  /// The largest file accepted; the largest of the real ones has 0.1 MB.
  static let sizeLimit = 1 << 24

  let place: Place
  let name: String
  let data: @Sendable () throws -> [UInt8]

  /// What the path of a picture says about it.
  struct Place: Hashable, Comparable {
    let part: PetPart
    /// 0 for a cat, 1 for a dog.
    let label: Int
    /// The number in the file's name; 0 if there is none.
    let number: Int
    /// The name of the file, without folders.
    let file: String

    static func < (a: Place, b: Place) -> Bool {
      (a.part.rawValue, a.label, a.number, a.file) < (b.part.rawValue, b.label, b.number, b.file)
    }
  }
}

/// The parts of the data.
enum PetPart: Int, CaseIterable, Sendable {
  case train, validation, test

  /// The name of its folder.
  var name: String { "\(self)" }

  /// The numbers of the pictures of each class that the book puts into this part.
  var numbers: Range<Int> {
    switch self {
    case .train: 0..<1000
    case .validation: 1000..<1500
    case .test: 1500..<2000
    }
  }

  /// The part into which the book puts a picture; nil for those it leaves out.
  init?(number: Int) {
    guard let part = PetPart.allCases.first(where: { $0.numbers.contains(number) }) else {
      return nil
    }
    self = part
  }
}

/// The three ways in which the pictures are laid out.
extension PetFile.Place {
  /// The classes, by label.
  static let classes = ["cat", "dog"]

  /// Understands `train/cats/NAME.jpg` and the like; nil for every other path.
  init?(sorted path: String) {
    let parts = path.split(separator: "/").suffix(3).map { $0.lowercased() }
    guard parts.count == 3, let file = path.split(separator: "/").last,
      let part = PetPart.allCases.first(where: { $0.name == parts[0] }),
      let label = Self.classes.firstIndex(where: { $0 + "s" == parts[1] }),
      [".jpg", ".jpeg", ".png"].contains(where: parts[2].hasSuffix), !parts[2].hasPrefix(".")
    else { return nil }
    let digits = parts[2].drop { !$0.isASCIIDigit }.prefix { $0.isASCIIDigit }
    self.init(part: part, label: label, number: Int(digits) ?? 0, file: String(file))
  }

  /// Understands Kaggle's `cat.7.jpg`, in whatever folder; nil for every other path.
  init?(kaggle path: String) {
    guard let file = path.split(separator: "/").last else { return nil }
    let parts = file.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[2] == "jpg",
      let label = Self.classes.firstIndex(of: "\(parts[0])")
    else { return nil }
    self.init(label: label, digits: parts[1], file: file)
  }

  /// Understands Microsoft's `Cat/7.jpg`; nil for every other path.
  init?(microsoft path: String) {
    let folders = path.split(separator: "/")
    guard folders.count >= 2, let file = folders.last,
      let label = Self.classes.firstIndex(of: folders[folders.count - 2].lowercased())
    else { return nil }
    let parts = file.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[1] == "jpg" else { return nil }
    self.init(label: label, digits: parts[0], file: file)
  }

  private init?(label: Int, digits: Substring, file: Substring) {
    guard digits.allSatisfy(\.isASCIIDigit), let number = Int(digits),
      let part = PetPart(number: number)
    else { return nil }
    self.init(part: part, label: label, number: number, file: String(file))
  }
}

extension Character {
  fileprivate var isASCIIDigit: Bool { ("0"..."9").contains(self) }
}
