import Foundation
import Testing

/// Data files that a program must refuse, and what its sentence must name.
struct BadFiles: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let files: [(name: String, bytes: [UInt8])]
  /// The file to blame.
  let blamed: String
  let word: String

  init(_ testDescription: String, _ name: String, _ bytes: [UInt8], word: String) {
    self.init(testDescription, [(name, bytes)], blamed: name, word: word)
  }

  init(
    _ testDescription: String, _ files: [(name: String, bytes: [UInt8])], blamed: String,
    word: String
  ) {
    (self.testDescription, self.files, self.blamed, self.word) =
      (testDescription, files, blamed, word)
  }

  /// Expects that a program refuses the files in one sentence, and leaves nothing behind.
  func expectRefusal(by program: String, _ arguments: [String]) async throws {
    let workplace = try Workplace()
    for file in files { try workplace.addData(file.bytes, as: file.name) }
    let before = try FileManager.default.subpathsOfDirectory(atPath: workplace.data.path)
    let outcome = try await Program(name: program).run(
      arguments + ["--quick", "--offline", "--no-progress"], in: workplace)
    ChapterTests.expectRefusal(outcome, naming: workplace.data.path + "/" + blamed, word)
    #expect(outcome.errorLines.count == 1, "\(outcome.errors)")
    #expect(try workplace.files().isEmpty)
    let after = try FileManager.default.subpathsOfDirectory(atPath: workplace.data.path)
    #expect(before.sorted() == after.sorted())
  }
}

/// Writers of NumPy's files.
enum NumPy {
  /// An `.npy` file.
  static func file(_ type: String, _ shape: [Int], _ elements: [UInt8]) -> [UInt8] {
    let lengths = shape.map { "\($0)," }.joined(separator: " ")
    var text = "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(lengths)), }"
    text += String(repeating: " ", count: 127 - (text.utf8.count + 10) % 64) + "\n"
    return [0x93] + Array("NUMPY".utf8) + [1, 0] + Archives.little(text.utf8.count, 2)
      + Array(text.utf8) + elements
  }

  /// 64-bit floating-point numbers.
  static func doubles(_ shape: [Int], _ values: [Double]) -> [UInt8] {
    file("<f8", shape, values.flatMap { Archives.little(Int(bitPattern: UInt($0.bitPattern)), 8) })
  }
}
