/// Dates of the calendar as minutes.
enum CivilTime {
  /// The minutes from the beginning of 1970 to a moment; nil if there is no such moment in the years 1900 to 2999.
  static func minutes(
    _ year: Int, _ month: Int, _ day: Int, hour: Int, minute: Int
  ) -> Int32? {
    guard (1900...2999).contains(year), (1...12).contains(month), day >= 1,
      day <= monthLengths[month - 1] + (month == 2 && isLeap(year) ? 1 : 0),
      (0...23).contains(hour), (0...59).contains(minute)
    else { return nil }
    // Years that begin in March have their leap day at their end.
    let shifted = month > 2 ? year : year - 1
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let days = 365 * shifted + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear
    return Int32((days - daysBefore1970) * 1440 + hour * 60 + minute)
  }

  /// The same sum for the first of January 1970, whose year begins in March 1969.
  private static let daysBefore1970 = 365 * 1969 + 1969 / 4 - 1969 / 100 + 1969 / 400 + 306
  private static let monthLengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

  private static func isLeap(_ year: Int) -> Bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
  }
}
