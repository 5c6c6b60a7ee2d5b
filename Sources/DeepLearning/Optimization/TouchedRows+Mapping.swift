extension Tensor {
  /// The same with each touched row, or else the whole, put through `body`, which must leave zeros zero.
  func mappingTouched(_ body: (Tensor) -> Tensor) -> Tensor {
    guard let touched = storage.touchedRows else { return body(self) }
    let result = Tensor(shape: shape, storage: Storage(zeros: elementCount, touching: touched))
    let compact = body(gathering(rows: touched.rows.map(Int.init)[...]))
    for (position, row) in touched.rows.enumerated() {
      (result.storage.own + Int(row) * touched.width)
        .update(from: compact.pointer + position * touched.width, count: touched.width)
    }
    withExtendedLifetime(compact) {}
    return result
  }

  /// Σx², of a gradient.
  var sumOfSquares: Float {
    guard let touched = storage.touchedRows else { return squared().sum().item }
    return gathering(rows: touched.rows.map(Int.init)[...]).squared().sum().item
  }
}
