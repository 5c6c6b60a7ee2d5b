/// Made-up pictures of 28 x 28 pixels, in the forms in which MNIST is published.
enum PictureFixtures {
  static let names = [
    "train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
  ]

  /// Labels from 0 to 9 in turn.
  static func labels(_ count: Int) -> [UInt8] { (0..<count).map { UInt8($0 % 10) } }

  /// Label `n` is two bright rows, `2n` and `2n + 1`, of varying length.
  static func pixels(_ count: Int) -> [UInt8] {
    (0..<count).flatMap { picture in
      (0..<784).map { pixel in
        let isInRows = pixel / 28 / 2 == picture % 10
        return isInRows && pixel % 28 < 12 + picture % 7 ? 255 : 0
      }
    }
  }

  /// An IDX file of bytes.
  static func idx(_ shape: [Int], _ bytes: [UInt8], type: UInt8 = 8) -> [UInt8] {
    [0, 0, type, UInt8(shape.count)] + shape.flatMap { Archives.little($0, 4).reversed() } + bytes
  }

  /// The four IDX files.
  static func files(
    train: Int = 300, test: Int = 100
  ) -> [(name: String, bytes: [UInt8])] {
    Array(zip(names, [train, train, test, test])).enumerated().map { index, file in
      let (name, count) = file
      let isImages = index % 2 == 0
      return (name, isImages ? idx([count, 28, 28], pixels(count)) : idx([count], labels(count)))
    }
  }

  /// `mnist.npz`.
  static func archive(train: Int = 300, test: Int = 100) -> [UInt8] {
    Archives.zip(
      [("train", train), ("test", test)].flatMap { half, count in
        [
          ("x_\(half).npy", NumPy.file("|u1", [count, 28, 28], pixels(count))),
          ("y_\(half).npy", NumPy.file("|u1", [count], labels(count))),
        ]
      })
  }
}
