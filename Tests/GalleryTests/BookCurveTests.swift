import Figures
import Foundation
import Testing

@testable import Gallery

@Suite("The book's curves")
final class BookCurveTests {
  private let output = FileManager.default.temporaryDirectory.appending(path: "gallery-\(UUID())")

  deinit { try? FileManager.default.removeItem(at: output) }

  @Test("All are read, belong to a program, and have as many epochs as the book trained")
  func all() throws {
    #expect(BookCurve.all.count > 80)
    let checkout = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    for curve in BookCurve.all {
      #expect(SeedTable.file(of: curve.program, in: checkout) != nil, "\(curve.program)")
      #expect(curve.epochs.count == curve.values.count && curve.epochs == curve.epochs.sorted())
      #expect([5, 10, 20, 30, 40, 59, 100].contains(curve.epochs.last ?? 0), "\(curve)")
    }
    // 4 measurements of a run, of some fewer, and every training curve of chapter 3 to 6 that the book shows.
    let figures = Set(BookCurve.all.flatMap(\.figures))
    #expect(
      figures.isSuperset(of: [
        "3.7", "3.8", "3.9", "3.10", "4.4", "4.5", "4.6", "4.7", "4.9", "5.9", "5.10", "5.12",
        "5.13",
        "5.15", "5.16", "5.17", "5.18", "6.5", "6.6", "6.7", "6.8", "6.11", "6.12", "6.16", "6.17",
        "6.20", "6.21", "6.22", "6.23", "6.24", "6.27", "6.28", "6.29", "6.31",
      ]))
    let losses = try #require(
      BookCurve.all.first { $0.program == "chapter3-imdb" && $0.column == "val_loss" })
    #expect(losses.values.min() == 0.2735 && losses.values[3] == 0.2735)
    let few = try #require(
      BookCurve.all.first { $0.history == "history-augmented" && $0.column == "val_acc" })
    #expect(few.epochs == [1] + Array(stride(from: 10, through: 100, by: 10)))
  }

  /// The SVG of the only figure that a run adds.
  private func drawing(
    book: String?, curves: [BookCurve] = [], epochs: Int = 20, _ flags: String...
  ) throws -> String {
    let options = try RunOptions.parse(flags + ["--no-progress", "--output", output.path])
    let run = try ChapterRun(
      "chapter0-example", section: "0.1", title: "An example", options,
      arguments: ["chapter0-example"])
    run.add(
      Figure(title: "Loss", x: "Epochs", y: "Loss") {
        Dots((1...epochs).map { 1 / Double($0) }, "Training loss")
      }, as: "loss", book: book, curves: curves)
    try run.finish()
    return try String(
      contentsOf: output.appending(path: "chapter0-example/loss.svg"), encoding: .utf8)
  }

  @Test("They stand, thin, in the figures of the book, and in no other")
  func figures() throws {
    let drawn = try drawing(book: "3.7")
    #expect(drawn.contains("Book: training") && drawn.contains("Book: validation"))
    #expect(try !drawing(book: nil).contains("Book:"))
    #expect(try !drawing(book: "2.1").contains("Book:"))
    #expect(try !drawing(book: "3.7", "--quick").contains("Book:"))
    let comparison = try drawing(book: "4.4")
    #expect(comparison.contains("Book: original") && comparison.contains("Book: smaller"))
  }

  @Test("Curves that no figure of the book shows stand where the same training is drawn")
  func withoutNumber() throws {
    func curves(_ history: String) -> [BookCurve] {
      BookCurve.all(of: "chapter3-reuters", history, columns: ["acc", "val_acc"])
    }
    let bottleneck = curves("history-bottleneck")
    #expect(bottleneck.count == 2 && bottleneck.allSatisfy(\.figures.isEmpty))
    #expect(curves("history-none").isEmpty)
    let drawn = try drawing(book: nil, curves: bottleneck)
    #expect(drawn.contains("Book: training") && drawn.contains("Book: validation"))
    #expect(try !drawing(book: nil, curves: bottleneck, "--quick").contains("Book:"))
  }
}
