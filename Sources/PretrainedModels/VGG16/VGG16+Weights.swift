import Datasets
import DeepLearning

/// Weights out of files into the network.
extension VGG16 {
  /// Sets the weights of a model to those of a file, all of them or none.
  ///
  /// Files name weights in many ways; what they agree on is the layer, and that a kernel has more
  /// axes than a bias.
  static func fill(_ model: Model, from file: HDF5File) throws {
    let present = Dictionary(grouping: file.datasets, by: \.layer)
    let names = Set(model.layers.map(\.name) + classifierLayers)
    if let stranger = present.keys.sorted().first(where: {
      $0.hasPrefix("block") && !names.contains($0)
    }) {
      throw DataError(
        "\(file.name) holds the layer \(stranger), which VGG16 does not have: it belongs to another "
          + "network.")
    }
    var values: [(Parameter, Tensor)] = []
    for layer in model.layers {
      for weight in layer.weights {
        let fitting = (present[layer.name] ?? []).filter { $0.shape.count == weight.shape.rank }
        guard fitting.count == 1 else {
          throw DataError(
            fitting.isEmpty && classifierLayers.contains(layer.name)
              ? "\(file.name) lacks \(weight.name): it holds VGG16 without its classifier."
              : "\(file.name) has \(fitting.isEmpty ? "no" : "more than one") \(weight.name): it "
                + "belongs to another network than VGG16.")
        }
        guard fitting[0].shape == Array(weight.shape) else {
          throw DataError(
            "\(file.name): \(fitting[0].path) has the shape \(fitting[0].shape), but \(weight.name) "
              + "of VGG16 has \(weight.shape): it belongs to another network.")
        }
        values.append((weight, try file.tensor(fitting[0])))
      }
    }
    for (weight, value) in values { weight.value = value }
  }
}
