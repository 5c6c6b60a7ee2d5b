import ArgumentParser
import DeepLearning
import Foundation

@main
struct Benchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "benchmark",
    abstract: "Time the training loops of the book.")

  @Argument(help: "The workloads to time; all if none is named.")
  var workloads: [String] = []

  @Option(help: "How many epochs to time; the median counts.")
  var epochs = 5

  func validate() throws {
    let known = Workload.all.map(\.name)
    for name in workloads where !known.contains(name) {
      throw ValidationError("There is no workload \(name). Choose from: \(known.joined(separator: ", ")).")
    }
  }

  func run() throws {
    for workload in Workload.all where workloads.isEmpty || workloads.contains(workload.name) {
      var random = RandomGenerator(seed: 1234)
      let (x, y) = workload.data(&random)
      let model = workload.model()
      try model.fit(x, y, epochs: 1, batchSize: workload.batchSize)
      let steps = (workload.samples + workload.batchSize - 1) / workload.batchSize
      var times: [Double] = []
      for _ in 0..<epochs {
        let start = ContinuousClock.now
        try model.fit(x, y, epochs: 1, batchSize: workload.batchSize)
        let d = (ContinuousClock.now - start).components
        times.append((Double(d.seconds) + Double(d.attoseconds) * 1e-18) / Double(steps))
      }
      times.sort()
      print(workload.name, "median", times[times.count / 2] * 1e3, "ms min", times[0] * 1e3)
    }
  }
}
