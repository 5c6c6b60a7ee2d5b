import Foundation

/// Finds the file of a program, and how it is built where it is missing or older than its sources.
struct Builder {
  /// What comes first.
  enum Step: Equatable {
    case run(URL)
    /// `program` is there when `swift` with these arguments has ended well.
    case build(swift: URL, arguments: [String], program: URL)
  }

  let places: Places

  /// - Throws: `Refusal` if the program is not there and cannot be built.
  func step(for name: String) throws -> Step {
    let program = places.programs.appending(path: name)
    let date = Self.date(program)
    if let checkout, let swift = Self.swift, isOld(date, name, in: checkout) {
      let release = places.programs.lastPathComponent == "release" ? ["-c", "release"] : []
      return .build(
        swift: swift, arguments: ["build", "--product", name] + release, program: program)
    }
    guard FileManager.default.isExecutableFile(atPath: program.path) else {
      throw Refusal(
        409, "\(name) is not beside the gallery: build it with swift build --product \(name).")
    }
    return .run(program)
  }

  /// The checkout in which the programs were built, if they were built in it.
  private var checkout: URL? {
    guard let checkout = places.checkout else { return nil }
    let build = checkout.resolvingSymlinksInPath().appending(path: ".build").path + "/"
    return places.programs.path.hasPrefix(build) ? checkout : nil
  }

  private func isOld(_ date: Date?, _ name: String, in checkout: URL) -> Bool {
    guard let date else { return true }
    return ["Chapters/" + name, "Sources"].contains { folder in
      let root = checkout.appending(path: folder).resolvingSymlinksInPath()
      let files = FileManager.default.enumerator(
        at: root, includingPropertiesForKeys: [.contentModificationDateKey])
      while let file = files?.nextObject() as? URL {
        // What only the page consists of is in no other program.
        if file.lastPathComponent == "GalleryServer" {
          files?.skipDescendants()
        } else if file.pathExtension == "swift", let changed = Self.date(file), changed > date {
          return true
        }
      }
      return false
    }
  }

  private static func date(_ file: URL) -> Date? {
    let attributes = try? FileManager.default.attributesOfItem(atPath: file.path)
    return attributes?[.modificationDate] as? Date
  }

  /// The compiler that the user would get.
  private static let swift: URL? = {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    return folders.lazy.map { URL(fileURLWithPath: String($0)).appending(path: "swift") }
      .first { FileManager.default.isExecutableFile(atPath: $0.path) }
  }()
}
