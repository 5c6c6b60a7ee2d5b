import DataFiles
import Foundation

/// Photographs of cats and dogs (book section 5.2): the book's 4,000 of Kaggle's 25,000.
public enum CatsAndDogs {
  static let name = "cats and dogs"

  /// A place that pictures can be read from, by path.
  enum Source: Equatable {
    /// A folder, a tape archive or a ZIP archive with `train/cats/...` and so on.
    case sorted(String)
    /// Kaggle's `train.zip` or its folder, with `cat.0.jpg` and so on.
    case kaggle(String)
    /// Microsoft's archive or its folder, with `Cat/0.jpg` and so on.
    case microsoft(String)

    var path: String {
      switch self {
      case .sorted(let path), .kaggle(let path), .microsoft(let path): path
      }
    }
  }

  /// Finds the pictures: 1,000 of each class to train, 500 to validate, 500 to test.
  ///
  /// In this order: the folder `cats_and_dogs_small` that the book makes, the same as
  /// `cats_and_dogs_small.tar`, `.tar.gz` or `.zip`, Google's `cats_and_dogs_filtered` (folder or
  /// `.zip`), Kaggle's `train.zip` or its folder `train`, Microsoft's `PetImages` or
  /// `kagglecatsanddogs_5340.zip`. Of Kaggle's and Microsoft's pictures the book's are taken, by the
  /// numbers in their names. A source may lack the part for testing. If there is none at all, cats and
  /// dogs are drawn: nothing is fetched, as the archive has 825 MB.
  ///
  /// - Parameters:
  ///   - perClass: how many pictures of each class to take for training, and half as many for each
  ///     other part; nil for all.
  ///   - location: where data lies; by default as `DLWP_DATA` or the checkout tell.
  ///   - report: receives a line about what was found or drawn; standard error by default.
  /// - Throws: `DataError` if pictures are there but cannot be used.
  public static func load(
    perClass: Int? = nil, from location: DataLocation? = nil,
    report: @escaping @Sendable (String) -> Void = standardErrorLine
  ) throws -> PetPictures {
    if let perClass, perClass < 2 {
      throw DataError("At least 2 pictures of each class must be loaded, not \(perClass).")
    }
    let location = try location ?? DataLocation()
    let pictures: PetPictures
    if let source = try source(in: location) {
      let files = try files(of: source)
      pictures = try PetPictures(
        files, perClass: perClass, kind: kind(of: source, files, in: location),
        detail: detail(of: source, files), name: source.path)
      let origin = pictures.origin
      report("\(name) (\(origin.kind.rawValue)): \(origin.detail) Read from \(source.path).")
    } else {
      pictures = try PetPictures(
        StandInPets.files(perClass: perClass ?? 1000), perClass: perClass, kind: .standIn,
        detail: "Cats and dogs drawn by the program, not photographs.", name: "the drawings")
      report(
        "\(name) (stand-in): \(pictures.origin.detail) For the photographs put Kaggle's train.zip "
          + "into the data folder, or fetch 825 MB by `swift run fetch-data cats-dogs`.")
    }
    return pictures
  }

  /// The best source in the folders of a location.
  static func source(in location: DataLocation) throws -> Source? {
    let small = "cats_and_dogs_small"
    let filtered = "cats_and_dogs_filtered"
    for name in [
      small, small + ".tar", small + ".tar.gz", small + ".zip", filtered, filtered + ".zip",
    ] {
      if let path = location.find(name) { return .sorted(path) }
    }
    for name in ["train.zip", "dogs-vs-cats.zip"] {
      guard let path = location.find(name) else { continue }
      let members = try ZipArchive(path: path).members.lazy.map(\.name)
      if members.contains(where: { PetFile.Place(kaggle: $0) != nil }) { return .kaggle(path) }
      if members.contains("train.zip") {
        throw DataError(
          "\(path) holds train.zip: unpack that beside it (`unzip dogs-vs-cats.zip train.zip`).")
      }
    }
    if let path = location.find("train"),
      let names = try? FileManager.default.contentsOfDirectory(atPath: path),
      names.contains(where: { PetFile.Place(kaggle: $0) != nil })
    {
      return .kaggle(path)
    }
    for name in ["PetImages", "kagglecatsanddogs_5340.zip", "kagglecatsanddogs_3367a.zip"] {
      if let path = location.find(name) { return .microsoft(path) }
    }
    return nil
  }

  /// Whether these are the photographs that the book takes, by the names of their files: photographs are packed and
  /// scaled in many ways. Microsoft's may have the same names for others.
  static func kind(
    of source: Source, _ files: [PetFile], in location: DataLocation
  ) -> DataOrigin.Kind {
    if case .microsoft = source { return .otherContent }
    return location.kind(of: "cats-dogs", readFrom: []) { fingerprint(of: files) }
  }

  /// The SHA-256 of all files' names with their folders, a line for each: `train/cats/cat.0.jpg`.
  static func fingerprint(of files: [PetFile]) -> String {
    let lines = Set(files.map(\.place)).sorted().map { place in
      "\(place.part.name)/\(PetFile.Place.classes[place.label])s/\(place.file)\n"
    }
    return SHA256.of { $0.add(Array(lines.joined().utf8)) }
  }

  /// What is known of a source, in a sentence or two.
  private static func detail(of source: Source, _ files: [PetFile]) -> String {
    let parts = PetPart.allCases.map { part in files.count { $0.place.part == part } }
    let counts = "\(parts[0]) pictures to train, \(parts[1]) to validate, "
    let test = parts[2] == 0 ? "none to test." : "\(parts[2]) to test."
    let selection =
      switch source {
      case .sorted(let path): "The parts of \((path as NSString).lastPathComponent): "
      case .kaggle: "The book's selection of Kaggle's photographs: "
      case .microsoft:
        "The numbers of the book's selection in Microsoft's copy, whose numbering may be another: "
      }
    return selection + counts + test
  }
}

extension PetPictures {
  /// Sorts the pictures of a source into their parts.
  ///
  /// - Throws: `DataError` if there is nothing to learn from or to validate with.
  init(
    _ files: [PetFile], perClass: Int?, kind: DataOrigin.Kind, detail: String, name: String
  ) throws {
    // A path that comes twice counts once.
    var seen = Set<PetFile.Place>()
    let files = files.filter { seen.insert($0.place).inserted }.sorted { $0.place < $1.place }
    func part(_ part: PetPart, isNeeded: Bool) throws -> Part {
      let limit = perClass.map { part == .train ? $0 : $0 / 2 } ?? .max
      let classes = [0, 1].map { label in
        files.filter { $0.place.part == part && $0.place.label == label }.prefix(limit)
      }
      if let missing = classes.firstIndex(where: \.isEmpty),
        isNeeded || classes[1 - missing].count > 0
      {
        let animals = PetFile.Place.classes[missing] + "s"
        throw DataError(
          "\(name) holds no pictures of \(animals) (.jpg) for the part \(part.name): it needs some "
            + "of both animals; make the folder again, or remove it.")
      }
      return Part(
        files: classes.joined().map { ($0.name, $0.data) },
        labels: classes.joined().map { Float($0.place.label) })
    }
    train = try part(.train, isNeeded: true)
    validation = try part(.validation, isNeeded: true)
    test = try part(.test, isNeeded: false)
    origin = DataOrigin(
      name: CatsAndDogs.name, kind: kind, detail: detail, trainSamples: train.count,
      testSamples: test.count)
  }
}
