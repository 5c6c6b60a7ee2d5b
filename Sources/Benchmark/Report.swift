import Foundation

/// A workload's measurements on both sides.
struct Comparison {
  let workload: Workload
  var ours: [Measurement] = []
  var theirs: [Peer: [Measurement]] = [:]
}

/// The result of one side over all rounds.
struct Summary: Encodable {
  let workload: String
  let runner: String
  let software: String
  let batchSize: Int
  let samplesPerEpoch: Int
  let timedEpochs: Int
  let medianMilliseconds: Double
  let bestMilliseconds: Double
  let samplesPerSecond: Double
  /// Arithmetic of the matrix products, inputs counted as if they were dense.
  let gigaflops: Double
  let secondsToFirstStep: Double
  let peakMemoryBytes: Int

  /// Nil if there are no measurements.
  init?(_ measurements: [Measurement], of workload: Workload, by runner: String) {
    guard let last = measurements.last else { return nil }
    let steps = measurements.flatMap(\.stepSeconds)
    let samplesPerStep = Double(last.samples) / Double(last.steps)
    self.workload = workload.name
    self.runner = runner
    software = last.software
    batchSize = last.batchSize
    samplesPerEpoch = last.samples
    timedEpochs = steps.count
    medianMilliseconds = steps.median * 1000
    bestMilliseconds = (steps.min() ?? .nan) * 1000
    samplesPerSecond = samplesPerStep / steps.median
    gigaflops = samplesPerSecond / Double(batchSize) * workload.megaflops / 1000
    secondsToFirstStep = measurements.map(\.secondsToFirstStep).median
    peakMemoryBytes = measurements.map(\.peakMemoryBytes).max() ?? 0
  }
}

/// The circumstances of a run.
struct MachineReport: Encodable {
  let processor: String
  let cores: Int
  let kernels: String
  let loadAverageBefore: Double
  /// The speed of a product of two large matrices, before and after the run.
  let gigaflopsBefore: Double
  let gigaflopsAfter: Double
  /// The share of the machine's processor time that other programs used during the run.
  let shareUsedByOthers: Double?

  var peak: Double { max(gigaflopsBefore, gigaflopsAfter) }

  /// Reasons not to trust the numbers.
  var warnings: [String] {
    var reasons: [String] = []
    if loadAverageBefore >= Double(cores) {
      reasons.append("the load average was \(Text.number(loadAverageBefore)) before the run")
    }
    if let shareUsedByOthers, shareUsedByOthers > 0.05 {
      reasons.append("other programs used \(Text.percent(shareUsedByOthers)) of the processor")
    }
    if abs(gigaflopsBefore - gigaflopsAfter) > 0.15 * peak {
      reasons.append("the machine's own speed changed during the run")
    }
    return reasons
  }
}

/// What a run ends with: one table, then the machine.
struct Report {
  let comparisons: [Comparison]
  let machine: MachineReport
  let missing: [(peer: Peer, reason: String)]

  var text: String {
    let hasPeers = comparisons.contains { !$0.theirs.isEmpty }
    var header = ["workload", "ours ms (best)", "samples/s"]
    header += hasPeers ? ["peer ms (best)", "best peer", "faster"] : []
    header += ["first step s", "peak MB", "GFLOP/s", "of peak"]
    let table = Text.table(
      [header] + comparisons.compactMap { row($0, hasPeers) }, words: hasPeers ? [0, 4] : [0])

    var notes: [String] = []
    if hasPeers {
      notes.append(
        "ms: median step of all timed epochs, and the best epoch's. faster: by the medians. "
          + "First step and peak MB: ours / the lowest of the peers.")
    }
    let lighter = comparisons.map(\.workload).filter(\.needsFewerOperations).map(\.name)
    if !lighter.isEmpty {
      notes.append(
        "* GFLOP/s as the peers compute them. We skip zeros, multiply less in 3 x 3 convolutions "
          + "(Winograd) and only once for each word, and so may pass the peak.")
    }
    let software = Set(
      comparisons.flatMap(\.summaries).filter { $0.runner != "ours" }
        .map { "\($0.runner): \($0.software)" })
    if !software.isEmpty {
      notes.append("Peers: " + software.sorted().joined(separator: "; ") + ".")
    }
    notes += missing.map { "\($0.peer.rawValue): not installed (\($0.reason))." }
    notes.append(machineLine)
    if !machine.warnings.isEmpty {
      notes.append(
        "Warning: \(machine.warnings.joined(separator: "; ")). Repeat on a quiet machine.")
    }
    return table + "\n\n" + notes.joined(separator: "\n")
  }

  private func row(_ comparison: Comparison, _ hasPeers: Bool) -> [String]? {
    let workload = comparison.workload
    guard let ours = Summary(comparison.ours, of: workload, by: "ours") else { return nil }
    let theirs = comparison.summaries.dropFirst()
    func step(_ side: Summary) -> String {
      "\(Text.number(side.medianMilliseconds)) (\(Text.number(side.bestMilliseconds)))"
    }
    func pair(_ value: (Summary) -> String, least: (Summary) -> Double) -> String {
      guard hasPeers else { return value(ours) }
      return value(ours) + " / " + (theirs.min { least($0) < least($1) }.map(value) ?? "–")
    }
    var cells = [workload.name, step(ours), Text.grouped(ours.samplesPerSecond)]
    if hasPeers {
      let best = theirs.min { $0.medianMilliseconds < $1.medianMilliseconds }
      let times = best.map { Text.number($0.medianMilliseconds / ours.medianMilliseconds) + "x" }
      cells += [best.map(step) ?? "–", best?.runner ?? "", times ?? "–"]
    }
    cells += [
      pair({ String(format: "%.2f", $0.secondsToFirstStep) }, least: \.secondsToFirstStep),
      pair(
        { String($0.peakMemoryBytes / 1_000_000) }, least: { Double($0.peakMemoryBytes) }),
      Text.number(ours.gigaflops),
      Text.percent(ours.gigaflops / machine.peak) + (workload.needsFewerOperations ? "*" : ""),
    ]
    return cells
  }

  private var machineLine: String {
    var parts = [
      machine.processor, "\(machine.cores) cores", machine.kernels,
      "load average \(Text.number(machine.loadAverageBefore)) before the run",
      "2048 x 2048 matrix product \(Text.number(machine.gigaflopsBefore)) GFLOP/s before, "
        + "\(Text.number(machine.gigaflopsAfter)) after",
    ]
    if let share = machine.shareUsedByOthers {
      parts.append("other programs used \(Text.percent(share)) of the processor")
    }
    return "Machine: " + parts.joined(separator: "; ") + "."
  }
}

extension Comparison {
  /// Ours, then each peer's that was measured.
  var summaries: [Summary] {
    [Summary(ours, of: workload, by: "ours")].compactMap { $0 }
      + Peer.allCases.compactMap { peer in
        Summary(theirs[peer] ?? [], of: workload, by: peer.rawValue)
      }
  }
}

/// A file for the results, known to be writable before hours of measuring.
struct JSONFile {
  private let url: URL

  /// - Throws: an error if the file could not be written.
  init(_ path: String) throws {
    url = URL(filePath: path)
    let folder = url.deletingLastPathComponent()
    var isFolder: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder)
    guard FileManager.default.isWritableFile(atPath: folder.path), !(exists && isFolder.boolValue)
    else {
      throw BenchmarkError("\(url.path) cannot be written; choose another file with --json.")
    }
  }

  private struct Content: Encodable {
    let machine: MachineReport
    let records: [Summary]
  }

  func write(_ comparisons: [Comparison], _ machine: MachineReport) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let content = Content(machine: machine, records: comparisons.flatMap(\.summaries))
    do {
      try encoder.encode(content).write(to: url, options: .atomic)
    } catch {
      throw BenchmarkError(
        "\(url.path) could not be written: \(error.localizedDescription)")
    }
  }
}
