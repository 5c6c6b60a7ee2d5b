import DeepLearning
import Foundation
import Gallery
import Images

/// Keeps what a run comes to after each iteration: an image, and the parts of the loss.
final class Recorder {
  /// The best image after an iteration, and its loss.
  struct Stage {
    let loss: LossValues
    let evaluations: Int
    let image: Image
  }

  let optimization: StyleOptimization
  private(set) var stages: [Stage] = []
  private let iterations: Int
  private let folder: URL
  /// The names of the iterations' images.
  private var files: Set<String> = []

  /// - Parameters:
  ///   - iterations: how many there are to be.
  ///   - folder: where images are kept.
  init(_ optimization: StyleOptimization, iterations: Int, folder: URL) {
    (self.optimization, self.iterations, self.folder) = (optimization, iterations, folder)
  }

  /// The image with the lowest loss; nil if none had a finite one.
  var result: Image? { optimization.best.map { Image(networkInput: $0.image) } }

  /// Prints the loss, and writes the best image so far.
  func iterationDidEnd(_ iteration: Int) throws {
    guard let (tensor, loss) = optimization.best else { return }
    let image = Image(networkInput: tensor)
    stages.append(Stage(loss: loss, evaluations: optimization.evaluations, image: image))
    let width = max(String(iterations).count, 2)
    let file = String(format: "iteration-%0\(width)ld.png", iteration)
    try image.write(to: folder.appending(path: file).path)
    files.insert(file)
    print("iteration \(iteration)/\(iterations): loss \(loss.description)")
    fflush(nil)
  }

  /// Writes the result, the style and the losses.
  ///
  /// - Parameter isComplete: whether images that an earlier run has left are to go.
  func writeFiles(_ pair: StylePictures.Pair, isComplete: Bool) throws {
    if isComplete {
      folder.removeFiles(except: files) { $0.wholeMatch(of: /iteration-\d+\.png/) != nil }
    }
    try (result ?? pair.content).write(to: folder.appending(path: "result.png").path)
    try pair.style.write(to: folder.appending(path: "style.png").path)
    guard optimization.best != nil else { return }
    let rows = stages.enumerated().map { index, stage in
      let loss = stage.loss
      return "\(index + 1),\(stage.evaluations),\(loss.total),\(loss.content),\(loss.style),"
        + "\(loss.variation)\n"
    }
    let text = "iteration,evaluations,loss,content,style,variation\n" + rows.joined()
    try Data(text.utf8).write(atomicallyTo: folder.appending(path: "losses.csv"))
  }
}

extension LossValues: CustomStringConvertible {
  /// Four digits and a power of ten, as in `5.004e+08`.
  static func text(_ value: Float) -> String { String(format: "%.3e", Double(value)) }

  /// The total and what it is made of.
  var description: String {
    "\(Self.text(total)) = content \(Self.text(content)) + style \(Self.text(style)) + variation "
      + Self.text(variation)
  }
}
