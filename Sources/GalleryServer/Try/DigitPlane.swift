import DeepLearning
import Foundation

/// A place on the plane.
struct PlaneQuestion: Decodable, Sendable {
  let x: Float
  let y: Float
}

/// A picture of 28 by 28 grey values.
struct PlaneAnswer: Encodable, Sendable {
  let pixels: Data
  let sentence: String
}

/// Pictures of the plane, `side` along each side, row by row.
struct PlaneMap: Encodable, Sendable {
  let side: Int
  /// The places of the outer pictures are this far from the middle.
  let reach: Float
  let pixels: Data
}

/// The decoder of section 8.4: a point of the plane becomes a digit.
final class DigitPlane {
  private static let side = 15
  private static let reach: Float = 2.5
  private let decoder: Sequential
  private(set) lazy var map = makeMap()

  /// Reads what `chapter8-vae` has saved.
  init(folder: URL) throws {
    // The layers are called what they are called in the chapter's network, in which the encoder's come first.
    decoder = Sequential(input: [2]) {
      Dense(14 * 14 * 64, activation: .relu, name: "dense_2")
      Reshape([14, 14, 64])
      Conv2DTranspose(
        32, kernel: 3, stride: 2, padding: .same, activation: .relu, name: "conv2dtranspose_1")
      Conv2D(1, kernel: 3, padding: .same, activation: .sigmoid, name: "conv2d_5")
    }
    try decoder.loadWeights(from: folder.appending(path: "weights.safetensors"))
  }

  /// The digit at a place.
  ///
  /// - Throws: `Refusal` if it is no place.
  func digit(_ question: PlaneQuestion) throws -> PlaneAnswer {
    let (x, y) = (question.x, question.y)
    guard x.magnitude <= 100, y.magnitude <= 100 else {
      throw Refusal(400, "The plane does not reach that far.")
    }
    let place = String(format: "(%.2f, %.2f)", x, y)
    let isFar = (x * x + y * y).squareRoot() > 3
    return PlaneAnswer(
      pixels: Self.grey(decoder.predict(Tensor([x, y], shape: [1, 2]))),
      sentence: "At \(place) the decoder draws this: nobody has written it. "
        + (isFar
          ? "Out here it has hardly learned anything."
          : "Walk on, and one digit turns into another."))
  }

  private func makeMap() -> PlaneMap {
    let (side, reach) = (Self.side, Self.reach)
    let places = (0..<side).map { reach * (2 * Float($0) / Float(side - 1) - 1) }
    let points = places.flatMap { y in places.flatMap { x in [x, y] } }
    let images = decoder.predict(Tensor(points, shape: [side * side, 2]), batchSize: 25)
    return PlaneMap(side: side, reach: reach, pixels: Self.grey(images))
  }

  private static func grey(_ images: Tensor) -> Data {
    Data(images.scalars.map { UInt8(max(0, min(255, 255 * $0))) })
  }
}

extension Studio {
  func plane(_ question: PlaneQuestion) throws -> PlaneAnswer {
    try network(.plane, DigitPlane.init(folder:)).digit(question)
  }

  func planeMap() throws -> PlaneMap { try network(.plane, DigitPlane.init(folder:)).map }
}
