import Testing

@testable import DeepLearning

/// Tensors as values.
@Suite struct TensorTests {
  @Test("A tensor is made of numbers and a shape")
  func numbers() {
    let x = Tensor([1, 2, 3, 4, 5, 6], shape: [2, 3])
    #expect(x.shape == [2, 3] && x.rank == 2 && x.elementCount == 6 && x.count == 2)
    #expect(x.scalars == [1, 2, 3, 4, 5, 6])
    #expect(Tensor([1, 2]).shape == [2] && Tensor([]).shape == [0] && Tensor([]).scalars == [])
    #expect(
      Tensor.scalar(3).shape == [] && Tensor.scalar(3).item == 3 && Tensor.scalar(3).count == 1)
    #expect(Tensor.zeros([2, 2]).scalars == [0, 0, 0, 0] && Tensor.ones([2]).scalars == [1, 1])
    #expect(Tensor(repeating: 7, shape: [2]).scalars == [7, 7])
    let counted = Tensor(shape: [3]) { for i in $0.indices { $0[i] = Float(i) } }
    #expect(counted.scalars == [0, 1, 2])
  }

  @Test("An error while writing is passed on")
  func errors() {
    struct Failure: Error {}
    #expect(throws: Failure.self) { try Tensor(shape: [3]) { _ in throw Failure() } }
  }

  @Test("Tensors are equal if shapes and elements are")
  func equality() {
    #expect(Tensor([1, 2]) == Tensor([1, 2]) && Tensor([1, 2]) != Tensor([1, 3]))
    #expect(Tensor([1, 2]) != Tensor([1, 2], shape: [1, 2]))
    #expect(Tensor([.nan]) != Tensor([.nan]))
  }

  @Test("Changing one never changes another")
  func copies() {
    let original = Tensor([1, 2, 3, 4], shape: [2, 2])
    var (copy, shaped, rows) = (original, original.reshaped([4]), original.rows(1..<2))
    copy.withUnsafeMutableBuffer { $0[0] = 10 }
    shaped.withUnsafeMutableBuffer { $0[1] = 20 }
    rows.withUnsafeMutableBuffer { $0[0] = 30 }
    #expect(original.scalars == [1, 2, 3, 4])
    #expect(
      copy.scalars == [10, 2, 3, 4] && shaped.scalars == [1, 20, 3, 4] && rows.scalars == [30, 4])
    #expect(copy.shape == [2, 2] && rows.shape == [1, 2])
  }

  @Test("A tensor of its own is changed in place")
  func inPlace() {
    var x = Tensor([1, 2, 3])
    let before = x.withUnsafeBuffer { $0.baseAddress }
    x.withUnsafeMutableBuffer { $0[0] = 5 }
    #expect(x.withUnsafeBuffer { $0.baseAddress } == before)
  }

  @Test("Rows are cut along the first axis")
  func rows() {
    let x = Tensor((0..<12).map { Float($0) }, shape: [3, 2, 2])
    #expect(x.rows(1..<3).scalars == (4..<12).map { Float($0) })
    #expect(x.rows(1..<3).rows(1..<2).scalars == [8, 9, 10, 11], "A slice of a slice.")
    #expect(x.rows(3..<3).shape == [0, 2, 2])
    #expect(x.gathering(rows: [2, 0, 2][...]).scalars == [8, 9, 10, 11, 0, 1, 2, 3, 8, 9, 10, 11])
    #expect(Tensor([5, 6, 7]).gathering(rows: [2, 1][...]).scalars == [7, 6])
    // Slices share memory and begin at any address; kernels must not care.
    #expect(x.rows(1..<3) + 1 == Tensor((5..<13).map { Float($0) }, shape: [2, 2, 2]))
  }

  @Test("Empty tensors are allowed everywhere")
  func empty() {
    let empty = Tensor.zeros([0, 3])
    #expect((empty + 1).shape == [0, 3] && empty.exp().scalars == [])
    #expect(empty.sum().item == 0 && empty.sum(axis: 0) == .zeros([3]))
    #expect(empty.sum(axis: 1).shape == [0] && empty.transposed().shape == [3, 0])
    #expect(empty.activated(.softmax).shape == [0, 3] && empty.argmax() == [])
    #expect((empty + Tensor([1, 2, 3])).shape == [0, 3])
  }
}
