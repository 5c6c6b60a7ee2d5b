/// Where the vectors of a tensor come from: rows of a table.
struct Lookup {
  /// `[rows, columns]`, with its node if it is being differentiated.
  let table: Tensor
  let ids: [Int32]
  /// The operation that looked them up, if it was recorded.
  private weak var node: Node?
  private let isRecorded: Bool

  init(table: Tensor, ids: [Int32], result: Tensor) {
    (self.table, self.ids) = (table, ids)
    (node, isRecorded) = (result.node, result.node != nil)
  }

  /// Whether what depends on a tensor with these vectors may be said to depend on the table instead.
  ///
  /// Not if the gradient is taken with respect to the vectors themselves.
  func stands(for tensor: Tensor) -> Bool {
    isRecorded ? tensor.node != nil && tensor.node === node : tensor.node == nil
  }
}
