import Datasets
import Figures
import Gallery

extension Chapter3Reuters {
  /// Which of the most frequent topics are taken for which.
  func showConfusion(of guesses: [Int], on test: Newswires, _ run: ChapterRun) {
    var counts = [Int](repeating: 0, count: test.topicCount)
    for label in test.labels { counts[Int(label)] += 1 }
    let frequent = counts.indices.sorted { counts[$0] > counts[$1] }.prefix(12).filter {
      counts[$0] > 0
    }
    var shares = [[Double]](
      repeating: [Double](repeating: 0, count: frequent.count), count: frequent.count)
    for (label, guess) in zip(test.labels, guesses) {
      guard let row = frequent.firstIndex(of: Int(label)),
        let column = frequent.firstIndex(of: guess)
      else { continue }
      shares[row][column] += 1 / Double(counts[Int(label)])
    }
    let names = frequent.map { test.topics[$0] }
    run.add(
      HeatMap(
        title: "What the most frequent topics are taken for",
        x: "What the network says", y: "True topic", rows: names, columns: names,
        values: shares, format: .percent), as: "confusion")
  }
}
