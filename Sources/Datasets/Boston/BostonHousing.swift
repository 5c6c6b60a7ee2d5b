import DataFiles
import Foundation

/// House prices around Boston, 1970 (book section 3.6): 506 districts, 13 facts about each, and the
/// median price of a home.
///
/// The data (Harrison and Rubinfeld 1978) holds a column about the share of Black inhabitants that
/// its authors built on the assumption that segregation raises prices; `data/boston_housing.md` says
/// more. It is here to follow the book, not to price homes.
public enum BostonHousing {
  static let name = "Boston housing"
  /// The seed of Keras' shuffle.
  static let shuffleSeed: UInt32 = 113
  /// The number of districts.
  static let districts = 506

  /// The columns of the data, in its order.
  static let featureNames = [
    "CRIM", "ZN", "INDUS", "CHAS", "NOX", "RM", "AGE", "DIS", "RAD", "TAX", "PTRATIO", "B", "LSTAT",
  ]

  /// What the columns are measured in.
  static let units = [
    "crimes per inhabitant", "% of residential land in lots over 25,000 sq ft",
    "% of land in non-retail business", "1 at the Charles River, else 0",
    "parts of nitric oxides per 10 million", "rooms per home", "% of homes built before 1940",
    "weighted distance to five employment centres", "index of access to radial highways",
    "$ of property tax per $10,000", "pupils per teacher",
    "1000 (share of Black inhabitants - 0.63)^2", "% of inhabitants of lower status",
  ]

  /// Loads the districts: 404 for training and 102 for testing, in the book's order.
  ///
  /// Keras' file `boston_housing.npz` is taken if it is in the data folders, else the table that
  /// comes with the project; both hold the same numbers.
  ///
  /// - Parameters:
  ///   - location: where data lies; by default as `DLWP_DATA` or the checkout tell.
  ///   - report: receives a line about what was found; standard error by default.
  /// - Throws: `DataError` if the data is missing or damaged.
  public static func load(
    from location: DataLocation? = nil,
    report: @escaping @Sendable (String) -> Void = standardErrorLine
  ) throws -> (train: Houses, test: Houses) {
    let location = try location ?? DataLocation()
    let table: Table
    let detail: String
    let path: String
    if let found = location.find("boston_housing.npz") {
      (table, detail, path) = (try self.table(ofArchive: found), "Keras' boston_housing.npz", found)
    } else if let found = shippedTable(in: location) {
      path = found
      table = try self.table(ofCSV: path)
      detail = "The \(districts) rows that come with the project"
    } else {
      let folder = location.downloads ?? location.folders.first ?? "data"
      throw DataError(
        "There is no data/boston_housing.csv, which comes with the project: start the program inside "
          + "the checkout, or put Keras' boston_housing.npz into \(folder).")
    }
    // Keras shuffles everything and takes the first four fifths for training.
    var random = LegacyNumPyRandom(seed: shuffleSeed)
    let order = random.permutation(districts)
    let cut = Int(Double(districts) * 0.8)
    let origin = location.checked(
      DataOrigin(
        name: name, kind: .otherContent,
        detail: "\(detail), in the book's order and cut (NumPy shuffle, seed \(shuffleSeed)).",
        trainSamples: cut, testSamples: districts - cut),
      as: "boston", readFrom: [], fingerprint: { table.fingerprint })
    report("\(name) (\(origin.kind.rawValue)): \(origin.detail) Read from \(path).")
    return (
      Houses(table, rows: order[..<cut], origin: origin),
      Houses(table, rows: order[cut...], origin: origin)
    )
  }

  private static func shippedTable(in location: DataLocation) -> String? {
    let own = location.shipped.map { $0 + "/boston_housing.csv" }
    let present = own.flatMap { FileManager.default.fileExists(atPath: $0) ? $0 : nil }
    return present ?? location.find("boston_housing.csv")
  }

  /// All districts in the order of the files.
  struct Table: Equatable {
    /// Row by row, 13 numbers in each.
    let features: [Double]
    /// Median prices in thousands of dollars.
    let prices: [Double]

    /// The SHA-256 of facts and prices, in the order of the files.
    var fingerprint: String {
      SHA256.of {
        $0.add(features)
        $0.add(prices)
      }
    }

    /// - Parameter name: what the source is called in error messages.
    init(features: [Double], prices: [Double], name: String) throws {
      guard prices.count == districts, features.count == districts * featureNames.count else {
        throw DataError(
          "\(name) should hold \(districts) districts, and holds \(prices.count); fetch it again.")
      }
      // Float holds what Keras computes with; what does not fit it would become infinite.
      guard (features + prices).allSatisfy({ Float($0).isFinite }) else {
        throw DataError("\(name) is damaged: some of its numbers are not finite; fetch it again.")
      }
      (self.features, self.prices) = (features, prices)
    }
  }

  /// Reads `boston_housing.npz`.
  static func table(ofArchive path: String) throws -> Table {
    let archive = try NumPyArchive(path: path, limit: 1 << 24)
    let (x, y) = (try archive.array("x"), try archive.array("y"))
    guard case .double(let features) = x.elements, case .double(let prices) = y.elements,
      x.shape == [prices.count, featureNames.count], y.shape.count == 1
    else {
      throw DataError(
        "\(path) should hold x of shape [\(districts), 13] and y of shape [\(districts)], both <f8; "
          + "fetch it again.")
    }
    return try Table(features: features, prices: prices, name: path)
  }

  /// Reads the table that comes with the project: a heading, then 13 columns and the price.
  static func table(ofCSV path: String) throws -> Table {
    let columns = featureNames + ["MEDV"]
    let file = try InputFile(path: path)
    // A last number cut short would still be a number.
    guard file.size > 0, try file.read(1, at: file.size - 1) == [10] else {
      throw DataError("\(path) is truncated: its last line does not end; restore it.")
    }
    let table = CSVReader(FileStream(file), rowLimit: 1 << 12)
    guard try table.next(), (0..<table.fieldCount).map(table.string) == columns else {
      throw DataError(
        "\(path) should be a table with the columns \(columns.joined(separator: ",")).")
    }
    var (features, prices) = ([Double](), [Double]())
    while try table.next() {
      guard table.fieldCount == columns.count, prices.count < districts else {
        throw DataError(
          "\(path), row \(table.row): there should be \(districts) rows of \(columns.count) numbers."
        )
      }
      for column in columns.indices {
        guard let value = Double(table.string(column)) else {
          throw DataError(
            "\(path), row \(table.row): \(columns[column]) is \"\(table.string(column).prefix(20))\""
              + ", which is not a number.")
        }
        if column < featureNames.count { features.append(value) } else { prices.append(value) }
      }
    }
    return try Table(features: features, prices: prices, name: path)
  }
}
