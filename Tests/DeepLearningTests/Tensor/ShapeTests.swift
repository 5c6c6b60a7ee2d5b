import Testing

@testable import DeepLearning

/// Extents of axes.
@Suite struct ShapeTests {
  @Test("A shape is a collection of extents")
  func collection() {
    let shape: Shape = [28, 14, 3]
    #expect(Array(shape) == [28, 14, 3] && shape.rank == 3 && shape.elementCount == 1176)
    #expect(shape.droppingFirst == [14, 3] && shape.prepending(32) == [32, 28, 14, 3])
    #expect(shape.removing(1) == [28, 3] && shape.description == "[28, 14, 3]")
    let none: Shape = []
    #expect(none.elementCount == 1 && none.rank == 0 && none.isEmpty && none.description == "[]")
    #expect(Shape([1, 2, 3, 4, 5, 6, 7, 8]).elementCount == 40_320)
  }

  @Test("Shapes are equal if all their axes are")
  func equality() {
    #expect([2, 3] as Shape == [2, 3] && [2, 3] as Shape != [3, 2])
    // Unused places of the storage must not count.
    #expect([2] as Shape != [2, 1] && ([2, 5] as Shape).droppingFirst == [5])
    var changed: Shape = [2, 3]
    changed[1] = 7
    #expect(changed == [2, 7])
    #expect(Set([[2, 3], [2, 3], [2, 3, 1]] as [Shape]).count == 2)
  }
}
