import Gallery

/// The losses of a run beside the book's.
enum BookResults {
  /// What the book's notebook prints: the loss before each step, at three sizes of the author's photograph.
  static let octaves: [(side: Int, losses: [Double])] = [
    (
      178,
      [
        0.672, 1.083, 1.544, 2.064, 2.600, 3.174, 3.676, 4.268, 4.818, 5.267, 5.844, 6.309, 6.713,
        7.289, 7.782, 8.232, 8.691, 9.174, 9.521, 9.941,
      ]
    ),
    (250, [2.177, 3.443, 4.495, 5.333, 6.178, 6.954, 7.669, 8.275, 8.945, 9.610]),
    (350, [2.312, 3.526, 4.668, 5.769, 7.025, 8.363, 9.985]),
  ]

  /// Adds the table and the numbers to the record of a run.
  static func compare(_ dream: DreamRun, in run: ChapterRun) {
    var table = ResultTable([
      ("size", .left), ("steps", .right), ("loss", .left), ("book's size", .left),
      ("steps", .right), ("loss", .left),
    ])
    for (index, octave) in dream.octaves.enumerated() {
      let book = index < octaves.count ? octaves[index] : nil
      let losses = octave.losses.map { Double($0) }
      table.add(
        ["\(octave.width) x \(octave.height)", "\(losses.count)", range(losses)]
          + (book.map { ["\($0.side) x \($0.side)", "\($0.losses.count)", range($0.losses)] } ?? [])
      )
      guard let first = losses.first, let last = losses.last else { continue }
      let size = "size \(index + 1)"
      run.result(
        "\(size): loss at the start", book: book?.losses.first, here: first, better: .higher)
      run.result("\(size): loss at the end", book: book?.losses.last, here: last, better: .higher)
      run.result(
        "\(size): steps", book: book.map { Double($0.losses.count) }, here: Double(losses.count),
        better: .higher)
    }
    run.add(table, titled: "Losses; the book's are of another photograph")
  }

  private static func range(_ losses: [Double]) -> String {
    guard let first = losses.first, let last = losses.last else { return "–" }
    return "\(ResultTable.number(first)) to \(ResultTable.number(last))"
  }
}
