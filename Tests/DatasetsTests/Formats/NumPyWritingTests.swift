import DataFiles
import Datasets
import DeepLearning
import Foundation
import Testing

@Suite("Writing NumPy arrays")
struct NumPyWritingTests {
  /// What `numpy.save` writes for `np.array([[1, 2.5, -3], [0, 4, 5]], "<f4")`.
  @Test("A file is what numpy.save writes, byte for byte")
  func bytes() {
    let file = NumPyArray(Tensor([1, 2.5, -3, 0, 4, 5], shape: [2, 3])).file
    let header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }"
    let expected =
      [0x93] + Array("NUMPY".utf8) + [1, 0, 0x76, 0] + Array(header.utf8)
      + [UInt8](repeating: 0x20, count: 58) + [0x0a]
      + [
        0, 0, 0x80, 0x3f, 0, 0, 0x20, 0x40, 0, 0, 0x40, 0xc0, 0, 0, 0, 0, 0, 0, 0x80, 0x40, 0, 0,
        0xa0, 0x40,
      ]
    #expect(file == expected)
  }

  @Test("What is written is read again, in every type and shape")
  func archive() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "npz-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let arrays: [(name: String, array: NumPyArray)] = [
      ("float", NumPyArray(shape: [2, 2], .float([1, -2, .infinity, 0.1]))),
      ("double", NumPyArray(shape: [3], .double([1, 0.1, -5]))),
      ("int32", NumPyArray(shape: [1, 2, 1], .int32([-7, .max]))),
      ("int64", NumPyArray(shape: [2], .int64([.min, 9]))),
      ("byte", NumPyArray(shape: [2], .byte([0, 255]))),
      ("bool", NumPyArray(shape: [2], .bool([true, false]))),
      ("single", NumPyArray(shape: [], .float([3]))),
      ("empty", NumPyArray(shape: [0, 3], .float([]))),
      ("dense_1/é", NumPyArray(Tensor.zeros([40, 50]))),
    ]
    let url = folder.appending(path: "arrays.npz")
    try NumPyArchive.write(arrays, to: url)
    let read = try NumPyArchive(path: url.path)
    #expect(read.names == arrays.map(\.name))
    for (name, array) in arrays {
      let copy = try read.array(name)
      #expect(copy.shape == array.shape && "\(copy.elements)" == "\(array.elements)", "\(name)")
    }
    try NumPyArchive.write([], to: url)
    #expect(try NumPyArchive(path: url.path).names.isEmpty)
  }
}
