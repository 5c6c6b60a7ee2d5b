import Foundation
import Testing

/// A fresh folder in which programs run and write, gone with the last reference.
final class Workplace: Sendable {
  /// The current folder of the programs.
  let folder: URL
  /// The folder with the data: what `DLWP_DATA` names. Empty at first.
  let data: URL
  /// The folder for what programs keep from one run to the next.
  let caches: URL
  private let root: URL

  /// The folder of all workplaces of this process. Quick runs that tests share are never let go of, so it goes when the
  /// process ends; what killed processes have left goes when the next one begins.
  private static let all: URL = {
    let (files, name) = (FileManager.default, "chapter-tests-")
    let temporary = files.temporaryDirectory
    for old in (try? files.contentsOfDirectory(atPath: temporary.path)) ?? []
    where old.hasPrefix(name) {
      guard let process = pid_t(old.dropFirst(name.count)), kill(process, 0) != 0, errno == ESRCH
      else { continue }
      try? files.removeItem(at: temporary.appending(path: old))
    }
    atexit { try? FileManager.default.removeItem(at: Workplace.all) }
    return temporary.appending(path: name + "\(ProcessInfo.processInfo.processIdentifier)")
  }()

  init() throws {
    root = Self.all.appending(path: UUID().uuidString)
    folder = root.appending(path: "here")
    data = root.appending(path: "data")
    caches = root.appending(path: "caches")
    for place in [folder, data] {
      try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
    }
  }

  deinit { try? FileManager.default.removeItem(at: root) }

  /// Makes a folder outside the one in which programs run.
  func newFolder(_ name: String) throws -> URL {
    let place = root.appending(path: "\(name)-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
    return place
  }

  /// Puts a file into the data folder, for example `aclImdb/train/pos/0_9.txt`.
  func addData(_ bytes: [UInt8], as name: String) throws {
    try write(Data(bytes), to: data.appending(path: name))
  }

  /// Puts a file into the folder in which programs run.
  func add(_ text: String, as name: String) throws {
    try add(Data(text.utf8), as: name)
  }

  /// Puts a file of any bytes there.
  func add(_ bytes: Data, as name: String) throws {
    try write(bytes, to: folder.appending(path: name))
  }

  /// The bytes of a file.
  func bytes(of name: String) throws -> Data { try Data(contentsOf: folder.appending(path: name)) }

  /// A file as text.
  func text(of name: String) throws -> String {
    String(decoding: try bytes(of: name), as: UTF8.self)
  }

  /// All files below the folder in which programs run, by path, with their contents.
  func files() throws -> [String: Data] {
    var files: [String: Data] = [:]
    for path in try FileManager.default.subpathsOfDirectory(atPath: folder.path) {
      var isFolder: ObjCBool = false
      let file = folder.appending(path: path)
      if FileManager.default.fileExists(atPath: file.path, isDirectory: &isFolder),
        !isFolder.boolValue
      {
        files[path] = try Data(contentsOf: file)
      }
    }
    return files
  }

  private func write(_ bytes: Data, to file: URL) throws {
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try bytes.write(to: file)
  }
}

/// This checkout.
let checkout = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
