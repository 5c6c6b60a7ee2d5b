/// What the first bytes of a file say it is.
enum ImageKind: Equatable {
  case png
  case jpeg
  /// Not a picture that can be read here; the text says what it seems to be, with its article.
  case other(String)

  init(_ bytes: UnsafeBufferPointer<UInt8>) {
    func begins(_ text: String, at start: Int = 0) -> Bool {
      bytes.dropFirst(start).starts(with: text.utf8)
    }
    if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
      self = .png
    } else if bytes.starts(with: [0xFF, 0xD8, 0xFF]) {
      self = .jpeg
    } else if begins("GIF8") {
      self = .other("a GIF picture")
    } else if begins("RIFF") && begins("WEBP", at: 8) {
      self = .other("a WebP picture")
    } else if begins("ftyp", at: 4) {
      self = .other("a HEIC or AVIF picture or a film")
    } else if begins("II*\0") || begins("MM\0*") {
      self = .other("a TIFF picture")
    } else if begins("BM") {
      self = .other("a BMP picture")
    } else if begins("%PDF") {
      self = .other("a PDF document")
    } else if bytes.starts(with: [0x50, 0x4B, 3, 4]) {
      self = .other("a ZIP archive")
    } else if bytes.starts(with: [0x1F, 0x8B]) {
      self = .other("a gzip file")
    } else {
      self = .other(Self.text(bytes.prefix(512)) ?? "no picture at all")
    }
  }

  /// What a text seems to be; nil for bytes that are no text.
  private static func text(_ start: Slice<UnsafeBufferPointer<UInt8>>) -> String? {
    // UTF-8 cut in the middle of a character is still text.
    let isText = start.allSatisfy { $0 >= 0x20 && $0 != 0x7F || (9...13).contains($0) }
    guard isText else { return nil }
    let text = String(decoding: start, as: UTF8.self).lowercased()
    guard !text.contains("\u{FFFD}") || start.count == 512 else { return nil }
    if text.contains("<svg") { return "an SVG drawing" }
    if text.contains("<html") || text.contains("<!doctype html") { return "a web page" }
    return "a text"
  }
}
