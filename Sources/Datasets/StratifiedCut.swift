import DataFiles

/// Cuts samples into a part for training and one for testing, in which every class has about the
/// same share: after a seeded shuffle, every fifth sample of each class is for testing.
///
/// For sources that have no test half of their own.
///
/// - Parameters:
///   - labels: the class of each sample, below `classes`.
///   - classes: the number of classes.
///   - seed: of the NumPy shuffle that gives both parts their order.
///   - name: what the source is called in error messages.
/// - Throws: `DataError` if a class has fewer than five samples.
func stratifiedCut(
  _ labels: [Int32], classes: Int, seed: UInt32, name: String
) throws -> (train: [Int32], test: [Int32]) {
  var random = LegacyNumPyRandom(seed: seed)
  var seen = [Int](repeating: 0, count: classes)
  var train = [Int32]()
  var test = [Int32]()
  for sample in random.permutation(labels.count) {
    let label = Int(labels[Int(sample)])
    seen[label] += 1
    if seen[label] % 5 == 0 { test.append(sample) } else { train.append(sample) }
  }
  guard seen.allSatisfy({ $0 >= 5 }) else {
    throw DataError(
      "\(name) is not whole: of each class it should hold at least 5 samples; fetch it again.")
  }
  return (train, test)
}
