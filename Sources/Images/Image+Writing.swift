import CJPEG
import CPNG
import DeepLearning
import Foundation

extension Image {
  /// Writes a PNG or JPEG file, as the ending `.png`, `.jpg` or `.jpeg` says.
  ///
  /// The file is written whole or not at all, and an earlier one is replaced only by a whole one; a
  /// missing folder is made. JPEG has quality 92 and full colour resolution.
  ///
  /// - Throws: ``ImageError`` for another ending, and when the file cannot be written.
  public func write(to path: String) throws {
    let bytes: Data
    switch URL(filePath: path).pathExtension.lowercased() {
    case "png": bytes = try png(name: path)
    case "jpg", "jpeg": bytes = try jpeg(name: path)
    default:
      throw ImageError(
        "Cannot write \(path): a picture's name ends in .png, .jpg or .jpeg; choose one of these.")
    }
    try Image.write(bytes, to: path)
  }

  /// Writes the bytes of a picture, whole or not at all.
  static func write(_ bytes: Data, to path: String) throws {
    // Renaming onto a folder fails obscurely, onto a device replaces it.
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    if let type = attributes?[.type] as? FileAttributeType, type != .typeRegular,
      type != .typeSymbolicLink
    {
      throw ImageError(
        "Cannot write \(path): something that is not a file has this name; choose another name.")
    }
    do {
      try bytes.write(atomicallyTo: URL(filePath: path))
    } catch let error as FileError {
      throw ImageError("Cannot write \(path): \(error.reason) Choose another place, or make room.")
    }
  }

  /// The picture as the bytes of a PNG file.
  package func png(name: String) throws -> Data {
    var writer = png_image()
    writer.version = png_uint_32(PNG_IMAGE_VERSION)
    writer.width = png_uint_32(clamping: width)
    writer.height = png_uint_32(clamping: height)
    writer.format = png_uint_32(PNG_FORMAT_FLAG_COLOR)
    defer { png_image_free(&writer) }
    // What compression adds at worst, and 12 bytes around each block of it.
    let raw = (3 * width + 1) * height
    let bound = raw + raw / 8 + raw / 64 + 1024
    var size = png_alloc_size_t(bound + bound / 128)
    var bytes = Data(count: Int(size))
    let isWritten = bytes.withUnsafeMutableBytes { bytes in
      png_image_write_to_memory(&writer, bytes.baseAddress, &size, 0, pixels, 0, nil) != 0
    }
    guard isWritten else {
      throw ImageError(
        "Cannot write \(name) (\(PNGReader.message(of: writer))): scale the picture down first.")
    }
    return bytes.prefix(Int(size))
  }

  /// The picture as the bytes of a JPEG file.
  func jpeg(name: String) throws -> Data {
    guard let encoder = tjInitCompress() else {
      throw ImageError("Cannot write \(name): free some memory and run again.")
    }
    defer { tjDestroy(encoder) }
    var bytes: UnsafeMutablePointer<UInt8>?
    var size: CUnsignedLong = 0
    defer { tjFree(bytes) }
    let status = tjCompress2(
      encoder, pixels, Int32(clamping: width), 0, Int32(clamping: height),
      Int32(TJPF_RGB.rawValue), &bytes, &size, Int32(TJSAMP_444.rawValue), 92, 0)
    guard status == 0, let bytes else {
      throw ImageError(
        """
        Cannot write \(name) (\(JPEGReader.message(of: encoder))): a JPEG picture has at most \
        65,500 rows and columns; write PNG instead.
        """)
    }
    return Data(bytes: bytes, count: Int(size))
  }
}
