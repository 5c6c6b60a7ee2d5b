import Foundation
import Testing

@testable import Figures

@Suite struct RampTests {
  /// The lightness of CIELAB, a measure of the eye other than the one from which the ramp is made.
  private func lightness(_ place: Double) -> Double {
    116 * cbrt(Ramp.color(at: place).luminance) - 16
  }

  @Test("Equal steps look equal")
  func equalStepsLookEqual() {
    let shades = (0...16).map { step -> Double in lightness(Double(step) / 16) }
    let steps = zip(shades, shades.dropFirst()).map { pale, dark in pale - dark }
    let mean = (lightness(0) - lightness(1)) / 16
    #expect(mean > 4.2, "from pale to dark: \(16 * mean)")
    #expect(steps.allSatisfy { $0 > 0.6 * mean && $0 < 1.4 * mean }, "\(steps)")
  }

  @Test("The hue stays blue")
  func theHueStaysBlue() {
    for place in stride(from: 0.0, through: 1, by: 0.05) {
      let color = Ramp.color(at: place)
      #expect(color.red < color.green && color.green < color.blue, "\(place)")
    }
    #expect(Ramp.color(at: -7) == Ramp.color(at: 0) && Ramp.color(at: 7) == Ramp.color(at: 1))
  }

  @Test("Numbers can be read on every colour")
  func numbersCanBeReadOnEveryColour() {
    for place in stride(from: 0.0, through: 1, by: 0.01) {
      let color = Ramp.color(at: place)
      #expect(color.contrast(to: color.textOnTop) > 4.5, "\(place)")
    }
    let black = Color(red: 0, green: 0, blue: 0)
    #expect(Ramp.color(at: 0).textOnTop == black && Ramp.color(at: 1).textOnTop == .white)
    #expect(abs(Color.white.contrast(to: black) - 21) < 1e-9)
  }
}
