import ArgumentParser
import DeepLearning
import Gallery
import Images

/// What does each kind of augmentation contribute, and what dropout?
struct Experiments: ParsableCommand {
  static let configuration = CommandConfiguration.experiments(
    of: "chapter5-cats-dogs",
    "Each augmentation alone, shear in radians and degrees, dropout alone.",
    discussion: """
      Trains each network for 10 epochs of 100 batches with each seed, and compares the mean \
      validation accuracy of the last three. These are 50 trainings, each a tenth of run B; \
      --epochs 3 --seeds 2 is a tenth of that.
      """)

  @OptionGroup var options: RunOptions
  @OptionGroup var seedOptions: SeedOptions

  func run() throws {
    let run = try ChapterRun(
      "chapter5-cats-dogs-experiments", section: "5.2", title: "which augmentation helps?", options)
    let photographs = try PetPhotographs.load(perClass: options.quick ? 10 : nil, for: run)
    let epochs = options.epochs(book: 10, quick: 1)
    let batchSize = options.batchSize(book: 32)
    let steps = options.quick ? 1 : 100
    try run.compare(
      "Augmentations and dropout", of: "validation accuracy",
      options.quick ? Array(Variant.all.prefix(3)) : Variant.all,
      seeds: seedOptions.count(options), name: \.name
    ) { variant, seed, watch in
      let model = network(dropout: variant.dropout, seed: seed)
      let stream = batches(
        of: photographs.train.x, photographs.train.labels, variant.augmentation,
        batchSize: batchSize, seed: seed &+ 1)
      let history = try model.fit(
        stream, stepsPerEpoch: steps, epochs: epochs,
        validation: (photographs.validation.x, photographs.validation.y), callbacks: [watch])
      return Statistics.mean(history["val_acc"].suffix(3).map(Double.init))
    }
    try run.finish()
  }

  /// A way to train.
  private struct Variant: Sendable {
    let name: String
    var augmentation: Augmentation?
    var dropout: Float = 0

    /// The first is the one that the others are compared with.
    static let all = [
      Variant(name: "neither augmentation nor dropout"),
      Variant(name: "augmentation and dropout, as in the book", augmentation: .book, dropout: 0.5),
      Variant(name: "dropout alone", dropout: 0.5),
      Variant(name: "augmentation alone", augmentation: .book),
      Variant(name: "rotation by 40°", augmentation: Augmentation(rotation: 40)),
      Variant(
        name: "shifts by 0.2", augmentation: Augmentation(widthShift: 0.2, heightShift: 0.2)),
      Variant(name: "shear by 0.2 radian, as in 2017", augmentation: Augmentation(shear: 0.2)),
      Variant(
        name: "shear by 0.2°, as in Keras since", augmentation: Augmentation(shear: 0.2 * .pi / 180)
      ),
      Variant(name: "zoom by 0.2", augmentation: Augmentation(zoom: 0.2)),
      Variant(name: "mirroring", augmentation: Augmentation(horizontalFlip: true)),
    ]
  }
}
