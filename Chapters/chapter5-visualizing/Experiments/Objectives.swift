import DeepLearning
import Figures
import Gallery

/// What of a filter's activations is to grow.
enum Objective: String, CaseIterable {
  case mean, maximum, minimum

  /// For each image the filter that it is for, weighted so that the weighted sum of all activations is the objective.
  ///
  /// - Parameters:
  ///   - output: the activations of all filters, `[images, height, width, filters]`.
  ///   - filters: one for each image.
  func weights(of output: Tensor, _ filters: [Int]) -> Tensor {
    let (places, count) = (output.shape[1] * output.shape[2], output.shape[3])
    var weights = [Float](repeating: 0, count: output.elementCount)
    for (image, filter) in filters.enumerated() {
      let values = output[.index(image), .all, .all, .index(filter)].scalars
      let chosen =
        switch self {
        case .mean: Array(0..<places)
        case .maximum: [values.indices.max { values[$0] < values[$1] } ?? 0]
        case .minimum: [values.indices.min { values[$0] < values[$1] } ?? 0]
        }
      for place in chosen {
        weights[(image * places + place) * count + filter] = 1 / Float(chosen.count)
      }
    }
    return Tensor(weights, shape: output.shape)
  }
}

extension FilterAscent {
  /// The activations of all filters, and the gradient of an objective with respect to the images.
  func outputAndGradient(
    of filters: [Int], at images: Tensor, _ objective: Objective
  ) -> (output: Tensor, gradient: Tensor) {
    var output = images
    let (_, gradient) = valueAndGradient(at: images) { images in
      output = model(images)
      return (output * objective.weights(of: output.detached, filters)).sum()
    }
    return (output.detached, gradient)
  }

  /// The same gradient ascent with respect to the weights instead: the images stay, the network changes.
  ///
  /// Each step changes each kernel by a hundredth of its size.
  ///
  /// - Returns: the mean activation before each step.
  func ascendInWeights(for filter: Int, at images: Tensor, steps: Int) -> [Float] {
    let kernels = model.weights.filter { $0.shape.rank == 4 }
    return (0..<steps).map { _ in
      var activation: Float = 0
      let (_, gradients) = valueAndGradients(of: kernels) {
        let output = model(images)
        let value = (output * Objective.mean.weights(of: output.detached, [filter])).sum()
        activation = value.item
        return value
      }
      for kernel in kernels {
        guard let gradient = gradients[kernel] else { continue }
        let (size, slope) = (kernel.value.squared().mean().item, gradient.squared().mean().item)
        if slope > 0 {
          kernel.value = kernel.value + gradient * (0.01 * (size / slope).squareRoot())
        }
      }
      return activation
    }
  }
}

extension Experiments {
  /// Patterns that raise the mean, the maximum and the minimum of a filter's activations.
  func compareObjectives(_ run: ChapterRun) throws {
    let (ascent, label, side) = try loadAscent()
    let filters = Array(0..<(options.quick ? 2 : 8))
    let steps = options.quick ? 2 : 40
    let progress = Progress("objectives", of: Objective.allCases.count, times: steps, run)
    defer { progress.finish() }
    var pictures: [Picture] = []
    var table = ResultTable(
      "what is raised", "mean activation", "± sd", "largest activation", "± sd", "active places",
      "± sd")
    for objective in Objective.allCases where !run.isInterrupted {
      var generators = FilterAscent.generators(for: filters, seed: options.seed)
      var images = ascent.noise(using: &generators)
      for _ in 0..<steps {
        let (_, gradient) = ascent.outputAndGradient(of: filters, at: images, objective)
        images += FilterAscent.normalized(gradient)
        if progress.step() { break }
      }
      let output = ascent.model(images)
      let values = filters.enumerated().map { image, filter in
        output[.index(image), .all, .all, .index(filter)].scalars
      }
      let measured: [[Double]] = [
        values.map { Double($0.reduce(0, +)) / Double($0.count) },
        values.map { Double($0.max() ?? 0) },
        values.map { values in Double(values.count { $0 > 0 }) / Double(values.count) },
      ]
      table.add(
        [objective.rawValue]
          + measured.flatMap { [Statistics.mean($0), Statistics.standardDeviation($0)] }
          .map { ResultTable.number($0) })
      pictures += FilterAscent.patterns(in: images, values.map { $0[0] }).map {
        Picture(
          pixels: $0.pixels, width: side, height: side, channels: 3,
          caption: objective.rawValue)
      }
    }
    run.add(table, titled: "\(filters.count) filters of \(layer): what there is in the end")
    run.add(
      PictureGrid(
        title: "Patterns that raise the mean, the maximum and the minimum of \(layer)",
        columns: filters.count, footnote: label, pictures: pictures), as: "objectives")
  }

  /// The gradient with respect to the picture and with respect to the weights: both raise the activation.
  func compareInputAndWeights(_ run: ChapterRun) throws {
    let filters = Array(0..<(options.quick ? 1 : 5))
    let steps = options.quick ? 2 : 40
    let progress = Progress("picture or weights", of: filters.count, times: 2, run)
    defer { progress.finish() }
    let (ascent, label, side) = try loadAscent()
    let original = ascent.model.weights.map(\.value)
    var (byInput, byWeights): ([[Float]], [[Float]]) = ([], [])
    var (before, after): ([Picture], [Picture]) = ([], [])
    for filter in filters where !run.isInterrupted {
      var generators = FilterAscent.generators(for: [filter], seed: options.seed)
      let noise = ascent.noise(using: &generators)
      func picture(_ image: Tensor, _ caption: String) -> Picture {
        Picture(
          pixels: FilterAscent.patterns(in: image, [0])[0].pixels, width: side, height: side,
          channels: 3, caption: caption)
      }
      var (image, activations): (Tensor, [Float]) = (noise, [])
      for _ in 0..<steps {
        let (values, gradient) = ascent.activationsAndGradient(of: [filter], at: image)
        activations += values
        image += FilterAscent.normalized(gradient)
      }
      byInput.append(activations)
      before.append(picture(image, "picture changed"))
      if progress.step() { break }
      byWeights.append(ascent.ascendInWeights(for: filter, at: noise, steps: steps))
      for (weight, value) in zip(ascent.model.weights, original) { weight.value = value }
      after.append(picture(noise, "weights changed"))
      if progress.step() { break }
    }
    if after.isEmpty { return }
    func mean(_ runs: [[Float]]) -> [Double] {
      (0..<steps).map { step in Statistics.mean(runs.map { Double($0[step]) }) }
    }
    for (name, runs) in [("picture", byInput), ("weights", byWeights)] {
      run.result("\(name) changed: mean activation", here: mean(runs).last ?? .nan, better: .higher)
    }
    run.add(
      Figure(
        title: "Mean activation of \(filters.count) filters of \(layer)", x: "Steps",
        y: "Activation", yScale: .logarithmic, footnote: label
      ) {
        Line(mean(byInput), "The picture is changed")
        Line(mean(byWeights), "The weights are changed", dashed: true)
      }, as: "picture-or-weights")
    run.add(
      PictureGrid(
        title: "What there is to see when the picture, and when the weights are changed",
        columns: filters.count, footnote: label, pictures: before + after), as: "picture-or-noise")
  }
}
