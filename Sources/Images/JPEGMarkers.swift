/// What a JPEG file says about its picture beside the pixels.
struct JPEGMarkers {
  /// Adobe's mark: inks are stored as their absence.
  private(set) var isAdobe = false
  /// How the picture is to be turned, 1 to 8, as a camera notes it.
  private(set) var orientation = 1
  /// Whether the mark of the end follows the beginning of the pixels.
  private(set) var hasEnd = false

  /// Walks over the segments up to the pixels; stops at the first that makes no sense.
  init(_ bytes: UnsafeBufferPointer<UInt8>) {
    var position = 2
    var hasOrientation = false
    while position + 4 <= bytes.count, bytes[position] == 0xFF {
      let marker = bytes[position + 1]
      if marker == 0xFF {  // fill byte
        position += 1
        continue
      }
      if marker == 0x01 || (0xD0...0xD7).contains(marker) {  // markers without a segment
        position += 2
        continue
      }
      if marker == 0xD9 { return }
      if marker == 0xDA {
        // Among the pixels no FF is followed by D9, so that this can only be the end.
        hasEnd = (position..<bytes.count - 1).contains {
          bytes[$0] == 0xFF && bytes[$0 + 1] == 0xD9
        }
        return
      }
      let length = Int(bytes[position + 2]) << 8 | Int(bytes[position + 3])
      let end = position + 2 + length
      guard length >= 2, end <= bytes.count else { return }
      let segment = bytes[position + 4..<end]
      if marker == 0xEE, segment.count >= 12, segment.starts(with: "Adobe".utf8) {
        isAdobe = true
      } else if marker == 0xE1, !hasOrientation, segment.starts(with: "Exif\0\0".utf8) {
        orientation = Self.orientation(in: Array(segment.dropFirst(6)))
        hasOrientation = true
      }
      position = end
    }
  }

  /// The orientation in a camera's notes, which have the form of a TIFF file; 1 if they give none.
  static func orientation(in notes: [UInt8]) -> Int {
    guard notes.count >= 8 else { return 1 }
    let isLittleEndian = notes[0] == 0x49
    guard notes[0] == notes[1], isLittleEndian || notes[0] == 0x4D else { return 1 }
    func number(_ size: Int, at start: Int) -> Int? {
      guard start >= 0, start + size <= notes.count else { return nil }
      let digits = notes[start..<start + size]
      return (isLittleEndian ? Array(digits.reversed()) : Array(digits))
        .reduce(0) { $0 << 8 | Int($1) }
    }
    guard number(2, at: 2) == 42, let directory = number(4, at: 4),
      let count = number(2, at: directory)
    else { return 1 }
    for entry in 0..<count {
      let start = directory + 2 + 12 * entry
      guard let tag = number(2, at: start) else { return 1 }
      if tag == 0x0112 {
        // One number of 16 bits, or of 32 as some programs write it, stored in place.
        guard let type = number(2, at: start + 2), type == 3 || type == 4,
          number(4, at: start + 4) == 1,
          let value = number(type == 3 ? 2 : 4, at: start + 8), (1...8).contains(value)
        else { return 1 }
        return value
      }
    }
    return 1
  }
}
