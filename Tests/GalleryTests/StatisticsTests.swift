import Testing

@testable import Gallery

/// Expected values were computed with SciPy 1.17 (`ttest_ind(equal_var=False)`, `betainc`) and NumPy (`std(ddof=1)`).
@Suite struct StatisticsTests {
  static let samples = [
    [0.883, 0.885, 0.884], [0.883, 0.8815, 0.884], [0.86, 0.861, 0.863, 0.858, 0.8605],
    [12.1, 9.4, 30.2, 15.5, 11.0, 8.8], [10.0, 14.0],
  ]

  @Test("Mean and deviation are right")
  func meanAndDeviation() {
    #expect(abs(Statistics.mean(Self.samples[3]) - 14.5) < 1e-12)
    #expect(abs(Statistics.standardDeviation(Self.samples[3]) - 8.049844718999243) < 1e-12)
    #expect(Statistics.mean([]).isNaN)
    #expect(Statistics.standardDeviation([1]).isNaN)
  }

  @Test(
    "Welch's test agrees with SciPy",
    arguments: [
      (0, 1, 0.28028685711648144), (0, 2, 3.71173416187796e-07), (2, 3, 0.008906895198574617),
      (3, 4, 0.5416473541519068),
    ])
  func welch(first: Int, second: Int, expected: Double) {
    let (a, b) = (Self.samples[first], Self.samples[second])
    #expect(abs(Statistics.welchTest(a, b) / expected - 1) < 1e-9)
    #expect(Statistics.welchTest(a, b) == Statistics.welchTest(b, a))
  }

  @Test("Welch's test of samples without spread is 0, 1 or NaN")
  func welchOfSamplesWithoutSpread() {
    #expect(Statistics.welchTest([1, 1], [1, 1, 1]) == 1)
    #expect(Statistics.welchTest([1, 1], [2, 2, 2]) == 0)
    #expect(Statistics.welchTest([1], [2, 3]).isNaN)
    #expect(Statistics.welchTest([1, .nan], [2, 3]).isNaN)
    #expect(Statistics.welchTest([1, .infinity], [2, 3]).isNaN)
  }

  @Test(
    "The incomplete beta function agrees with SciPy where b is one half",
    arguments: [
      (0.3, 2.5, 0.018927124071945658), (0.999, 2.5, 0.9463423453081866),
      (1e-6, 20, 1.2537074731994958e-121), (0.5, 0.5, 0.5),
    ])
  func incompleteBetaWithOneHalf(x: Double, a: Double, expected: Double) {
    #expect(abs(Statistics.incompleteBeta(x, a, 0.5) / expected - 1) < 1e-11)
  }

  @Test("The incomplete beta function agrees with SciPy elsewhere")
  func incompleteBetaElsewhere() {
    #expect(abs(Statistics.incompleteBeta(0.9, 40, 3) - 0.19510765482693676) < 1e-12)
    #expect(Statistics.incompleteBeta(0, 2, 3) == 0)
    #expect(Statistics.incompleteBeta(1, 2, 3) == 1)
  }

  /// The table of the t distribution that every textbook has.
  @Test(
    "Quantiles of Student's t are those of every textbook",
    arguments: [
      (0.975, 1, 12.7062), (0.995, 2, 9.92484), (0.975, 4, 2.77645), (0.995, 4, 4.60409),
      (0.975, 9, 2.26216), (0.995, 9, 3.24984), (0.995, 120, 2.61742), (0.5, 3, 0),
    ])
  func studentQuantile(probability: Double, freedom: Double, expected: Double) {
    let t = Statistics.studentQuantile(probability, freedom: freedom)
    #expect(abs(t - expected) < 1e-5 * max(1, expected))
  }

  /// By hand: 4 x 0.005, 3 x 0.01, 2 x 0.03, and the last is no smaller than the one before.
  @Test("Holm's correction keeps the order, skips NaN and ends at 1")
  func holm() {
    let corrected = Statistics.holmCorrection([0.01, 0.04, .nan, 0.03, 0.005])
    for (value, expected) in zip(corrected, [0.03, 0.06, .nan, 0.06, 0.02]) {
      #expect(expected.isNaN ? value.isNaN : abs(value - expected) < 1e-12)
    }
    #expect(Statistics.holmCorrection([0.9, 0.8]) == [1, 1])
    #expect(Statistics.holmCorrection([]).isEmpty)
  }
}
