import DeepLearning
import Foundation
import TestSupport
import Testing

@testable import Images

@Suite("Writing pictures")
struct WritingTests {
  @Test("PNG comes back as it was", arguments: [(1, 1), (7, 5), (300, 200)])
  func png(width: Int, height: Int) throws {
    let folder = try TemporaryFolder()
    let image = noise(width: width, height: height)
    let path = folder.path + "/a/b/noise.PNG"
    try image.write(to: path)
    #expect(try Image(contentsOf: path) == image)
  }

  @Test("JPEG comes back nearly as it was", arguments: ["jpg", "jpeg"])
  func jpeg(ending: String) throws {
    let folder = try TemporaryFolder()
    let pixels = (0..<1200).flatMap { index -> [UInt8] in
      let (row, column) = index.quotientAndRemainder(dividingBy: 40)
      return [UInt8(column * 6), UInt8(row * 8), 128]
    }
    let image = Image(width: 40, height: 30, pixels: pixels)
    let path = folder.path + "/slope.\(ending)"
    try image.write(to: path)
    #expect(try Data(contentsOf: URL(filePath: path)).starts(with: [0xFF, 0xD8, 0xFF]))
    #expect(difference(try Image(contentsOf: path), image) <= 6)
    #expect(try folder.names() == ["slope.\(ending)"])
  }

  @Test("Another ending is refused, and nothing is written")
  func ending() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/cat.gif"
    #expect(
      sentence { try noise(width: 2, height: 2).write(to: path) } == """
        Cannot write \(path): a picture's name ends in .png, .jpg or .jpeg; choose one of these.
        """)
    #expect(try folder.names().isEmpty)
  }

  @Test("A folder or a device of that name stays what it is")
  func otherThings() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/cat.png"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    #expect(
      sentence { try noise(width: 2, height: 2).write(to: path) }
        .contains("something that is not a file has this name"))
    let pipe = folder.path + "/pipe.png"
    try #require(mkfifo(pipe, 0o600) == 0)
    #expect(
      sentence { try noise(width: 2, height: 2).write(to: pipe) }
        .contains("something that is not a file has this name"))
  }

  @Test("A file in the folder's place, or a full disk: a sentence, and no half file")
  func unwritable() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write([1], as: "file")
    let path = file + "/cat.png"
    #expect(
      sentence { try noise(width: 2, height: 2).write(to: path) }
        .hasPrefix("Cannot write \(path): "))
    #expect(try folder.names() == ["file"])
  }

  @Test("When the disk is full, the earlier picture stays", .ahead)
  func fullDisk() async {
    await #expect(processExitsWith: .success) {
      signal(SIGXFSZ, SIG_IGN)
      let folder = try TemporaryFolder()
      let path = folder.path + "/noise.png"
      let old = noise(width: 2, height: 2)
      try old.write(to: path)
      // No file may grow beyond this size: writing fails in the middle as on a full disk.
      var limit = rlimit(rlim_cur: 4096, rlim_max: 4096)
      #if os(Linux)
        let resource = __rlimit_resource_t(RLIMIT_FSIZE.rawValue)
      #else
        let resource = RLIMIT_FSIZE
      #endif
      try #require(setrlimit(resource, &limit) == 0)
      let message = sentence { try noise(width: 200, height: 200).write(to: path) }
      #expect(message.hasPrefix("Cannot write \(path): File too large."))
      #expect(try Image(contentsOf: path) == old)
      #expect(try folder.names() == ["noise.png"])
    }
  }

  @Test("JPEG has a largest size")
  func largeJPEG() throws {
    let image = noise(width: 70_000, height: 1)
    #expect(
      sentence { try image.write(to: "/nowhere/wide.jpg") }.contains("write PNG instead"))
    let folder = try TemporaryFolder()
    try image.write(to: folder.path + "/wide.png")
    #expect(try Image(contentsOf: folder.path + "/wide.png") == image)
  }

  @Test("Tensors and back")
  func tensors() {
    let image = noise(width: 3, height: 2)
    let tensor = image.tensor()
    #expect(tensor.shape == [2, 3, 3])
    #expect(tensor.scalars == image.pixels.map { Float($0) * (1 / 255) })
    #expect(image.tensor(scale: 1).scalars == image.pixels.map { Float($0) })
    #expect(Image(tensor) == image)
    let strange = Tensor([-1, 300, .nan, 0.4, 0.5, 254.6], shape: [1, 2, 1, 3])
    #expect(
      Image(strange, scale: 1) == Image(width: 1, height: 2, pixels: [0, 255, 0, 0, 1, 255]))
  }

  @Test("A picture that its bytes contradict is the programmer's mistake", .ahead)
  func contradiction() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      _ = Image(width: 2, height: 2, pixels: [0])
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("A picture of 2 x 2 pixels needs height x width x 3 bytes, not 1."))
  }
}
