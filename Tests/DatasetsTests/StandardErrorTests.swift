import Foundation
import TestSupport
import Testing

@testable import DataFiles

@Suite("Standard error that cannot be written to")
struct StandardErrorTests {
  @Test("A pipe takes the whole text")
  func whole() throws {
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    StandardError.write("täglich\n", to: ends[1])
    close(ends[1])
    var got = [UInt8](repeating: 0, count: 64)
    let count = read(ends[0], &got, got.count)
    close(ends[0])
    #expect(String(decoding: got.prefix(max(count, 0)), as: UTF8.self) == "täglich\n")
  }

  @Test(
    "A full disk, a closed descriptor and a reader that has gone do not end the program", .ahead)
  func failures() async {
    let result = await #expect(
      processExitsWith: .success, observing: [\.standardOutputContent]
    ) {
      let full = open("/dev/full", O_WRONLY)
      if full >= 0 { StandardError.write("lost\n", to: full) }
      var ends: [Int32] = [0, 0]
      guard pipe(&ends) == 0 else { exit(3) }
      close(ends[0])
      StandardError.write("lost\n", to: ends[1])
      close(STDERR_FILENO)
      standardErrorLine("lost")
      print("still here")
    }
    let output = String(decoding: result?.standardOutputContent ?? [], as: UTF8.self)
    #expect(output.contains("still here"))
  }

  @Test("A file opened later does not take the number of a closed standard error", .ahead)
  func closedStreams() async {
    await #expect(processExitsWith: .success) {
      close(STDERR_FILENO)
      StandardError.fillClosedStreams()
      exit(open("/dev/null", O_RDONLY) > STDERR_FILENO ? 0 : 3)
    }
  }
}
