import TestSupport
import Testing

@testable import DeepLearning

/// Mistakes of the programmer end the program with a sentence that names them.
@Suite struct MistakeTests {
  enum Mistake: String, CaseIterable, Codable, Sendable {
    case addition, matmul, reshape, axis, slice, item, scalars, gradientOfVector, nesting, transpose
    case broadcast, rank, negativeExtent, rows
    case tooManyElements, noMemory
    case noAxis, noUnits, dropoutRate, reshapeLayer, sharedLayer, missingInput, sameName, noLayers
    case unknownLayer, inputShape, inputCount
    case notCompiled, notCompiledEvaluate, targetCount, noSamples, batchSize, evaluateBatchSize
    case predictBatchSize, labelRange
    case labelCount, lossShape, metricShape, sparseIntoFlatten, integersIntoDense
    case sparseColumns, sparseOrder, sparseStarts, sparseValues

    /// What the sentence says.
    var sentence: String {
      switch self {
      case .addition: "Shapes [2, 3] and [2, 4] do not fit together"
      case .matmul:
        "matmul needs [..., k] times [k, n], but the shapes are [2, 3] and [2, 3]. Transpose or reshape one of them"
      case .reshape:
        "6 elements of shape [2, 3] do not fit the shape [4]. Choose extents whose product is 6"
      case .axis: "has no axis 2. Axes count from 0"
      case .slice: "does not lie within axis 0 of extent 2"
      case .item: "`item` needs a tensor with one element; this one has shape [2, 3]. Use `scalars`"
      case .scalars: "A tensor of shape [2, 2] has 4 elements, but 3 were given. Give as many"
      case .gradientOfVector: "A gradient is taken of one number, but the loss has shape [2, 3]"
      case .nesting: "The gradient of w is already being recorded"
      case .transpose: "transposed() takes a matrix; this tensor has shape [6]"
      case .broadcast: "A tensor of shape [2, 3] cannot be repeated to fill [3]"
      case .rank: "A tensor has at most 8 axes, not 9"
      case .negativeExtent: "The extent of axis 1 is negative: -3"
      case .rows: "Rows 1..<4 do not exist in a sparse matrix of shape [2, 5]"
      case .tooManyElements:
        "error: Out of memory: a tensor of shape [1099511627776, 1099511627776] has more elements"
      case .noMemory:
        "error: Out of memory: a tensor of 4503599627370496 bytes does not fit. Use smaller batches."
      case .noAxis:
        "Dense takes vectors, but its input has no axis besides the batch. Put Reshape([1]) first"
      case .noUnits: "A Dense layer needs at least one unit, not 0. Its first argument"
      case .dropoutRate:
        "A dropout rate lies between 0 and 1, not at 1.0. It is the share that is dropped"
      case .reshapeLayer:
        "a sample of shape [5] cannot become [2, 3]. Choose extents whose product is 5"
      case .sharedLayer:
        "was built for inputs of shape [[3]], and cannot share its weights with [[4]]. Give it inputs of one shape"
      case .missingInput: "An Input of shape [3] feeds the model but is not among its inputs"
      case .sameName: "Two layers of the model have the same name, twin. Give each its own, or none"
      case .noLayers: "A Sequential model needs at least one layer"
      case .unknownLayer: "There is no layer dense_7 in the model. Its layers: dense_1"
      case .inputShape:
        "takes samples of shape [3], but was given samples of shape [4]. Reshape the samples"
      case .inputCount: "The model takes 1 inputs, but 2 were given. Give them in the order input_1"
      case .notCompiled: "Call compile(optimizer:loss:metrics:) before fit"
      case .notCompiledEvaluate: "Call compile(optimizer:loss:metrics:) before evaluate"
      case .targetCount: "There are 4 samples but 3 targets; x and y need the same number"
      case .noSamples: "There are no samples to train on: x is empty. Check how"
      case .batchSize: "A batch has at least one sample, not 0"
      case .evaluateBatchSize: "A batch has at least one sample, not 0"
      case .predictBatchSize: "A batch has at least one sample, not 0"
      case .labelRange:
        "Class 3 does not exist: the model tells 3 classes apart. Give its last layer a unit for each class"
      case .labelCount:
        "2 rows of probabilities cannot be compared with 1 classes. Give one class for each sample"
      case .lossShape:
        "predictions of shape [2, 3] with targets of shape [2, 4]. They need the same number of elements: give"
      case .metricShape: "predictions of shape [2, 3] with targets of shape [2, 4]"
      case .sparseIntoFlatten: "flatten_1 takes a dense tensor, but got sparse rows"
      case .integersIntoDense: "dense_1 takes a tensor of numbers, but got whole numbers"
      case .sparseColumns: "The columns of a sparse row must ascend and lie below 3"
      case .sparseOrder: "The columns of a sparse row must ascend and lie below 3"
      case .sparseStarts: "The row starts of a sparse matrix must run from 0"
      case .sparseValues: "A sparse matrix needs one value for each of its 2 column numbers"
      }
    }

    func commit() throws {
      let x = Tensor.ones([2, 3])
      switch self {
      case .addition: _ = x + .ones([2, 4])
      case .matmul: _ = x.matmul(x)
      case .reshape: _ = x.reshaped([4])
      case .axis: _ = x.sum(axis: 2)
      case .slice: _ = x[1..<3]
      case .item: _ = x.item
      case .scalars: _ = Tensor([1, 2, 3], shape: [2, 2])
      case .gradientOfVector: _ = valueAndGradient(at: x) { $0 * 2 }
      case .nesting:
        let w = Parameter("w", shape: [1], initializer: .ones)
        _ = valueAndGradients(of: [w]) { valueAndGradients(of: [w]) { w.value }.loss }
      case .transpose: _ = x.reshaped([6]).transposed()
      case .broadcast: _ = x.broadcast(to: [3])
      case .rank: _ = Shape([Int](repeating: 1, count: 9))
      case .negativeExtent: _ = Shape([2, -3])
      case .rows: _ = SparseRows(multiHot: [[1], [2]], columns: 5)[1..<4]
      case .tooManyElements: _ = Tensor.zeros([1 << 40, 1 << 40])
      // More than any processor can address.
      case .noMemory: _ = Tensor.zeros([1 << 50])
      case .noAxis: _ = Dense(2)(Input([]))
      case .noUnits: _ = Dense(0)
      case .dropoutRate: _ = Dropout(1)
      case .reshapeLayer: _ = Reshape([2, 3])(Input([5]))
      case .sharedLayer:
        let shared = Dense(2)
        _ = (shared(Input([3])), shared(Input([4])))
      case .missingInput: _ = Model(inputs: Input([3]), outputs: Dense(1)(Input([3])))
      case .sameName: _ = model(Dense(1, name: "twin"), Dense(1, name: "twin"))
      case .noLayers: _ = Sequential(input: [3]) {}
      default: try commitWithModel(x)
      }
    }

    private func commitWithModel(_ x: Tensor) throws {
      switch self {
      case .unknownLayer: _ = model(Dense(1)).layer("dense_7")
      case .inputShape: _ = model(Dense(1))(Tensor.ones([2, 4]))
      case .inputCount:
        let context = ForwardContext(training: false, random: RandomGenerator(seed: 1))
        _ = model(Dense(1)).outputs(for: [x.samples, x.samples], context)
      case .notCompiled: try model(Dense(1)).fit(x, x)
      case .notCompiledEvaluate: _ = model(Dense(1)).evaluate(x, x)
      case .targetCount: try compiled().fit(Tensor.ones([4, 3]), Tensor.ones([3, 1]))
      case .noSamples: try compiled().fit(Tensor.ones([0, 3]), Tensor.ones([0, 1]))
      case .batchSize: try compiled().fit(x, Tensor.ones([2, 1]), batchSize: 0)
      case .evaluateBatchSize: _ = compiled().evaluate(x, Tensor.ones([2, 1]), batchSize: 0)
      case .predictBatchSize: _ = compiled().predict(x, batchSize: 0)
      case .labelRange: _ = categoricalCrossEntropy(x, [0, 3])
      case .labelCount: _ = categoricalCrossEntropy(x, [0])
      case .lossShape: _ = meanSquaredError(x, .ones([2, 4]))
      case .metricShape: _ = Metric.accuracy(x, Tensor.ones([2, 4]))
      case .sparseIntoFlatten: _ = model(Flatten())(SparseRows(multiHot: [[1]], columns: 3))
      case .integersIntoDense:
        _ = model(Dense(1))(Samples.integers([1, 2, 3], shape: [1, 3]))
      case .sparseColumns: _ = SparseRows(columns: 3, starts: [0, 1], indices: [3])
      case .sparseOrder: _ = SparseRows(columns: 3, starts: [0, 2], indices: [1, 1])
      case .sparseStarts: _ = SparseRows(columns: 3, starts: [0, 1], indices: [1, 2])
      case .sparseValues: _ = SparseRows(columns: 3, starts: [0, 2], indices: [1, 2], values: [1])
      default: break
      }
    }

    private func model(_ layers: Layer...) -> Sequential {
      Sequential(input: [3]) { for layer in layers { layer } }
    }

    private func compiled() -> Sequential {
      let model = model(Dense(1))
      model.compile(optimizer: SGD(), loss: .meanSquaredError)
      return model
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
