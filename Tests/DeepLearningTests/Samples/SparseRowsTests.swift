import Testing

@testable import DeepLearning

/// Matrices of which only the elements that are not zero are kept.
@Suite struct SparseRowsTests {
  @Test("Multi-hot encoding marks the words that occur")
  func multiHot() {
    let rows = SparseRows(multiHot: [[3, 1, 3], [], [4, 9, -1, 0, 5]], columns: 5)
    #expect(rows.count == 3 && rows.columns == 5 && rows.shape == [3, 5])
    #expect(rows.dense.scalars == [0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1])
    #expect(rows.columns(ofRow: 0) == [1, 3] && rows.columns(ofRow: 1) == [])
  }

  @Test("Values, slices and selections are those of the dense matrix")
  func selections() {
    let rows = SparseRows(
      columns: 3, starts: [0, 2, 2, 3], indices: [0, 2, 1], values: [5, -6, 7])
    #expect(rows.dense == Tensor([5, 0, -6, 0, 0, 0, 0, 7, 0], shape: [3, 3]))
    #expect(rows[1..<3].dense == Tensor([0, 0, 0, 0, 7, 0], shape: [2, 3]))
    #expect(rows[1..<3][1..<2].dense == Tensor([0, 7, 0], shape: [1, 3]))
    let picked = rows.gathering(rows: [2, 0, 2][...])
    #expect(picked.dense == Tensor([0, 7, 0, 5, 0, -6, 0, 7, 0], shape: [3, 3]))
    #expect(rows[3..<3].shape == [0, 3])
  }

  @Test("The median column halves the elements")
  func median() {
    let rows = randomRows(200, 100, hasValues: false, density: 0.2, seed: 501)
    let below = rows.indices.count { $0 < rows.medianColumn }
    #expect(abs(below - rows.indices.count / 2) <= 50, "at most one column too many")
    #expect(SparseRows(columns: 4, starts: [0], indices: []).medianColumn == 0)
  }
}
