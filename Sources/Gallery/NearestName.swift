/// The name that was probably meant, for "did you mean": the one that becomes the given word with the fewest
/// letters changed, added or left out. Upper and lower case count as the same.
///
/// ```swift
/// nearestName(to: "block5_con1", in: ["block5_conv1", "block5_pool"])  // "block5_conv1"
/// ```
///
/// - Parameters:
///   - word: what was typed.
///   - names: what there is; the first of equally near ones is taken.
/// - Returns: the nearest name; nil if there are none.
public func nearestName(to word: String, in names: [String]) -> String? {
  names.map { (name: $0, distance: distance(word, $0)) }.min { $0.distance < $1.distance }?.name
}

/// How many letters must be changed, added or left out to make one word of the other (Levenshtein, 1965).
private func distance(_ first: String, _ second: String) -> Int {
  // Whoever pastes a whole file does not wait for its every letter.
  let (first, second) = (letters(first), letters(second))
  var row = Array(0...second.count)
  for (i, letter) in first.enumerated() {
    var diagonal = row[0]
    row[0] = i + 1
    for (j, other) in second.enumerated() {
      let change = diagonal + (letter == other ? 0 : 1)
      diagonal = row[j + 1]
      row[j + 1] = min(change, row[j] + 1, row[j + 1] + 1)
    }
  }
  return row[second.count]
}

private func letters(_ word: String) -> [Character] { Array(word.prefix(100).lowercased()) }
