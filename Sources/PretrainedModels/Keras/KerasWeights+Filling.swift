import DataFiles
import DeepLearning

/// Weights out of files into networks.
extension KerasWeights {
  /// Sets the weights of a model to those of a file, all of them or none.
  ///
  /// Files name weights in many ways; what they agree on is the layer, and that a kernel has more
  /// axes than a bias. Weights with as many axes are told apart by name, or by number in Keras 3.
  ///
  /// - Parameters:
  ///   - present: the tensors of the file, by the name that the model has for their layer.
  ///   - classifier: the layers that a file of the base lacks.
  func fill(
    _ model: Model, from file: HDF5File, _ present: [String: [HDF5File.Dataset]],
    classifier: [String] = []
  ) throws {
    var values: [(Parameter, Tensor)] = []
    for layer in model.layers where !layer.weights.isEmpty {
      let datasets = present[layer.name] ?? []
      for (index, weight) in layer.weights.enumerated() {
        let fitting = datasets.filter { Self.fits($0, weight, index, in: layer) }
        guard fitting.count == 1 else {
          throw DataError(
            fitting.isEmpty && classifier.contains(layer.name)
              ? "\(file.name) lacks \(weight.name): it holds \(network) without its classifier."
              : "\(file.name) has \(fitting.isEmpty ? "no" : "more than one") \(weight.name): it "
                + "belongs to another network than \(network).")
        }
        guard fitting[0].shape == Array(weight.shape) else {
          throw DataError(
            "\(file.name): \(fitting[0].path) has the shape \(fitting[0].shape), but \(weight.name) "
              + "of \(network) has \(weight.shape): it belongs to another network.")
        }
        values.append((weight, try file.tensor(fitting[0])))
      }
      guard datasets.count == layer.weights.count else {
        throw DataError(
          "\(file.name) has \(datasets.count) weights for the layer \(layer.name), which has "
            + "\(layer.weights.count) in \(network): it belongs to another network.")
      }
    }
    for (weight, value) in values { weight.value = value }
  }

  /// Sets the weights of a model's convolutions to those of the package's file, all of them or none.
  ///
  /// ONNX has `[filters, channels, height, width]`.
  func fill(_ model: Model, from file: ONNXFile, of package: Package) throws {
    var values: [(Parameter, Tensor)] = []
    for layer in model.layers where !layer.weights.isEmpty {
      let (kernel, bias) = package.names(layer.name)
      for (weight, name, axes) in [
        (layer.weights[0], kernel, [2, 3, 1, 0]), (layer.weights[1], bias, [0]),
      ] {
        guard let shape = file.shape(of: name) else {
          throw DataError(
            "\(file.name) has no \(name): it belongs to another network than \(network).")
        }
        guard shape.count == axes.count, axes.map({ shape[$0] }) == Array(weight.shape) else {
          throw DataError(
            "\(file.name): \(name) has the shape \(shape), but \(weight.name) of \(network) has "
              + "\(weight.shape): it belongs to another network.")
        }
        values.append((weight, try file.tensor(name, axes: axes)))
      }
    }
    for (weight, value) in values { weight.value = value }
  }

  /// Gives a kind of layers the numbers 1, 2 and so on, in the order in which the network was put together.
  ///
  /// Keras numbers layers through all networks that a program makes: the layer that is `conv2d_1` in one file is
  /// `conv2d` in another and `conv2d_95` in a third, which is why it goes by their order itself.
  ///
  /// - Parameters:
  ///   - present: the tensors of the file, by layer; changed.
  ///   - count: how many layers of that kind the network has.
  func renumber(
    _ kind: String, count: Int, in present: inout [String: [HDF5File.Dataset]], of file: HDF5File
  ) throws {
    let names = Self.inOrder(Array(present.keys), kind: kind)
    guard names.count == count else {
      throw DataError(
        "\(file.name) has \(names.count) layers \(kind), but \(network) has \(count): it belongs to "
          + "another network.")
    }
    let found = names.map { present.removeValue(forKey: $0) ?? [] }
    for (number, datasets) in zip(1..., found) { present["\(kind)_\(number)"] = datasets }
  }

  /// The names of a kind of layers, by their numbers; the first may have none.
  static func inOrder(_ names: [String], kind: String) -> [String] {
    names.compactMap { name -> (number: Int, name: String)? in
      if name == kind { return (0, name) }
      guard name.hasPrefix(kind + "_"), let number = Int(name.dropFirst(kind.count + 1)), number > 0
      else { return nil }
      return (number, name)
    }
    .sorted { $0.number < $1.number }.map(\.name)
  }

  private static func fits(
    _ dataset: HDF5File.Dataset, _ weight: Parameter, _ index: Int, in layer: Layer
  ) -> Bool {
    let rank = weight.shape.rank
    guard dataset.shape.count == rank else { return false }
    if layer.weights.filter({ $0.shape.rank == rank }).count == 1 { return true }
    // `batch_normalization_1/moving_mean:0`, or `vars/1`.
    let name = dataset.path.split(separator: "/").last?.prefix { $0 != ":" } ?? ""
    return weight.name.split(separator: "/").last == name || Int(name) == index
  }
}
