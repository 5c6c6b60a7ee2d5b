import Images

/// Images of a dream while it comes about: of few steps all, of many every second, fourth, eighth one.
struct Animation {
  /// An image, and when it was taken.
  struct Frame {
    let image: Image
    let caption: String
  }

  private(set) var frames: [Frame] = []
  private let size: (width: Int, height: Int)
  private let limit: Int
  /// One of this many images is kept.
  private var interval = 1
  private var count = 0

  /// - Parameters:
  ///   - size: the pixels of each frame.
  ///   - limit: the number of frames that is never exceeded, at least 2.
  init(size: (width: Int, height: Int), limit: Int = 96) {
    self.size = size
    self.limit = limit
  }

  /// Adds an image, if it is its turn.
  ///
  /// - Parameter isLast: the last one is kept in any case.
  mutating func add(_ image: @autoclosure () -> Image, caption: String, isLast: Bool = false) {
    defer { count += 1 }
    guard isLast || count.isMultiple(of: interval) else { return }
    if frames.count == limit {
      frames = frames.enumerated().filter { $0.offset.isMultiple(of: 2) }.map(\.element)
      interval *= 2
      guard isLast || count.isMultiple(of: interval) else { return }
    }
    let image = image()
    let shrinks = image.width > size.width || image.height > size.height
    frames.append(
      Frame(
        image: image.resized(
          width: size.width, height: size.height, filter: shrinks ? .area : .bilinear),
        caption: caption))
  }

  /// Some of the frames, the first and the last among them, in even distances.
  func some(_ number: Int) -> [Frame] {
    if frames.count <= number { return frames }
    if number < 2 { return Array(frames.suffix(number)) }
    return (0..<number).map { frames[$0 * (frames.count - 1) / (number - 1)] }
  }

  /// The frames as an animated PNG that rests at its end.
  ///
  /// - Throws: `ImageError` if a frame is too large.
  func animatedPNG() throws -> AnimatedPNG {
    var animation = AnimatedPNG(seconds: 0.1)
    for (index, frame) in frames.enumerated() {
      try animation.append(frame.image, seconds: index == frames.count - 1 ? 2 : nil)
    }
    return animation
  }
}
