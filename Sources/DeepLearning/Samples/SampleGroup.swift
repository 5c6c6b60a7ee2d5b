/// Samples for several inputs of a model, or targets for several outputs: in their order, or by their names.
///
///     try model.fit([text, question], [answers])
///     try model.fit(["text": text, "question": question], ["answer": answers])
public struct SampleGroup: Sendable, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral {
  private var parts: [(name: String?, samples: Samples)] = []

  /// Creates a group in the order of the model's inputs or outputs.
  public init(_ parts: [any SamplesConvertible]) {
    self.parts = parts.map { (nil, $0.samples) }
  }

  /// Creates a group by the names of the model's inputs or outputs.
  public init(_ parts: [String: any SamplesConvertible]) {
    self.parts = parts.map { ($0.key, $0.value.samples) }
  }

  /// `[text, question]`
  public init(arrayLiteral parts: any SamplesConvertible...) { self.init(parts) }

  /// `["text": text, "question": question]`
  public init(dictionaryLiteral parts: (String, any SamplesConvertible)...) {
    self.parts = parts.map { ($0.0, $0.1.samples) }
  }

  /// The parts in the order of `names`, each of which must be there once; stops with a sentence otherwise.
  ///
  /// - Parameter kind: what the names belong to, `input` or `output`.
  func ordered(by names: [String], of kind: String) -> [Samples] {
    if parts.allSatisfy({ $0.name == nil }) {
      require(
        parts.count == names.count,
        "The model has \(names.count) \(kind)s, but samples for \(parts.count) were given. Give them in the order \(names.joined(separator: ", "))."
      )
      return parts.map(\.samples)
    }
    return inOrder(parts.map { ($0.name ?? "", $0.samples) }, of: names, kind, what: "samples")
  }
}

/// Values that were given by name, in the order of `names`; stops with a sentence unless each is there once.
///
/// - Parameters:
///   - kind: what the names belong to, `input` or `output`.
///   - what: what was given, such as `samples`.
///   - fallback: what stands for a value that was not given; without one, all must be.
func inOrder<Value>(
  _ given: [(name: String, value: Value)], of names: [String], _ kind: String, what: String,
  fallback: Value? = nil
) -> [Value] {
  for (name, _) in given where !names.contains(name) {
    fail(
      "The model has no \(kind) \(name) to give \(what) to. Its \(kind)s: \(names.joined(separator: ", "))."
    )
  }
  return names.map { name in
    let values = given.filter { $0.name == name }.map(\.value)
    require(values.count < 2, "The \(kind) \(name) was given \(what) twice.")
    guard let value = values.first ?? fallback else {
      fail(
        "The \(kind) \(name) was not given \(what). Give \(what) to each of \(names.joined(separator: ", "))."
      )
    }
    return value
  }
}
