import Foundation

/// Colours from a pale to a dark blue that look evenly spaced.
///
/// The lightness and the blueness of the OKLab colour space (B. Ottosson, 2020) fall and rise
/// evenly, so that equal differences of value look like equal differences of colour, also in grey
/// print and with every kind of colour blindness.
enum Ramp {
  /// The colour at a place from 0 (pale) to 1 (dark).
  static func color(at place: Double) -> Color {
    let place = min(max(place, 0), 1)
    let lightness = 0.965 - 0.635 * place
    // Most colourful in the middle: neither a very pale nor a very dark blue can be shown vivid.
    let chroma = 0.012 + 0.118 * sin(.pi * pow(place, 0.85) * 0.8)
    let hue = (243 + 17 * place) * .pi / 180
    return color(lightness: lightness, a: chroma * cos(hue), b: chroma * sin(hue))
  }

  /// From OKLab to sRGB, with the matrices of the colour space's definition.
  private static func color(lightness: Double, a: Double, b: Double) -> Color {
    let long = pow(lightness + 0.3963377774 * a + 0.2158037573 * b, 3)
    let medium = pow(lightness - 0.1055613458 * a - 0.0638541728 * b, 3)
    let short = pow(lightness - 0.0894841775 * a - 1.2914855480 * b, 3)
    return Color(
      red: encoded(4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short),
      green: encoded(-1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short),
      blue: encoded(-0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short))
  }

  /// A linear part of a colour as sRGB stores it (IEC 61966-2-1).
  private static func encoded(_ linear: Double) -> UInt8 {
    let linear = min(max(linear, 0), 1)
    let value = linear <= 0.0031308 ? 12.92 * linear : 1.055 * pow(linear, 1 / 2.4) - 0.055
    return UInt8((value * 255).rounded())
  }
}

extension Color {
  /// The brightness that the eye perceives, 0 to 1 (relative luminance, IEC 61966-2-1).
  var luminance: Double {
    func linear(_ part: UInt8) -> Double {
      let value = Double(part) / 255
      return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
    }
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
  }

  /// How well two colours can be told apart, 1 to 21 (contrast ratio of WCAG 2).
  func contrast(to other: Color) -> Double {
    let (low, high) = (min(luminance, other.luminance), max(luminance, other.luminance))
    return (high + 0.05) / (low + 0.05)
  }

  /// Black or white, whichever is the easier to read on this colour: never a contrast below 4.5.
  var textOnTop: Color {
    let black = Color(red: 0, green: 0, blue: 0)
    return contrast(to: black) >= contrast(to: .white) ? black : .white
  }
}
