import Foundation

/// The list of data sets that can be fetched (`data/manifest.json`).
public struct DataManifest: Decodable, Sendable {
  /// A file to fetch and how to know that it is the right one.
  public struct File: Decodable, Sendable {
    /// The name it gets.
    public let name: String
    /// Where it is published.
    public let url: String
    /// Its size.
    public let bytes: Int
    /// Its SHA-256, if its publisher gives one.
    public let sha256: String?
    /// Its MD5, where there is nothing better.
    public let md5: String?
    /// Whether it is a ZIP archive whose publisher gives no check sum, so that size and the archive's own check sums
    /// must do.
    public var checksItself: Bool?
  }

  /// What the official content is known by, whatever file it is packed in.
  public struct Content: Decodable, Sendable {
    /// What was gone through, in which order.
    public let of: String
    /// The SHA-256 of that.
    public let sha256: String
  }

  /// A package in the Python package registry that carries the data, or part of it.
  public struct Mirror: Decodable, Sendable {
    /// The name of the package.
    public let package: String
    /// The one version that the check sum is for.
    public let version: String
    /// The name of the package's file.
    public let name: String
    /// Its size.
    public let bytes: Int
    /// Its SHA-256.
    public let sha256: String
    /// The path inside the package.
    public let member: String
    /// What of the data it carries.
    public let contains: String
  }

  /// A package of the operating system that carries the data.
  public struct DebianPackage: Decodable, Sendable {
    /// Its name.
    public let package: String
    /// Where it puts the data.
    public let folder: String
  }

  /// A data set.
  public struct DataSet: Decodable, Sendable {
    /// What it is called on the command line.
    public let name: String
    /// What it is.
    public let title: String
    /// The chapters that use it.
    public let usedBy: [String]
    /// Under which terms it may be used.
    public let licence: String
    /// The official files.
    public let files: [File]
    /// What its content is known by; nil where that could not be computed, so that the files must do.
    public var content: [Content]?
    /// Where else the data is to be had.
    public let mirror: Mirror?
    /// The package of Debian and Ubuntu that is the data's way here.
    public var debian: DebianPackage?
    /// The file that comes with the project and makes fetching needless.
    public var shipped: String?

    /// What of it is there.
    public enum Presence: Equatable, Sendable {
      /// Everything: these files or folders.
      case whole([String])
      /// Some of the official files.
      case part([String])
      /// The package of the mirror.
      case mirror(String)
      /// Something of that name that is not what is published: a remark on each, beginning with its path.
      case unfit([String])
      /// Nothing.
      case absent
    }

    /// Looks for it.
    public func presence(in location: DataLocation) -> Presence {
      let paths = files.compactMap { location.find($0.name) }
      let package = mirror.flatMap { location.find($0.name) }
      let published =
        files.map { ($0.name, $0.bytes) } + (mirror.map { [($0.name, $0.bytes)] } ?? [])
      let faults = published.compactMap { name, bytes in
        location.find(name).flatMap { path in
          DataManifest.fault(of: path, bytes: bytes).map { "\(path) \($0)" }
        }
      }
      if !faults.isEmpty { return .unfit(faults) }
      if paths.count == files.count, !paths.isEmpty { return .whole(paths) }
      let others = [shipped.map { (location.shipped ?? "data") + "/" + $0 }, debian?.folder]
      let there = others.compactMap { $0 }.filter { FileManager.default.fileExists(atPath: $0) }
      if !there.isEmpty { return .whole(there) }
      if !paths.isEmpty { return .part(paths) }
      return package.map(Presence.mirror) ?? .absent
    }
  }

  /// The data sets.
  public let dataSets: [DataSet]

  /// Why what is at a path is not a file of a certain size, to follow the path in a sentence; nil if it is.
  static func fault(of path: String, bytes: Int) -> String? {
    var facts = stat()
    guard stat(path, &facts) == 0 else { return "cannot be looked at" }
    guard facts.st_mode & S_IFMT == S_IFREG else {
      return facts.st_mode & S_IFMT == S_IFDIR ? "is a folder, not a file" : "is not a regular file"
    }
    return Int(facts.st_size) == bytes
      ? nil : "has \(facts.st_size) bytes, where the published file has \(bytes)"
  }

  /// Reads the list of a location.
  public init(of location: DataLocation) throws {
    guard let path = location.manifest else {
      throw DataError(
        "There is no list of data sets (data/manifest.json): start the program inside the checkout."
      )
    }
    try self.init(path: path)
  }

  /// Reads a list.
  public init(path: String) throws {
    let text = try InputFile(path: path).readAll(limit: 1 << 22)
    do {
      self = try JSONDecoder().decode(DataManifest.self, from: Data(text))
    } catch {
      throw DataError("\(path) is not a list of data sets: \(Self.explanation(of: error)).")
    }
    for name in dataSets.flatMap({
      $0.files.map(\.name) + [$0.mirror?.name, $0.shipped].compactMap { $0 }
    }) {
      guard !name.isEmpty, !name.contains("/"), !name.hasPrefix(".") else {
        throw DataError("\(path) names the file \"\(name)\", which is not a plain file name.")
      }
    }
    for bytes in dataSets.flatMap({ $0.files.map(\.bytes) + ($0.mirror.map { [$0.bytes] } ?? []) })
    where !(0...1 << 40).contains(bytes) {
      throw DataError("\(path) gives the impossible size of \(bytes) bytes.")
    }
  }

  /// The data set of that name.
  public func dataSet(_ name: String) throws -> DataSet {
    guard let found = dataSets.first(where: { $0.name == name }) else {
      let names = dataSets.map(\.name).joined(separator: ", ")
      throw DataError("There is no data set \(name); there are: \(names).")
    }
    return found
  }

  private static func explanation(of error: any Error) -> String {
    switch error {
    case DecodingError.keyNotFound(let key, _): "\"\(key.stringValue)\" is missing"
    case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
      "\"\(context.codingPath.map(\.stringValue).joined(separator: "."))\" is of the wrong kind"
    default: "it is not JSON"
    }
  }
}
