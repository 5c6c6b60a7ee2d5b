/// What the book's notebook prints: the loss before each step, in three sizes of the author's photograph.
enum BookLog {
  static let sides = [178, 250, 350]
  static let losses: [[Double]] = [
    [
      0.672, 1.083, 1.544, 2.064, 2.600, 3.174, 3.676, 4.268, 4.818, 5.267, 5.844, 6.309, 6.713,
      7.289, 7.782, 8.232, 8.691, 9.174, 9.521, 9.941,
    ],
    [2.177, 3.443, 4.495, 5.333, 6.178, 6.954, 7.669, 8.275, 8.945, 9.610],
    [2.312, 3.526, 4.668, 5.769, 7.025, 8.363, 9.985],
  ]
}
