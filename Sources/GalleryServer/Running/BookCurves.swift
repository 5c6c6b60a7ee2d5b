import Gallery

/// What the book's run of a program has measured: for the number of a training, and the name of a measurement, points of an
/// epoch and a number.
///
/// Known is the program's first training; which of the others belongs to which history, a program does not tell.
struct BookCurves: Encodable, Sendable {
  private let trainings: [Int: [String: [[Double]]]]

  init(of program: String) {
    let curves = BookCurve.all.filter { $0.program == program && $0.history == "history" }
    let points = curves.map { curve in
      (curve.column, zip(curve.epochs, curve.values).map { [Double($0), $1] })
    }
    trainings = [1: Dictionary(points) { first, _ in first }]
  }

  func encode(to encoder: any Encoder) throws { try trainings.encode(to: encoder) }
}
