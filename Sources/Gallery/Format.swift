import Foundation

/// How numbers are written for people.
package enum Format {
  /// About four digits that matter: `0.8846`, `12.35`, `1234`, `3.1e-06`.
  package static func number(_ value: Double) -> String {
    let size = value.magnitude
    guard size.isFinite else { return size.isNaN ? "nan" : value < 0 ? "-inf" : "inf" }
    guard let places = places(value) else { return String(format: "%.1e", value) }
    return decimals(value, places)
  }

  /// How many decimals ``number(_:)`` gives a number; nil where it writes a power of ten or no digits at all.
  static func places(_ value: Double) -> Int? {
    let size = value.magnitude
    guard size == 0 || size >= 0.0001, size < 1e7 else { return nil }
    return size < 10 ? 4 : size < 1000 ? 2 : 0
  }

  /// A number with a fixed count of decimals.
  static func decimals(_ value: Double, _ count: Int) -> String {
    String(format: "%.\(count)f", value)
  }

  /// A number without needless zeros: `0.01`, `25`.
  package static func shortest(_ value: Double) -> String { String(format: "%g", value) }

  /// A count with commas: `25,000`.
  package static func grouped(_ count: Int) -> String {
    var text = String(count.magnitude)
    for place in stride(from: text.count - 3, to: 0, by: -3) {
      text.insert(",", at: text.index(text.startIndex, offsetBy: place))
    }
    return (count < 0 ? "−" : "") + text
  }

  /// A duration: `0.04 s`, `2.1 s`, `34 s`, `2 min 05 s`, `1 h 02 min`.
  package static func seconds(_ value: Double) -> String {
    guard value.isFinite, value < 1e9 else { return "?" }
    if value < 0.0995 { return String(format: "%.2f s", max(0, value)) }
    if value < 9.95 { return String(format: "%.1f s", value) }
    let whole = Int(value.rounded())
    if whole < 100 { return "\(whole) s" }
    if whole < 3600 { return String(format: "%d min %02d s", whole / 60, whole % 60) }
    return String(format: "%d h %02d min", whole / 3600, whole / 60 % 60)
  }

  /// An amount of memory in the decimal unit of memory makers: `212 MB`, `1.3 GB`.
  package static func bytes(_ count: Int) -> String {
    count < 1_000_000_000
      ? "\(Int((Double(count) / 1e6).rounded())) MB"
      : String(format: "%.1f GB", Double(count) / 1e9)
  }
}
