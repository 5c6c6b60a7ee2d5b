import DeepLearning
import Foundation
import TestSupport
import Testing

@testable import TensorBoard

@Suite("The TensorBoard callback")
struct CallbackTests {
  /// A folder that goes when the test ends.
  private final class Folder {
    let url = FileManager.default.temporaryDirectory.appending(path: "board-\(UUID().uuidString)")
    deinit { try? FileManager.default.removeItem(at: url) }
  }

  /// The records of the only event file in a folder.
  private func records(in folder: URL) throws -> [[UInt8]] {
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasPrefix("events.out.tfevents.") }
    try #require(files.count == 1)
    let bytes = [UInt8](try Data(contentsOf: folder.appending(path: files[0])))
    var records: [[UInt8]] = []
    var place = 0
    while place < bytes.count {
      let length = bytes[place..<place + 8].reversed().reduce(0) { $0 << 8 | Int($1) }
      let data = Array(bytes[place + 12..<place + 12 + length])
      #expect(Array(bytes[place..<place + 16 + length]) == TFRecord.frame(data))
      records.append(data)
      place += 16 + length
    }
    return records
  }

  /// How many records hold a text.
  private func count(_ text: String, in records: [[UInt8]]) -> Int {
    records.count { Data($0).range(of: Data(text.utf8)) != nil }
  }

  private func model() -> Sequential {
    let model = Sequential(input: [4]) {
      Embedding(5, 2, name: "embed")
      Flatten()
      Dense(1, activation: .sigmoid)
    }
    model.compile(optimizer: SGD(), loss: .binaryCrossEntropy, metrics: [.accuracy])
    return model
  }

  private let x = Samples.integers(Array((0..<24).map { Int32($0 % 5) }), shape: [6, 4])
  private let y = Tensor([0, 1, 0, 1, 0, 1])
  private let words = ["<padding>", "good", "b\tad", " ", "é"]

  @Test("Curves, histograms, graph and word vectors are where TensorBoard looks for them")
  func everything() throws {
    let folder = Folder()
    let model = model()
    try model.fit(
      x, y, epochs: 4, validation: (x, y),
      callbacks: [TensorBoard(folder.url, histogramFrequency: 2, embeddings: ["embed": words])])

    let training = try records(in: folder.url.appending(path: "train"))
    // Version, graph, loss and accuracy of 4 epochs, histograms of 3 weights in 2 of them.
    #expect(training.count == 2 + 4 * 2 + 2 * 3)
    #expect(count("scalars", in: training) == 8 && count("embed/embeddings", in: training) == 3)
    let validation = try records(in: folder.url.appending(path: "validation"))
    // Version, loss and accuracy, what 3 layers put out.
    #expect(validation.count == 1 + 4 * 2 + 2 * 3)
    #expect(count("dense_1/activations", in: validation) == 2)
    #expect(count("val_", in: validation) == 0)

    func text(_ name: String) throws -> String {
      try String(contentsOf: folder.url.appending(path: name), encoding: .utf8)
    }
    #expect(
      try text("projector_config.pbtxt")
        == """
        embeddings {
          tensor_name: "embed"
          tensor_path: "embed.tsv"
          metadata_path: "embed-words.tsv"
        }

        """)
    #expect(try text("embed-words.tsv") == "<padding>\ngood\nbad\n(blank)\né\n")
    let numbers = try text("embed.tsv").split(whereSeparator: \.isWhitespace).map { Float($0) }
    #expect(numbers == model.weights[0].value.scalars)
  }

  @Test("Without validation there is one run; watching changes no bit of what is learned")
  func bits() throws {
    let folder = Folder()
    let (watched, alone) = (model(), model())
    let first = try watched.fit(
      x, y, epochs: 3, callbacks: [TensorBoard(folder.url, histogramFrequency: 1)])
    let second = try alone.fit(x, y, epochs: 3)
    #expect(first["loss"] == second["loss"])
    for (a, b) in zip(watched.weights, alone.weights) {
      #expect(a.value.scalars == b.value.scalars)
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["train"])
  }

  @Test("Two files of one second do not overwrite each other")
  func names() throws {
    let folder = Folder()
    let (a, b) = (try EventFile(in: folder.url) { 5 }, try EventFile(in: folder.url) { 5 })
    #expect(a.url != b.url)
  }

  @Test("A folder that cannot be made is named, with the reason")
  func unwritable() throws {
    let folder = Folder()
    try Data().write(to: folder.url)
    let error = #expect(throws: FileError.self) {
      try model().fit(x, y, callbacks: [TensorBoard(folder.url)])
    }
    #expect(error?.description.hasPrefix("Cannot write \(folder.url.path)/train/events") == true)
    #expect(error?.reason == "Not a directory.")
  }

  @Test("Words that are not as many as vectors are refused", .ahead)
  func wordCount() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      try Projector.write(
        [("embed", Tensor.zeros([3, 2]), ["one"])], to: URL(fileURLWithPath: "/nonexistent"))
    }
    let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(message.contains("embed: 1 words cannot name vectors of shape [3, 2]"))
  }
}
