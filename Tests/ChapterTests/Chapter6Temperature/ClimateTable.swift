import Foundation

/// A table in the form of the book's file.
enum ClimateTable {
  static let file = "jena_climate_2009_2016.csv"
  static let heading = """
    "Date Time","p (mbar)","T (degC)","Tpot (K)","Tdew (degC)","rh (%)","VPmax (mbar)",\
    "VPact (mbar)","VPdef (mbar)","sh (g/kg)","H2OC (mmol/mol)","rho (g/m**3)","wv (m/s)",\
    "max. wv (m/s)","wd (deg)"
    """

  /// The temperature of a row, with two decimals: a day's course on that of some days.
  static func temperature(_ row: Int) -> Double {
    let value = 8 * sin(Double(row) / 500) + 4 * sin(2 * .pi * Double(row) / 144)
    return (value * 100).rounded() / 100
  }

  /// So many rows.
  static func lines(rows: Int) -> [String] {
    [heading]
      + (0..<rows).map { row in
        let minute = row * 10
        let (day, month) = (minute / 1440 % 28 + 1, minute / 1440 / 28 % 12 + 1)
        let year = 2009 + minute / 1440 / 28 / 12
        let date = String(
          format: "%02d.%02d.%d %02d:%02d:00", day, month, year, minute / 60 % 24, minute % 60)
        let others = (3...14).map { String(format: ",%.2f", Double(row % (7 * $0)) / 10) }.joined()
        return date + String(format: ",%.2f,%.2f", 989.5 + Double(row % 50) / 10, temperature(row))
          + others
      }
  }

  /// The table as bytes.
  static func text(rows: Int) -> [UInt8] {
    Array((lines(rows: rows).joined(separator: "\n") + "\n").utf8)
  }
}
