import Foundation
import Images

/// A photograph that a browser has sent: nothing of it is believed.
enum SentPhotograph {
  /// The largest file.
  static let byteLimit = 8 << 20
  /// The most pixels that it may have.
  static let pixelLimit = 25_000_000

  /// Reads a photograph, and scales it down.
  ///
  /// - Parameter side: the longest side that is of use.
  /// - Throws: `Refusal` if it is no PNG or JPEG picture, or too large.
  static func read(_ bytes: Data, side: Int) throws -> Image {
    do {
      return try Image(decoding: bytes, name: "The file", limit: pixelLimit).limited(to: side)
    } catch {
      throw Refusal(400, "\(error)")
    }
  }
}
