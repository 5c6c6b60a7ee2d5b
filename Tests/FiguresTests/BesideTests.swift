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
    let svg = both.svg()
    #expect(svg.contains("stroke-width=\"1.2\"") && svg.contains("Theirs"))
    // The colours of the figure's own marks stay as they are.
    #expect(Series.resolve(both.layers)[0].color == Series.resolve(figure.layers)[0].color)
  }

  @Test("A line of its own width is not thin")
  func broad() {
    let svg = figure.beside { Line([4, 3, 2], "Theirs") }.svg()
    #expect(!svg.contains("stroke-width=\"1.2\"") && svg.contains("stroke-width=\"2.4\""))
  }
}
