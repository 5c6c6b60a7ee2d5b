import DeepLearning

/// How much of a layer's output is zero, for one picture or the mean over several.
struct Sparsity {
  private var pictures = 0
  private var zeroShares = 0.0
  private var silentShares = 0.0
  /// For each channel whether it is not zero somewhere in any picture.
  private var isActive: [Bool] = []

  init() {}

  /// - Parameter output: `[pictures, height, width, channels]`.
  init(_ output: Tensor) {
    let (count, channels) = (output.count, output.shape[3])
    pictures = count
    isActive = [Bool](repeating: false, count: channels)
    let size = output.elementCount / count
    let values = output.scalars
    for picture in 0..<count {
      var active = [Int](repeating: 0, count: channels)
      for index in 0..<size where values[picture * size + index] != 0 {
        active[index % channels] += 1
      }
      zeroShares += 1 - Double(active.reduce(0, +)) / Double(size)
      silentShares += Double(active.count { $0 == 0 }) / Double(channels)
      for channel in 0..<channels where active[channel] > 0 { isActive[channel] = true }
    }
  }

  mutating func add(_ other: Sparsity) {
    pictures += other.pictures
    zeroShares += other.zeroShares
    silentShares += other.silentShares
    isActive =
      isActive.isEmpty ? other.isActive : zip(isActive, other.isActive).map { $0 || $1 }
  }

  /// The share of outputs that are zero.
  var zeros: Double { zeroShares / Double(max(pictures, 1)) }
  /// The share of channels that are zero everywhere in a picture.
  var silentChannels: Double { silentShares / Double(max(pictures, 1)) }
  /// The share of channels that are zero everywhere in all pictures.
  var neverActive: Double {
    Double(isActive.count { !$0 }) / Double(max(isActive.count, 1))
  }
}
