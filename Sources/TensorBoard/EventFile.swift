import DeepLearning
import Foundation

/// A file of events that TensorBoard shows, written as training goes on.
///
/// ```swift
/// let file = try EventFile(in: folder.appending(path: "train"))
/// try file.add(scalar: 0.25, as: "loss", step: 1)
/// try file.flush()
/// ```
///
/// Records of TensorFlow's format with messages in protobuf; see <https://www.tensorflow.org/tensorboard>.
public final class EventFile {
  /// The file.
  public let url: URL
  private let file: UnsafeMutablePointer<FILE>
  private let clock: () -> Double
  private static let number = Counter()

  /// Makes a new file in a folder, which is made if it is not there.
  ///
  /// - Throws: `FileError`.
  public convenience init(in folder: URL) throws {
    try self.init(in: folder) { Date().timeIntervalSince1970 }
  }

  /// - Parameter clock: says what time it is, in seconds since 1970.
  init(in folder: URL, clock: @escaping () -> Double) throws {
    self.clock = clock
    let time = clock()
    let process = ProcessInfo.processInfo
    // TensorBoard takes every file with this beginning, in the order of the names.
    let name =
      "events.out.tfevents.\(Int(time)).\(process.hostName).\(process.processIdentifier).\(Self.number.next())"
    url = folder.appending(path: name.replacing("/", with: "-"))
    // Where this fails, opening the file fails too, and says why.
    try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    guard let file = fopen(url.path, "wb") else {
      throw FileError(url, reason: String(cString: strerror(errno)) + ".")
    }
    self.file = file
    try add(Event.version(time: time))
  }

  deinit { fclose(file) }

  /// Adds a number to the curve of a tag.
  public func add(scalar value: Float, as tag: String, step: Int) throws {
    try add(Event.scalar(tag, value, step: step, time: clock()))
  }

  /// Adds a histogram to those of a tag.
  public func add(_ histogram: ValueHistogram, as tag: String, step: Int) throws {
    try add(Event.histogram(tag, histogram, step: step, time: clock()))
  }

  /// Adds a model's graph of layers.
  public func add(graphOf model: Model) throws {
    try add(Event.graph(GraphDefinition.message(of: model), time: clock()))
  }

  /// Makes sure that readers see all that was added.
  public func flush() throws {
    guard fflush(file) == 0 else { throw failure() }
  }

  private func add(_ event: ProtobufMessage) throws {
    let record = TFRecord.frame(event.bytes)
    guard fwrite(record, 1, record.count, file) == record.count else { throw failure() }
  }

  private func failure() -> FileError {
    FileError(url, reason: String(cString: strerror(errno)) + ".")
  }
}

/// Numbers the files of this process.
private final class Counter: @unchecked Sendable {
  private let lock = NSLock()
  private var count = 0

  func next() -> Int {
    lock.withLock {
      count += 1
      return count - 1
    }
  }
}
