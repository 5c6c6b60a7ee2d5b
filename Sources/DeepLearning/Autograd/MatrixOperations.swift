extension Tensor {
  /// The matrix product with `other`.
  ///
  /// - Parameter other: `[k, n]`.
  /// - Returns: `[..., n]` for a tensor of shape `[..., k]`.
  public func matmul(_ other: Tensor) -> Tensor {
    require(
      rank >= 1 && other.rank == 2 && rowLength == other.shape[0],
      "matmul needs [..., k] times [k, n], but the shapes are \(shape) and \(other.shape). Transpose or reshape one of them."
    )
    return dense(kernel: other, bias: nil)
  }

  /// `self · kernel + bias`, the heart of a `Dense` layer, in one operation.
  ///
  /// - Parameters:
  ///   - kernel: `[k, n]`.
  ///   - bias: `[n]`, or nil.
  /// - Returns: `[..., n]` for a tensor of shape `[..., k]`.
  func dense(kernel: Tensor, bias: Tensor?) -> Tensor {
    let (k, n) = (kernel.shape[0], kernel.shape[1])
    let m = shape.dropLast().reduce(1, *)
    var extents = shape
    extents[rank - 1] = n
    let result = Tensor(uninitialized: extents)
    if let bias { RowKernels.fill(result.pointer, with: bias.pointer, rows: m, columns: n) }
    MatrixProduct.run(
      pointer, kernel.pointer, into: result.pointer, m: m, n: n, k: k, accumulate: bias != nil)

    let (input, weights) = (detached, kernel.detached)
    let needs = (input: node != nil, kernel: kernel.node != nil, bias: bias?.node != nil)
    return result.recorded(from: [self, kernel] + (bias.map { [$0] } ?? [])) { upstream in
      var gradients: [Tensor?] = [nil, nil]
      if needs.input {
        let gradient = Tensor(uninitialized: input.shape)
        MatrixProduct.run(
          upstream.pointer, weights.pointer, transposeB: true, into: gradient.pointer,
          m: m, n: k, k: n)
        gradients[0] = gradient
      }
      if needs.kernel {
        let gradient = Tensor(uninitialized: weights.shape)
        MatrixProduct.run(
          input.pointer, transposeA: true, upstream.pointer, into: gradient.pointer,
          m: k, n: n, k: m)
        gradients[1] = gradient
      }
      if bias != nil { gradients.append(needs.bias ? upstream.columnSums(columns: n) : nil) }
      return gradients
    }
  }

  /// The sum of all rows of the last axis, `[columns]`.
  fileprivate func columnSums(columns: Int) -> Tensor {
    let sums = Tensor(uninitialized: [columns])
    RowKernels.columnSums(
      pointer, rows: elementCount / Swift.max(columns, 1), columns: columns, into: sums.pointer)
    return sums
  }

  /// The matrix with rows and columns exchanged.
  ///
  /// - Returns: `[n, m]` for a tensor of shape `[m, n]`.
  public func transposed() -> Tensor {
    require(rank == 2, "transposed() takes a matrix; this tensor has shape \(shape).")
    let (m, n) = (shape[0], shape[1])
    let result = Tensor(uninitialized: [n, m])
    let (source, target) = (pointer, result.pointer)
    for i in 0..<m {
      for j in 0..<n { target[j * m + i] = source[i * n + j] }
    }
    return result.recorded(from: self) { [$0.transposed()] }
  }
}

extension SparseRows {
  /// `self · kernel + bias`, reading only the kernel rows that are named.
  ///
  /// - Parameters:
  ///   - kernel: `[columns, n]`.
  ///   - bias: `[n]`, or nil.
  /// - Returns: `[rows, n]`
  func dense(kernel: Tensor, bias: Tensor?) -> Tensor {
    let units = kernel.shape[1]
    let result = Tensor(uninitialized: [count, units])
    SparseProduct.forward(
      self, kernel: kernel.pointer, bias: bias?.pointer, units: units, into: result.pointer)
    let kernelShape = kernel.shape
    let needs = (kernel: kernel.node != nil, bias: bias?.node != nil)
    return result.recorded(from: [kernel] + (bias.map { [$0] } ?? [])) { upstream in
      var gradients: [Tensor?] = [nil]
      if needs.kernel {
        let gradient = Tensor(uninitialized: kernelShape)
        SparseProduct.kernelGradient(
          self, upstream: upstream.pointer, units: units, into: gradient.pointer)
        gradients[0] = gradient
      }
      if bias != nil { gradients.append(needs.bias ? upstream.columnSums(columns: units) : nil) }
      return gradients
    }
  }
}
