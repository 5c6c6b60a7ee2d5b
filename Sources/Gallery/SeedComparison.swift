import Figures

/// Compares configurations that were each trained with several seeds: which differences are more
/// than chance?
///
/// ```swift
/// let comparison = SeedComparison(of: "test accuracy", [("16 units", [0.883, 0.885, 0.884]), ...])
/// try run.add(comparison.table, titled: "Hidden units")
/// ```
public struct SeedComparison: Sendable {
  /// What was measured.
  public let measurement: String
  /// The configurations with one value per seed; the first is the one to which the others are compared.
  public let configurations: [(name: String, values: [Double])]
  /// Below which corrected p-value a difference counts as more than seed noise.
  public static let threshold = 0.05

  /// Creates a comparison.
  public init(of measurement: String, _ configurations: [(name: String, values: [Double])]) {
    self.measurement = measurement
    self.configurations = configurations
  }

  /// For each configuration after the first, the p-value of Welch's test against the first, corrected for the
  /// number of tests after Holm; NaN where a configuration has run fewer than twice.
  public var pValues: [Double] {
    guard let baseline = configurations.first else { return [] }
    return Statistics.holmCorrection(
      configurations.dropFirst().map { Statistics.welchTest($0.values, baseline.values) })
  }

  /// One row per configuration: mean, standard deviation, difference to the first, and whether it exceeds
  /// what other seeds alone would change.
  public var table: ResultTable {
    var table = ResultTable([
      ("configuration", .left), ("runs", .right), (measurement, .right), ("± sd", .right),
      ("difference", .right), ("p", .right), ("beyond seed noise?", .left),
    ])
    let baseline = Statistics.mean(configurations.first?.values ?? [])
    for (index, (configuration, p)) in zip(configurations, [.nan] + pValues).enumerated() {
      let mean = Statistics.mean(configuration.values)
      let deviation = Statistics.standardDeviation(configuration.values)
      let facts = [
        configuration.name, "\(configuration.values.count)", ResultTable.number(mean),
        ResultTable.number(deviation),
      ]
      if index == 0 {
        table.add(facts + ["", "", "compared with"])
      } else {
        let difference = mean - baseline
        let verdict = p.isNaN ? "too few runs" : p < Self.threshold ? "yes" : "no"
        table.add(
          facts + [
            Self.signed(difference, as: mean),
            p.isNaN ? "–" : p < 0.001 ? "<0.001" : Format.decimals(p, 3), verdict,
          ])
      }
    }
    return table
  }

  /// A difference with as many decimals as the means have: one that is smaller is none to a reader.
  private static func signed(_ difference: Double, as mean: Double) -> String {
    let sign = difference > 0 ? "+" : difference < 0 ? "−" : ""
    guard let places = Format.places(mean), difference.isFinite else {
      return sign + ResultTable.number(difference.magnitude)
    }
    return sign + Format.decimals(difference.magnitude, places)
  }

  /// A chart of all values: a dot for each seed, a cross for their mean.
  ///
  /// - Parameter title: the heading.
  public func figure(_ title: String) -> Figure {
    let dots = configurations.enumerated().flatMap { place, configuration in
      configuration.values.map { (place: Double(place + 1), value: $0) }
    }
    return Figure(
      title: title, x: "", y: measurement.prefix(1).uppercased() + measurement.dropFirst(),
      names: configurations.map(\.name), width: 900
    ) {
      Dots(dots.map(\.value), "One seed", at: dots.map(\.place))
      Crosses(configurations.map { Statistics.mean($0.values) }, "Mean")
    }
  }
}
