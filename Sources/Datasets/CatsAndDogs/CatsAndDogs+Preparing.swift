import DataFiles
import DeepLearning
import Foundation

/// The book's folders.
extension CatsAndDogs {
  /// Copies the book's selection of Kaggle's or Microsoft's pictures into `train`, `validation` and `test`, each with
  /// `cats` and `dogs`.
  ///
  /// Files are written whole or not at all. A file that is there with the same contents is left alone, so
  /// that an interrupted call can be repeated.
  ///
  /// - Parameters:
  ///   - source: `train.zip`, its unpacked folder, or Microsoft's archive or folder.
  ///   - folder: the folder to make.
  /// - Returns: how many pictures were copied, and how many were there already.
  /// - Throws: `DataError` if the pictures are not there, a file with other contents is in the way, or
  ///   something cannot be read or written.
  public static func prepare(
    from source: String, to folder: String
  ) throws -> (copied: Int, present: Int) {
    let files = try unsortedFiles(at: source)
    // Finds out what is missing before anything is written.
    _ = try PetPictures(files, perClass: nil, kind: .otherContent, detail: "", name: source)
    for part in PetPart.allCases {
      for animal in PetFile.Place.classes {
        TemporaryFiles.sweep("\(folder)/\(part.name)/\(animal)s")
      }
    }
    var (copied, present) = (0, 0)
    for file in files.sorted(by: { $0.place < $1.place }) {
      let place = file.place
      let animal = PetFile.Place.classes[place.label]
      let target = "\(folder)/\(place.part.name)/\(animal)s/\(animal).\(place.number).jpg"
      let bytes = try file.data()
      if FileManager.default.fileExists(atPath: target) {
        guard try InputFile(path: target).readAll(limit: PetFile.sizeLimit) == bytes else {
          throw DataError(
            "\(target) is there with other contents and is not replaced: choose another folder.")
        }
        present += 1
      } else {
        try write(bytes, to: target)
        copied += 1
      }
    }
    return (copied, present)
  }

  private static func unsortedFiles(at path: String) throws -> [PetFile] {
    guard FileManager.default.fileExists(atPath: path) else {
      throw DataError("There is no \(path): name Kaggle's train.zip or the folder train.")
    }
    let files = try files(of: .kaggle(path))
    if !files.isEmpty { return files }
    return try self.files(of: .microsoft(path))
  }

  private static func write(_ bytes: [UInt8], to path: String) throws {
    do {
      try Data(bytes).write(atomicallyTo: URL(fileURLWithPath: path))
    } catch let error as FileError {
      throw DataError("\(path) cannot be written: \(error.reason) Choose another folder with --to.")
    }
  }
}
