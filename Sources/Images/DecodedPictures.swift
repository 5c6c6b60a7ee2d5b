import DeepLearning

/// Many pictures of one size, as bytes.
public struct DecodedPictures: Sendable {
  /// The number of columns of each picture.
  public let width: Int
  /// The number of rows of each picture.
  public let height: Int
  /// `count` x `height` x `width` x 3 values from 0 to 255.
  public let pixels: [UInt8]
  /// Which of the files given became a picture, in their order.
  public let kept: [Int]
  /// The files that did not, each with a sentence that says why.
  public let skipped: [(name: String, reason: String)]

  /// The number of pictures.
  public var count: Int { kept.count }

  /// The values, such as labels, of those files that became a picture.
  ///
  /// - Parameter values: one value for each of the files given.
  public func keeping<Value>(_ values: [Value]) -> [Value] { kept.map { values[$0] } }

  /// One of the pictures.
  public subscript(index: Int) -> Image {
    require(
      kept.indices.contains(index), "There is no picture \(index): there are \(count) pictures.")
    let size = width * height * 3
    return Image(
      width: width, height: height, pixels: Array(pixels[index * size..<(index + 1) * size]))
  }
}

extension Image {
  /// A file by its name and a function that gives its bytes, which several threads may call.
  public typealias Source = (name: String, data: @Sendable () throws -> [UInt8])

  /// Reads many files on all cores and brings them to one size; bad ones are skipped and listed.
  ///
  /// ```swift
  /// let train = Image.decodeAll(files, width: 150, height: 150)
  /// let labels = train.keeping(allLabels)
  /// ```
  ///
  /// - Parameters:
  ///   - files: the names and how to get the bytes.
  ///   - width: the number of columns that all pictures get.
  ///   - height: the number of rows that all pictures get.
  ///   - filter: how they get them.
  public static func decodeAll(
    _ files: [Source], width: Int, height: Int, filter: ResizingFilter = .nearest
  ) -> DecodedPictures {
    let size = width * height * 3
    require(width > 0 && height > 0, "Pictures of \(width) x \(height) pixels do not exist.")
    var reasons = [String?](repeating: "not read", count: files.count)
    var pixels = [UInt8](repeating: 0, count: files.count * size)
    pixels.withUnsafeMutableBufferPointer { pixels in
      // Each file has its own place in it.
      nonisolated(unsafe) let pixels = pixels
      let outcomes = try? Parallel.map(files.count) { index -> String? in
        let file = files[index]
        do {
          let image = try Image(decoding: file.data(), name: file.name)
            .resized(width: width, height: height, filter: filter)
          image.pixels.withUnsafeBufferPointer { source in
            _ = UnsafeMutableBufferPointer(rebasing: pixels[index * size..<(index + 1) * size])
              .update(from: source)
          }
          return nil
        } catch { return "\(error)" }
      }
      reasons = outcomes ?? reasons
    }

    let kept = reasons.indices.filter { reasons[$0] == nil }
    let skipped = reasons.indices.compactMap { index in
      reasons[index].map { (name: files[index].name, reason: $0) }
    }
    if !skipped.isEmpty {
      pixels.withUnsafeMutableBufferPointer { pixels in
        guard let base = pixels.baseAddress else { return }
        for (to, from) in kept.enumerated() where to != from {
          (base + to * size).update(from: base + from * size, count: size)
        }
      }
      pixels.removeLast(skipped.count * size)
    }
    return DecodedPictures(
      width: width, height: height, pixels: pixels, kept: kept, skipped: skipped)
  }
}
