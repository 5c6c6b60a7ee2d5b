import Foundation
import Testing

@testable import DataFiles

@Suite("NumPy arrays")
struct NumPyArrayTests {
  private let archive: NumPyArchive

  init() throws { archive = try NumPyArchive(path: fixture("arrays.npz")) }

  @Test("Every element type keeps its values")
  func types() throws {
    guard case .float(let floats) = try archive.array("float").elements,
      case .double(let doubles) = try archive.array("double").elements,
      case .int32(let integers) = try archive.array("int32").elements,
      case .int64(let long) = try archive.array("int64").elements,
      case .byte(let bytes) = try archive.array("byte").elements,
      case .bool(let flags) = try archive.array("bool").elements
    else {
      Issue.record("An array has another type than its file.")
      return
    }
    #expect(floats == [0, 0.25, 0.5, 0.75, 1, 1.25])
    #expect(doubles == [0, 0.125, 0.25, 0.375, 0.5, 0.625])
    #expect(integers == [0, -1, -2, -3, -4, -5])
    #expect(long == [0, 1, 2, 3, 4, 5].map { $0 * 1_000_000_000_000 })
    #expect(bytes == [250, 251, 252, 253, 254, 255])
    #expect(flags == [false, true, false, true, false, true])
    #expect(try archive.array("float").shape == [2, 3])
  }

  @Test("Fortran order is turned into row-major order")
  func fortranOrder() throws {
    let array = try archive.array("fortran")
    guard case .float(let values) = array.elements else {
      Issue.record("The array has another type than its file.")
      return
    }
    #expect(array.shape == [2, 3] && values == [0, 1, 2, 3, 4, 5])
  }

  @Test("Single numbers and empty arrays are arrays too")
  func edges() throws {
    #expect(try archive.array("single").shape == [])
    #expect(try archive.array("single").integers(name: "single") == [7])
    #expect(try archive.array("empty").shape == [0, 3])
  }

  @Test("Other types are refused by name", arguments: [("text", "<U1"), ("bigendian", ">i4")])
  func otherTypes(name: String, type: String) {
    #expect(sentence { _ = try archive.array(name) }.contains("type \(type)"))
  }

  @Test("Whole numbers only where whole numbers are needed")
  func integers() throws {
    #expect(try archive.array("bool").integers(name: "bool") == [0, 1, 0, 1, 0, 1])
    #expect(sentence { _ = try archive.array("float").integers(name: "f") }.contains("whole"))
    #expect(sentence { _ = try archive.array("int64").integers(name: "i") }.contains("32 bits"))
  }

  @Test("A file cut off or extended anywhere is refused")
  func truncated() throws {
    let folder = try TemporaryFolder()
    let zip = try ZipArchive(path: fixture("arrays.npz"))
    for name in ["float.npy", "double.npy", "int32.npy"] {
      let whole = try zip.contents(of: name)
      for length in 0..<whole.count {
        let text = sentence { _ = try NumPyArray(Array(whole[..<length]), name: "cut.npy") }
        #expect(text.contains("cut.npy"), "length \(length)")
      }
      let path = try folder.write(whole + [0], as: "long.npy")
      #expect(sentence { _ = try NumPyArray(path: path) }.contains("long.npy is damaged"))
    }
  }

  @Test("A flipped bit gives an error or an array that fits its shape")
  func flipped() throws {
    let whole = try ZipArchive(path: fixture("arrays.npz")).contents(of: "int32.npy")
    var errors = 0
    for position in 0..<whole.count {
      for bit in 0..<8 {
        var copy = whole
        copy[position] ^= 1 << UInt8(bit)
        do {
          let array = try NumPyArray(copy, name: "flipped.npy")
          #expect(array.shape.reduce(1, *) * 4 == 24 || array.shape.reduce(1, *) * 8 == 24)
        } catch is DataError {
          errors += 1
        }
      }
    }
    #expect(errors > 300)
  }

  @Test(
    "Headers that are no headers are refused",
    arguments: [
      "{'descr': '<f4', 'fortran_order': False, 'shape': (9223372036854775807, 2), }",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,), }",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }",
      "{'descr': '<f4', 'fortran_order': 0, 'shape': (1,), }",
      "{'descr': '<f4', 'shape': (1,), }",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'more': (1,), }",
      "{'descr': '<f4', 'descr': '<f8', 'fortran_order': False, 'shape': (1,)}",
      "{'descr': __import__('os'), 'fortran_order': False, 'shape': (1,)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (1,)} + {}",
      "{", "", "{'descr", "{'descr': '<f4' 'shape': ()}",
    ])
  func badHeaders(text: String) {
    var file: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(text.utf8.count), 0]
    file += Array(text.utf8) + [0, 0, 0, 0]
    #expect(sentence { _ = try NumPyArray(file, name: "bad.npy") }.contains("bad.npy"))
  }
}

@Suite("Pickled lists")
struct UnpicklerTests {
  private struct Expected: Decodable { let raw: [[Int32]] }

  static let archives = [2, 3, 4].flatMap { protocolNumber in
    ["core", "_core"].map { "imdb-protocol\(protocolNumber)-\($0).npz" }
  }

  @Test(
    "Arrays of lists in protocols 2 to 4, under both names of NumPy's module", arguments: archives)
  func protocols(name: String) throws {
    let lists = try NumPyArchive(path: fixture(name)).integerLists("x_train")
    let expected = try decoded("imdb-expected.json", as: Expected.self).raw
    #expect(lists.count == expected.count)
    for index in expected.indices { #expect(Array(lists[index]) == expected[index]) }
  }

  @Test("NumPy's own numbers in the lists", arguments: [2, 4])
  func scalars(protocolNumber: Int) throws {
    let lists = try NumPyArchive(path: fixture("scalars-protocol\(protocolNumber).npz"))
      .integerLists("x")
    #expect(lists == IntegerLists(values: [5, -7, 300, 200], starts: [0, 3, 4]))
  }

  /// Runs instructions of protocol 4.
  private func run(_ instructions: [UInt8]) throws -> IntegerLists {
    try Unpickler.integerLists([0x80, 4] + instructions, from: 0, name: "test.pickle")
  }

  private func ascii(_ text: String) -> [UInt8] { Array(text.utf8) }

  @Test("Lists without an array, numbers of every width, frames between them, shared lists")
  func instructions() throws {
    // [[1, 2, -1], [2**16], that list again]
    let frame: [UInt8] = [0x95, 9, 0, 0, 0, 0, 0, 0, 0]
    let first: [UInt8] =
      ascii("](K\u{1}") + frame + ascii("M\u{2}\0J") + [255, 255, 255, 255] + ascii("e")
    let second: [UInt8] = ascii("]") + [0x94] + [0x8a, 3, 0, 0, 1] + ascii("a")
    let lists = try run(ascii("](") + first + second + ascii("h\0e."))
    #expect(lists == IntegerLists(values: [1, 2, -1, 65536, 65536], starts: [0, 3, 4, 5]))
    #expect(try run(ascii("].")).count == 0)
  }

  @Test(
    "Every global but the few needed is refused by name",
    arguments: [
      "os\nsystem", "builtins\neval", "__builtin__\nexec", "numpy\nload", "posix\nsystem",
      "numpy.core.multiarray\n_reconstruct2", "numpy.core\nmultiarray", "_codecs\ndecode",
      "subprocess\nPopen", "\n", "numpy.ma.core\n_mareconstruct",
    ])
  func hostileGlobals(name: String) {
    let program = ascii("c" + name + "\n(X") + [6, 0, 0, 0] + ascii("reboottR.")
    let dotted = name.replacingOccurrences(of: "\n", with: ".")
    #expect(sentence { _ = try run(program) }.contains("refuses to load global \(dotted):"))
  }

  @Test("A global named on the stack is refused as well")
  func hostileStackGlobal() {
    let program: [UInt8] = [0x8c, 5] + ascii("posix") + [0x8c, 6] + ascii("system") + [0x93]
    #expect(sentence { _ = try run(program) }.contains("refuses to load global posix.system"))
  }

  @Test(
    "Programs that make no sense are refused",
    arguments: [
      ".", "0.", "1.", "(.", "e", "a", "]a", "]]a(", "K\u{1}.", "]K\u{1}a.", "](K\u{1}]e.",
      "](]K\u{1}e.", "R", "b", "]]b", "t.", "h\u{7}", "j\0\0\0\u{7}", "q\0", "]]]aa.", "](NNe.",
      "X\u{ff}\0\0\0.",
      "cnumpy\nndarray\n(tR.", "cnumpy\nndarray\n.", "cnumpy\ndtype\n(K\u{1}tR.",
      "cnumpy.core.multiarray\n_reconstruct\n(K\u{1}tR.", "c_codecs\nencode\n(K\u{1}K\u{2}tR.",
      "cnumpy.core.multiarray\nscalar\n(K\u{1}K\u{2}tR.", "i", "o", "\u{0}",
      "cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\ntR.",
      "cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\ntR(K\u{1}NNNNtb.",
    ])
  func nonsense(program: String) {
    let bytes = program.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
    #expect(sentence { _ = try run(bytes) }.contains("test.pickle"))
  }

  @Test("Other protocols are refused")
  func otherProtocols() {
    for version: UInt8 in [0, 1, 5, 200] {
      let text = sentence {
        _ = try Unpickler.integerLists([0x80, version, 0x5d, 0x2e], from: 0, name: "x")
      }
      #expect(text.contains("protocol \(version)"))
    }
  }

  @Test("Programs that would fill the memory are stopped")
  func bombs() {
    // A list named a million times, a million marks, a huge string, endless values.
    let shared = ascii("]") + [0x94] + ascii("](")
    var list =
      ascii("](") + ascii("](") + (0..<4000).flatMap { _ in ascii("K\u{1}") } + ascii("e") + [0x94]
    for _ in 0..<300_000 { list += ascii("h\0") }
    #expect(
      sentence { _ = try run(list + ascii("e.")) }.contains("more often than can be accepted"))
    // Empty lists, each dropped at once.
    var lists = [UInt8](repeating: 0x5d, count: (1 << 23) + 2)
    for index in stride(from: 1, to: lists.count, by: 2) { lists[index] = 0x30 }
    #expect(sentence { _ = try run(lists) }.contains("too many lists"))
    #expect(sentence { _ = try run([UInt8](repeating: 0x28, count: 1 << 21)) }.contains("marks"))
    #expect(sentence { _ = try run([UInt8](repeating: 0x4e, count: 1 << 21)) }.contains("stack"))
    #expect(
      sentence { _ = try run(shared + [0x8d] + [255, 255, 255, 255, 255, 255, 255, 127]) }
        .contains("ends too early"))
    #expect(
      sentence { _ = try run(shared + [0x8d] + [UInt8](repeating: 255, count: 8)) }
        .contains("impossible length"))
    #expect(
      sentence {
        _ = try run(ascii("]") + [0x8a, 8] + [UInt8](repeating: 127, count: 8) + ascii("a."))
      }
      .contains("too large"))
  }

  @Test("A pickle cut off anywhere is refused", arguments: [2, 3, 4])
  func truncated(protocolNumber: Int) throws {
    let file = try ZipArchive(path: fixture("imdb-protocol\(protocolNumber)-core.npz"))
      .contents(of: "x_test.npy")
    let start = try NumPyHeader(file, name: "x").length
    for length in sampledLengths(file.count) where length >= start {
      let text = sentence {
        _ = try Unpickler.integerLists(Array(file[..<length]), from: start, name: "cut")
      }
      #expect(text.contains("cut is a damaged pickle"), "length \(length)")
    }
  }

  @Test("A flipped bit gives an error or bounded lists", arguments: [2, 4])
  func flipped(protocolNumber: Int) throws {
    let file = try ZipArchive(path: fixture("imdb-protocol\(protocolNumber)-core.npz"))
      .contents(of: "x_test.npy")
    let start = try NumPyHeader(file, name: "x").length
    var errors = 0
    for position in start..<file.count where position < start + 400 || position % 7 == 0 {
      var copy = file
      copy[position] ^= 1 << UInt8(position % 8)
      do {
        let lists = try Unpickler.integerLists(copy, from: start, name: "flipped")
        #expect(lists.values.count < file.count && lists.starts.last == lists.values.count)
      } catch is DataError {
        errors += 1
      }
    }
    #expect(errors > 100)
  }

  @Test("Shape and contents must agree, and lists be asked for where lists are")
  func wrongShape() throws {
    let archive = try NumPyArchive(path: fixture("imdb-protocol2-core.npz"))
    #expect(sentence { _ = try archive.integerLists("y_train") }.contains("array of lists (|O)"))
    #expect(sentence { _ = try archive.array("x_train") }.contains("type |O"))
    #expect(sentence { _ = try archive.array("z") }.contains("no member z.npy"))
  }
}
