import DataFiles
import DeepLearning
import Foundation

/// The networks that have been trained here, to be tried.
///
/// Each is read when it is first asked for, and again when its file has changed.
actor Studio {
  private let places: Places
  private var networks: [TryPanel: (stamp: Stamp, network: Any)] = [:]
  /// Where data lies, as the programs see it.
  private let environment: [String: String]
  /// What photographs are looked at with, and the files that it was read from.
  var reader: (files: [String?], reader: PhotoReader)?
  /// What the text generator draws with.
  var random = RandomGenerator(seed: .random(in: 0 ... .max))

  init(
    places: Places, environment: [String: String] = ProcessInfo.processInfo.environment
  ) {
    (self.places, self.environment) = (places, environment)
  }

  /// Where data lies.
  func location() throws -> DataLocation { try DataLocation(environment: environment) }

  /// Whether a network can be tried, and what it has learned from.
  struct About: Encodable {
    let isReady: Bool
    let sentence: String
    let program: String
    /// Photographs for those who have none at hand.
    var photographs: [String]?
    /// The layers that can dream.
    var layers: [Dream.Layer]?
  }

  func about(_ panel: TryPanel) -> About {
    do {
      switch panel {
      case .review: _ = try network(panel, ReviewReader.init(folder:))
      case .dense, .convnet:
        _ = try network(panel) { try DigitReader(folder: $0, isConvnet: panel == .convnet) }
      case .plane: _ = try network(panel, DigitPlane.init(folder:))
      case .writer: _ = try network(panel, Writer.init(folder:))
      case .gradcam:
        return About(
          isReady: true, sentence: try photoReader().sentence, program: panel.rawValue,
          photographs: photographs)
      case .dream:
        return About(
          isReady: true, sentence: Dream.sentence, program: panel.rawValue,
          photographs: photographs, layers: dreamLayers)
      }
    } catch {
      return About(isReady: false, sentence: "\(error)", program: panel.rawValue)
    }
    return About(isReady: true, sentence: origin(of: panel), program: panel.rawValue)
  }

  /// The network of a program, as that has saved it.
  ///
  /// - Throws: `Refusal` that says what to do if there is none, or it is another program's.
  func network<Network>(
    _ panel: TryPanel, _ read: (URL) throws -> Network
  ) throws -> Network {
    let program = panel.rawValue
    let folder = places.results(of: program)
    guard let stamp = Stamp(folder.appending(path: "weights.safetensors")) else {
      networks[panel] = nil
      throw Refusal(
        409, "Nothing is trained here yet: run \(program) first.", program: program)
    }
    if let known = networks[panel], known.stamp == stamp, let network = known.network as? Network {
      return network
    }
    do {
      let network = try read(folder)
      networks[panel] = (stamp, network)
      return network
    } catch {
      throw Refusal(
        409, "What \(program) has saved cannot be used: run it again. (\(error))", program: program)
    }
  }

  /// What a network has learned from, in a sentence.
  private func origin(of panel: TryPanel) -> String {
    guard let run = RunSummary(in: places.results(of: panel.rawValue)), let data = run.data else {
      return ""
    }
    let samples = data.samples.map { " (\($0.train) samples)" } ?? ""
    let isReal = data.origin != "stand-in" && run.quick != true
    return isReal
      ? "It has learned from \(data.name), \(data.origin)\(samples)."
      : "It has learned in a rehearsal or from stand-in data (\(data.name)\(samples)): do not expect much of it."
  }

  /// Tells files apart.
  private struct Stamp: Equatable {
    let seconds: Int
    let nanoseconds: Int
    let size: Int64
    let number: UInt64

    init?(_ file: URL) {
      var status = stat()
      guard stat(file.path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
      #if os(Linux)
        (seconds, nanoseconds) = (status.st_mtim.tv_sec, status.st_mtim.tv_nsec)
      #else
        (seconds, nanoseconds) = (status.st_mtimespec.tv_sec, status.st_mtimespec.tv_nsec)
      #endif
      (size, number) = (Int64(status.st_size), UInt64(status.st_ino))
    }
  }
}
