/// One member of a ZIP archive from front to back; size and check sum are verified at its end.
package final class ZipMemberStream: ByteStream {
  package let name: String
  let member: ZipArchive.Member
  private let file: InputFile
  private let inflater: Inflater?
  private var input = [UInt8]()
  private var inputPosition = 0
  private var filePosition: Int
  private let fileEnd: Int
  private var given = 0
  private var check: UInt = 0
  private var isAtEnd = false

  init(member: ZipArchive.Member, file: InputFile) throws {
    self.member = member
    self.file = file
    name = "\(file.path): member \(member.name)"
    guard member.flags & 1 == 0 else { throw DataError("\(name) is encrypted.") }
    guard member.method == 0 || member.method == 8 else {
      throw DataError(
        "\(name) is packed by method \(member.method); only stored and deflated are known.")
    }
    inflater = member.method == 8 ? try Inflater(.none) : nil
    let damaged = DataError("\(name) is damaged: its header is missing.")
    guard member.offset <= file.size - 30 else { throw damaged }
    let header = try file.read(30, at: member.offset)
    guard header.number32(at: 0) == 0x0403_4b50, let nameLength = header.number16(at: 26),
      let extraLength = header.number16(at: 28)
    else { throw damaged }
    filePosition = member.offset + 30 + nameLength + extraLength
    guard filePosition <= file.size, member.packedSize <= file.size - filePosition else {
      throw DataError("\(name) is damaged: it reaches beyond the end of the archive.")
    }
    fileEnd = filePosition + member.packedSize
  }

  package func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    guard !buffer.isEmpty, !isAtEnd else { return 0 }
    let count = try inflater.map { try inflated(by: $0, into: buffer) } ?? stored(into: buffer)
    check = extendedCRC32(check, over: UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    given += count
    guard given <= member.size else {
      throw DataError("\(name) is damaged: it is longer than it claims.")
    }
    if count == 0 {
      isAtEnd = true
      guard given == member.size, check == member.check else {
        throw DataError("\(name) is damaged: its check sum does not fit; fetch it again.")
      }
    }
    return count
  }

  /// Whether no byte is left; the last read has then verified the check sum.
  func isComplete() throws -> Bool {
    try withUnsafeTemporaryAllocation(byteCount: 1, alignment: 1) { try read(into: $0) } == 0
  }

  private func stored(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    let count = min(buffer.count, fileEnd - filePosition)
    let got = try file.read(
      into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<count]), at: filePosition)
    filePosition += got
    return got
  }

  private func inflated(
    by inflater: Inflater, into buffer: UnsafeMutableRawBufferPointer
  ) throws -> Int {
    while true {
      if inputPosition == input.count {
        let count = min(1 << 16, fileEnd - filePosition)
        input = try file.read(count, at: filePosition)
        filePosition += count
        inputPosition = 0
      }
      let step = input.withUnsafeBytes {
        inflater.decode(UnsafeRawBufferPointer(rebasing: $0[inputPosition...]), into: buffer)
      }
      guard let step else {
        throw DataError("\(name) is damaged: its compressed data does not decode.")
      }
      inputPosition += step.taken
      if step.given > 0 || step.ended { return step.given }
      guard filePosition < fileEnd || inputPosition < input.count else {
        throw DataError("\(name) is damaged: its compressed data ends too early.")
      }
    }
  }
}
