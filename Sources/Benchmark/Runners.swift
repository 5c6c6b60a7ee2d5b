import DataFiles
import DeepLearning
import Foundation

/// A library to compare with.
enum Peer: String, CaseIterable, Encodable {
  case kerasOnTensorFlow = "keras-tf"
  /// Keras on TensorFlow, compiled by XLA.
  case kerasOnTensorFlowCompiled = "keras-tf-jit"
  case kerasOnJAX = "keras-jax"
  case torch
  /// PyTorch with a C library that keeps freed memory.
  case torchKeepingMemory = "torch-malloc"
  /// PyTorch, compiled by `torch.compile`.
  case torchCompiled = "torch-compile"

  static let list = allCases.map(\.rawValue).joined(separator: ", ")
}

/// Starts the processes that measure.
struct Runners {
  /// The peers that have not turned out to be missing.
  private(set) var peers: [Peer]
  /// Why each of the others is not compared with.
  private(set) var missing: [(peer: Peer, reason: String)] = []
  private let python: URL?
  private let program: URL
  /// Starts in a checkout only: a benchmark is run where it is built.
  private let script = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Peers/peers.py")

  /// - Throws: an error if `python` is named but not there.
  init(peers: [Peer], python: String?) throws {
    guard let program = Bundle.main.executableURL else {
      throw BenchmarkError("The benchmark does not find its own program file to start it again.")
    }
    self.program = program
    self.peers = peers
    self.python = Self.find(python ?? "python3")
    if peers.isEmpty { return }
    if self.python == nil {
      if let python {
        throw BenchmarkError(
          "There is no program \(python); give --python the path of a Python with the peers.")
      }
      missing = peers.map { ($0, "there is no python3; name another with --python") }
      self.peers = []
    } else if !FileManager.default.isReadableFile(atPath: script.path) {
      throw BenchmarkError(
        "The peers' script \(script.path) is gone; build the benchmark again in this checkout.")
    }
  }

  /// A program by its path, or by its name where the system looks for programs.
  private static func find(_ name: String) -> URL? {
    let folders =
      name.contains("/")
      ? [""]
      : (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map { $0 + "/" }
    return folders.map { $0 + name }
      .first {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: $0, isDirectory: &isFolder)
          && !isFolder.boolValue && FileManager.default.isExecutableFile(atPath: $0)
      }
      .map { URL(filePath: $0) }
  }

  /// Measures how fast the machine is at the moment, in GFLOP/s.
  func calibration() throws -> Double {
    let output = try ChildProcess.run(program, ["--measure", Calibration.name])
    guard let result = output.decode(Calibration.self), result.gigaflops > 0 else {
      throw BenchmarkError("Measuring the machine's speed failed: \(output.complaint)")
    }
    return result.gigaflops
  }

  /// Measures a workload on our side.
  func ours(_ workload: Workload) throws -> Measurement {
    let output = try ChildProcess.run(
      program,
      ["--measure", workload.name, "--started", String(Machine.monotonicNanoseconds)])
    guard let measurement = output.decode(Measurement.self), measurement.isSound else {
      throw BenchmarkError("The run of \(workload.name) failed: \(output.complaint)")
    }
    return measurement
  }

  /// Measures a workload on a peer's side; nil, after a word of warning, if that is not possible.
  mutating func measurement(of peer: Peer, _ workload: Workload) throws -> Measurement? {
    guard let python else { return nil }
    let output = try ChildProcess.run(
      python,
      [
        script.path, peer.rawValue, workload.name, "--threads", String(Engine.threads),
        "--started", String(Machine.monotonicNanoseconds),
      ])
    if let measurement = output.decode(Measurement.self), measurement.isSound {
      return measurement
    }
    let refusal = output.decode([String: String].self) ?? [:]
    if let reason = refusal["missing"] {
      missing.append((peer, reason))
      peers.removeAll { $0 == peer }
    } else {
      StandardError.write(
        "\(peer.rawValue) \(workload.name): \(refusal["failure"] ?? output.complaint)\n")
    }
    return nil
  }
}

/// Why there is no benchmark, in a sentence.
struct BenchmarkError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
