extension Tensor {
  /// A gradient of which each row that may be other than zero, or else the whole, has been put through `body`, which must leave zeros zero.
  func mappingNonZeroRows(_ body: (Tensor) -> Tensor) -> Tensor {
    guard let nonZero = storage.nonZeroRows else { return body(self) }
    let result = Tensor(shape: shape, storage: Storage(zeros: elementCount, nonZeroRows: nonZero))
    let compact = body(gathering(rows: nonZero.rows.map(Int.init)[...]))
    for (position, row) in nonZero.rows.enumerated() {
      (result.storage.buffer + Int(row) * nonZero.width)
        .update(from: compact.pointer + position * nonZero.width, count: nonZero.width)
    }
    withExtendedLifetime(compact) {}
    return result
  }

  /// Σx², of a gradient.
  var sumOfSquares: Float {
    guard let nonZero = storage.nonZeroRows else { return squared().sum().item }
    return gathering(rows: nonZero.rows.map(Int.init)[...]).squared().sum().item
  }
}
