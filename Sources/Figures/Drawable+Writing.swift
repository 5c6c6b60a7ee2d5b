import Foundation

extension Drawable {
  /// Writes the drawing as a PNG file; an earlier file is replaced only by a whole one.
  /// - Throws: ``FigureError``.
  public func writePNG(to url: URL) throws {
    try write(Data(png()), to: url)
  }

  /// Writes the drawing as an SVG file; an earlier file is replaced only by a whole one.
  /// - Throws: ``FigureError``.
  public func writeSVG(to url: URL) throws {
    try write(Data(svg().utf8), to: url)
  }

  /// Writes into a temporary file beside the target, then renames it.
  func write(_ data: Data, to url: URL) throws {
    let path = url.path(percentEncoded: false)
    func failure(_ reason: String) -> FigureError { .writing(path: path, reason: reason) }

    var folder = url.deletingLastPathComponent().path(percentEncoded: false)
    // With a slash at its end a file of this name would not be found.
    if folder.count > 1, folder.hasSuffix("/") { folder.removeLast() }
    var isFolder: ObjCBool = false
    if !FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder) {
      throw failure("the folder \(folder) does not exist; create it or choose another one")
    }
    if !isFolder.boolValue {
      throw failure("\(folder) is a file, not a folder; choose another folder")
    }
    // Renaming onto a device or a folder would replace it or fail in an obscure way.
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    if let type = attributes?[.type] as? FileAttributeType, type != .typeRegular,
      type != .typeSymbolicLink
    {
      throw failure("something that is not a file has this name; choose another name")
    }
    do {
      try data.write(to: url, options: .atomic)
    } catch let error as CocoaError {
      throw failure(Self.reason(of: error))
    }
  }

  static func reason(of error: CocoaError) -> String {
    let cause = error.underlying as? POSIXError
    switch (error.code, cause?.code) {
    case (.fileWriteOutOfSpace, _), (_, .ENOSPC), (_, .EDQUOT):
      return "the disk is full; make room or choose another folder"
    case (.fileWriteNoPermission, _), (_, .EACCES), (_, .EPERM):
      return "the folder may not be written to; choose another one or change its permissions"
    case (.fileWriteVolumeReadOnly, _), (_, .EROFS):
      return "the disk may only be read; choose a folder on another one"
    default:
      let detail = cause.map { String(cString: strerror($0.code.rawValue)) }
      return (detail ?? error.localizedDescription) + "; choose another folder"
    }
  }
}
