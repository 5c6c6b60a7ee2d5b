extension Model {
  /// A table of the layers with their output shapes and numbers of parameters.
  public func summary() -> String {
    let rows = steps.map { step in
      [
        "\(step.layer.name) (\(type(of: step.layer)))",
        "[batch, \(step.layer.outputShape.map(String.init).joined(separator: ", "))]",
        grouped(step.layer.weights.reduce(0) { $0 + $1.shape.elementCount }),
      ]
    }
    let header = ["layer", "output shape", "parameters"]
    let widths = header.indices.map { column in
      ([header] + rows).map { $0[column].count }.max() ?? 0
    }
    func line(_ row: [String]) -> String {
      row[0].padded(to: widths[0]) + "   " + row[1].padded(to: widths[1]) + "   "
        + String(repeating: " ", count: widths[2] - row[2].count) + row[2]
    }
    let rule = String(repeating: "─", count: widths.reduce(6, +))
    let trainable = trainableWeights.reduce(0) { $0 + $1.shape.elementCount }
    var lines = [line(header), rule] + rows.map(line) + [rule]
    lines.append("total parameters \(grouped(parameterCount)), trainable \(grouped(trainable))")
    return lines.joined(separator: "\n")
  }

  /// A number with commas between thousands.
  private func grouped(_ number: Int) -> String {
    let digits = Array(String(number))
    return digits.indices.reduce(into: "") { text, index in
      if index > 0, (digits.count - index).isMultiple(of: 3) { text += "," }
      text.append(digits[index])
    }
  }
}

extension String {
  fileprivate func padded(to width: Int) -> String {
    self + String(repeating: " ", count: Swift.max(0, width - count))
  }
}
