import DeepLearning
import Foundation

/// Pictures that follow one another, in one PNG file: browsers play it, other programs show the first picture.
///
/// ```swift
/// var film = AnimatedPNG(seconds: 0.1)
/// for frame in frames { try film.append(frame) }
/// try film.write(to: "dream.png")
/// ```
///
/// Frames are compressed as they come, so that only the compressed ones stay in memory. The extension of PNG is
/// that of Parmenter, Vukicevic and Smith (2004), since 2025 part of the standard.
public struct AnimatedPNG {
  /// How many frames there are.
  public var count: Int { frames.count }

  private struct Frame {
    /// Its pixels, compressed: the contents of the `IDAT` chunks.
    let data: Data
    /// In milliseconds.
    let duration: UInt16
  }

  private let duration: UInt16
  private var size: (width: Int, height: Int)?
  /// All chunks of the first frame's file that precede its pixels.
  private var header = Data()
  private var frames: [Frame] = []

  /// An animation without frames, which starts again when it has ended.
  ///
  /// - Parameter seconds: how long each frame is seen, up to 65 seconds.
  public init(seconds: Double) { duration = Self.milliseconds(seconds) }

  /// Adds a frame; all must have the size of the first.
  ///
  /// - Parameters:
  ///   - image: the picture.
  ///   - seconds: how long it is seen; nil for as long as all others.
  /// - Throws: ``ImageError`` if the picture is too large for a PNG file.
  public mutating func append(_ image: Image, seconds: Double? = nil) throws {
    if let size {
      require(
        size == (image.width, image.height),
        """
        An animation of \(size.width) x \(size.height) pixels cannot take a frame of \
        \(image.width) x \(image.height): give all frames one size.
        """)
    }
    var data = Data()
    var before = Data()
    for chunk in PNGChunk.all(in: try image.png(name: "a frame of the animation")) {
      switch chunk.kind {
      case "IDAT": data += chunk.content
      case "IEND": break
      default: if data.isEmpty { before += chunk.bytes }
      }
    }
    if size == nil { (size, header) = ((image.width, image.height), before) }
    frames.append(
      Frame(data: data, duration: seconds.map(Self.milliseconds) ?? duration))
  }

  /// The file; without a frame there is none.
  ///
  /// - Throws: ``ImageError`` if there is no frame.
  public func data() throws -> Data {
    guard let size else {
      throw ImageError("An animation needs at least one frame: add a picture first.")
    }
    var file = Data(PNGChunk.signature)
    file += header
    // How many frames; played without end.
    file += PNGChunk(kind: "acTL", content: Self.bytes(frames.count, 0)).bytes
    var number = 0
    for (index, frame) in frames.enumerated() {
      var control = Self.bytes(number, size.width, size.height, 0, 0)
      // The duration as a fraction of two numbers of 16 bits, then how frames follow: each stays as it is, and the
      // next replaces it.
      control += Self.bytes(Int(frame.duration) << 16 | 1000) + [0, 0]
      file += PNGChunk(kind: "fcTL", content: control).bytes
      number += 1
      if index == 0 {
        file += PNGChunk(kind: "IDAT", content: frame.data).bytes
      } else {
        file += PNGChunk(kind: "fdAT", content: Self.bytes(number) + frame.data).bytes
        number += 1
      }
    }
    file += PNGChunk(kind: "IEND", content: Data()).bytes
    return file
  }

  /// Writes the file, whole or not at all.
  ///
  /// - Throws: ``ImageError`` if there is no frame, or if the file cannot be written.
  public func write(to path: String) throws {
    try Image.write(data(), to: path)
  }

  private static func milliseconds(_ seconds: Double) -> UInt16 {
    UInt16(min(max((seconds * 1000).rounded(), 1), 65_535))
  }

  private static func bytes(_ numbers: Int...) -> Data {
    Data(numbers.flatMap { number in [24, 16, 8, 0].map { UInt8(number >> $0 & 255) } })
  }
}
