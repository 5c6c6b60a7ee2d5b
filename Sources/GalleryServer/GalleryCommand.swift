import ArgumentParser
import DataFiles
import Dispatch
import Foundation
import Gallery

@main
struct GalleryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gallery",
    abstract: "Show the gallery in a browser: see, run and try the book's examples.",
    subcommands: [Serve.self, WritePage.self], defaultSubcommand: Serve.self)
}

/// Where the programs' results are.
struct OutputOption: ParsableArguments {
  @Option(help: ArgumentHelp("The folder with the programs' results.", valueName: "folder"))
  var output = "output"

  func validate() throws { try ProgramStart.prepare() }
}

/// `gallery page`
struct WritePage: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "page",
    abstract: "Write the page as one file that needs nothing else: output/gallery/index.html.")

  @OptionGroup var output: OutputOption

  func run() throws {
    let places = Places(output: output.output)
    let file = places.output.appending(path: "gallery/index.html")
    try Data(PageWriter(places: places, mode: .alone).page().utf8).write(atomicallyTo: file)
    print("page: \(file.path)")
  }
}
