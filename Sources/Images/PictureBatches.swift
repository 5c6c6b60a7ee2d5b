import DeepLearning
import Synchronization

/// Batches of pictures without end, each drawn again: shuffled in every pass, changed at random.
///
/// As in Keras, the last batch of a pass may be short, and then the next pass begins. The same seed
/// gives the same batches.
///
/// ```swift
/// let batches = PictureBatches(
///   pixels: train.pixels, height: 150, width: 150, labels: labels,
///   augmentation: Augmentation(rotation: 40, zoom: 0.2, horizontalFlip: true),
///   batchSize: 32, seed: 42)
/// let history = try model.fit(batches, stepsPerEpoch: 100, epochs: 100)
/// ```
public final class PictureBatches: BatchStream {
  private struct State {
    var random: RandomGenerator
    var order: [Int] = []
    var position = 0
  }

  private let pixels: [UInt8]
  private let shape: Shape
  private let labels: [Float]
  private let augmentation: Augmentation?
  private let batchSize: Int
  private let isShuffled: Bool
  private let values: [Float]
  private let state: Mutex<State>

  /// The number of batches of one pass, a short last one included.
  public var batchesPerPass: Int { (labels.count + batchSize - 1) / batchSize }

  /// Describes the batches.
  ///
  /// - Parameters:
  ///   - pixels: count x `height` x `width` x `channels` bytes, row by row, channels last.
  ///   - height: the number of rows of each picture.
  ///   - width: the number of columns of each picture.
  ///   - channels: 3 for red, green and blue.
  ///   - labels: one number a picture.
  ///   - augmentation: the changes; without them pictures come as they are.
  ///   - batchSize: the number of pictures in a batch.
  ///   - isShuffled: whether every pass has an order of its own.
  ///   - scale: what each byte is multiplied by.
  ///   - seed: what order and changes follow from.
  public init(
    pixels: [UInt8], height: Int, width: Int, channels: Int = 3, labels: [Float],
    augmentation: Augmentation? = nil, batchSize: Int, isShuffled: Bool = true,
    scale: Float = 1 / 255, seed: UInt64
  ) {
    require(
      height > 0 && width > 0 && channels > 0 && batchSize > 0 && !labels.isEmpty
        && pixels.count == labels.count * height * width * channels,
      """
      Batches of \(batchSize) need at least one picture, and \(labels.count) labels as many pictures \
      of \(height) x \(width) x \(channels) bytes, not \(pixels.count) bytes.
      """)
    self.pixels = pixels
    self.shape = [height, width, channels]
    self.labels = labels
    self.augmentation = augmentation
    self.batchSize = batchSize
    self.isShuffled = isShuffled
    self.values = (0...255).map { Float($0) * scale }
    self.state = Mutex(State(random: RandomGenerator(seed: seed)))
  }

  /// The next pictures `[n, height, width, channels]` and labels `[n]`, n being the batch size or, at
  /// the end of a pass, what is left.
  public func nextBatch() -> Batch {
    let (x, y) = nextPictures()
    return Batch(x: x, y: y)
  }

  /// Passes over batches without making them, as when an interrupted training is resumed.
  ///
  /// - Parameter count: how many.
  public func skip(_ count: Int) {
    for _ in 0..<count { _ = draw() }
  }

  /// The next pictures and labels as tensors.
  func nextPictures() -> (x: Tensor, y: Tensor) {
    let (pictures, transforms) = draw()
    let size = shape.elementCount
    let sampler = PictureSampler(
      height: shape[0], width: shape[1], channels: shape[2],
      fill: augmentation?.fill ?? .nearest)
    let x = Tensor(shape: shape.prepending(pictures.count)) { target in
      pixels.withUnsafeBufferPointer { pixels in
        values.withUnsafeBufferPointer { values in
          guard let source = pixels.baseAddress, let target = target.baseAddress,
            let table = values.baseAddress
          else { return }
          for (place, picture) in pictures.enumerated() {
            let (from, to) = (source + picture * size, target + place * size)
            if transforms.isEmpty {
              for index in 0..<size { to[index] = table[Int(from[index])] }
            } else {
              sampler.sample(transforms[place], from: from, to: to, values: table)
            }
          }
        }
      }
    }
    return (x, Tensor(pictures.map { labels[$0] }))
  }

  /// Which pictures come next and, if they are changed, how.
  private func draw() -> (pictures: ArraySlice<Int>, transforms: [PictureTransform]) {
    state.withLock { state in
      if state.position == state.order.count {
        state.order =
          isShuffled ? state.random.permutation(labels.count) : Array(labels.indices)
        state.position = 0
      }
      let end = min(state.position + batchSize, labels.count)
      let pictures = state.order[state.position..<end]
      state.position = end
      let transforms = augmentation.map { augmentation in
        pictures.map { _ in augmentation.draw(using: &state.random) }
      }
      return (pictures, transforms ?? [])
    }
  }
}
