// swift-tools-version: 6.1
import Foundation
import PackageDescription

/// `swift run` builds in debug; the book's command must still run at full speed, so debug is optimised too.
/// `DLWP_PORTABLE=1` builds for any x86-64 machine of the last ten years instead of for this one.
let portable = Context.environment["DLWP_PORTABLE"] == "1"
#if arch(x86_64)
  let architecture = ["-Xcc", portable ? "-march=x86-64-v3" : "-march=native"]
#else
  // What every 64-bit ARM has is all that is needed.
  let architecture: [String] = []
#endif

/// Optimising the tests themselves, and what only waits for others, would cost a third of the whole build and
/// save nothing.
let plainSettings: [SwiftSetting] = [
  // An editor's index of our own code only: the system's modules anew for each target cost a twentieth of a build.
  .unsafeFlags(architecture + ["-index-ignore-system-modules"])
]
let settings: [SwiftSetting] =
  plainSettings + [.unsafeFlags(["-O"], .when(configuration: .debug))]

/// Many small files compile in two thirds of the time if they are optimised as a whole.
let wholeModule: [SwiftSetting] = [
  .unsafeFlags(
    ["-whole-module-optimization", "-disable-batch-mode", "-num-threads", "2"],
    .when(configuration: .debug))
]

let argumentParser = Target.Dependency.product(
  name: "ArgumentParser", package: "swift-argument-parser")

/// All that a program of the gallery imports. Named in full: what is imported but not named here is not
/// rebuilt when it changes.
let gallery: [Target.Dependency] = [
  "DataFiles", "Datasets", "DeepLearning", "Figures", "Gallery", "TensorBoard", argumentParser,
]

let package = Package(
  name: "DeepLearningWithSwift",
  platforms: [.macOS(.v15)],
  products: [
    // A target of this name would have a module that differs from `Gallery` by a capital only.
    .executable(name: "gallery", targets: ["gallery-server"])
  ],
  traits: [
    .trait(
      name: "OneDNN",
      description:
        "oneDNN's matrix products and convolutions, to compare ours with: `make yardstick`."
    )
  ],
  dependencies: [
    // Command lines with help and suggestions; 8 s of the first build.
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
    // The HTTP server of the page, pure Swift; 15 s of a build, only for `swift run gallery`.
    .package(url: "https://github.com/swhitty/FlyingFox", .upToNextMinor(from: "0.27.1")),
  ],
  targets: [
    // Large square matrix products; no build cost.
    .systemLibrary(
      name: "COpenBLAS", pkgConfig: "openblas",
      providers: [.apt(["libopenblas-dev"]), .brew(["openblas"])]),
    // What the engine's own products and convolutions are measured against; only with its trait, no build cost.
    .systemLibrary(name: "COneDNN", providers: [.apt(["libdnnl-dev"]), .brew(["onednn"])]),
    // Vector instructions that Swift cannot name; one header of ours, no library.
    .systemLibrary(name: "CVector"),
    // Decompression of zip, gzip and npz files; no build cost.
    .systemLibrary(
      name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
    // Charts as PNG (through libpng) and SVG; no build cost.
    .systemLibrary(
      name: "CCairo", pkgConfig: "cairo",
      providers: [.apt(["libcairo2-dev", "libpng-dev"]), .brew(["cairo", "libpng"])]),

    // Reading and writing PNG; no build cost.
    .systemLibrary(
      name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"]), .brew(["libpng"])]),
    // Reading and writing JPEG, through libjpeg-turbo's simple interface; no build cost.
    .systemLibrary(
      name: "CJPEG", pkgConfig: "libturbojpeg",
      providers: [.apt(["libturbojpeg0-dev"]), .brew(["jpeg-turbo"])]),

    .target(
      name: "DeepLearning",
      dependencies: [
        "COpenBLAS", "CVector",
        .target(name: "COneDNN", condition: .when(traits: ["OneDNN"])),
      ],
      swiftSettings: settings),
    // Fetching files and reading their formats, without the engine, so that it compiles beside it.
    .target(name: "DataFiles", dependencies: ["CZlib"], swiftSettings: settings + wholeModule),
    .target(
      name: "Datasets", dependencies: ["DataFiles", "DeepLearning"],
      swiftSettings: settings + wholeModule),
    .target(
      name: "Images", dependencies: ["DeepLearning", "CPNG", "CJPEG"], swiftSettings: settings),
    // Pictures made by the program where none can be had: painted styles and landscapes. Only two chapters need them.
    .target(name: "StandIns", dependencies: ["DeepLearning", "Images"], swiftSettings: settings),
    .target(
      name: "PretrainedModels", dependencies: ["DataFiles", "DeepLearning"],
      swiftSettings: settings),
    .target(name: "Figures", dependencies: ["CCairo", "CPNG"], swiftSettings: settings),
    // Event files for TensorBoard. They need two dozen lines of protobuf; swift-protobuf would do it too, for
    // minutes more of the first build.
    .target(name: "TensorBoard", dependencies: ["DeepLearning"], swiftSettings: settings),
    // It waits, prints and writes: optimised it ran no faster, and took 22 s of processor time to compile instead of 5.
    .target(
      name: "Gallery",
      dependencies: [
        "DataFiles", "Datasets", "DeepLearning", "Figures", "Images", "TensorBoard",
        argumentParser,
      ],
      swiftSettings: plainSettings),

    .executableTarget(
      name: "fetch-data", dependencies: ["DataFiles", argumentParser], path: "Sources/FetchData",
      swiftSettings: plainSettings),
    .executableTarget(
      name: "gallery-server",
      dependencies: [
        "DataFiles", "Datasets", "DeepLearning", "Gallery", "Images", "PretrainedModels",
        argumentParser,
        .product(name: "FlyingFox", package: "FlyingFox"),
        .product(name: "FlyingSocks", package: "FlyingFox"),
      ],
      path: "Sources/GalleryServer",
      // In the program itself, so that it works wherever it is copied to.
      resources: ["page.css", "page.js", "chart.js", "run.js", "try.js", "photo.js"].map {
        .embedInCode("Page/Web/" + $0)
      },
      swiftSettings: settings),
    // Starts the others as jobs of GNU parallel, and makes the page of the book's numbers and ours.
    .executableTarget(
      name: "reproduce", dependencies: ["DataFiles", "Gallery", argumentParser],
      path: "Sources/Reproduce", swiftSettings: plainSettings),
    .executableTarget(
      name: "benchmark",
      dependencies: [
        "CVector", "DataFiles", "DeepLearning", "PretrainedModels", argumentParser,
      ],
      path: "Sources/Benchmark", exclude: ["Peers"],
      swiftSettings: settings),
    chapter("chapter2-mnist"),
    chapter("chapter3-imdb"),
    chapter("chapter3-reuters"),
    chapter("chapter3-boston-housing"),
    chapter("chapter4-overfitting"),
    chapter("chapter5-mnist-convnet"),
    chapter("chapter5-cats-dogs", using: ["Images"]),
    chapter("chapter5-pretrained", using: ["Images", "PretrainedModels"]),
    chapter("chapter5-visualizing", using: ["Images", "PretrainedModels"]),
    chapter("chapter6-word-vectors"),
    chapter("chapter6-imdb-rnn"),
    chapter("chapter6-temperature"),
    chapter("chapter6-conv1d"),
    chapter("chapter7-functional", using: ["PretrainedModels"]),
    chapter("chapter7-callbacks"),
    chapter("chapter7-best-practices"),
    chapter("chapter8-text-generation"),
    chapter("chapter8-deepdream", using: ["Images", "PretrainedModels", "StandIns"]),
    chapter("chapter8-style-transfer", using: ["Images", "PretrainedModels", "StandIns"]),
    chapter("chapter8-vae", using: ["Images"]),
    chapter("chapter8-gan", using: ["Images"]),

    // What several test targets need; no program links it.
    .target(name: "TestSupport", path: "Tests/Support", swiftSettings: plainSettings),
    .testTarget(
      name: "DeepLearningTests", dependencies: ["DeepLearning", "TestSupport"],
      resources: [.copy("Golden")],
      swiftSettings: plainSettings),
    .testTarget(
      name: "DatasetsTests",
      dependencies: ["DataFiles", "Datasets", "DeepLearning", "TestSupport"],
      resources: [.copy("Fixtures")],
      swiftSettings: plainSettings),
    .testTarget(
      name: "ImagesTests", dependencies: ["Images", "DeepLearning", "TestSupport"],
      resources: [.copy("Fixtures")], swiftSettings: plainSettings),
    .testTarget(
      name: "PretrainedModelsTests",
      dependencies: ["DataFiles", "DeepLearning", "PretrainedModels"],
      exclude: ["generate.py", "generate_files.py", "generate_xception.py"],
      resources: [.copy("Fixtures")],
      swiftSettings: plainSettings),
    .testTarget(
      name: "TensorBoardTests", dependencies: ["TensorBoard", "DeepLearning", "TestSupport"],
      exclude: ["check_with_tensorboard.py", "golden.py"], swiftSettings: plainSettings),
    .testTarget(
      name: "FiguresTests", dependencies: ["Figures", "TestSupport"], swiftSettings: plainSettings),
    .testTarget(
      name: "GalleryTests", dependencies: gallery + ["TestSupport"], swiftSettings: plainSettings),
    .testTarget(
      name: "GalleryServerTests",
      dependencies: [
        "gallery-server", "DataFiles", "Datasets", "DeepLearning", "Gallery", "Images",
        "PretrainedModels", "TestSupport",
      ],
      swiftSettings: plainSettings),
    .testTarget(
      name: "ReproduceTests", dependencies: ["reproduce", "Gallery", "TestSupport"],
      swiftSettings: plainSettings),
    // Starts the programs, which are built beside it; linked are only those whose insides are tested.
    .testTarget(
      name: "ChapterTests",
      dependencies: [
        "chapter7-functional", "chapter8-deepdream", "chapter8-style-transfer", "chapter8-vae",
        "DataFiles", "Datasets", "DeepLearning", "Figures", "Gallery", "Images", "PretrainedModels",
        "StandIns",
      ],
      swiftSettings: plainSettings),
  ],
  swiftLanguageModes: [.v6]
)

/// A chapter: the folder of that name in `Chapters`, a program of the same name.
func chapter(_ name: String, using more: [Target.Dependency] = []) -> Target {
  let path = "Chapters/\(name)"
  // A chapter may have a table of seeds, or not yet.
  let seeds = ["seeds.csv"].filter {
    FileManager.default.fileExists(atPath: "\(Context.packageDirectory)/\(path)/\($0)")
  }
  return .executableTarget(
    name: name, dependencies: gallery + more, path: path,
    exclude: ["README.md", "figures"] + seeds, swiftSettings: settings)
}

// `make yardstick` tests the engine with oneDNN too; nothing else has to be built for that.
if Context.environment["DLWP_ENGINE_ONLY"] == "1" {
  let engine = [
    "COpenBLAS", "COneDNN", "CVector", "DeepLearning", "TestSupport", "DeepLearningTests",
  ]
  package.targets.removeAll { !engine.contains($0.name) }
  package.dependencies = []
  package.products = []
}
