/// A colour of a chart: red, green and blue from 0 to 255.
public struct Color: Sendable, Equatable {
  let red: UInt8
  let green: UInt8
  let blue: UInt8
  /// From 0 (invisible) to 1; only the drawing code fades colours.
  var opacity = 1.0

  /// Makes a colour from its red, green and blue parts.
  public init(red: UInt8, green: UInt8, blue: UInt8) {
    self.red = red
    self.green = green
    self.blue = blue
  }

  func faded(to opacity: Double) -> Color {
    var copy = self
    copy.opacity = opacity
    return copy
  }

  /// The first colour of a chart.
  public static let blue = Color(red: 0, green: 114, blue: 178)
  /// The second colour of a chart.
  public static let vermilion = Color(red: 213, green: 94, blue: 0)
  /// The third colour of a chart.
  public static let green = Color(red: 0, green: 158, blue: 115)
  /// The fourth colour of a chart.
  public static let purple = Color(red: 182, green: 87, blue: 148)
  /// The fifth colour of a chart.
  public static let orange = Color(red: 230, green: 159, blue: 0)
  /// The sixth colour of a chart.
  public static let sky = Color(red: 86, green: 180, blue: 233)
  /// The seventh colour of a chart, also that of vertical markers.
  public static let gray = Color(red: 90, green: 90, blue: 90)

  /// Told apart with every common kind of colour blindness (after Okabe and Ito's set; the yellow
  /// is left out because a projector cannot show it on white).
  static let palette: [Color] = [.blue, .vermilion, .green, .purple, .orange, .sky, .gray]

  static let white = Color(red: 255, green: 255, blue: 255)
  static let text = Color(red: 34, green: 34, blue: 34)
  static let quietText = Color(red: 85, green: 85, blue: 85)
  static let axis = Color(red: 85, green: 85, blue: 85)
  static let grid = Color(red: 228, green: 228, blue: 228)
}
