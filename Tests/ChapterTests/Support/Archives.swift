/// Writers for the archives that data sets come in. They store and do not compress, which readers
/// must understand too, and need no library.
enum Archives {
  /// A ZIP archive.
  static func zip(_ members: [(name: String, bytes: [UInt8])]) -> [UInt8] {
    var archive = [UInt8]()
    var directory = [UInt8]()
    for (name, bytes) in members {
      let offset = archive.count
      let facts =
        little(0, 2) + little(0, 2) + little(0, 4) + little(checkSum(bytes), 4)
        + little(bytes.count, 4) + little(bytes.count, 4) + little(name.utf8.count, 2)
        + little(0, 2)
      archive += little(0x0403_4b50, 4) + little(20, 2) + facts + Array(name.utf8) + bytes
      directory += little(0x0201_4b50, 4) + little(20, 2) + little(20, 2) + facts
      directory += little(0, 2) + little(0, 2) + little(0, 2) + little(0, 4) + little(offset, 4)
      directory += Array(name.utf8)
    }
    let end =
      little(0x0605_4b50, 4) + little(0, 4) + little(members.count, 2) + little(members.count, 2)
      + little(directory.count, 4) + little(archive.count, 4) + little(0, 2)
    return archive + directory + end
  }

  /// A tape archive in the POSIX form.
  static func tar(_ members: [(name: String, bytes: [UInt8])]) -> [UInt8] {
    var archive = [UInt8]()
    for (name, bytes) in members {
      func field(_ text: String, _ width: Int) -> [UInt8] {
        let text = Array(text.utf8.prefix(width))
        return text + [UInt8](repeating: 0, count: width - text.count)
      }
      func octal(_ value: Int, _ width: Int) -> [UInt8] {
        let digits = String(value, radix: 8)
        return field(String(repeating: "0", count: width - 1 - digits.count) + digits, width)
      }
      let front =
        field(name, 100) + octal(0o644, 8) + octal(0, 8) + octal(0, 8) + octal(bytes.count, 12)
        + octal(0, 12)
      let back = field("0", 1) + field("", 100) + field("ustar", 6) + field("00", 2)
      let blank = front + field("        ", 8) + back + field("", 247)
      let sum = octal(blank.reduce(0) { $0 + Int($1) }, 7) + field(" ", 1)
      archive += front + sum + blank[(front.count + 8)...] + bytes
      archive += [UInt8](repeating: 0, count: (512 - bytes.count % 512) % 512)
    }
    return archive + [UInt8](repeating: 0, count: 1024)
  }

  /// A gzip file.
  static func gzip(_ bytes: [UInt8]) -> [UInt8] {
    var file: [UInt8] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]
    for start in stride(from: 0, to: bytes.count, by: 65_535) {
      let block = bytes[start..<min(start + 65_535, bytes.count)]
      file.append(block.endIndex == bytes.count ? 1 : 0)
      file += little(block.count, 2) + little(~block.count & 0xffff, 2) + block
    }
    return file + little(checkSum(bytes), 4) + little(bytes.count, 4)
  }

  /// A whole number in that many bytes, the lowest first.
  static func little(_ value: Int, _ width: Int) -> [UInt8] {
    (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }

  /// The check sum of both formats: CRC-32.
  private static func checkSum(_ bytes: [UInt8]) -> Int {
    var sum: UInt32 = ~0
    for byte in bytes {
      sum ^= UInt32(byte)
      for _ in 0..<8 { sum = sum >> 1 ^ (sum & 1 == 1 ? 0xedb8_8320 : 0) }
    }
    return Int(~sum)
  }
}
