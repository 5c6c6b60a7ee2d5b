import DeepLearning
import Testing

@testable import PretrainedModels

@Suite("PyTorch weight files", .timeLimit(.minutes(30)))
struct PyTorchTests {
  @Test("Both forms give names, shapes and numbers", arguments: ["legacy.pth", "zip.pth"])
  func forms(name: String) throws {
    let file = try PyTorchFile(path: fixture(name))
    #expect(
      file.names == ["first.weight", "turned", "slice", "narrow", "steps", "scalar", "empty"]
        || file.names == ["turned", "slice", "narrow", "steps", "scalar", "empty", "first.weight"])
    let expected = try ExpectedTensor.all()
    for tensor in file.names where tensor != "steps" {
      let wanted = try #require(expected[tensor])
      #expect(file.shape(of: tensor) == wanted.shape)
      #expect(try wanted.equals(file.tensor(tensor)), "\(tensor)")
    }
    #expect(sentence { _ = try file.tensor("steps") }.contains("steps holds whole numbers"))
    #expect(sentence { _ = try file.tensor("other") }.contains("\(name) has no tensor other"))
  }

  @Test("Axes are put into another order")
  func axes() throws {
    let file = try PyTorchFile(path: fixture("legacy.pth"))
    let plain = try file.tensor("first.weight").scalars
    let turned = try file.tensor("first.weight", axes: [2, 3, 1, 0])
    #expect(turned.shape == [3, 3, 2, 4])
    let scalars = turned.scalars
    for (place, value) in scalars.enumerated() {
      let (y, x, input, output) = (place / 24, place / 8 % 3, place / 4 % 2, place % 4)
      #expect(value == plain[((output * 2 + input) * 3 + y) * 3 + x])
    }
  }

  @Test("Parameters count as tensors")
  func parameter() throws {
    let file = try PyTorchFile(path: fixture("parameter.pth"))
    let expected = try #require(ExpectedTensor.all()["first.weight"])
    #expect(try expected.equals(file.tensor("first")))
  }

  @Test("The hand-made files are good where nothing hostile is in them")
  func good() throws {
    for name in ["hostile-good.pth", "hostile-zip-good.pth"] {
      let tensor = try PyTorchFile(path: fixture(name)).tensor("weight")
      #expect(tensor == Tensor((0..<24).map(Float.init), shape: [2, 12]))
    }
  }

  @Test(
    "Functions that describe no tensor are refused by name",
    arguments: [
      ("system", "posix.system"), ("eval", "__builtin__.eval"), ("getattr", "__builtin__.getattr"),
      ("zip-system", "posix.system"),
    ])
  func functions(name: String, function: String) {
    let text = sentence { _ = try PyTorchFile(path: fixture("hostile-\(name).pth")) }
    #expect(
      text.hasSuffix(
        "hostile-\(name).pth names \(function), which a weight file does not need."))
  }

  @Test(
    "Tensors and storages that cannot be are refused with their file's name",
    arguments: [
      ("stride", "reaches beyond its 24 numbers"), ("negative-stride", "reaches beyond"),
      ("negative-offset", "reaches beyond"), ("offset", "reaches beyond"),
      ("huge-offset", "reaches beyond"), ("shape", "reaches beyond"),
      ("repeated", "reaches beyond"), ("negative-shape", "reaches beyond"),
      ("least-shape", "reaches beyond"),
      ("axes", "2 axes and 1 strides"), ("count", "truncated"), ("overflow", "not a storage"),
      ("view", "a storage within a storage"), ("no-key", "lacks a storage"),
      ("other-key", "one too many"), ("twice", "one too many"), ("length", "another length"),
      ("version", "not known here"), ("big-endian", "another order of bytes"),
      ("list", "no dictionary of tensors"), ("nested", "save the state_dict"),
      ("two-types", "described in two ways"), ("zip-short", "missing or too short"),
      ("zip-missing", "missing or too short"), ("zip-endian", "another order of bytes"),
      ("zip-none", "without data.pkl"),
    ])
  func hostile(name: String, reason: String) {
    let text = sentence { _ = try PyTorchFile(path: fixture("hostile-\(name).pth")) }
    #expect(text.contains("hostile-\(name).pth") && text.contains(reason), "\(text)")
  }

  @Test("The stride of an axis with one element means nothing, however large it is")
  func loneStride() throws {
    let tensor = try PyTorchFile(path: fixture("hostile-lone-stride.pth")).tensor("weight")
    #expect(tensor == Tensor((0..<24).map(Float.init), shape: [1, 24]))
  }

  @Test("A file cut anywhere is an error", arguments: ["legacy.pth", "zip.pth"])
  func truncated(name: String) throws {
    let whole = try bytes(of: name)
    let folder = try TemporaryFolder()
    for count in stride(from: 0, to: whole.count, by: 7) {
      let path = try folder.write(Array(whole.prefix(count)), as: name)
      #expect(sentence { _ = try PyTorchFile(path: path) }.contains(path), "\(count) bytes")
    }
  }

  @Test("A file with a wrong byte anywhere is refused or read, never trusted")
  func changed() throws {
    let whole = try bytes(of: "legacy.pth")
    var random = RandomGenerator(seed: 5)
    for position in whole.indices {
      var bytes = whole
      bytes[position] = UInt8(random.below(256))
      #expect(
        isHandled {
          let file = try PyTorchFile(bytes: bytes, name: "legacy.pth")
          for name in file.names { _ = try file.tensor(name) }
        }, "byte \(position)")
    }
  }

  @Test("Neither a page nor an empty file is a weight file")
  func otherFiles() throws {
    let folder = try TemporaryFolder()
    for contents in ["", "<html>"] {
      let path = try folder.write(Array(contents.utf8), as: "page.pth")
      #expect(sentence { _ = try PyTorchFile(path: path) }.contains("\(path) is not a weight file"))
    }
  }
}
