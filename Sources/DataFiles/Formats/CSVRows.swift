/// Small tables of comma-separated values that are read as a whole.
public enum CSVRows {
  /// Reads the rows of a file, each as its fields.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - limit: the most bytes that it may have.
  /// - Throws: `DataError` if it cannot be read, is longer, or is no such table.
  public static func read(path: String, limit: Int) throws -> [[String]] {
    let bytes = try InputFile(path: path).readAll(limit: limit)
    let table = CSVReader(MemoryStream(bytes, name: path))
    var rows = [[String]]()
    while try table.next() { rows.append((0..<table.fieldCount).map(table.string)) }
    return rows
  }

  /// A row as it stands in a file, without the line's end: fields that need it are put into quotes.
  public static func line(_ fields: [String]) -> String {
    fields.map { field in
      let needsQuotes = field.contains { $0 == "," || $0 == "\"" || $0.isNewline }
      return needsQuotes ? "\"\(field.replacing("\"", with: "\"\""))\"" : field
    }.joined(separator: ",")
  }
}
