import TestSupport
import Testing

@testable import Gallery

@Suite struct ResultTableTests {
  @Test("Columns align as a terminal shows them")
  func alignsWhatATerminalShows() {
    var table = ResultTable([("what", .left), ("here", .right), ("note", .left)])
    table.add(["Größe", "1.5", "ok"])
    table.add(["映画", "12.25", "e\u{301}té\n2"])
    table.add(["🎬", "–"])
    #expect(
      table.text == """
        what    here  note
        ─────  ─────  ─────
        Größe    1.5  ok
        映画   12.25  e\u{301}té 2
        🎬         –
        """)
  }

  @Test(
    "Text is as wide as a terminal shows it",
    arguments: [
      ("", 0), ("abc", 3), ("é", 1), ("e\u{301}", 1), ("日本", 4), ("한", 2), ("🎬", 2), ("❤️", 2),
      ("❤", 1), ("ﾊ", 1), ("Ａ", 2), ("\u{200B}", 0), ("─━–", 3),
    ])
  func widths(text: String, width: Int) {
    #expect(TextWidth.of(text) == width)
  }

  @Test("The first columns are words, the others numbers")
  func words() {
    var table = ResultTable("a", "b", "number", words: 2)
    table.add(["x", "y", "1"])
    #expect(table.text == "a  b  number\n─  ─  ──────\nx  y       1")
  }

  @Test("More cells than columns trap", .ahead)
  func tooManyCellsTrap() async {
    await #expect(processExitsWith: .failure) {
      var table = ResultTable([("what", .left)])
      table.add(["1", "2"])
    }
  }

  @Test(
    "Numbers are written as short as they can be read",
    arguments: [
      (0.8846, "0.8846"), (-2.5, "-2.5000"), (12.345, "12.35"), (1234.5, "1234"), (0, "0.0000"),
      (0.00001, "1.0e-05"), (Double.nan, "nan"), (-Double.infinity, "-inf"), (2e9, "2.0e+09"),
    ])
  func numbers(value: Double, text: String) {
    #expect(Format.number(value) == text)
  }

  @Test(
    "Durations are rounded to what matters",
    arguments: [
      (0.041, "0.04 s"), (0.4, "0.4 s"), (2.14, "2.1 s"), (9.96, "10 s"), (99.4, "99 s"),
      (125, "2 min 05 s"), (3599.7, "1 h 00 min"), (7320, "2 h 02 min"), (-1, "0.00 s"),
      (Double.infinity, "?"), (Double.nan, "?"),
    ])
  func durations(seconds: Double, text: String) {
    #expect(Format.seconds(seconds) == text)
  }

  @Test("Counts and bytes are grouped")
  func counts() {
    #expect(
      [0, 999, 1000, 25_000, 1_234_567, -1000].map(Format.grouped)
        == ["0", "999", "1,000", "25,000", "1,234,567", "−1,000"])
    #expect(Format.bytes(212_400_000) == "212 MB")
    #expect(Format.bytes(1_250_000_000) == "1.2 GB")
  }

  @Test("Seeds are compared by mean, deviation and p-value")
  func comparisonOfSeeds() {
    let comparison = SeedComparison(
      of: "test accuracy",
      [
        ("16 units", [0.883, 0.885, 0.884]), ("32 units", [0.883, 0.8815, 0.884]),
        ("4 units", [0.86, 0.861, 0.863]), ("once", [0.9]),
      ])
    #expect(
      comparison.table.text == """
        configuration  runs  test accuracy    ± sd  difference       p  beyond seed noise?
        ─────────────  ────  ─────────────  ──────  ──────────  ──────  ──────────────────
        16 units          3         0.8840  0.0010                      compared with
        32 units          3         0.8828  0.0013     −0.0012   0.280  no
        4 units           3         0.8613  0.0015     −0.0227  <0.001  yes
        once              1         0.9000       –     +0.0160       –  too few runs
        """)
    #expect(SeedComparison(of: "x", []).table.rows.isEmpty)
    // No power of ten among decimals.
    let alike = SeedComparison(
      of: "x", [("a", [0.884, 0.883]), ("b", [0.88399, 0.88299]), ("c", [12.5, 13])])
    #expect(alike.table.rows.map { $0[4] } == ["", "−0.0000", "+11.87"])
  }
}
