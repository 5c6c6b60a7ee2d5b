import DataFiles
import DeepLearning
import Dispatch
import Foundation

/// A made-up climate for machines that have neither the data nor a network.
///
/// Lows and highs pass in about six days, as a swing that random pushes keep going. Ahead of a low the wind blows
/// from the south and brings warm air, behind it from the north: pressure, wind and cloud thus tell how the
/// temperature will change. To this come the seasons, days that are warmer than nights (less so under clouds), and
/// gusts and flickers that nobody can foresee. Humidity, vapour pressures, density and the like follow from
/// temperature, dew point and pressure by the formulas of physics, as in the real station's table.
enum StandInClimate {
  /// The steps of ten minutes in a day.
  private static let day = 144.0
  /// The first of January 2009, ten past midnight.
  private static let firstMinute: Int32 = 20_512_810

  /// So many rows of ten minutes. Fewer rows are the first of more.
  static func record(rows: Int) -> ClimateRecord {
    let weather = drawn(rows)
    let width = Climate.variables.count
    let table = Tensor(shape: [rows, width]) { table in
      nonisolated(unsafe) let table = table
      DispatchQueue.concurrentPerform(iterations: 8) { piece in
        for row in (rows * piece / 8)..<(rows * (piece + 1) / 8) {
          let values = weather[row].measurements
          for column in 0..<width { table[row * width + column] = Float(values[column]) }
        }
      }
    }
    return ClimateRecord(
      DataOrigin(
        name: Climate.name, kind: .standIn,
        detail:
          "A climate generated from seasons, days, passing lows and chance, not that of Jena.",
        trainSamples: 0, testSamples: 0),
      Climate.variables, table, minutes: (0..<rows).map { firstMinute + Int32(10 * $0) },
      minutesPerRow: 10, stretches: [0..<rows])
  }

  /// What the rest follows from, at one moment.
  private struct Weather {
    /// Pressure in mbar, temperature and dew point in degrees Celsius.
    var pressure = 0.0
    var temperature = 0.0
    var dewPoint = 0.0
    /// The wind in m/s towards east and north, its mean and its gusts.
    var east = 0.0
    var north = 0.0
    var speed = 0.0
    var gust = 0.0

    /// The columns of the table.
    var measurements: [Double] {
      let saturation = Self.vapourPressure(temperature)
      let vapour = min(saturation, Self.vapourPressure(dewPoint))
      let kelvin = temperature + 273.15
      let specific = 0.622 * vapour / (pressure - 0.378 * vapour)
      // The direction that the wind comes from, clockwise from north.
      let direction = atan2(-east, -north) * 180 / .pi
      return [
        pressure, temperature, kelvin * pow(1000 / pressure, 0.286), dewPoint,
        100 * vapour / saturation, saturation, vapour, saturation - vapour, 1000 * specific,
        1000 * vapour / pressure, 100_000 * pressure / (287.05 * kelvin * (1 + 0.608 * specific)),
        speed, gust, direction < 0 ? direction + 360 : direction,
      ]
    }

    /// The pressure of saturated vapour over water in mbar (Magnus' formula).
    private static func vapourPressure(_ temperature: Double) -> Double {
      6.1078 * exp(17.08085 * temperature / (234.175 + temperature))
    }
  }

  /// Noise with a memory: it forgets two thirds of itself in its time.
  private struct Drift {
    private let keep: Double
    private let push: Double
    private(set) var value = 0.0

    /// - Parameters:
    ///   - days: how long it remembers.
    ///   - deviation: its standard deviation.
    init(days: Double, deviation: Double) {
      keep = exp(-1 / (days * day))
      push = deviation * (1 - keep * keep).squareRoot()
    }

    mutating func advance(_ noise: Double) { value = keep * value + push * noise }
  }

  /// The weather, step after step.
  private static func drawn(_ rows: Int) -> [Weather] {
    var random = NormalNumbers(seed: 2009)
    // The swing of pressure: its place and its speed, both of about unit size.
    var (low, fall) = (0.0, 0.0)
    let (frequency, damping) = (2 * Double.pi / (6 * day), 0.3)
    let push = (4 * damping * frequency).squareRoot()
    var (south, west) = (Drift(days: 0.8, deviation: 1.4), Drift(days: 1.2, deviation: 2.2))
    var sky = Drift(days: 0.6, deviation: 1)
    var (flicker, gustiness) = (
      Drift(days: 0.05, deviation: 0.35), Drift(days: 0.02, deviation: 0.35)
    )
    var dryness = Drift(days: 1, deviation: 0.9)
    var (air, ground) = (Drift(days: 3, deviation: 1.5), 0.0)

    return (0..<rows).map { row in
      // First the speed, then with it the place, so that the swing neither grows nor dies.
      fall += -frequency * low - 2 * damping * frequency * fall + push * random.next()
      low += frequency * fall
      south.advance(random.next())
      west.advance(random.next())
      sky.advance(random.next())
      flicker.advance(random.next())
      gustiness.advance(random.next())
      dryness.advance(random.next())
      air.advance(random.next())
      let north = 2.4 * fall + south.value
      // Air from the south warms by and by, and what it brought is forgotten in three days.
      ground += (1.5 * north - ground / 3) / day
      let year = 2 * Double.pi * (Double(row + 1) / day - 20) / 365.2425
      let hour = 2 * Double.pi * (Double((row + 1) % 144) / day)
      let season = -cos(year)
      let cloud = 1 / (1 + exp(-(1.2 * sky.value + 1.1 * low - 0.2)))
      let daily = (2.6 + 2.2 * season) * (1.25 - cloud) * -cos(hour - 0.6)
      var weather = Weather()
      weather.temperature = 9.2 + 9.3 * season + ground + air.value + daily + flicker.value
      weather.dewPoint =
        weather.temperature - 0.3
        - log1p(exp(3.8 + 1.6 * season - 3.2 * cloud + 0.55 * daily + dryness.value))
      weather.pressure = 989 - 8 * low + 0.15 * flicker.value
      weather.east = 1.2 + west.value + 0.8 * low
      weather.north = north
      let wind = (weather.east * weather.east + north * north).squareRoot()
      weather.speed = 0.55 * wind * exp(gustiness.value) + 0.1
      weather.gust = weather.speed * (1.45 + 0.2 * exp(gustiness.value)) + 0.2
      return weather
    }
  }
}

/// Numbers from the standard normal distribution (Box and Muller, 1958), two at a time.
private struct NormalNumbers {
  private var random: SplitMix
  private var spare: Double?

  init(seed: UInt64) { random = SplitMix(state: seed) }

  mutating func next() -> Double {
    if let spare {
      self.spare = nil
      return spare
    }
    let radius = (-2 * log(1 - random.fraction())).squareRoot()
    let angle = 2 * Double.pi * random.fraction()
    spare = radius * sin(angle)
    return radius * cos(angle)
  }
}
