import DeepLearning
import Figures
import Gallery
import Images

/// What a formula of the section is good for, shown without painting anything.
enum Demonstration: String, CaseIterable {
  case gram, scale, shifts
}

/// The pictures and the network that formulas are tried on.
struct Demonstrations {
  let pair: StylePictures.Pair
  let run: ChapterRun
  let network: StyleNetwork
  let style: Tensor
  /// The features of the content layer, then of the layers of the style.
  let features: (Tensor) -> [Tensor]

  init(_ pair: StylePictures.Pair, _ network: StyleNetwork, _ run: ChapterRun) {
    (self.pair, self.network, self.run) = (pair, network, run)
    style = pair.style.networkInput
    features = network.features()
  }

  func show(_ demonstration: Demonstration) throws {
    switch demonstration {
    case .gram: showGram()
    case .scale: try showScale()
    case .shifts: showShifts()
    }
  }

  // MARK: - 4 · N² · M²

  /// A layer's part of the style loss as the paper has it: Σ (difference of Gram matrices)² / (4 · N² · M²), N and M being
  /// the layer's own numbers of channels and pixels.
  static func paperLoss(_ features: Tensor, _ wanted: Tensor) -> Tensor {
    let (channels, pixels) = (
      Float(features.shape[3]), Float(features.shape[1] * features.shape[2])
    )
    let difference = features.gramMatrix() - wanted.gramMatrix()
    return difference.squared().sum() / (4 * channels * channels * pixels * pixels)
  }

  /// The gradient of that as the paper gives it: F · (difference of Gram matrices) / (N² · M²). The 4 has gone.
  static func paperGradient(_ features: Tensor, _ wanted: Tensor) -> Tensor {
    let (channels, pixels) = (features.shape[3], features.shape[1] * features.shape[2])
    let difference = features.gramMatrix() - wanted.gramMatrix()
    let rows = features.reshaped([pixels, channels]).matmul(difference)
    let factor = 1 / (Float(channels * channels) * Float(pixels) * Float(pixels))
    return rows.reshaped(features.shape) * factor
  }

  /// Sums of squares of differences of Gram matrices at two sizes of the same pictures, undivided, divided as in the paper
  /// and as in the book.
  private func showScale() throws {
    let heights = run.options.quick ? [32] : [64, 256]
    var table = ResultTable("rows", "layer", "N", "M", "sum of squares", "paper", "book")
    var lines: [(name: String, values: [Float])] = []
    for height in heights {
      let width = max(height * pair.width / pair.height, StylePictures.smallestSide)
      let network = try StyleNetwork(height: height, width: width, run.options)
      let features = network.features()
      let own = features(pair.content.scaled(width: width, height: height).networkInput)
      let wanted = features(pair.style.scaled(width: width, height: height).networkInput)
      var (sums, papers, books): ([Float], [Float], [Float]) = ([], [], [])
      for layer in 1..<own.count {
        let (channels, area) = (own[layer].shape[3], own[layer].shape[1] * own[layer].shape[2])
        let (gram, target) = (own[layer].gramMatrix(), wanted[layer].gramMatrix())
        sums.append((gram - target).squared().sum().item)
        papers.append(Self.paperLoss(own[layer], wanted[layer]).item)
        books.append(
          StyleTransfer.styleLoss(gram, target, weight: 1, pixels: height * width).item)
        table.add(
          ["\(height)", StyleTransfer.styleLayers[layer - 1], "\(channels)", "\(area)"]
            + [sums, papers, books].map { LossValues.text($0.last ?? .nan) })
      }
      lines += [
        (name: "sum of squares, \(height) rows", values: sums),
        (name: "as in the paper, \(height) rows", values: papers),
        (name: "as in the book, \(height) rows", values: books),
      ]
      let (last, target) = (own[own.count - 1], wanted[own.count - 1])
      let (_, gradient) = valueAndGradient(at: last) { Self.paperLoss($0, target) }
      let error =
        (gradient - Self.paperGradient(last, target)).largestMagnitude / gradient.largestMagnitude
      run.result(
        "\(height) rows: the paper's gradient and the engine's, largest difference", here: error,
        better: .lower)
    }
    run.add(table, titled: "Style loss of the content picture by layer and size")
    run.add(
      Figure(
        title: "What 4 N² M² does: style loss of the content picture", x: "Layer", y: "Loss",
        yScale: .logarithmic, names: StyleTransfer.styleLayers, footnote: network.footnote,
        width: 900
      ) {
        for (index, line) in lines.enumerated() {
          Line(
            line.values, line.name, dashed: index >= 3,
            color: [.gray, .blue, .vermilion][index % 3])
        }
      }, as: "scale")
  }

  // MARK: - Shifted differences

  /// The total variation of the section, but between pixels that are so far apart: the picture's corner against the same
  /// picture shifted up and shifted to the left, three slices of one tensor.
  static func variation(_ image: Tensor, shift: Int) -> Tensor {
    let (height, width) = (image.shape[1], image.shape[2])
    let corner = image[.all, .range(0..<height - shift), .range(0..<width - shift), .all]
    let below = image[.all, .range(shift..<height), .range(0..<width - shift), .all]
    let right = image[.all, .range(0..<height - shift), .range(shift..<width), .all]
    let squares = (corner - below).squared() + (corner - right).squared()
    return (squares * squares.squareRoot().squareRoot()).sum()
  }

  /// How much noise raises the variation, by the distance of the pixels that are compared.
  private func showShifts() {
    let photograph = pair.content.networkInput
    let shifts = [1, 2, 4, 8, 16].filter { $0 < min(pair.height, pair.width) }
    let ratios = (0..<5).map { offset in
      var random = RandomGenerator(seed: run.options.seed &+ UInt64(offset))
      let noisy =
        photograph + Tensor.normal(photograph.shape, standardDeviation: 20, using: &random)
      return shifts.map { shift in
        Double(
          Self.variation(noisy, shift: shift).item / Self.variation(photograph, shift: shift).item)
      }
    }
    let values = shifts.indices.map { place in
      (name: "\(shifts[place])", values: ratios.map { $0[place] })
    }
    let measured = SeedComparison(of: "variation, noisy / clean", values)
    run.add(measured.table, titled: "Variation with noise of 20 grey levels, by shift in pixels")
    run.add(measured.figure("What noise does to the variation, by shift in pixels"), as: "shifts")
    var random = RandomGenerator(seed: run.options.seed)
    let noisy = photograph + Tensor.normal(photograph.shape, standardDeviation: 20, using: &random)
    let (height, width) = (pair.height, pair.width)
    func difference(_ image: Tensor, _ rows: Range<Int>, _ columns: Range<Int>) -> Tensor {
      let corner = image[.all, .range(0..<height - 1), .range(0..<width - 1), .all]
      // Grey where neighbours are equal, in the middle of the network's range.
      return corner - image[.all, .range(rows), .range(columns), .all]
    }
    let pictures = [(photograph, "clean"), (noisy, "noisy")].flatMap { image, name -> [Picture] in
      [
        Image(networkInput: image).picture(caption: name),
        Image(networkInput: difference(image, 1..<height, 0..<width - 1))
          .picture(caption: "minus shifted up"),
        Image(networkInput: difference(image, 0..<height - 1, 1..<width))
          .picture(caption: "minus shifted left"),
      ]
    }
    run.add(
      PictureGrid(
        title: "A picture minus itself, shifted by one pixel", columns: 3,
        footnote: "Plain where neighbouring pixels are equal.", pictures: pictures),
      as: "shifted")
  }
}
