import DeepLearning
import Testing

@testable import PretrainedModels

@Suite("HDF5 weight files", .timeLimit(.minutes(30)))
struct HDF5Tests {
  private func dataset(_ path: String, in file: HDF5File) throws -> HDF5File.Dataset {
    try #require(file.datasets.first { $0.path == path }, "\(file.datasets.map(\.path))")
  }

  @Test(
    "Every layout of Keras gives layers, shapes and numbers",
    arguments: [
      ("keras2.h5", "first/first_W_1:0", "first/first_b_1:0"),
      ("keras2-nested.h5", "first/first/kernel:0", "first/first/bias:0"),
      ("keras2-model.h5", "model_weights/first/first/kernel:0", "model_weights/first/first/bias:0"),
      ("keras3.weights.h5", "layers/conv2d/vars/0", "layers/conv2d/vars/1"),
    ])
  func layouts(name: String, kernel: String, bias: String) throws {
    let expected = try ExpectedTensor.all()
    for file in [
      try HDF5File(path: fixture(name)), try HDF5File(bytes: bytes(of: name), name: name),
    ] {
      let kernel = try dataset(kernel, in: file)
      let bias = try dataset(bias, in: file)
      #expect(kernel.layer == "first" && bias.layer == "first")
      #expect(kernel.shape == [3, 3, 2, 4] && bias.shape == [4])
      #expect(try #require(expected["keras kernel"]).equals(file.tensor(kernel)))
      #expect(try #require(expected["keras bias"]).equals(file.tensor(bias)))
    }
  }

  @Test("Double precision, another order of bytes, chunks and compression are understood")
  func kinds() throws {
    let file = try HDF5File(path: fixture("kinds.h5"))
    let expected = try #require(ExpectedTensor.all()["keras kernel"])
    for name in ["double", "zipped", "chunked"] {
      #expect(try expected.equals(file.tensor(dataset("layer/" + name, in: file))), "\(name)")
    }
    #expect(try file.tensor(dataset("layer/scalar", in: file)) == .scalar(1.5))
    for (name, reason) in [
      ("whole-numbers", "not made of floating-point numbers"),
      ("text", "not made of floating-point numbers"), ("lzf", "compressed in a way"),
      ("nothing", "more numbers than the file holds"),
    ] {
      let dataset = try dataset("layer/" + name, in: file)
      let text = sentence { _ = try file.tensor(dataset) }
      #expect(text.contains("kinds.h5: layer/\(name)") && text.contains(reason), "\(text)")
    }
  }

  @Test("The form of the newest libraries is understood, but for its largest groups")
  func newest() throws {
    let file = try HDF5File(path: fixture("latest.h5"))
    let expected = try #require(ExpectedTensor.all()["keras kernel"])
    #expect(file.datasets.count == 3 && file.datasets.allSatisfy { $0.layer == "first" })
    #expect(try expected.equals(file.tensor(dataset("group/kernel", in: file))))
    let half: [Float] = [0.5, -1.25, 65504, 0x1p-24]
    #expect(try file.tensor(dataset("group/half", in: file)).scalars == half)
    #expect(try file.tensor(dataset("group/single", in: file)).scalars == [2.5])
    let text = sentence { _ = try HDF5File(path: fixture("dense.h5")) }
    #expect(text.contains("dense.h5 keeps its groups in a form that is not known here"))
  }

  @Test("Groups with more entries than one table holds are listed whole")
  func manyLayers() throws {
    let file = try HDF5File(path: fixture("many.h5"))
    #expect(Set(file.datasets.map(\.layer)) == Set((0..<40).map { "layer_\($0)" }))
    for dataset in file.datasets {
      #expect(try "layer_\(Int(file.tensor(dataset).item))" == dataset.layer)
    }
  }

  @Test("Groups that contain one another are visited once")
  func circle() throws {
    let file = try HDF5File(path: fixture("circle.h5"))
    #expect(file.datasets.map(\.path).sorted() == ["outer/inner/kernel", "outer/twice"])
    let expected = try #require(ExpectedTensor.all()["keras dense"])
    for dataset in file.datasets { #expect(try expected.equals(file.tensor(dataset))) }
  }

  @Test("Links and numbers in other files are refused")
  func outside() throws {
    let text = sentence { _ = try HDF5File(path: fixture("external-link.h5")) }
    #expect(text.contains("external-link.h5: first/kernel is a link to another file"))
    for name in ["external-storage.h5", "virtual.h5"] {
      let file = try HDF5File(path: fixture(name))
      let text = sentence { _ = try file.tensor(file.datasets[0]) }
      #expect(text.contains("\(name): first/kernel is stored in another file"), "\(text)")
    }
  }

  @Test("Shapes that claim more than the file holds are refused before any memory is taken")
  func absurd() throws {
    let file = try HDF5File(path: fixture("absurd.h5"))
    #expect(file.datasets.count == 4)
    for dataset in file.datasets {
      #expect(
        sentence { _ = try file.tensor(dataset) }.contains("more numbers than the file holds"))
    }
  }

  @Test("What is no HDF5 file, or no file, is an error that names it")
  func otherFiles() throws {
    let folder = try TemporaryFolder()
    for contents in ["", "<html>", "\u{89}HDF"] {
      let path = try folder.write(Array(contents.utf8), as: "page.h5")
      #expect(sentence { _ = try HDF5File(path: path) }.contains("\(path) is not an HDF5 file"))
    }
    #expect(sentence { _ = try HDF5File(path: folder.path) }.contains("not a regular file"))
    let missing = folder.path + "/none.h5"
    #expect(sentence { _ = try HDF5File(path: missing) }.contains("\(missing) cannot be opened"))
  }

  @Test(
    "A file cut anywhere, or with wrong bytes, is refused or read, never trusted",
    arguments: ["keras2.h5", "keras3.weights.h5", "kinds.h5", "latest.h5", "circle.h5"])
  func damaged(name: String) throws {
    let whole = try bytes(of: name)
    func isHandledToo(_ bytes: [UInt8]) -> Bool {
      isHandled {
        let file = try HDF5File(bytes: bytes, name: name)
        for dataset in file.datasets where !isHandled({ _ = try file.tensor(dataset) }) {
          throw CancellationError()
        }
      }
    }
    for count in stride(from: 0, to: whole.count, by: 13) {
      #expect(isHandledToo(Array(whole.prefix(count))), "\(count) bytes")
    }
    var random = RandomGenerator(seed: 5)
    for _ in 0..<2000 {
      var bytes = whole
      let position = random.below(bytes.count)
      bytes[position] = [0, 1, 255, UInt8(random.below(256))][random.below(4)]
      #expect(isHandledToo(bytes), "byte \(position) is \(bytes[position])")
    }
    let text = sentence { _ = try HDF5File(bytes: whole.dropLast(8), name: name) }
    #expect(text.contains("\(name) is truncated or damaged: it should have \(whole.count) bytes"))
  }
}
