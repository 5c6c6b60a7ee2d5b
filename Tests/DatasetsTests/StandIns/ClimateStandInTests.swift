import DeepLearning
import Foundation
import Testing

@testable import Datasets

@Suite("The made-up climate")
struct ClimateStandInTests {
  private static let years = StandInClimate.record(rows: 160_000)

  private func column(_ name: String) throws -> [Double] {
    let record = Self.years
    let index = try #require(record.variables.firstIndex { $0.name == name })
    return record.column(index).map(Double.init)
  }

  private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

  @Test("It is the same every time; fewer rows are the first of more")
  func prefix() {
    let few = StandInClimate.record(rows: 700)
    #expect(few.table.scalars == Array(Self.years.table.scalars.prefix(700 * 14)))
    #expect(few.minutes.first == 20_512_810 && few.minutes.last == 20_512_810 + 6_990)
    #expect(few.origin.kind == .standIn && few.variables.map(\.name).count == 14)
  }

  @Test("Variables obey the formulas that tie them together")
  func physics() throws {
    let names = [
      "p", "T", "Tpot", "Tdew", "rh", "VPmax", "VPact", "VPdef", "sh", "H2OC", "rho", "wv",
      "max. wv", "wd",
    ]
    let columns = try names.map(column)
    for row in stride(from: 0, to: 160_000, by: 997) {
      let values = Dictionary(uniqueKeysWithValues: zip(names, columns.map { $0[row] }))
      func value(_ name: String) -> Double { values[name] ?? .nan }
      #expect(abs(value("VPmax") - value("VPact") - value("VPdef")) < 1e-4)
      #expect(abs(value("rh") - 100 * value("VPact") / value("VPmax")) < 1e-2)
      #expect(value("rh") > 0 && value("rh") <= 100 && value("Tdew") <= value("T"))
      #expect(abs(value("H2OC") - 1000 * value("VPact") / value("p")) < 1e-2)
      #expect(value("max. wv") > value("wv") && value("wv") > 0)
      #expect(value("wd") >= 0 && value("wd") <= 360)
      #expect((900...1_080).contains(value("p")) && (-40...45).contains(value("T")))
      // The ideal gas with a little vapour in it.
      let dry = 100_000 * value("p") / (287.05 * (value("T") + 273.15))
      #expect(value("rho") < dry && value("rho") > 0.96 * dry)
      #expect(
        abs(value("Tpot") - (value("T") + 273.15) * pow(1000 / value("p"), 0.286)) < 1e-2)
    }
  }

  @Test("There are seasons and days")
  func cycles() throws {
    let temperatures = try column("T")
    let perDay = 144
    func month(_ first: Int) -> Double {
      mean(Array(temperatures[first * perDay..<(first + 30) * perDay]))
    }
    #expect(month(190) - month(10) > 12)
    func hour(_ hour: Int) -> Double {
      mean((0..<1_000).map { temperatures[$0 * perDay + 6 * hour] })
    }
    #expect(hour(14) - hour(4) > 2)
  }

  @Test("Pressure and wind tell how the temperature will change: that is what there is to learn")
  func planted() throws {
    let temperatures = try column("T")
    let (speeds, directions) = (try column("wv"), try column("wd"))
    let rows = Array(stride(from: 0, to: 159_000, by: 13))
    // Wind from the south, and the change over a day.
    let south = rows.map { -speeds[$0] * cos(directions[$0] * .pi / 180) }
    let change = rows.map { temperatures[$0 + 144] - temperatures[$0] }
    let (a, b) = (mean(south), mean(change))
    func product(_ x: [Double], _ y: [Double]) -> Double { mean(zip(x, y).map { $0 * $1 }) }
    let (x, y) = (south.map { $0 - a }, change.map { $0 - b })
    let correlation = product(x, y) / (product(x, x) * product(y, y)).squareRoot()
    #expect(correlation > 0.3, "\(correlation)")
  }
}
