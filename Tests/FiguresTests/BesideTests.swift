import Foundation
import Testing

@testable import Figures

@Suite("What stands beside a figure's own marks")
struct BesideTests {
  private let figure = Figure(title: "Loss", x: "Epochs", y: "Loss") {
    Dots([3, 2, 1], "Ours")
  }

  @Test("It goes as far as the figure's own axis, and its line is thin")
  func clipped() {
    let both = figure.beside {
      Line([4, 3, 2, 1, 0.5], "Theirs", thin: true, color: .gray)
      Dots([9, 9], at: [2, 5])
    }
    #expect(figure.layers.count == 1 && both.layers.count == 3)
    #expect(both.layers[1].x == [1, 2, 3] && both.layers[1].y == [4, 3, 2])
    #expect(both.layers[2].x == [2])
    #expect(both.svg().contains("Theirs"))
    // The colours of the figure's own marks stay as they are.
    #expect(Series.resolve(both.layers)[0].color == Series.resolve(figure.layers)[0].color)
  }

  @Test("A thin line has half the width of another")
  func width() {
    func count(_ width: String, thin: Bool) -> Int {
      figure.beside { Line([4, 3, 2], "Theirs", thin: thin) }.svg()
        .components(separatedBy: "stroke-width=\"\(width)\"").count
    }
    // In the chart and in its legend.
    #expect(count("1.2", thin: true) == count("1.2", thin: false) + 2)
    #expect(count("2.4", thin: false) == count("2.4", thin: true) + 2)
  }
}
