import TestSupport
import Testing

@testable import DeepLearning

/// Mistakes with images end the program with a sentence that names them.
@Suite struct ConvolutionMistakeTests {
  enum Mistake: String, CaseIterable, Codable, Sendable {
    case kernelTooLarge, dilationTooLarge, poolTooLarge, sequenceTooShort
    case imageRank, sequenceRank, transposeRank, poolRank, globalRank, globalSequenceRank
    case paddingRank, croppingRank, enlargingRank
    case negativeStride, noStride, noKernel, noDilation, poolStride, kernelOfThree
    case noFilters, noFilters1D, noSeparableFilters, noTransposeFilters
    case concatenated, concatenatedTensors, nothingToConcatenate, added
    case negativeMargin, margins, nothingLeft, noEnlargement
    case pixelCount, pixelRow, noStreamSteps, wrongImage, otherProvider

    /// What the sentence says.
    var sentence: String {
      switch self {
      case .kernelTooLarge:
        "a window of [5, 5] does not fit into images of 4 x 6. Use padding: .same"
      case .dilationTooLarge:
        "a window of [5, 5] does not fit into images of 4 x 6. Use padding: .same"
      case .poolTooLarge: "a window of [2, 7] does not fit into images of 4 x 6. Use padding: .same"
      case .sequenceTooShort: "a window of [1, 9] does not fit into images of 1 x 8"
      case .imageRank, .poolRank, .globalRank, .transposeRank, .paddingRank, .croppingRank,
        .enlargingRank:
        "takes images [height, width, channels], but got samples of shape [8, 3]. Put Reshape("
      case .sequenceRank, .globalSequenceRank:
        "takes sequences [time, channels], but got samples of shape [4, 6, 3]. Put Reshape("
      case .negativeStride: "The stride of a convolution or pooling is at least 1"
      case .noStride: "The stride of a convolution or pooling is at least 1"
      case .noKernel: "The window of a convolution or pooling is at least 1"
      case .noDilation: "The dilation of a convolution or pooling is at least 1"
      case .poolStride: "The stride of a convolution or pooling is at least 1"
      case .kernelOfThree: "A height and a width are needed, not 3 numbers"
      case .noFilters, .noSeparableFilters, .noTransposeFilters:
        "A convolution needs at least one filter, not 0. Its first argument"
      case .noFilters1D: "A convolution needs at least one filter, not -2"
      case .concatenated: "joins tensors along the last axis; all others must agree"
      case .concatenatedTensors:
        "Tensors of shapes [2, 3], [3, 3] cannot be joined along axis 1: all other axes must agree. Choose another axis"
      case .nothingToConcatenate: "There are no tensors to join"
      case .added:
        "adds tensors of one shape, but got [4, 6, 3], [4, 6, 1]. Give them the same number"
      case .negativeMargin: "Margins are not negative"
      case .margins: "Margins are written [[top, bottom], [left, right]]"
      case .nothingLeft: "nothing is left of images of 4 x 6. Crop less"
      case .noEnlargement: "Images are enlarged by 1 or more, not by [0, 0]"
      case .pixelCount: "Pictures of shape [2, 2, 2, 3] have 24 bytes, but 23 were given"
      case .pixelRow: "Picture 2 does not exist: there are 2"
      case .otherProvider: "The provider winograd does not compute convolutions of [1, 5, 5, 3]"
      case .noStreamSteps: "An epoch has at least one step, not 0"
      case .wrongImage: "takes samples of shape [4, 6, 3], but was given samples of shape [6, 4, 3]"
      }
    }

    func commit() throws {
      switch self {
      case .kernelTooLarge: image(Conv2D(2, kernel: 5))
      case .dilationTooLarge: image(Conv2D(2, kernel: 3, dilation: 2))
      case .poolTooLarge: image(MaxPooling2D([2, 7]))
      case .sequenceTooShort: sequence(Conv1D(2, kernel: 9))
      case .imageRank: sequence(Conv2D(2, kernel: 1))
      case .sequenceRank: image(Conv1D(2, kernel: 1))
      case .transposeRank: sequence(Conv2DTranspose(2, kernel: 3))
      case .poolRank: sequence(AveragePooling2D(2))
      case .globalRank: sequence(GlobalMaxPooling2D())
      case .globalSequenceRank: image(GlobalAveragePooling1D())
      case .paddingRank: sequence(ZeroPadding2D(1))
      case .croppingRank: sequence(Cropping2D(1))
      case .enlargingRank: sequence(UpSampling2D(2))
      case .negativeStride: image(Conv2D(2, kernel: 3, stride: -1))
      case .noStride: image(Conv2DTranspose(2, kernel: 3, stride: [1, 0]))
      case .noKernel: image(DepthwiseConv2D(kernel: 0))
      case .noDilation: sequence(Conv1D(2, kernel: 3, dilation: 0))
      case .poolStride: sequence(MaxPooling1D(2, stride: 0))
      case .kernelOfThree: image(Conv2D(2, kernel: [3, 3, 3]))
      case .noFilters: image(Conv2D(0, kernel: 3))
      case .noFilters1D: sequence(Conv1D(-2, kernel: 3))
      case .noSeparableFilters: image(SeparableConv2D(0, kernel: 3))
      case .noTransposeFilters: image(Conv2DTranspose(0, kernel: 3))
      case .concatenated: _ = Concatenate()(Input([4, 6, 3]), Input([4, 5, 3]))
      case .concatenatedTensors: _ = Tensor.concatenated([.ones([2, 3]), .ones([3, 3])])
      case .nothingToConcatenate: _ = Tensor.concatenated([])
      case .added: _ = Add()(Input([4, 6, 3]), Input([4, 6, 1]))
      case .negativeMargin: image(ZeroPadding2D(-1))
      case .margins: image(ZeroPadding2D([[1, 1]]))
      case .nothingLeft: image(Cropping2D([[2, 2], [0, 0]]))
      case .noEnlargement: image(UpSampling2D(0))
      case .pixelCount: _ = Pixels([UInt8](repeating: 1, count: 23), shape: [2, 2, 2, 3])
      case .pixelRow:
        _ = Pixels([UInt8](repeating: 1, count: 24), shape: [2, 2, 2, 3]).gathering([0, 2])
      case .otherProvider:
        let geometry = ConvolutionGeometry(
          input: [1, 5, 5, 3], filters: 4, kernel: 3, stride: 1, dilation: 1, padding: .same)
        _ = Convolution.forward(
          .ones(geometry.inputShape), .ones(geometry.kernelShape), bias: nil, isRectified: false,
          geometry, provider: .winograd)
      case .noStreamSteps: try compiled().fit(NoBatches(), stepsPerEpoch: 0)
      case .wrongImage: _ = image(Conv2D(2, kernel: 1))(Tensor.ones([1, 6, 4, 3]))
      }
    }

    @discardableResult
    private func image(_ layer: Layer) -> Sequential { Sequential(input: [4, 6, 3]) { layer } }

    private func sequence(_ layer: Layer) { _ = Sequential(input: [8, 3]) { layer } }

    private func compiled() -> Sequential {
      let model = Sequential(input: [1]) { Dense(1) }
      model.compile(optimizer: SGD(), loss: .meanSquaredError)
      return model
    }

    private final class NoBatches: BatchStream {
      func nextBatch() throws -> Batch { Batch(x: Tensor.ones([1, 1]), y: Tensor.ones([1, 1])) }
    }
  }

  @Test("Each mistake ends with a sentence", .ahead, arguments: Mistake.allCases)
  func sentence(_ mistake: Mistake) async throws {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { [mistake] in
      try mistake.commit()
    }
    let output = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
    #expect(output.contains(mistake.sentence), "\(output.prefix(500))")
  }
}
