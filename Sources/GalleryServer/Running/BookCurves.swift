import Gallery

/// What the book's runs of a program have measured: for the name of a training's history, and the name of a
/// measurement, points of an epoch and a number.
///
/// Which training is which, a program tells by its events when the training is over; until then the page goes by the run
/// before.
struct BookCurves: Encodable, Sendable {
  private let histories: [String: [String: [[Double]]]]

  init(of program: String) {
    let curves = BookCurve.all.filter { $0.program == program }
    histories = Dictionary(grouping: curves, by: \.history).mapValues { curves in
      let points = curves.map { curve in
        (curve.column, zip(curve.epochs, curve.values).map { [Double($0), $1] })
      }
      return Dictionary(points) { first, _ in first }
    }
  }

  func encode(to encoder: any Encoder) throws { try histories.encode(to: encoder) }
}
