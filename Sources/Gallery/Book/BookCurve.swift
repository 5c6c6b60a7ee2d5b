import Figures

/// A curve of the book: what the author's notebooks print after each epoch of a training.
public struct BookCurve: Sendable {
  /// The folder of results of the program that trains the same network.
  public let program: String
  /// The file with that training's history, without its ending.
  public let history: String
  /// The history's column: `loss`, `val_acc`.
  public let column: String
  /// The numbers of the book's figures that show the curve.
  public let figures: [String]
  /// The epochs, counted from 1.
  public let epochs: [Int]
  /// The numbers after these epochs.
  public let values: [Double]

  /// All of them, in the book's order.
  public static let all: [BookCurve] = numbers.split(separator: "\n").map { line in
    guard let curve = BookCurve(line) else { fatalError("This is no curve: \(line)") }
    return curve
  }

  private init?(_ line: Substring) {
    let parts = line.split(separator: "|").map { $0.split(separator: " ").map(String.init) }
    guard parts.count == 5, parts.prefix(3).allSatisfy({ $0.count == 1 }) else { return nil }
    (program, history, column) = (parts[0][0], parts[1][0], parts[2][0])
    figures = parts[3].filter { $0 != "-" }
    let points = parts[4].enumerated().compactMap { index, text -> (epoch: Int, value: Double)? in
      let place = text.split(separator: ":")
      let epoch = place.count == 2 ? Int(place[0]) : index + 1
      guard let epoch, let value = place.last.flatMap({ Double($0) }) else { return nil }
      return (epoch, value)
    }
    guard points.count == parts[4].count, !points.isEmpty else { return nil }
    (epochs, values) = (points.map(\.epoch), points.map(\.value))
  }

  private var isValidation: Bool { column.hasPrefix("val_") }

  /// The curves that the book's figure of a number shows.
  static func all(in book: String) -> [BookCurve] { all.filter { $0.figures.contains(book) } }

  /// The curves of a training.
  ///
  /// - Parameters:
  ///   - program: the folder of results of the program that trains the same network.
  ///   - history: the file with that training's history, without its ending.
  ///   - columns: the history's columns.
  static func all(of program: String, _ history: String, columns: [String]) -> [BookCurve] {
    all.filter {
      $0.program == program && $0.history == history && columns.contains($0.column)
    }
  }

  /// A figure with curves beside its own, thin, as far as its horizontal axis goes.
  static func drawn(_ curves: [BookCurve], into figure: Figure) -> Figure {
    // Where two networks are compared, the first is the one with which the others are.
    let isComparison = Set(curves.map(\.column)).count < curves.count
    return figure.beside {
      for (index, curve) in curves.enumerated() {
        Line(
          curve.values,
          isComparison
            ? "Book: \(curve.network)" : "Book: \(curve.isValidation ? "validation" : "training")",
          at: curve.epochs.map { Double($0) },
          dashed: isComparison ? index == 0 : !curve.isValidation, thin: true, color: .gray)
      }
    }
  }

  /// The name of the network in a comparison of several.
  private var network: String {
    let name = history.split(separator: "-").dropFirst().joined(separator: "-")
    return name.isEmpty ? "original" : name == "l2" ? "L2" : name
  }
}
