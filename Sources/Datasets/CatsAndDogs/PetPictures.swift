import DataFiles

/// The photographs of cats and dogs, as files that are not decoded yet, in the book's three parts.
///
/// ```swift
/// let pets = try CatsAndDogs.load()
/// let train = Image.decodeAll(pets.train.files, width: 150, height: 150)
/// let labels = train.keeping(pets.train.labels)
/// ```
public struct PetPictures: Sendable {
  /// A file by its name and a function that gives its bytes, which several threads may call.
  public typealias File = (name: String, data: @Sendable () throws -> [UInt8])

  /// Pictures with their labels.
  public struct Part: Sendable {
    /// The pictures, cats first.
    public let files: [File]
    /// 0 for a cat, 1 for a dog.
    public let labels: [Float]

    /// The number of pictures.
    public var count: Int { files.count }
  }

  /// What to learn from: 2,000 pictures if all are there.
  public let train: Part
  /// What to watch while learning: 1,000 pictures.
  public let validation: Part
  /// What to be tested with: 1,000 pictures, or none where the source has none.
  public let test: Part
  /// Where the pictures come from.
  public let origin: DataOrigin
}
