import DeepLearning
import Foundation
import Testing

@testable import DataFiles
@testable import Datasets

@Suite("Boston housing")
struct BostonTests {
  private struct Expected: Decodable {
    let order: [Int32]
    let mean: [Float]
    let deviation: [Float]
    let firstTestRow: [Float]
  }

  private let folder: TemporaryFolder
  private let root: String

  init() throws {
    folder = try TemporaryFolder()
    root = checkout
  }

  private func load() throws -> (train: Houses, test: Houses) {
    try BostonHousing.load(
      from: DataLocation(folder: folder.path, environment: [:], start: root), report: { _ in })
  }

  @Test("The shipped rows come out in the book's order and cut, whatever --data says")
  func book() throws {
    let (train, test) = try load()
    #expect(train.count == 404 && test.count == 102)
    #expect(train.x.shape == [404, 13] && train.y.shape == [404])
    #expect(train.y.scalars.prefix(5) == [15.2, 42.3, 50.0, 21.1, 17.7])
    #expect(train.y.scalars.suffix(3) == [19.4, 19.4, 29.1])
    #expect(train.featureNames.count == 13 && train.units.count == 13)
    #expect(train.featureNames[5] == "RM" && train.origin.kind == .official)
    let expected = try decoded("boston-expected.json", as: Expected.self)
    let table = try BostonHousing.table(ofCSV: root + "/data/boston_housing.csv")
    let prices = expected.order.map { Float(table.prices[Int($0)]) }
    #expect(train.y.scalars + test.y.scalars == prices)
  }

  @Test("Keras' file goes before the shipped rows and holds the same numbers")
  func archive() throws {
    let shipped = try load()
    try folder.copy("boston_housing.npz")
    let official = try load()
    #expect(official.train.origin.detail.contains("boston_housing.npz"))
    #expect(official.train.x == shipped.train.x && official.test.x == shipped.test.x)
    #expect(official.train.y == shipped.train.y && official.test.y == shipped.test.y)
  }

  @Test("Columns are scaled by mean and deviation of the training part, as NumPy does")
  func standardized() throws {
    let expected = try decoded("boston-expected.json", as: Expected.self)
    let (train, test) = try load()
    let scaled = train.standardized(by: train)
    for column in 0..<13 {
      let values = stride(from: column, to: 404 * 13, by: 13).map { Double(scaled.x.scalars[$0]) }
      let mean = values.reduce(0, +) / 404
      let square = values.reduce(0) { $0 + $1 * $1 } / 404
      #expect(abs(mean) < 1e-6 && abs(square - 1) < 1e-5)
    }
    let row = test.standardized(by: train).x.scalars.prefix(13)
    for (here, numpy) in zip(row, expected.firstTestRow) {
      #expect(abs(here - numpy) < 1e-5 * (1 + abs(numpy)))
    }
    #expect(scaled.y == train.y && scaled.count == 404)
    // A column that never changes is shifted, not divided by 0.
    let one = train.split(at: 1).head
    #expect(one.standardized(by: one).x.scalars == [Float](repeating: 0, count: 13))
  }

  @Test("Parts keep their rows")
  func split() throws {
    let train = try load().train
    let (head, tail) = train.split(at: 101)
    #expect(head.count == 101 && tail.count == 303)
    #expect(head.x.scalars + tail.x.scalars == train.x.scalars)
    #expect(head.y.scalars + tail.y.scalars == train.y.scalars)
  }

  @Test("A table cut off anywhere is refused by name")
  func truncated() throws {
    let whole = try [UInt8](
      Data(contentsOf: URL(fileURLWithPath: root + "/data/boston_housing.csv")))
    for length in sampledLengths(whole.count) {
      let path = try folder.write(Array(whole[..<length]), as: "houses.csv")
      #expect(sentence { _ = try BostonHousing.table(ofCSV: path) }.contains(path), "\(length)")
    }
  }

  @Test("Tables with other columns, rows or numbers are refused")
  func tables() throws {
    let text = try String(contentsOfFile: root + "/data/boston_housing.csv", encoding: .utf8)
    let last = "0.04741,0,11.93,0,0.573,6.03,80.8,2.505,1,273,21,396.9,7.88,11.9\n"
    #expect(text.hasSuffix(last))
    let cases = [
      (text.replacingOccurrences(of: "LSTAT,MEDV", with: "MEDV,LSTAT"), "columns CRIM"),
      (text + last, "row 508: there should be 506 rows"),
      (text.replacingOccurrences(of: last, with: ""), "holds 505"),
      (text.replacingOccurrences(of: "7.88,11.9\n", with: "7.88\n"), "row 507"),
      (text.replacingOccurrences(of: "80.8,2.505", with: "old,2.505"), "AGE is \"old\""),
      (text.replacingOccurrences(of: "80.8,2.505", with: ",2.505"), "AGE is \"\""),
      (text.replacingOccurrences(of: "80.8,2.505", with: "nan,2.505"), "not finite"),
      (text.replacingOccurrences(of: "80.8,2.505", with: "1e300,2.505"), "not finite"),
    ]
    for (table, word) in cases {
      let path = try folder.write(table, as: "houses.csv")
      let refusal = sentence { _ = try BostonHousing.table(ofCSV: path) }
      #expect(refusal.contains(word) && refusal.contains(path), "\(refusal)")
    }
  }

  @Test("Archives with other types or shapes are refused, damaged ones too")
  func archives() throws {
    let number = [UInt8](repeating: 0, count: 8)
    let cases: [([UInt8], [UInt8], String)] = [
      (
        numPyFile("<f8", [1, 13], Array(repeating: 0, count: 104)), numPyFile("<f8", [1], number),
        "506"
      ),
      (numPyFile("<f4", [1, 2], number), numPyFile("<f8", [1], number), "<f8"),
      (numPyFile("<f8", [1], number), numPyFile("<f8", [1], number), "shape"),
    ]
    for (x, y, word) in cases {
      try folder.write(storedZip([("x.npy", x), ("y.npy", y)]), as: "boston_housing.npz")
      #expect(sentence { _ = try load() }.contains(word))
    }
    let whole = try bytes(of: "boston_housing.npz")
    for length in sampledLengths(whole.count) where length % 5 == 0 {
      try folder.write(Array(whole[..<length]), as: "boston_housing.npz")
      #expect(sentence { _ = try load() }.contains(folder.path + "/boston_housing.npz"))
    }
  }

  @Test("A copy in the data folder serves where no checkout is near; nothing at all is an error")
  func outside() throws {
    var location = try DataLocation(folder: folder.path, environment: [:], start: "/")
    location.shipped = nil
    #expect(
      sentence { _ = try BostonHousing.load(from: location, report: { _ in }) }
        .contains("inside the checkout"))
    let rows = try Data(contentsOf: URL(fileURLWithPath: root + "/data/boston_housing.csv"))
    try folder.write([UInt8](rows), as: "boston_housing.csv")
    #expect(try BostonHousing.load(from: location, report: { _ in }).test.count == 102)
  }
}
