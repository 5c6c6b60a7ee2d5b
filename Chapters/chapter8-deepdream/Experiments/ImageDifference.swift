import Images

/// How far two images of one size are apart.
struct ImageDifference {
  /// The mean difference of a colour, in grey levels.
  private(set) var mean = 0.0
  /// The same, of the pixels next to a border only.
  private(set) var atBorder = 0.0

  private static let border = 8

  init(_ first: Image, _ second: Image) {
    let (width, height) = (first.width, first.height)
    var (sum, outerSum, outerCount) = (0, 0, 0)
    for row in 0..<height {
      for column in 0..<width {
        let start = (row * width + column) * 3
        let difference = (start..<start + 3).reduce(0) {
          $0 + abs(Int(first.pixels[$1]) - Int(second.pixels[$1]))
        }
        sum += difference
        if min(row, column, height - 1 - row, width - 1 - column) < Self.border {
          (outerSum, outerCount) = (outerSum + difference, outerCount + 3)
        }
      }
    }
    mean = Double(sum) / Double(width * height * 3)
    atBorder = Double(outerSum) / Double(outerCount)
  }
}

extension Image {
  /// The mean difference between neighbours in a row, in grey levels.
  var roughness: Double {
    var sum = 0
    for row in 0..<height {
      for index in row * width * 3..<((row + 1) * width - 1) * 3 {
        sum += abs(Int(pixels[index + 3]) - Int(pixels[index]))
      }
    }
    return Double(sum) / Double(max(height * (width - 1) * 3, 1))
  }
}
