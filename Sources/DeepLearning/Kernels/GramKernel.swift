import CVector

/// Products of an image, as a matrix with a row for each pixel and a column for each channel, some pixels at a time: no
/// copy of the image is made in row-major order.
struct GramKernel {
  /// `[1, height, width, channels]`
  private let image: Tensor
  private let pixels, channels: Int
  private let isBlocked: Bool
  /// The pixels that are worked on at once: few enough to stay in the cache.
  private let chunk: Int

  init(_ image: Tensor) {
    self.image = image
    (pixels, channels) = (image.shape[1] * image.shape[2], image.shape[3])
    isBlocked = image.layout != .rowMajor
    chunk = max((1 << 17) / max(channels, 1), 64)
  }

  /// The inner products of all pairs of channels, `[channels, channels]`.
  func product() -> Tensor {
    let size = channels * channels
    let parts = max(min(Parallel.threads, pixels / chunk), 1)
    let sums = (0..<parts).map { _ in Tensor.zeros([channels, channels]) }
    Parallel.run(parts) { part in
      forEachChunk(Parallel.part(part, of: parts, pixels)) { rows, values in
        MatrixProduct.run(
          values, transposeA: true, values, into: sums[part].pointer, m: channels, n: channels,
          k: rows.count, accumulate: true)
      }
    }
    for sum in sums.dropFirst() {
      Elementwise.accumulate(sum.pointer, into: sums[0].pointer, size)
    }
    withExtendedLifetime((image, sums)) {}
    return sums[0]
  }

  /// The image times a matrix `[channels, channels]`, in the image's shape and layout.
  func times(_ matrix: Tensor) -> Tensor {
    let result = Tensor(uninitialized: image.shape, layout: image.layout)
    let target = result.pointer(in: image.layout)
    let right = matrix.pointer
    Parallel.ranges(pixels, grain: chunk) { range in
      let room = Storage(count: isBlocked ? chunk * channels : 0)
      forEachChunk(range) { rows, values in
        let product = isBlocked ? room.buffer : target + rows.lowerBound * channels
        MatrixProduct.run(
          values, right, into: product, m: rows.count, n: channels, k: channels)
        if isBlocked {
          forEachBlock(rows) { plain, blocked in
            vector_store(vector_load(product + plain), target + blocked)
          }
        }
      }
      withExtendedLifetime(room) {}
    }
    withExtendedLifetime((image, matrix)) {}
    return result
  }

  /// Calls `body` with some pixels after others, and with their channels in row-major order.
  private func forEachChunk(
    _ range: Range<Int>, _ body: (Range<Int>, UnsafePointer<Float>) -> Void
  ) {
    let source = image.pointer(in: image.layout)
    let room = Storage(count: isBlocked ? chunk * channels : 0)
    for start in stride(from: range.lowerBound, to: range.upperBound, by: chunk) {
      let rows = start..<min(start + chunk, range.upperBound)
      if isBlocked {
        forEachBlock(rows) { plain, blocked in
          vector_store(vector_load(source + blocked), room.buffer + plain)
        }
      }
      body(rows, isBlocked ? UnsafePointer(room.buffer) : UnsafePointer(source + start * channels))
    }
    withExtendedLifetime(room) {}
  }

  /// Calls `body` with where 16 channels of each pixel begin, in row-major order of these pixels and in the image.
  @inline(__always)
  private func forEachBlock(_ rows: Range<Int>, _ body: (Int, Int) -> Void) {
    for block in 0..<channels / 16 {
      for row in rows {
        body((row - rows.lowerBound) * channels + block * 16, (block * pixels + row) * 16)
      }
    }
  }
}
