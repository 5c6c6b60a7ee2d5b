import DataFiles
import Foundation

/// The files and folders that the pictures come in.
extension CatsAndDogs {
  /// The pictures of a source; their bytes are read when they are asked for, but for tape archives.
  static func files(of source: Source) throws -> [PetFile] {
    let path = source.path
    switch source {
    case .sorted:
      if isFolder(path) {
        let folders = PetPart.allCases.flatMap { part in
          PetFile.Place.classes.map { part.name + "/" + $0 + "s" }
        }
        return try files(inFolder: path, folders, place: PetFile.Place.init(sorted:))
      }
      if path.hasSuffix(".zip") {
        return try files(inZip: path, place: PetFile.Place.init(sorted:))
      }
      return try files(inTape: path)
    case .kaggle:
      return isFolder(path)
        ? try files(inFolder: path, [""], place: PetFile.Place.init(kaggle:))
        : try files(inZip: path, place: PetFile.Place.init(kaggle:))
    case .microsoft:
      return isFolder(path)
        ? try files(inFolder: path, ["Cat", "Dog"], place: PetFile.Place.init(microsoft:))
        : try files(inZip: path, place: PetFile.Place.init(microsoft:))
    }
  }

  /// The pictures in some folders of a folder; folders that are not there hold none.
  private static func files(
    inFolder path: String, _ folders: [String], place: (String) -> PetFile.Place?
  ) throws -> [PetFile] {
    try folders.flatMap { name in
      let folder = name.isEmpty ? path : path + "/" + name
      guard FileManager.default.fileExists(atPath: folder) else { return [PetFile]() }
      let names: [String]
      do {
        names = try FileManager.default.contentsOfDirectory(atPath: folder)
      } catch {
        throw DataError("\(folder) cannot be read: it should be a folder that you may open.")
      }
      return names.compactMap { name in
        let file = folder + "/" + name
        return place(file).map { place in
          PetFile(place: place, name: file) {
            try InputFile(path: file).readAll(limit: PetFile.sizeLimit)
          }
        }
      }
    }
  }

  /// The pictures in a ZIP archive.
  private static func files(
    inZip path: String, place: (String) -> PetFile.Place?
  ) throws -> [PetFile] {
    let archive = try ZipArchive(path: path)
    return archive.members.compactMap { member in
      place(member.name).map { place in
        PetFile(place: place, name: path + ": " + member.name) {
          try archive.contents(of: member, limit: PetFile.sizeLimit)
        }
      }
    }
  }

  /// The pictures in a tape archive, which is read from front to back: their bytes are kept.
  private static func files(inTape path: String) throws -> [PetFile] {
    let tape = try TarReader(path: path)
    var files = [PetFile]()
    var size = 0
    while let member = try tape.next() {
      guard let place = PetFile.Place(sorted: member.path) else { continue }
      let bytes = try tape.contents(limit: PetFile.sizeLimit)
      size += bytes.count
      guard size <= 1 << 30 else {
        throw DataError("\(path) holds more than 1 GB of pictures: unpack it into a folder.")
      }
      files.append(PetFile(place: place, name: path + ": " + member.path) { bytes })
    }
    return files
  }

  static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      && isFolder.boolValue
  }
}
