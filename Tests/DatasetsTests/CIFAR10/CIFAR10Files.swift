/// Files in the forms in which CIFAR-10 is published, with a few pictures in each batch.
struct CIFAR10Files {
  /// A picture that tells which it is: the planes differ, and so do the corners.
  static func planes(_ number: Int) -> [UInt8] {
    (0..<3).flatMap { plane in
      (0..<1024).map { pixel -> UInt8 in
        let corner = number * 7 + plane * 60
        return UInt8(truncatingIfNeeded: corner + pixel / 32 + pixel % 32 * 3)
      }
    }
  }

  /// The same picture as the loader hands it out: red, green and blue side by side.
  static func pixels(_ number: Int) -> [UInt8] {
    let planes = planes(number)
    return (0..<1024).flatMap { pixel -> [UInt8] in
      [planes[pixel], planes[pixel + 1024], planes[pixel + 2048]]
    }
  }

  /// The labels of a batch's pictures: every second one is a frog.
  static func labels(_ batch: Int) -> [UInt8] { [6, UInt8(batch % 6), 6, 9] }

  /// The numbers of a batch's pictures.
  static func numbers(_ batch: Int) -> Range<Int> { batch * 4..<batch * 4 + 4 }

  /// What all frogs of the five training batches look like.
  static var frogs: [UInt8] { (2..<12).flatMap { pixels($0 * 2) } }

  /// A batch of records.
  static func binary(_ batch: Int) -> [UInt8] {
    zip(labels(batch), numbers(batch)).flatMap { [$0] + planes($1) }
  }

  /// A batch for Python 2: what cPickle makes of a dictionary with a NumPy array.
  ///
  /// - Parameter isPython3: whether the same is written by Python 3 in protocol 2, which has no bytes: they travel as
  ///   text, from which a call makes bytes again.
  static func pickle(
    data: [UInt8], shape: [Int], labels: [UInt8], type: String = "u1", key: String = "data",
    isPython3: Bool = false
  ) -> [UInt8] {
    func unicode(_ value: String) -> [UInt8] {
      [0x58] + (0..<4).map { UInt8(truncatingIfNeeded: value.utf8.count >> (8 * $0)) }
        + Array(value.utf8)
    }
    func encoded(_ value: String) -> [UInt8] {
      global("_codecs", "encode") + unicode(value) + unicode("latin1") + [0x86, 0x52]
    }
    func text(_ value: String) -> [UInt8] {
      isPython3 ? encoded(value) : [0x55, UInt8(value.utf8.count)] + Array(value.utf8)
    }
    // The names of types are text in Python 3.
    func name(_ value: String) -> [UInt8] { isPython3 ? unicode(value) : text(value) }
    func number(_ value: Int) -> [UInt8] {
      [0x4d, UInt8(value & 255), UInt8(value >> 8 & 255)]
    }
    func global(_ module: String, _ name: String) -> [UInt8] {
      Array("c\(module)\n\(name)\n".utf8)
    }
    let length = (0..<4).map { UInt8(truncatingIfNeeded: data.count >> (8 * $0)) }
    let minusOne: [UInt8] = [0x4a, 255, 255, 255, 255]
    var file: [UInt8] = [0x80, 2, 0x7d, 0x71, 1, 0x28]
    file += text("batch_label") + [0x71, 2] + text("training batch 1 of 5")
    file += text("labels") + [0x5d, 0x71, 3, 0x28] + labels.flatMap { [0x4b, $0] } + [0x65]
    file += text(key) + global("numpy.core.multiarray", "_reconstruct")
    file += global("numpy", "ndarray") + [0x4b, 0, 0x85] + text("b") + [0x87, 0x52, 0x71, 4]
    file += [0x28, 0x4b, 1] + shape.flatMap(number) + [UInt8(0x84 + shape.count)]
    file += global("numpy", "dtype") + name(type) + [0x4b, 0, 0x4b, 1, 0x87, 0x52]
    file += [0x28, 0x4b, 3] + name("|") + [0x4e, 0x4e, 0x4e] + minusOne + minusOne
    let characters = String(String.UnicodeScalarView(data.map(Unicode.Scalar.init)))
    file += [0x4b, 0, 0x74, 0x62, 0x89]
    file += isPython3 ? encoded(characters) : [0x54] + length + data
    file += [0x74, 0x62]
    file += text("filenames") + [0x5d, 0x28] + text("toad_s_000001.png") + text("x.png") + [0x65]
    return file + [0x75, 0x2e]
  }

  /// A batch for Python.
  static func python(_ batch: Int) -> [UInt8] {
    pickle(
      data: numbers(batch).flatMap(planes), shape: [4, 3072], labels: labels(batch))
  }

  /// All training batches, by their names.
  static func batches(python isPython: Bool) -> [(name: String, bytes: [UInt8])] {
    (1...5).map {
      isPython ? ("data_batch_\($0)", python($0)) : ("data_batch_\($0).bin", binary($0))
    }
  }

  /// A tape archive.
  static func tar(_ members: [(name: String, bytes: [UInt8])]) -> [UInt8] {
    var archive: [UInt8] = []
    for (name, bytes) in members {
      var header = [UInt8](repeating: 0, count: 512)
      func put(_ text: String, at place: Int) {
        header.replaceSubrange(place..<place + text.utf8.count, with: text.utf8)
      }
      func octal(_ value: Int, _ width: Int) -> String {
        let digits = String(value, radix: 8)
        return String(repeating: "0", count: width - digits.count) + digits
      }
      put(name, at: 0)
      put(octal(bytes.count, 11), at: 124)
      put(String(repeating: " ", count: 8), at: 148)
      put("0", at: 156)
      put(octal(header.reduce(0) { $0 + Int($1) }, 6), at: 148)
      archive += header + bytes
      archive += [UInt8](repeating: 0, count: (512 - bytes.count % 512) % 512)
    }
    return archive + [UInt8](repeating: 0, count: 1024)
  }
}
