import ArgumentParser
import DeepLearning
import Figures
import Images
import Testing

@testable import Gallery

@Suite struct SampleGridTests {
  /// Three images of 2 x 1 pixels.
  private let images = Tensor((0..<18).map { Float($0) / 20 }, shape: [3, 1, 2, 3])

  @Test("A sheet has scaled images in rows with white between")
  func sheetHasScaledImagesInRowsWithWhiteBetween() {
    let sheet = SampleGrid(columns: 2, scale: 2, gap: 1).sheet(images)
    #expect(sheet.shape == [7, 11, 3])
    func pixel(_ row: Int, _ column: Int) -> [Float] {
      Array(sheet.scalars[(row * 11 + column) * 3..<(row * 11 + column + 1) * 3])
    }
    #expect(pixel(0, 0) == [1, 1, 1] && pixel(3, 4) == [1, 1, 1] && pixel(4, 8) == [1, 1, 1])
    #expect(pixel(1, 1) == [0, 0.05, 0.1] && pixel(2, 2) == [0, 0.05, 0.1])
    #expect(pixel(2, 3) == [0.15, 0.2, 0.25] && pixel(1, 6) == [0.3, 0.35, 0.4])
    #expect(pixel(5, 4) == [0.75, 0.8, 0.85])
    #expect(SampleGrid(columns: 9).sheet(images).shape == [1, 6, 3])
  }

  @Test("Images are read back from a sheet")
  func imagesAreReadBackFromASheet() throws {
    let grid = SampleGrid(columns: 2, scale: 3, gap: 2)
    let sheet = Image(grid.sheet(images))
    let read = try #require(grid.images(2, width: 2, height: 1, in: sheet))
    let page = { PictureGrid(title: "", pictures: $0).svg() }
    #expect(page(read) == page(Array(images.pictures().prefix(2))))
    #expect(grid.images(3, width: 2, height: 1, in: sheet) == nil)
    #expect(grid.images(2, width: 3, height: 1, in: sheet) == nil)
  }

  @Test("--only takes the names that exist")
  func onlyTakesNamesThatThereAre() throws {
    let items = ["GRU", "LSTM, clipped", "LSTM"]
    #expect(try VariantOptions.parse([]).chosen(from: items, name: { $0 }) == items)
    let some = try VariantOptions.parse(["--only", "LSTM", "--only", "GRU"])
    #expect(try some.chosen(from: items, name: { $0 }) == ["GRU", "LSTM"])
    let unknown = try VariantOptions.parse(["--only", "RNN"])
    let error = #expect(throws: ValidationError.self) {
      try unknown.chosen(from: items, name: { $0 })
    }
    #expect(error?.message.contains("\"LSTM, clipped\"") == true)
  }
}
