import ArgumentParser
import Foundation
import Gallery

@main
struct GalleryPageCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gallery-page",
    abstract: "Make one page of all chapters that have been run: output/index.html.",
    discussion:
      "`make gallery` runs all chapters first; `make reproduce` does so with several seeds.")

  @Option(help: ArgumentHelp("The folder with the chapters' results.", valueName: "folder"))
  var output = "output"

  @Flag(
    help: "Instead, print the book's numbers beside mean and spread over output/seed-1, seed-2, ..."
  )
  var seeds = false

  func run() throws {
    let folder = URL(fileURLWithPath: output)
    if seeds {
      for (title, table) in try GalleryPage.overSeeds(in: folder) {
        print("\n\(title)\n\n\(table.text)")
      }
    } else {
      print("page: \(try GalleryPage(of: folder).write().path)")
    }
  }
}
