import Testing

@testable import Figures

@Suite struct AxisTests {
  @Test("An axis shows every value with a margin")
  func showsEveryValueWithAMargin() throws {
    let axis = Axis(showing: [3, 1, .nan, 2, .infinity])
    #expect(axis.lower < 1 && axis.lower > 0.8)
    #expect(axis.upper > 3 && axis.upper < 3.2)
    #expect(axis.fraction(of: 2) == 0.5)
    #expect(axis.fraction(of: .nan) == nil)
    #expect(axis.fraction(of: -.infinity) == nil)
  }

  @Test("A constant lies in the middle", arguments: [0, 0.5, -3, 1e-12, 1e299, 123_456_789])
  func aConstantLiesInTheMiddle(value: Double) throws {
    let axis = Axis(showing: [value, value])
    #expect(axis.lower < value && value < axis.upper)
    #expect(abs(try #require(axis.fraction(of: value)) - 0.5) < 1e-6)
    #expect(axis.ticks(atMost: 8).count >= 2)
  }

  @Test("An axis without values still has ticks", arguments: [Scale.linear, .logarithmic])
  func nothingStillGivesAnAxis(scale: Scale) {
    let axis = Axis(showing: [.nan, -.infinity], scale: scale)
    #expect(axis.lower < axis.upper)
    #expect(axis.ticks(atMost: 8).count >= 2)
  }

  @Test("Bars stand on zero")
  func barsStandOnZero() {
    #expect(Axis(showing: [3, 5], standsOnZero: true).lower == 0)
    #expect(Axis(showing: [-3, -5], standsOnZero: true).upper == 0)
    let both = Axis(showing: [-1, 1], standsOnZero: true)
    #expect(both.lower < -1 && both.upper > 1)
  }

  @Test("A logarithmic axis spaces ratios evenly")
  func logarithmicAxisSpacesRatiosEvenly() throws {
    let axis = Axis(showing: [0.01, 0, -5, 100], scale: .logarithmic)
    #expect(abs(try #require(axis.fraction(of: 1)) - 0.5) < 1e-9)
    #expect(axis.fraction(of: 0) == nil)
    #expect(axis.fraction(of: -1) == nil)
    #expect(try #require(axis.fraction(of: 0.01)) > 0)
    #expect(try #require(axis.fraction(of: 100)) < 1)
  }

  @Test("Extreme values are gaps, not overflows")
  func extremeValuesAreGapsNotOverflows() {
    #expect(MarkLayer.drawable(1e301).isNaN)
    #expect(MarkLayer.drawable(-.infinity).isNaN)
    #expect(MarkLayer.drawable(.leastNonzeroMagnitude) == 0)
    #expect(MarkLayer.drawable(-0.25) == -0.25)
  }
}
