import Datasets
import DeepLearning

/// Linear regression on the readings of a window, with a penalty on the squares of its weights: solved, not trained.
struct RidgeRegression {
  /// The covariances of the readings with each other and with the target.
  private let covariances: Tensor
  private let targetCovariances: Tensor
  private let means: Tensor
  private let targetMean: Float

  /// Collects what a solution needs.
  ///
  /// - Parameters:
  ///   - stream: where windows come from.
  ///   - batches: how many of its batches to use.
  static func fitted(to stream: ForecastStream, batches: Int) -> RidgeRegression {
    var (squares, products, sums) = (Tensor.scalar(0), Tensor.scalar(0), Tensor.scalar(0))
    var (count, targetSum) = (0, Float(0))
    for _ in 0..<batches {
      let batch = stream.nextBatch()
      guard case .windows(let windows) = batch.x, case .dense(let y) = batch.y else {
        fail("A stream of windows has batches of windows and numbers.")
      }
      let x = rows(of: windows)
      let columns = x.transposed()
      squares = squares + columns.matmul(x)
      products = products + columns.matmul(y)
      sums = sums + x.sum(axis: 0)
      targetSum += y.sum().item
      count += windows.count
    }
    let share = 1 / Float(count)
    let width = sums.elementCount
    let means = (sums * share).reshaped([width, 1])
    let targetMean = targetSum * share
    return RidgeRegression(
      covariances: squares * share - means.matmul(means.transposed()),
      targetCovariances: products * share - means * targetMean, means: means,
      targetMean: targetMean)
  }

  /// A window in a row: `[windows, readings · variables]`.
  private static func rows(of windows: TimeSeriesWindows) -> Tensor {
    windows.tensor.reshaped([windows.count, windows.length * windows.table.shape[1]])
  }

  /// The weights that make half the mean squared error and the penalty smallest, by conjugate gradients (Hestenes and
  /// Stiefel, 1952): `[readings · variables, 1]`.
  func weights(penalty: Float) -> Tensor {
    var weights = Tensor.zeros(targetCovariances.shape)
    var rest = targetCovariances
    var direction = rest
    var size = rest.squared().sum().item
    let enough = 1e-10 * size
    for _ in 0..<500 where size > enough {
      let image = covariances.matmul(direction) + direction * penalty
      let step = size / (direction * image).sum().item
      weights = weights + direction * step
      rest = rest - image * step
      let next = rest.squared().sum().item
      direction = rest + direction * (next / size)
      size = next
    }
    return weights
  }

  /// The mean absolute error of forecasts with some weights.
  func error(of weights: Tensor, on samples: ForecastSamples) -> Double {
    let offset = targetMean - (means * weights).sum().item
    var total = 0.0
    for start in stride(from: 0, to: samples.count, by: 1_000) {
      let range = start..<min(start + 1_000, samples.count)
      let forecasts = Self.rows(of: samples.x[range]).matmul(weights) + offset
      total += Double((forecasts - samples.y[range]).magnitude.sum().item)
    }
    return total / Double(samples.count)
  }
}
