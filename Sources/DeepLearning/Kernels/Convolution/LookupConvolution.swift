import CVector

/// Convolutions over time of word vectors that were looked up in a table.
///
/// A batch names the same words again and again. So each word's vector is multiplied by the kernel once, for every place
/// in the window, and what is left to do at each time step is to add up the products of the words in its window. The way
/// back is the same: the gradients of the time steps around each word are added up before anything is multiplied.
struct LookupConvolution {
  private let geometry: ConvolutionGeometry
  /// The distinct words, and the position of each token's word among them.
  private let words: NonZeroRows
  private let positions: [Int32]
  /// The vectors of the distinct words, `[words, channels]`.
  private let vectors: Tensor

  private var kernel: Int { geometry.kernel.width }
  private var filters: Int { geometry.filters }
  private var channels: Int { geometry.channels }
  private var time: Int { geometry.width }
  private var timeSteps: Int { geometry.outputWidth }
  private var filterWidth: Int { (filters + 15) & ~15 }
  /// A word's products, for every place in the window.
  private var productWidth: Int { kernel * filterWidth }

  /// Prepares the convolution; nil if words do not occur often enough for it to pay.
  init?(_ lookup: Lookup, _ geometry: ConvolutionGeometry) {
    self.geometry = geometry
    let (ids, table) = (lookup.ids, lookup.table)
    words = ids.withUnsafeBufferPointer {
      NonZeroRows(distinct: $0, of: table.shape[0], width: table.shape[1])
    }
    // With fewer repetitions than that, adding up takes as long as multiplying.
    guard words.rows.count * 3 <= ids.count else { return nil }
    var place = [Int32](repeating: 0, count: table.shape[0])
    for (position, word) in words.rows.enumerated() { place[Int(word)] = Int32(position) }
    positions = ids.map { place[Int($0)] }
    vectors = table.gathering(rows: words.rows.map(Int.init)[...])
  }

  /// The time step in whose window a token has a place; nil if there is none.
  @inline(__always)
  private func timeStep(of token: Int, at place: Int) -> Int? {
    let shifted = token + geometry.left - place * geometry.dilation.width
    guard shifted >= 0, shifted % geometry.stride.width == 0 else { return nil }
    let timeStep = shifted / geometry.stride.width
    return timeStep < timeSteps ? timeStep : nil
  }

  /// Computes `input * kernel + bias`, rectified if wanted.
  ///
  /// - Parameters:
  ///   - weights: `[kernel, channels, filters]`
  ///   - bias: `[filters]`, or nil.
  /// - Returns: `[batch, time, filters]`
  func forward(_ weights: Tensor, bias: Tensor?, isRectified: Bool) -> Tensor {
    let products = Tensor(uninitialized: [words.rows.count, productWidth])
    TileProduct.multiplyOnAllCores(vectors, by: packed(weights), into: products)
    let offsets = Tensor.zeros([filterWidth])
    if let bias { offsets.pointer.update(from: bias.pointer, count: filters) }
    let result = Tensor(uninitialized: [geometry.batch, timeSteps, filters])
    let (source, target, start) = (products.pointer, result.pointer, offsets.pointer)
    let (step, gap) = (geometry.stride.width, geometry.dilation.width)
    positions.withUnsafeBufferPointer { positions in
      nonisolated(unsafe) let positions = positions
      Parallel.ranges(geometry.batch, grain: 1, alignment: 1) { samples in
        for sample in samples {
          for timeStep in 0..<timeSteps {
            let output = target + (sample * timeSteps + timeStep) * filters
            let first = timeStep * step - geometry.left
            for unit in stride(from: 0, to: filters, by: 16) {
              var sum = vector_load(start + unit)
              var (token, column) = (first, unit)
              for _ in 0..<kernel {
                if token >= 0, token < time {
                  let word = Int(positions[sample * time + token])
                  sum += vector_load(source + word * productWidth + column)
                }
                token += gap
                column += filterWidth
              }
              if isRectified { sum = sum.replacing(with: 0, where: sum .< 0) }
              vector_store_first(sum, output + unit, filters - unit)
            }
          }
        }
      }
    }
    withExtendedLifetime((products, offsets, bias)) {}
    return result
  }

  /// The gradient of the table, of which only the words' rows are not zero.
  ///
  /// - Parameters:
  ///   - sums: from ``summedByWord(_:)``.
  ///   - weights: `[kernel, channels, filters]`
  ///   - shape: `[words in all, channels]`
  func tableGradient(_ sums: Tensor, _ weights: Tensor, shape: Shape) -> Tensor {
    let turned = packed(weights, isTransposed: true)
    let wide = Tensor(uninitialized: [words.rows.count, turned.columns])
    TileProduct.multiplyOnAllCores(sums, by: turned, into: wide)
    let table = Tensor(
      shape: shape, storage: Storage(zeros: shape.elementCount, nonZeroRows: words))
    for (position, word) in words.rows.enumerated() {
      (table.storage.buffer + Int(word) * channels)
        .update(from: wide.pointer + position * turned.columns, count: channels)
    }
    withExtendedLifetime(wide) {}
    return table
  }

  /// For each word and each place in the window the sum of the gradients of the time steps that see it there,
  /// `[words, productWidth]`.
  ///
  /// - Parameter upstream: `[batch, time, filters]`
  func summedByWord(_ upstream: Tensor) -> Tensor {
    var starts = [Int](repeating: 0, count: words.rows.count + 1)
    for position in positions { starts[Int(position) + 1] += 1 }
    for word in 0..<words.rows.count { starts[word + 1] += starts[word] }
    var (next, tokens) = (starts, [Int32](repeating: 0, count: positions.count))
    for (token, position) in positions.enumerated() {
      tokens[next[Int(position)]] = Int32(token)
      next[Int(position)] += 1
    }
    let result = Tensor(uninitialized: [words.rows.count, productWidth])
    let (source, target) = (upstream.pointer, result.pointer)
    // Common words come first, in the order in which they occur: small pieces share the work evenly.
    let pieces = min(64, words.rows.count)
    tokens.withUnsafeBufferPointer { tokens in
      nonisolated(unsafe) let tokens = tokens
      Parallel.run(pieces) { piece in
        for word in Parallel.part(piece, of: pieces, words.rows.count, alignment: 1) {
          let sum = target + word * productWidth
          sum.update(repeating: 0, count: productWidth)
          for token in tokens[starts[word]..<starts[word + 1]] {
            let (sample, position) = (Int(token) / time, Int(token) % time)
            for place in 0..<kernel {
              guard let timeStep = timeStep(of: position, at: place) else { continue }
              let from = source + (sample * timeSteps + timeStep) * filters
              let to = sum + place * filterWidth
              for unit in stride(from: 0, to: filters, by: 16) {
                vector_store_first(
                  vector_load(to + unit) + vector_load(from + unit), to + unit, filters - unit)
              }
            }
          }
        }
      }
    }
    withExtendedLifetime(upstream) {}
    return result
  }

  /// The gradients of kernel and bias, `[kernel, channels, filters]` and `[filters]`.
  ///
  /// - Parameters:
  ///   - sums: from ``summedByWord(_:)``.
  ///   - upstream: `[batch, time, filters]`
  func kernelGradient(_ sums: Tensor, _ upstream: Tensor) -> (kernel: Tensor, bias: Tensor) {
    let bias = Tensor(uninitialized: [filters])
    RowKernels.columnSums(
      upstream.pointer, rows: upstream.rowCount, columns: filters, into: bias.pointer)
    withExtendedLifetime(upstream) {}
    let pieces = max(min(Parallel.threads, words.rows.count), 1)
    let parts = (0..<pieces).map { _ in Tensor.zeros([channels, productWidth]) }
    Parallel.run(pieces) { piece in
      let rows = Parallel.part(piece, of: pieces, words.rows.count, alignment: 1)
      TileProduct.accumulateTransposed(
        vectors.pointer + rows.lowerBound * channels, aStride: channels, rows: channels,
        sums.pointer + rows.lowerBound * productWidth, bStride: productWidth,
        columns: productWidth, steps: rows.count, into: parts[piece].pointer,
        cStride: productWidth)
    }
    withExtendedLifetime(sums) {}
    let gradient = Tensor(shape: [kernel, channels, filters]) { target in
      for place in 0..<kernel {
        for channel in 0..<channels {
          for filter in 0..<filters {
            let source = channel * productWidth + place * filterWidth + filter
            target[(place * channels + channel) * filters + filter] =
              parts.reduce(0) { $0 + $1.pointer[source] }
          }
        }
      }
    }
    return (gradient, bias)
  }

  /// The kernel as a matrix from channels to a word's products, or back.
  private func packed(_ weights: Tensor, isTransposed: Bool = false) -> PackedMatrix {
    let channelWidth = (channels + 15) & ~15
    let matrix = Tensor.zeros(
      isTransposed ? [productWidth, channelWidth] : [channels, productWidth])
    let (source, target) = (weights.pointer, matrix.pointer)
    for place in 0..<kernel {
      for channel in 0..<channels {
        let row = source + (place * channels + channel) * filters
        for filter in 0..<filters {
          let product = place * filterWidth + filter
          target[
            isTransposed ? product * channelWidth + channel : channel * productWidth + product] =
            row[filter]
        }
      }
    }
    withExtendedLifetime(weights) {}
    defer { withExtendedLifetime(matrix) {} }
    return PackedMatrix(
      target, stride: matrix.shape[1], rows: matrix.shape[0], columns: matrix.shape[1])
  }
}
